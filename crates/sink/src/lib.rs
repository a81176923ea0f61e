//! Writes NDJSON files that never lose, repeat or tear a line.
//!
//! The plan of every write (file, offset, rotation) is made before anything is written and is kept
//! in the caller's commit; writing follows, and is repeated from the commit after a crash. So a
//! file is a pure function of what was committed, and a line once visible never changes.

mod close;
mod conflict;
mod disk;
mod folder;
mod follow;
mod name;
mod plan;
mod repair;
mod retain;
mod verify;
mod writer;

pub use close::Closer;
pub use folder::{Filed, files, open};
pub use follow::{FollowError, Follower};
pub use name::FileName;
pub use plan::{needed, plan};
pub use repair::{Damage, Log};
pub use retain::retain;
pub use verify::{Finding, Report, StreamReport, verify};
pub use writer::Writer;

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
    /// A closed file is removed this long after its last line; zero: never.
    pub keep_age_max: Duration,
    /// The oldest closed files are removed while all of them together are larger; zero: never.
    pub keep_bytes_max: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            directory: PathBuf::from("out"),
            file_bytes_max: 256 << 20,
            file_age_max: Duration::from_secs(24 * 3600),
            compression: Compression::None,
            durability: Durability::Commit,
            keep_age_max: Duration::ZERO,
            keep_bytes_max: 0,
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
    /// At most this often. A power cut may then take lines that a reader has already seen; they come
    /// back, the same, when copydesk starts again, from the store.
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
    /// The start of its period; also of the last file, when none is open.
    pub opened: Option<Timestamp>,
    /// Files up to the one that begins with this `seq` were removed for their age or size.
    pub removed: u64,
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
    /// The file was kept for long enough.
    Remove {
        /// Its name, uncompressed.
        file: String,
    },
}

impl Step {
    /// The file that it changes.
    pub fn file(&self) -> &str {
        match self {
            Self::Write { file, .. } | Self::Close { file, .. } | Self::Remove { file } => file,
        }
    }

    /// Whether the [`Closer`] has a part in it.
    pub fn is_closing(&self) -> bool {
        !matches!(self, Self::Write { .. })
    }
}

/// Why writing cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process owns the folder.
    #[error("opening {path}: in use by process {process}")]
    InUse {
        /// The lock file.
        path: PathBuf,
        /// What the lock file says of its owner.
        process: String,
    },
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

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
}
