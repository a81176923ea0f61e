use super::{exit, runtime, state_directory};
use crate::control;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

/// Has the daemon read its configuration anew, and says what came of it.
pub fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let directory = match state_directory(path) {
        Ok(directory) => directory,
        Err(code) => return Ok(code),
    };
    match runtime()?.block_on(control::ask(&directory, "POST", "/reload"))? {
        None => {
            eprintln!("no daemon runs on {}", directory.display());
            Ok(ExitCode::from(exit::UNAVAILABLE))
        }
        Some((status, answer)) if status.is_success() => {
            write!(stdout(), "{answer}")?;
            Ok(ExitCode::SUCCESS)
        }
        Some((_, reason)) => {
            eprint!("refused, the old configuration is in force:\n{reason}");
            Ok(ExitCode::from(exit::CONFIG))
        }
    }
}
