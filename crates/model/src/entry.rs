use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Key;

/// One announcement in a feed, before anything is fetched.
///
/// Every string is plain text, trimmed and never empty (absent is `None`), but for `summary` and
/// `content`, which keep the publisher's HTML.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Stable over parses of the same document; made from `keys`.
    pub id: String,
    /// What this entry is known by, strongest first, never empty: see [`Key`]. A guid or link that
    /// several entries of one document share identifies none of them and is left out.
    pub keys: Vec<Key>,
    /// The feed's own identifier, byte for byte.
    pub guid: Option<String>,
    /// The article's URL as the feed gives it, made absolute where the base is known.
    pub url: Option<String>,
    /// Plain text, no markup, no entities.
    pub title: Option<String>,
    /// Null where unreadable; never the time of fetching.
    pub published: Option<Timestamp>,
    /// Set only where the feed gives a date of change of its own.
    pub modified: Option<Timestamp>,
    /// Names of people or organisations, as given.
    pub authors: Vec<String>,
    /// HTML.
    pub summary: Option<String>,
    /// HTML.
    pub content: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// An absolute URL.
    pub image: Option<String>,
    /// The feed's categories, as given.
    pub tags: Vec<String>,
}

impl Entry {
    /// The name that its address gives it, where that is its alone.
    pub fn own_key(&self) -> Option<Key> {
        let own = self.url.as_deref().and_then(Key::of_url);
        own.filter(|own| self.keys.contains(own))
    }

    /// What it holds, HTML: many feeds have whole articles in what is named a summary.
    pub fn text(&self) -> Option<&str> {
        self.content.as_deref().or(self.summary.as_deref())
    }

    /// Its guid's name, where its address gives it others, and those: some feeds number their
    /// places and not their stories, and a guid is another story's the next day.
    pub fn guid_and_address_keys(&self) -> (&[Key], &[Key]) {
        let own = self.own_key();
        let place = self.keys.iter().position(|key| Some(*key) == own);
        self.keys.split_at(place.unwrap_or(0))
    }
}

/// A feed document as read: what `copydesk entries` prints, less the path.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedDocument {
    /// "rss2", "rss1", "rss0", "atom", "json", "rdf" …
    pub kind: Option<String>,
    /// Plain text.
    pub title: Option<String>,
    /// The site's URL.
    pub link: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// In document order.
    pub entries: Vec<Entry>,
    /// What had to be mended before the document could be read, in words.
    pub repaired: Vec<String>,
    /// What the feed says of its own rhythm.
    pub hints: FeedHints,
}

/// What a feed says of when to come again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedHints {
    /// RSS `ttl` or `sy:updatePeriod / sy:updateFrequency`, in seconds.
    pub interval_s: Option<u64>,
    /// Hours of the day, UTC, 0 to 23, in which not to poll.
    pub skip_hours: Vec<u8>,
    /// Days on which not to poll, Monday = 0.
    pub skip_days: Vec<u8>,
}
