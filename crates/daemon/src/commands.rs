//! The command line: one file a command.

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

use crate::config::{self, Config, Problem};
use crate::pipeline::Mode;
use crate::repeats::Repeats;
use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
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

const AFTER_HELP: &str = "\
To see it all without internet: copydesk demo
On feeds of your own: copydesk run --config FILE, where a [[feed]] with a url is enough

Exit codes: 0 done; 2 the command line cannot be read; 65 something in the data is wrong;
69 no daemon runs, or it is not at work; 70 copydesk could not go on; 78 the configuration is wrong";

/// Polls news feeds, fetches and cleans each article, holds back copies, writes NDJSON.
#[derive(Parser)]
#[command(name = "copydesk", version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Run the daemon
    Run {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Poll every feed once, settle every entry, and exit
        #[arg(long)]
        once: bool,
        /// Write lines to standard output in place of files (not crash-exact)
        #[arg(long)]
        stdout: bool,
        /// Set damaged files of the index of near-duplicates aside, and start without them
        #[arg(long)]
        without_damaged_index: bool,
    },
    /// Check a configuration and name every problem in it
    Check {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Poll each feed once too, and print what came
        #[arg(long)]
        fetch: bool,
    },
    /// Tell how each feed is doing, whether or not the daemon runs
    Status {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
        /// Say only whether it is at work, for health checks
        #[arg(long, conflicts_with = "json")]
        health: bool,
    },
    /// Have the running daemon read its configuration anew
    Reload {
        /// The configuration, to find the daemon by its state folder
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Lists of feeds: from other readers, to them, and from a site
    #[command(subcommand)]
    Feeds(Feeds),
    /// Read feed documents: one line of JSON each
    Entries {
        /// Files or URLs; - is standard input
        #[arg(required = true, value_name = "PATH|URL")]
        places: Vec<String>,
        /// Dial private addresses too
        #[arg(long)]
        allow_private_addresses: bool,
    },
    /// Take the articles out of pages: one line of JSON each
    Clean {
        /// Files or URLs, - for a page on standard input; without them, lines {"id","url","html"} from
        /// there
        #[arg(value_name = "PATH|URL")]
        places: Vec<String>,
        /// Dial private addresses too
        #[arg(long)]
        allow_private_addresses: bool,
        /// Pages cleaned at once, in place of the configuration's; 0 is one a core
        #[arg(long, value_name = "COUNT")]
        threads: Option<usize>,
        /// Clean by the [clean] and [[site]] tables of this configuration
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Show what became of each block and value, and why
        #[arg(long, requires = "places")]
        explain: bool,
        /// The explanation as JSON
        #[arg(long, requires = "explain")]
        json: bool,
    },
    /// Rules for the pages of single sites
    #[command(subcommand)]
    Sites(Sites),
    /// Judge articles from standard input, {"id","url","title","text","published"}: one verdict each
    #[command(args_conflicts_with_subcommands = true)]
    Dedup {
        #[command(subcommand)]
        action: Option<Dedup>,
        /// Keep the index here between runs; a run that does not end well leaves it as it was
        #[arg(long, value_name = "DIR")]
        state: Option<PathBuf>,
        /// How long an article is remembered
        #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = dedup::window)]
        window: std::time::Duration,
        /// Set damaged files of the index aside, and start without them
        #[arg(long, requires = "state")]
        without_damaged_index: bool,
        /// Print counts, times an article, and memory at the end
        #[arg(long)]
        stats: bool,
        /// Show each duplicate beside what it copies, the copied sentences marked, in place of verdicts
        #[arg(long, conflicts_with_all = ["state", "stats"])]
        explain: bool,
    },
    /// Check output files: gaps, repeats, invalid lines
    Verify {
        /// The output folder
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
    /// Print the lines of the output, each once, across rotation and restarts
    Tail {
        /// The output folder
        #[arg(value_name = "DIR", default_value = "out")]
        directory: PathBuf,
        /// Begin with the line of this seq
        #[arg(long, value_name = "SEQ")]
        from: Option<u64>,
        /// Wait for more
        #[arg(short, long)]
        follow: bool,
        /// The duplicates in place of the articles
        #[arg(long)]
        duplicates: bool,
    },
    /// Export, import or compact the state, while the daemon does not run
    #[command(subcommand)]
    State(state::Action),
    /// Tell what somebody else did to the files that the daemon goes on from, and mend it
    Repair {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Do it
        #[arg(long)]
        yes: bool,
    },
    /// Show it all on a newsroom of its own, without internet
    Demo {
        /// Keep the output here
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
        /// Only serve the newsroom, until interrupted, and print a configuration that follows it
        #[arg(long, conflicts_with = "output")]
        serve: bool,
    },
    /// Print the JSON Schema of a record
    Schema,
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Write a manual page for each command
    Manual {
        /// Where to
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
}

#[derive(Subcommand)]
enum Feeds {
    /// Turn an OPML list into [[feed]] tables, folders into tags
    Import {
        /// The list; - is standard input
        #[arg(value_name = "OPML")]
        file: PathBuf,
        /// Add them to the end of this configuration instead of printing them
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,
    },
    /// Print the feeds of a configuration as OPML, without credentials
    Export {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Find the feeds and news sitemaps of a site
    Find {
        /// The site, or any page of it
        url: String,
        /// As [[feed]] tables
        #[arg(long)]
        toml: bool,
        /// Dial private addresses too
        #[arg(long)]
        allow_private_addresses: bool,
    },
}

#[derive(Subcommand)]
enum Sites {
    /// Turn FiveFilters' site config files into [[site]] tables; what cannot be taken over is named
    Import {
        /// Files named by their hosts (paper.example.txt), or folders of them
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Clean the test pages of a configuration's rules
    Test {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

#[derive(Subcommand)]
enum Dedup {
    /// Show a duplicate of the output files beside what it copies
    Explain {
        /// The duplicate's id
        id: String,
        /// The output folder
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
    /// Make the daemon's index of near-duplicates anew from its output files; stop the daemon first
    Rebuild {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
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
