//! What travels from poll to desk.

use crate::intake::{Flight, Ticket};
use copydesk_deduplicator::Prepared;
use copydesk_model::{Article, Entry, Failure, FeedOrigin, FetchedFrom, Key, Page};
use copydesk_store::EntryState;
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// An entry on its way, and where it came from.
#[derive(Debug)]
pub struct Work {
    pub flight: Flight,
    pub entry: Entry,
    pub feed: FeedOrigin,
    /// Of the entry as listed: see [`fingerprint`].
    pub fingerprint: u64,
    /// What this feed's listing of the entry is remembered under: see [`listing_key`].
    pub listing: Key,
    /// The feed's place in the configuration.
    pub feed_index: usize,
    /// Tries before this one that failed in a passing way.
    pub attempts: u32,
    /// Looks for corrections before this one.
    pub rechecks: u32,
    /// One of the `entries_max` places.
    pub place: OwnedSemaphorePermit,
}

/// What is kept of a page once it is cleaned.
#[derive(Debug, Clone)]
pub struct Fetched {
    pub url: Option<String>,
    pub status: Option<u16>,
    pub bytes: u64,
    pub ms: u64,
    pub from: FetchedFrom,
    pub at: Timestamp,
}

impl From<&Page> for Fetched {
    fn from(page: &Page) -> Self {
        Self {
            url: Some(page.url.clone()),
            status: (page.from == FetchedFrom::Page).then_some(page.status),
            bytes: page.bytes,
            ms: page.elapsed_ms,
            from: page.from,
            at: page.fetched,
        }
    }
}

/// From fetch to clean.
#[derive(Debug)]
pub struct Fetching {
    pub work: Work,
    pub page: Page,
}

/// From clean to the desk.
pub struct Cleaned {
    pub work: Work,
    pub article: Article,
    pub fetched: Fetched,
    pub prepared: Prepared,
}

/// To the desk: every work ends here exactly once, and so does every poll.
pub enum Arrival {
    /// A story, boxed because it is by far the largest.
    Cleaned(Box<Cleaned>),
    /// An entry that came to nothing.
    Failed(Box<Work>, Failure),
    /// An entry that nobody wants to come back to any more, by its keys.
    Forgotten(Vec<Key>),
    /// A poll that has taken in all its entries.
    Polled {
        ticket: Arc<Ticket>,
        /// Every key of every entry listed: not to be forgotten while it is listed.
        seen: Vec<Key>,
        /// Entries known through another feed, to be remembered as listed by this one too.
        listed: Vec<(Key, EntryState)>,
    },
}

/// Two feeds may describe one entry in two ways for ever; so what it looked like is remembered for
/// each feed apart. Of the entry's names the URL's is taken, as guids change more often.
pub fn listing_key(feed: &str, entry: &Entry) -> Key {
    let last = entry.keys.last().map(ToString::to_string).unwrap_or_default();
    Key::of_content(feed, &last)
}

/// Of what a change in the feed would show in: title, summary, content and the feed's own date of
/// change. Not the date of publication, which some feeds move with every answer.
pub fn fingerprint(entry: &Entry) -> u64 {
    let parts = [
        entry.title.as_deref(),
        entry.summary.as_deref(),
        entry.content.as_deref(),
        entry.modified.map(|time| time.to_string()).as_deref(),
    ]
    .map(|part| part.unwrap_or_default().to_owned());
    xxhash_rust::xxh3::xxh3_64(parts.join("\n\u{1}").as_bytes())
}
