//! What is remembered of a feed.

use copydesk_model::{Failure, FeedHints};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::poll::GONE_ANSWERS;

/// What is remembered of a feed between polls. Committed by the caller, and only when every entry
/// of the poll is settled.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedState {
    /// Byte for byte as received, a character for each byte.
    pub etag: Option<String>,
    /// Byte for byte as received, a character for each byte.
    pub last_modified: Option<String>,
    /// Hash of the URL that gave them.
    pub validators_of: Option<u64>,
    /// When the next poll is due; null before the first.
    pub next_poll: Option<Timestamp>,
    /// When a poll last ended with a readable feed or 304.
    pub last_success: Option<Timestamp>,
    /// The last failure, in words, and when; null again after a success.
    pub last_error: Option<(Timestamp, Failure)>,
    /// Failures since the last success.
    pub failures: u32,
    /// The feed's own title.
    pub title: Option<String>,
    /// What the feed last said of its rhythm.
    pub hints: FeedHints,
    /// When the whole document was last read; once in a few days it is asked for without validators.
    pub last_full: Option<Timestamp>,
    /// Hash of the last document's bytes.
    pub body_hash: Option<u64>,
    /// The server was caught with new entries under old validators; they are no longer sent.
    pub distrusts_validators: bool,
    /// Hash of the URL, headers and credentials that all this belongs to.
    pub variant: Option<u64>,
    /// A permanent redirect that is not yet believed.
    pub moved: Option<Move>,
    /// Where the feed moved for good, or what the page at the configured URL named: polled in place
    /// of that.
    pub moved_to: Option<String>,
    /// The configured URL is a page that named the feed; it is asked again when that one fails.
    pub is_site: bool,
    /// Answers of 410 in a row.
    pub gone: u32,
    /// Hashes of the ids of the last document's entries.
    pub recent: Vec<u64>,
    /// New entries a day, on average over the last polls.
    pub entries_per_day: Option<f32>,
    /// The part of a document's entries that was new, on average; 0 to 1.
    pub share_new: Option<f32>,
    /// When a poll last shared no entry with the one before: some were missed between them.
    pub last_missed: Option<Timestamp>,
}

/// A permanent redirect, as often as it was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Where to.
    pub to: String,
    /// Equal answers in a row.
    pub answers: u32,
    /// The first of them.
    pub since: Timestamp,
}

impl FeedState {
    /// Whether the feed is to be polled at `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next_poll.is_none_or(|next| next <= now)
    }

    /// Whether the feed said that it is gone for good; it is then asked once a month.
    pub fn is_gone(&self) -> bool {
        self.gone >= GONE_ANSWERS
    }
}
