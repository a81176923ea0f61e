//! The manners on the wire, as a checklist: each test is named after its point, and shows what a
//! server is sent for what it said before. `cargo test -p copydesk-fetcher point_` prints the list.
//!
//! | point | what is kept | tests |
//! |--:|---|---|
//! | 1 | validators go back byte for byte, none is invented | `conditional` |
//! | 2 | both are renewed by 200 and by 304 | `conditional` |
//! | 3 | If-None-Match and If-Modified-Since together, the latter alone where there is no ETag | `conditional` |
//! | 4 | validators belong to one URL and what is sent with it | `conditional` |
//! | 5 | one unconditional request every few days, servers that answer 304 for ever found out, an off switch | `conditional` |
//! | 6 | hourly with validators and daily without, unless the feed's own pace says that it would be late | `pace` |
//! | 7 | the latest of ttl, max-age, Expires, `sy:`, Retry-After and our floor; jittered, clamped, kept over restarts | `pace` |
//! | 8 | skipHours and skipDays are hints | `pace` |
//! | 9 | the pace follows the share of new entries; an alarm where two polls share none | `pace` |
//! | 10 | 429 and 503 slow the host and its domain, Retry-After in both forms, capped, spread | `statuses`, `host` |
//! | 11 | 403 slows down and ends nothing | `statuses` |
//! | 12 | 301 and 308 are believed after three answers over three days, others never; hops bounded, loops found | `statuses` |
//! | 13 | 410 twice leaves a monthly probe; other errors back off and never end a feed | `statuses` |
//! | 14 | a web page in place of a feed has its own reason, a challenge is named | `statuses` |
//! | 15 | no delta is asked for, and one that comes unasked is no feed | `statuses` |
//! | 16 | who we are, what we read, and nothing of others | `requests`, `bodies` |
//! | 17 | HTTP/2 with an off switch, kept connections, pace of host and domain, names remembered | `connections`, `host`, `resolver` |
//! | 18 | connect, idle and total deadlines; caps on the wire, decoded and on their ratio; no DTD fetched | `bodies`, `connections` |
//! | 19 | robots.txt for pages, and for feeds where the operator says so | `robots` |
//! | 20 | http and https only; the address is judged when dialled, on every hop | `safety`, `resolver` |
//!
//! Point 21, WebSub, is left out: it needs an address that publishers can reach.

mod bodies;
mod conditional;
mod connections;
mod finding;
mod pace;
mod recorder;
mod requests;
mod robots;
mod safety;
mod statuses;

use copydesk_model::{Failure, FeedDocument};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

use recorder::Told;

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

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const STORY: &str = "<!doctype html><p>The storm hit.";
const HTML: &str = "content-type: text/html; charset=utf-8";

fn page_told() -> Told {
    Told::new(200, &[HTML], STORY)
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

fn failed(poll: &Poll) -> &Failure {
    match &poll.outcome {
        PollOutcome::Failed(failure) => failure,
        other => panic!("no failure but {other:?}"),
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
