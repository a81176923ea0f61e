//! Polls feeds and fetches pages; every manner of HTTP lives here, and every socket is opened here.

mod body;
mod charset;
mod client;
#[cfg(fuzzing)]
pub mod doors;
mod exchange;
mod feed;
mod find;
mod full_text;
mod guard;
mod host;
mod links;
#[cfg(test)]
mod manners;
mod opml;
mod page;
mod poll;
mod resolver;
mod robots;
mod room;
pub mod schedule;
mod secret;
mod source;
mod state;
mod tree;

use copydesk_model::{Failure, FeedDocument};
use std::time::Duration;

pub use client::Fetcher;
pub use feed::{FeedLine, entries_line, read_feed};
pub use find::Found;
pub use full_text::FullTexts;
pub use links::is_selector;
pub use opml::{OPML_BYTES_MAX, Opml, Subscription, feed_identity, read_opml, write_opml};
/// What a header may be called and hold.
pub use reqwest::header::{HeaderName, HeaderValue};
pub use room::Held;
pub use secret::{Secret, shown, shown_text};
pub use source::{Auth, Backfill, Feed, FeedKind, FullText};
pub use state::{FeedState, Move};
pub use tree::Budget;

/// Bounds and manners for all hosts; the defaults are the documented ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Sent with every request: `name/version (+contact)`.
    pub user_agent: String,
    /// From the first byte sent to the last byte read, redirects included.
    pub timeout: Duration,
    /// For the TCP and TLS handshakes.
    pub connect_timeout: Duration,
    /// Between two reads.
    pub read_timeout: Duration,
    /// Cap on a decoded feed document.
    pub feed_bytes_max: u64,
    /// Cap on a decoded page.
    pub page_bytes_max: u64,
    /// Cap on the bodies of all pages that are held at once, and on those of all feeds.
    pub bodies_bytes_max: u64,
    /// Redirects followed.
    pub redirects_max: usize,
    /// Requests under way at once to one host.
    pub host_concurrency: usize,
    /// From the end of one request to a host to the start of the next.
    pub host_gap: Duration,
    /// Tries of one page within one run, the first included.
    pub attempts_max: u32,
    /// The longest Retry-After that is waited for in place; a longer one fails the entry for now.
    pub retry_wait_max: Duration,
    /// The shortest and longest time between two polls of a feed, and the one used where the feed
    /// says nothing.
    pub interval_min: Duration,
    /// See `interval_min`.
    pub interval_max: Duration,
    /// See `interval_min`.
    pub interval: Duration,
    /// Honour robots.txt for pages.
    pub robots: bool,
    /// Honour it for feeds too, which their operator chose.
    pub robots_for_feeds: bool,
    /// Dial loopback, private and other special addresses.
    pub allow_private_addresses: bool,
    /// HTTP/2 where the server has it.
    pub http2: bool,
    /// What a page of links may cost.
    pub budget: Budget,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            user_agent: concat!(
                "copydesk/",
                env!("CARGO_PKG_VERSION"),
                " (+https://example.org/copydesk)"
            )
            .into(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(15),
            feed_bytes_max: 16 << 20,
            page_bytes_max: 8 << 20,
            bodies_bytes_max: 256 << 20,
            redirects_max: 8,
            host_concurrency: 2,
            host_gap: Duration::from_millis(500),
            attempts_max: 3,
            retry_wait_max: Duration::from_secs(60),
            interval: Duration::from_secs(3600),
            interval_min: Duration::from_secs(5 * 60),
            interval_max: Duration::from_secs(24 * 3600),
            robots: true,
            robots_for_feeds: false,
            allow_private_addresses: false,
            http2: true,
            budget: Budget::default(),
        }
    }
}

/// The end of one poll: what came, and the state to commit with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Poll {
    /// What came.
    pub outcome: PollOutcome,
    /// To be committed when the entries are settled.
    pub state: FeedState,
    /// The feed's share of the room for bodies; to be held as long as its entries are.
    pub held: Held,
}

/// What a poll brought.
#[derive(Debug, Clone, PartialEq)]
pub enum PollOutcome {
    /// A document.
    Document(FeedDocument),
    /// 304, or the same bytes as before.
    NotModified,
    /// Nothing usable.
    Failed(Failure),
}
