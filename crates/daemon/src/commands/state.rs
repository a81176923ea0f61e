use super::{load, progress};
use crate::words;
use anyhow::Context;
use clap::Subcommand;
use copydesk_deduplicator::Position;
use copydesk_store::Store;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What can be done with the state while the daemon does not run.
#[derive(Subcommand)]
pub enum Action {
    /// Print every row as a line of JSON
    Export {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Take in what was exported, into a state folder that is empty
    Import {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// The lines; without it, standard input
        #[arg(value_name = "PATH")]
        lines: Option<PathBuf>,
    },
    /// Give unused room in the state's file back to the disk
    Compact {
        /// The configuration
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
}

/// Locks the state, so that no daemon is at work meanwhile.
pub fn run(action: Action) -> anyhow::Result<ExitCode> {
    match action {
        Action::Export { config } => with_store(&config, export),
        Action::Import { config, lines } => with_store(&config, |store| import(&store, lines)),
        Action::Compact { config } => with_store(&config, |mut store| {
            let (before, after) = store.compact()?;
            writeln!(stdout(), "{before} bytes before, {after} after")?;
            Ok(())
        }),
    }
}

fn with_store(
    config: &Path,
    work: impl FnOnce(Store) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let config = match load(config) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    work(Store::open(config.state.store).context("opening the state")?)?;
    Ok(ExitCode::SUCCESS)
}

fn export(store: Store) -> anyhow::Result<()> {
    let rows = store.export(BufWriter::new(stdout().lock()))?;
    eprintln!(
        "{}; the index of texts is no part of them",
        words::some(rows, "rows")
    );
    Ok(())
}

fn import(store: &Store, path: Option<PathBuf>) -> anyhow::Result<()> {
    let lines = progress::of_file(path.as_deref());
    let lines = lines.with_context(|| match &path {
        Some(path) => format!("opening {}", path.display()),
        None => "reading standard input".to_owned(),
    })?;
    // The position is one in the index: without that, it is the beginning.
    let is_alone = !store.directory().join("index").exists();
    let beginning = is_alone.then(|| serde_json::to_value(Position::default()));
    let values = beginning.transpose()?.map(|value| ("position", value));
    let rows = store.import(lines, values.as_slice())?;
    writeln!(stdout(), "{}", words::some(rows, "rows"))?;
    if is_alone {
        writeln!(
            stdout(),
            "no index of texts lies beside them: copies of what came before are known again after \
             copydesk dedup rebuild"
        )?;
    }
    Ok(())
}
