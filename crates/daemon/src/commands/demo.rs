use std::{path::PathBuf, process::ExitCode};
pub fn run(_output: Option<PathBuf>) -> anyhow::Result<ExitCode> { todo!() }
