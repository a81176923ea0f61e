//! Any text is read as a configuration, or every problem in it named.

#![no_main]
#![allow(dead_code)]

use libfuzzer_sys::fuzz_target;

// The daemon is a program and no library: its reader is compiled into this one.
#[path = "../../../crates/daemon/src"]
mod daemon {
    pub mod config;
}

fuzz_target!(|text: &str| {
    // Files that it names are read: not those of this machine.
    if !text.contains("file") {
        let _ = daemon::config::Config::parse("c.toml", text);
    }
});
