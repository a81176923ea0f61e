//! The manners on the wire: each test is named after one, and shows what a server is sent for what
//! it said before.

mod finding;
mod pages;
mod polls;
mod recorder;
mod safety;

use copydesk_model::FeedDocument;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

use crate::{Config, Feed, FeedState, Fetcher, Poll, PollOutcome};

/// Small bounds, and loopback allowed.
fn config() -> Config {
    Config {
        timeout: Duration::from_secs(5),
        host_gap: Duration::ZERO,
        allow_private_addresses: true,
        robots: false,
        ..Config::default()
    }
}

fn fetcher() -> Fetcher {
    Fetcher::new(config()).unwrap()
}

fn feed(url: &str) -> Feed {
    Feed {
        url: url.to_owned(),
        ..Feed::default()
    }
}

/// 12:00 UTC on the given day of November 2026.
fn day(day: i8) -> Timestamp {
    jiff::civil::date(2026, 11, day)
        .at(12, 0, 0, 0)
        .in_tz("UTC")
        .unwrap()
        .timestamp()
}

/// An RSS document with one item for each title.
fn rss(titles: &[&str]) -> String {
    let items: String = (titles.iter())
        .map(|title| format!("<item><guid>{title}</guid><title>{title}</title><link>https://a.example/{title}</link></item>"))
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>Daily</title><link>https://a.example/</link>{items}</channel></rss>"
    )
}

fn document(poll: &Poll) -> &FeedDocument {
    match &poll.outcome {
        PollOutcome::Document(document) => document,
        other => panic!("no document but {other:?}"),
    }
}

/// From the poll at `now` to the next one.
fn wait(poll: &Poll, now: Timestamp) -> SignedDuration {
    poll.state.next_poll.unwrap().duration_since(now)
}

/// Polls at each of the moments, each time with the state of the time before.
async fn polls(fetcher: &Fetcher, feed: &Feed, moments: &[Timestamp]) -> Vec<Poll> {
    let mut state = FeedState::default();
    let mut polls = Vec::new();
    for &now in moments {
        let poll = fetcher.poll_at(feed, &state, now).await;
        state = poll.state.clone();
        polls.push(poll);
    }
    polls
}
