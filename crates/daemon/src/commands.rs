//! The command line: one file a command, and here which of them runs.

mod arguments;
mod check;
mod clean;
mod compare;
mod dedup;
mod demo;
mod entries;
mod explain;
mod feeds;
mod filter;
mod places;
mod progress;
mod rebuild;
mod reload;
mod repair;
mod run;
mod sites;
mod state;
mod status;
mod tail;
mod verify;

pub use arguments::Command;

use crate::config::{self, Config, Problem};
use crate::pipeline::Mode;
use crate::repeats::Repeats;
use anyhow::Context;
use arguments::{Action, Dedup, Feeds, Sites};
use clap::CommandFactory;
use copydesk_model::{Record, Stream};
use std::io::{IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tracing_subscriber::prelude::*;

/// Exit codes, after sysexits.h; 2 is clap's for a command line that cannot be read.
pub mod exit {
    /// Something in the data is wrong: `verify` found a gap, a file to read is not there.
    pub const DATA: u8 = 65;
    /// No daemon runs, or it is not at work.
    pub const UNAVAILABLE: u8 = 69;
    /// copydesk could not go on.
    pub const SOFTWARE: u8 = 70;
    /// The configuration is wrong.
    pub const CONFIG: u8 = 78;
}

impl Command {
    /// Runs the command and gives back the exit code.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.action {
            Action::Run {
                config,
                once,
                stdout,
                without_damaged_index,
            } => {
                let mode = Mode {
                    path: (!once).then(|| config.clone()),
                    is_once: once,
                    is_stdout: stdout,
                    without_damaged_index,
                };
                run::run(&config, mode)
            }
            Action::Check { config, fetch } => check::run(&config, fetch),
            Action::Status {
                config,
                json,
                health,
            } => status::run(&config, json, health),
            Action::Reload { config } => reload::run(&config),
            Action::Feeds(Feeds::Import { file, into }) => feeds::import(&file, into.as_deref()),
            Action::Feeds(Feeds::Export { config }) => feeds::export(&config),
            Action::Feeds(Feeds::Find {
                url,
                toml,
                allow_private_addresses,
            }) => feeds::find(&url, toml, allow_private_addresses),
            Action::Entries {
                places,
                allow_private_addresses,
            } => entries::run(&places, allow_private_addresses),
            Action::Clean {
                places,
                allow_private_addresses,
                threads,
                config,
                explain,
                json,
            } => {
                let config = match config.as_deref().map(load) {
                    None => config::Clean::default(),
                    Some(Ok(config)) => config.clean,
                    Some(Err(code)) => return Ok(code),
                };
                let threads = threads.unwrap_or(config.threads);
                let style = match (explain, json) {
                    (false, _) => clean::Style::Line,
                    (true, false) => clean::Style::Explained,
                    (true, true) => clean::Style::ExplainedJson,
                };
                clean::run(
                    &places,
                    allow_private_addresses,
                    threads,
                    &config.cleaner,
                    style,
                )
            }
            Action::Sites(Sites::Import { paths }) => sites::import(&paths),
            Action::Sites(Sites::Test { config }) => sites::test(&config),
            Action::Dedup {
                action: Some(Dedup::Rebuild { config }),
                ..
            } => rebuild::run(&config),
            Action::Dedup {
                action: Some(Dedup::Explain { id, directory }),
                ..
            } => compare::record(&id, &directory),
            Action::Dedup {
                action: None,
                explain: true,
                window,
                ..
            } => compare::lines(window),
            Action::Dedup {
                action: None,
                explain: false,
                state,
                window,
                without_damaged_index,
                stats,
            } => dedup::run(state.as_deref(), window, without_damaged_index, stats),
            Action::Verify { directory } => verify::run(&directory),
            Action::Tail {
                directory,
                from,
                follow,
                duplicates,
            } => {
                let stream = if duplicates {
                    Stream::Duplicates
                } else {
                    Stream::Articles
                };
                tail::run(&directory, stream, from, follow)
            }
            Action::State(action) => state::run(action),
            Action::Repair { config, yes } => repair::run(&config, yes),
            Action::Demo { serve: true, .. } => demo::serve(),
            Action::Demo { output, .. } => demo::run(output),
            Action::Completions { shell } => {
                let mut command = Command::command();
                // Into memory first: it panics where it cannot write.
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut command, "copydesk", &mut script);
                stdout().write_all(&script)?;
                Ok(ExitCode::SUCCESS)
            }
            Action::Manual { directory } => {
                let writing = || format!("writing manual pages to {}", directory.display());
                std::fs::create_dir_all(&directory).with_context(writing)?;
                clap_mangen::generate_to(Command::command(), &directory).with_context(writing)?;
                Ok(ExitCode::SUCCESS)
            }
            Action::Schema => {
                write!(stdout(), "{}", schema())?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// The JSON Schema of a record, pretty, with a closing line break.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Record);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}

/// Events to standard error: for people on a terminal, JSON otherwise. `RUST_LOG` sets the level.
fn log(default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let (layer, repeats) = (tracing_subscriber::fmt::layer(), Repeats::shared());
    let layer = layer.with_writer(std::io::stderr).with_target(false);
    let layer = if std::io::stderr().is_terminal() {
        let is_coloured = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        layer.with_ansi(is_coloured).with_filter(repeats).boxed()
    } else {
        let layer = layer.json().flatten_event(true).with_span_list(false);
        layer.with_filter(repeats).boxed()
    };
    // A second initialisation is the tests' business.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(layer)
        .try_init();
}

/// The configuration; where it is wrong, its problems are printed and this is the exit code.
fn load(path: &Path) -> Result<Config, ExitCode> {
    Config::load(path).map_err(|problems| wrong(&problems))
}

/// Where the daemon's state is; for those who ask the daemon, whatever else is in the file.
fn state_directory(path: &Path) -> Result<PathBuf, ExitCode> {
    Config::state_directory(path).map_err(|problems| wrong(&problems))
}

/// Tells the problems. People see the line; what reads pipes gets one line a problem.
fn wrong(problems: &[Problem]) -> ExitCode {
    for problem in problems {
        match std::io::stderr().is_terminal() {
            true => eprintln!("{}", problem.marked()),
            false => eprintln!("{problem}"),
        }
    }
    ExitCode::from(exit::CONFIG)
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checked_in_schema_is_the_schema() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../config/record.schema.json"
        );
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, schema()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap();
        assert_eq!(
            kept,
            schema(),
            "run UPDATE=1 cargo test -p copydesk-daemon and read the diff"
        );
    }

    #[test]
    fn manual_and_completions_name_every_command() {
        let folder = tempfile::tempdir().unwrap();
        clap_mangen::generate_to(Command::command(), folder.path()).unwrap();
        let mut completions = Vec::new();
        let mut command = Command::command();
        clap_complete::generate(
            clap_complete::Shell::Bash,
            &mut command,
            "copydesk",
            &mut completions,
        );
        let completions = String::from_utf8(completions).unwrap();
        for action in Command::command().get_subcommands() {
            let page = folder
                .path()
                .join(format!("copydesk-{}.1", action.get_name()));
            assert!(page.exists(), "{}", page.display());
            assert!(
                completions.contains(action.get_name()),
                "{}",
                action.get_name()
            );
        }
    }

    #[test]
    fn command_line_is_consistent() {
        Command::command().debug_assert();
    }
}
