use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Why the store cannot be opened, read or written; names the file and what to do.
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
    /// Written by a version that this one does not know.
    #[error("opening {path}: state version {found}, this copydesk knows {known}")]
    Version {
        /// The file.
        path: PathBuf,
        /// In the file.
        found: u64,
        /// Of this program.
        known: u64,
    },
    /// The file holds what copydesk did not write.
    #[error(
        "reading {path}: damaged ({what}); put a backup in its place, or move it away to begin anew, \
         with an output folder of its own"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The file was moved, replaced or deleted while it was open.
    #[error(
        "committing to {path}: gone; somebody moved, replaced or deleted it: put it back, or begin anew \
         with an output folder of its own"
    )]
    Gone {
        /// The file.
        path: PathBuf,
    },
    /// Reading or writing failed; may pass where the disk is full.
    #[error("{action} {path}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source: source.into(),
        }
    }

    /// Sorts what the database says into what may pass and what will not.
    pub(crate) fn redb(action: &'static str, path: &Path, error: redb::Error) -> Self {
        match error {
            redb::Error::Io(source)
                if matches!(
                    source.kind(),
                    ErrorKind::InvalidData | ErrorKind::UnexpectedEof
                ) =>
            {
                Self::Damaged {
                    path: path.to_owned(),
                    what: source.to_string(),
                }
            }
            redb::Error::Io(source) => Self::io(action, path, source),
            redb::Error::PreviousIo | redb::Error::DatabaseClosed => Self::Io {
                action,
                path: path.to_owned(),
                source: Box::new(error),
            },
            other => Self::Damaged {
                path: path.to_owned(),
                what: other.to_string(),
            },
        }
    }
}

/// redb meets some kinds of damage with a panic: a damaged file must not look like a bug of ours.
pub(crate) fn contained<T>(
    work: impl FnOnce() -> Result<T, redb::Error>,
) -> Result<T, redb::Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Err(redb::Error::Corrupted(what.unwrap_or("panic").to_owned()))
    })
}
