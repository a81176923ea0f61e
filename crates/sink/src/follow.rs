//! Reading a stream's lines as they come, every `seq` once, across rotation, compression and
//! restarts of either side.

use crate::folder::{LINE_BYTES_MAX, files, open, seq_of};
use copydesk_model::Stream;
use std::io::{self, BufRead, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Where a reader of a stream stands. Needs no lock, holds one line in memory, and may be begun
/// again at any `seq`.
pub struct Follower {
    directory: PathBuf,
    stream: Stream,
    /// The `seq` to come; None: that of the first line there is.
    next: Option<u64>,
    file: Option<OpenFile>,
    /// The first `seq` of the last file that was read to its end.
    after: Option<u64>,
}

struct OpenFile {
    path: PathBuf,
    first: u64,
    lines: Box<dyn BufRead + Send>,
    /// What was read of a line whose end is not written yet.
    line: Vec<u8>,
}

/// Why a reader cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The folder or a file cannot be read.
    #[error("reading {path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The lines that were to come next are not there any more: removed for their age or size, or
    /// taken by somebody.
    #[error("seq {first} to {last} are gone; go on with --from {}", last + 1)]
    Gone {
        /// The first that is missing.
        first: u64,
        /// The last.
        last: u64,
    },
    /// A file holds what copydesk did not write.
    #[error("{path}: {what}")]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What was found.
        what: String,
    },
}

impl Follower {
    /// Begins with the line of that `seq`, or with the first that there is. Lines before it are
    /// passed over; it need not be written yet.
    pub fn new(directory: &Path, stream: Stream, from: Option<u64>) -> Self {
        Self {
            directory: directory.to_owned(),
            stream,
            next: from,
            file: None,
            after: None,
        }
    }

    /// Puts the next line, with its line break, in the place of what `line` held; false where it is
    /// not written yet.
    pub fn read(&mut self, line: &mut Vec<u8>) -> Result<bool, FollowError> {
        // Whether a later file was seen before the one at hand was read to its end.
        let mut is_whole = false;
        loop {
            if self.file.is_none() {
                self.file = self.open_next()?;
            }
            let Some(file) = &mut self.file else {
                return Ok(false);
            };
            if file.read_line()? {
                std::mem::swap(&mut file.line, line);
                file.line.clear();
                let seq = seq_of(line)
                    .map_err(|error| file.damaged(format!("a line that is no record: {error}")))?;
                let next = *self.next.get_or_insert(seq);
                if seq > next {
                    let last = seq - 1;
                    return Err(FollowError::Gone { first: next, last });
                }
                if seq == next {
                    self.next = Some(seq + 1);
                    return Ok(true);
                }
            } else if is_whole {
                if !file.line.is_empty() {
                    return Err(file.damaged("ends inside a line".to_owned()));
                }
                self.after = Some(file.first);
                self.file = None;
                is_whole = false;
            } else {
                // A later file is made after the last line of this one is written: then whatever
                // came since the end was met is read first.
                let first = file.first;
                is_whole = self.files()?.iter().any(|(later, _)| *later > first);
                if !is_whole {
                    return Ok(false);
                }
            }
        }
    }

    /// The file after the last one; at the beginning the one that holds the line to come, or will.
    fn open_next(&self) -> Result<Option<OpenFile>, FollowError> {
        loop {
            let files = self.files()?;
            let found = match (self.after, self.next) {
                (Some(after), _) => files.iter().find(|(first, _)| *first > after),
                (None, Some(next)) => files
                    .iter()
                    .rfind(|(first, _)| *first <= next)
                    .or(files.first()),
                (None, None) => files.first(),
            };
            let Some((first, path)) = found else {
                return Ok(None);
            };
            match open(path) {
                // Compressed or removed this moment.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(source) => {
                    let path = path.clone();
                    return Err(FollowError::Io { path, source });
                }
                Ok(lines) => {
                    return Ok(Some(OpenFile {
                        path: path.clone(),
                        first: *first,
                        lines,
                        line: Vec::new(),
                    }));
                }
            }
        }
    }

    fn files(&self) -> Result<Vec<(u64, PathBuf)>, FollowError> {
        let files = match files(&self.directory, self.stream) {
            // Not made yet.
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(source) => {
                let path = self.directory.clone();
                return Err(FollowError::Io { path, source });
            }
            Ok(files) => files,
        };
        let files = files.into_iter().map(|file| (file.name.first, file.path));
        Ok(files.collect())
    }
}

impl OpenFile {
    /// Reads on in the line begun; true when it is whole.
    fn read_line(&mut self) -> Result<bool, FollowError> {
        let left = LINE_BYTES_MAX.saturating_sub(self.line.len() as u64);
        let read = (&mut self.lines)
            .take(left)
            .read_until(b'\n', &mut self.line);
        if let Err(source) = read {
            let path = self.path.clone();
            return Err(FollowError::Io { path, source });
        }
        let is_whole = self.line.ends_with(b"\n");
        if !is_whole && self.line.len() as u64 >= LINE_BYTES_MAX {
            return Err(self.damaged(format!("a line over {LINE_BYTES_MAX} bytes")));
        }
        Ok(is_whole)
    }

    fn damaged(&self, what: String) -> FollowError {
        let path = self.path.clone();
        FollowError::Damaged { path, what }
    }
}
