//! What copydesk knows, changed in one transaction a batch: feeds, entries seen, articles, the
//! outbox, counters. Knows nothing of stages: their states travel as JSON values.

use copydesk_model::{Entry, Key};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bounds of what is remembered; the defaults are the documented ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The folder, made if absent.
    pub directory: PathBuf,
    /// Entries and articles not listed by any feed for this long are forgotten.
    pub remember: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            directory: PathBuf::from("state"),
            remember: Duration::from_secs(90 * 24 * 3600),
        }
    }
}

/// What is known of an entry, under each of its keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryState {
    /// The article it led to; null where it failed.
    pub article: Option<String>,
    /// Of title, summary and content in the feed: another value means that the entry was changed.
    pub fingerprint: u64,
    /// When its outcome was last settled.
    pub settled: Timestamp,
    /// The failure in words, where it failed.
    pub failure: Option<String>,
    /// Tries so far that failed in a passing way.
    pub attempts: u32,
}

/// What is known of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleState {
    /// The last version written.
    pub version: u32,
    /// Its canonical URL.
    pub url: Option<String>,
    /// Whether its last version was held back as a duplicate.
    pub is_duplicate: bool,
    /// Hash of the normalised title and text: an update is due only when it changes.
    pub content: u64,
    /// Hash of each key's value in the last version, for `changed`.
    pub values: Vec<(String, u64)>,
    /// When it was last settled.
    pub settled: Timestamp,
}

/// An entry to be fetched again at a time: after a passing failure, or to look for corrections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revisit {
    /// Not before.
    pub due: Timestamp,
    /// The feed's configured URL.
    pub feed: String,
    /// The feed's own title.
    pub feed_title: Option<String>,
    /// The entry as the feed gave it.
    pub entry: Entry,
}

/// Everything that one commit changes. All of it, or nothing.
#[derive(Debug, Default)]
pub struct Batch {
    /// Entries settled, under each of their keys.
    pub entries: Vec<(Vec<Key>, EntryState)>,
    /// Articles by id.
    pub articles: Vec<(String, ArticleState)>,
    /// Names of articles: the key leads to the id.
    pub names: Vec<(Key, String)>,
    /// Feeds whose polls are settled: URL and state.
    pub feeds: Vec<(String, serde_json::Value)>,
    /// Entries to come back to; one a first key, the later one wins.
    pub revisits: Vec<Revisit>,
    /// Revisits carried out, by the entry's first key.
    pub revisited: Vec<Key>,
    /// Rows for the outbox, in order; they get the numbers after the last one.
    pub outbox: Vec<serde_json::Value>,
    /// Outbox rows up to this number are done and go.
    pub outbox_done: Option<u64>,
    /// Single values by name, replaced whole: cursor, position, …
    pub values: Vec<(&'static str, serde_json::Value)>,
    /// Added to the counters.
    pub counters: Vec<(String, u64)>,
}

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

/// The state of one copydesk. Shared behind an `Arc`; reads run beside the one writer.
pub struct Store {}

impl Store {
    /// Locks the folder and opens or makes the store in it. A process that died a moment ago may
    /// still hold the lock: waits up to five seconds for it.
    pub fn open(config: Config) -> Result<Self, Error> {
        let _ = config;
        todo!()
    }

    /// Makes the batch durable, all of it or nothing, and forgets a bounded number of expired rows.
    /// Gives back the number of the last outbox row ever given out.
    pub fn commit(&self, batch: Batch, now: Timestamp) -> Result<u64, Error> {
        let _ = (batch, now);
        todo!()
    }

    /// By any of its keys; the first that is known counts.
    pub fn entry(&self, keys: &[Key]) -> Result<Option<EntryState>, Error> {
        let _ = keys;
        todo!()
    }

    /// The id of the article that goes by one of these names; the first that is known counts.
    pub fn named(&self, keys: &[Key]) -> Result<Option<String>, Error> {
        let _ = keys;
        todo!()
    }

    /// By id.
    pub fn article(&self, id: &str) -> Result<Option<ArticleState>, Error> {
        let _ = id;
        todo!()
    }

    /// A feed's state as last committed.
    pub fn feed(&self, url: &str) -> Result<Option<serde_json::Value>, Error> {
        let _ = url;
        todo!()
    }

    /// Up to `most` entries whose revisit is due, the longest due first.
    pub fn revisits_due(&self, now: Timestamp, most: usize) -> Result<Vec<Revisit>, Error> {
        let _ = (now, most);
        todo!()
    }

    /// Outbox rows not yet done, with their numbers, in order.
    pub fn outbox(&self) -> Result<Vec<(u64, serde_json::Value)>, Error> {
        todo!()
    }

    /// A single value by name.
    pub fn value(&self, name: &str) -> Result<Option<serde_json::Value>, Error> {
        let _ = name;
        todo!()
    }

    /// All counters.
    pub fn counters(&self) -> Result<Vec<(String, u64)>, Error> {
        todo!()
    }

    /// The state folder.
    pub fn directory(&self) -> &Path {
        todo!()
    }
}
