use std::{path::{Path,PathBuf}, process::ExitCode};
pub fn run(_directory: &Path) -> anyhow::Result<ExitCode> { todo!() }
