//! Any robots.txt is read, and any path held against it.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The path is what follows the last line.
    let end = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    let (robots, path) = bytes.split_at(end);
    copydesk_fetcher::doors::robots(robots, &String::from_utf8_lossy(path));
});
