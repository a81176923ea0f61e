//! What copydesk knows, changed in one transaction a batch: feeds, entries seen, articles, the
//! outbox, counters. Knows nothing of stages: their states travel as JSON values.

mod backend;
mod clock;
mod commit;
mod dump;
mod error;
mod lock;
mod store;
mod tables;

pub use dump::ImportError;
pub use error::Error;
pub use store::{Counts, Store};

use copydesk_model::{Entry, Key};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;
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
    /// Of the entry in the feed: another value means that it was changed.
    pub fingerprint: u64,
    /// When its outcome was last settled.
    pub settled: Timestamp,
    /// The failure in words, where it failed.
    pub failure: Option<String>,
    /// Tries so far that failed in a passing way.
    pub attempts: u32,
    /// Looks for corrections so far.
    #[serde(default)]
    pub rechecks: u32,
    /// Changes of the listing, one after another, behind which the article was as before.
    #[serde(default)]
    pub idle_changes: u32,
    /// It was in the feed before the feed was followed, and is left alone for good.
    #[serde(default)]
    pub passed_over: bool,
}

/// What is known of an article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleState {
    /// The last version written.
    pub version: u32,
    /// Its canonical URL.
    pub url: Option<String>,
    /// The original, where its last version was held back as a duplicate.
    #[serde(default)]
    pub duplicate_of: Option<String>,
    /// When its first version was published, to the minute and as declared, where that is known.
    #[serde(default)]
    pub published: Option<Timestamp>,
    /// Hash of the normalised title and text: an update is due only when it changes.
    pub content: u64,
    /// Hash of each key's value in the last version, for `changed`.
    pub values: Vec<(String, u64)>,
    /// When it was last settled.
    pub settled: Timestamp,
}

/// An entry to be fetched at a time: again after a passing failure or to look for corrections, or at
/// all, where it was taken in and is not settled yet.
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
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Entries settled, under each of their keys.
    pub entries: Vec<(Vec<Key>, EntryState)>,
    /// Settled entries that a feed still lists: they and their articles stay remembered. Costs a
    /// look-up each, and a write at most once a day.
    pub seen: Vec<Key>,
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
    /// Outbox rows up to this number are done and go …
    pub outbox_done: Option<u64>,
    /// … but for these.
    pub outbox_kept: BTreeSet<u64>,
    /// Single values by name, replaced whole: cursor, position, …
    pub values: Vec<(&'static str, serde_json::Value)>,
    /// Added to the counters.
    pub counters: Vec<(String, u64)>,
}
