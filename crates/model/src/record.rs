use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::{CopyOf, DuplicateOf, FetchedFrom, PublishedFrom};

/// The value of every record's `schema`; it changes only when a reader could break.
pub const SCHEMA: &str = "copydesk/1";

/// One line of output. Keys come in this order; absent knowledge is null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// "copydesk/1".
    pub schema: String,
    /// Gap-free from 1 within its stream, in file order, for ever.
    pub seq: u64,
    /// What this line says of the article.
    pub op: Op,
    /// Stable for the article over all its versions.
    pub id: String,
    /// From 1; an update is the whole record again with the next version.
    pub version: u32,
    /// The keys whose values differ from the version before; empty unless `op` is update.
    pub changed: Vec<String>,
    /// Canonical, without tracking parameters. Null where the feed gave only text.
    pub url: Option<String>,
    /// The registrable domain of the publication.
    pub source: String,
    /// The publication's name.
    pub site_name: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// The publisher's summary.
    pub description: Option<String>,
    /// Paragraphs separated by one blank line, never empty in new and update; null in a short
    /// duplicate line.
    pub text: Option<String>,
    /// Names of people.
    pub authors: Vec<String>,
    /// The news agency whose copy it is, from credit lines and bylines.
    pub agency: Option<String>,
    /// The place that opened the copy; the text starts after it.
    pub dateline: Option<String>,
    /// When it was first published, UTC.
    pub published: Option<Timestamp>,
    /// Where `published` was found.
    pub published_from: Option<PublishedFrom>,
    /// When it was last changed, UTC.
    pub modified: Option<Timestamp>,
    /// When copydesk fetched it, UTC.
    pub fetched: Timestamp,
    /// BCP 47.
    pub language: Option<String>,
    /// The publication's section.
    pub section: Option<String>,
    /// Keywords, as given.
    pub tags: Vec<String>,
    /// The lead picture.
    pub image: Option<String>,
    /// Whose picture it is.
    pub image_credit: Option<String>,
    /// Whether the page says that the whole text is for subscribers.
    pub paywalled: Option<bool>,
    /// Unicode words in `text` (of the article, also where the line leaves the text out).
    pub word_count: u32,
    /// The earlier article that this one repeats; set where `op` is duplicate.
    pub duplicate_of: Option<DuplicateOf>,
    /// All earlier articles that this one copies; a round-up lists several.
    pub copies_of: Vec<CopyOf>,
    /// The feed that announced it.
    pub feed: FeedOrigin,
    /// How the text was come by.
    pub fetch: Fetch,
}

/// What a line says of its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Not seen before, and no copy.
    New,
    /// A known article whose normalised title or text changed.
    Update,
    /// A copy of an earlier article.
    Duplicate,
}

/// The feed that announced an article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeedOrigin {
    /// As configured.
    pub url: String,
    /// The feed's own title.
    pub title: Option<String>,
    /// The entry's identifier in the feed.
    pub guid: Option<String>,
    /// From the configuration of this feed.
    pub tags: Vec<String>,
    /// What had to be mended before the feed could be read.
    pub repaired: Vec<String>,
}

/// How an article's text was come by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fetch {
    /// The HTTP status of the page; null where the text is the feed's.
    pub status: Option<u16>,
    /// The URL that answered, after redirects.
    pub url: Option<String>,
    /// Length of the decoded body.
    pub bytes: u64,
    /// Milliseconds from the request to the last byte.
    pub ms: u64,
    /// Where the text was taken from.
    pub from: FetchedFrom,
}

/// The two streams of output, each with its own files and its own `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// What is new and what changed: `news-*.ndjson`.
    Articles,
    /// What was held back: `duplicates-*.ndjson`.
    Duplicates,
}

impl Stream {
    /// Both.
    pub const ALL: [Stream; 2] = [Stream::Articles, Stream::Duplicates];

    /// How its files' names begin.
    pub fn file_prefix(self) -> &'static str {
        match self {
            Stream::Articles => "news",
            Stream::Duplicates => "duplicates",
        }
    }
}

/// Words as Unicode breaks them; a script without spaces counts its characters.
pub fn word_count(text: &str) -> usize {
    text.unicode_words().count()
}
