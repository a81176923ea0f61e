//! Finds copies among news articles in order of arrival. One owner, no locks.

use copydesk_model::Verdict;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Settings of the judge; the defaults are the documented ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// How long an article is remembered, by `Document::seen`.
    pub window: Duration,
    /// Articles remembered at the most; the oldest go first.
    pub documents_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(30 * 24 * 3600),
            documents_max: 10_000_000,
        }
    }
}

/// One article to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// What verdicts call it.
    pub id: &'a str,
    /// What makes it the same article as an earlier one, if anything: its canonical URL in
    /// `copydesk dedup`, its id in the daemon.
    pub identity: Option<&'a str>,
    /// The headline.
    pub title: Option<&'a str>,
    /// Paragraphs separated by one blank line.
    pub text: &'a str,
    /// BCP 47.
    pub language: Option<&'a str>,
    /// When it was published or first seen; what the window counts by. Never read from a clock here.
    pub seen: Timestamp,
}

/// What can be worked out of a document ahead of the judge, on any thread: words, shingles, facts.
#[derive(Debug)]
pub struct Prepared {}

/// Works it out; pure.
pub fn prepare(document: &Document) -> Prepared {
    let _ = document;
    todo!()
}

/// How far the index's log had been written when a batch ended; kept in the caller's own commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Number of the log file.
    pub segment: u64,
    /// Bytes of it.
    pub length: u64,
}

/// Why an index cannot be opened or written; names the file, what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Reading or writing failed.
    #[error("{action} {path}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The file is damaged, cut short of the committed position, or another program's.
    #[error("reading {path}: {what}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        what: String,
    },
}

/// Judges articles and remembers them.
pub struct Judge {}

impl Judge {
    /// An index that ends with the process.
    pub fn in_memory(config: Config) -> Self {
        let _ = config;
        todo!()
    }

    /// Opens or makes the index in `folder`. What was logged after `position` is forgotten (its
    /// batch was never committed and will be judged again); without a position every whole entry
    /// of the log counts.
    pub fn open(folder: &Path, config: Config, position: Option<Position>) -> Result<Self, Error> {
        let _ = (folder, config, position);
        todo!()
    }

    /// Judges one article against all before it, then remembers it. Deterministic in the order of
    /// calls.
    pub fn judge(&mut self, document: &Document, prepared: Prepared) -> Verdict {
        let _ = (document, prepared);
        todo!()
    }

    /// Makes everything judged so far durable and says how far that is.
    pub fn sync(&mut self) -> Result<Position, Error> {
        todo!()
    }

    /// Articles remembered.
    pub fn len(&self) -> usize {
        todo!()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
