//! Writes NDJSON files that never lose, repeat or tear a line.
//!
//! The plan of every write (file, offset, rotation) is made before anything is written and is kept
//! in the caller's commit; writing follows, and is repeated from the commit after a crash. So a
//! file is a pure function of what was committed, and a line once visible never changes.

use copydesk_model::Stream;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where and how files are written; the defaults are the documented ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The folder, made if absent.
    pub directory: PathBuf,
    /// A file is closed before the line that would take it over this size.
    pub file_bytes_max: u64,
    /// A file is closed when it is this old, counted from the start of its period.
    pub file_age_max: Duration,
    /// What becomes of closed files.
    pub compression: Compression,
    /// When written lines are forced to the disk.
    pub durability: Durability,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            directory: PathBuf::from("out"),
            file_bytes_max: 256 << 20,
            file_age_max: Duration::from_secs(24 * 3600),
            compression: Compression::None,
            durability: Durability::Commit,
        }
    }
}

/// What becomes of closed files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// They stay as they are.
    None,
    /// `.zst`.
    Zstd,
    /// `.gz`.
    Gzip,
}

/// When written lines are forced to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// With every commit.
    Commit,
    /// At most this often; a power cut may then cost a reader lines it has already seen.
    Interval(Duration),
}

/// Where each stream stands: made by [`plan`], kept in the commit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cursor {
    /// By stream: articles, duplicates.
    pub streams: [StreamCursor; 2],
}

/// Where one stream stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamCursor {
    /// The last `seq` given out.
    pub seq: u64,
    /// The open file's name; null before the first line.
    pub file: Option<String>,
    /// Its length after all that was planned.
    pub length: u64,
    /// When it was opened.
    pub opened: Option<Timestamp>,
}

/// One step, in order: kept in the outbox until done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Whole lines at an offset.
    Write {
        /// The file's name in the output folder.
        file: String,
        /// Where the bytes begin; equal to the file's length before.
        offset: u64,
        /// Whole lines.
        bytes: String,
    },
    /// The file is complete: sync, then compress it as configured.
    Close {
        /// The file's name.
        file: String,
        /// Its final length.
        length: u64,
    },
}

/// Plans the writing of whole lines (each ending in `\n`), rotating between lines. Pure. `lines`
/// must carry the `seq`s that follow `cursor.seq` in order; the cursor is moved on.
pub fn plan(
    config: &Config,
    cursor: &mut Cursor,
    stream: Stream,
    lines: &[String],
    now: Timestamp,
) -> Vec<Step> {
    let _ = (config, cursor, stream, lines, now);
    todo!()
}

/// Why writing cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// May pass: a full disk, a folder made read-only. The step can be tried again.
    #[error("{action} {path}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The file is not what the log says; going on would repeat or tear lines.
    #[error("{path}: {what}")]
    Conflict {
        /// The file.
        path: PathBuf,
        /// What was found, what was expected, and what to do.
        what: String,
    },
}

/// Carries out steps; owns the output folder.
pub struct Writer {}

impl Writer {
    /// Locks the folder (a second owner gets an error naming the first) and makes it if absent.
    pub fn open(config: Config) -> Result<Self, Error> {
        let _ = config;
        todo!()
    }

    /// Carries out one step. Doing a step again is doing it once: bytes already there are compared,
    /// missing ones appended. After an error of the passing kind the same step may be tried again.
    pub fn apply(&mut self, step: &Step) -> Result<(), Error> {
        let _ = step;
        todo!()
    }

    /// Forces all applied steps to the disk (as `durability` asks). True when everything applied so
    /// far is durable, so that its outbox rows may go.
    pub fn sync(&mut self) -> Result<bool, Error> {
        todo!()
    }

    /// The output folder.
    pub fn directory(&self) -> &Path {
        todo!()
    }
}
