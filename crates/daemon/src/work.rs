//! What travels from poll to desk.

use crate::intake::{Flight, Ticket};
use crate::pulse::Beat;
use crate::roster::Subscription;
use crate::traces::Trace;
use copydesk_deduplicator::Prepared;
use copydesk_fetcher::{Backfill, Held};
use copydesk_model::{Article, Entry, Failure, FeedOrigin, FetchedFrom, Key, Page};
use copydesk_store::{EntryState, Revisit};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tracing::Span;
use xxhash_rust::xxh3::xxh3_64;

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
    /// The feed as it was configured when the entry was taken in.
    pub subscription: Arc<Subscription>,
    /// What this listing was remembered as, where it was.
    pub before: Option<EntryState>,
    /// One of the `entries_max` places, given back with the last of this work.
    #[expect(dead_code, reason = "held, not read")]
    pub place: OwnedSemaphorePermit,
    /// Its feed's and its page's share of the room for bodies, given back likewise.
    pub held: Vec<Held>,
    /// What every stage tells of it in the log stands in this.
    pub span: Span,
    pub trace: Trace,
}

/// Tries after which a passing failure is taken for a lasting one: with waits that double from five
/// minutes most of a day.
const TRIES_MAX: u32 = 8;

impl Work {
    /// How often it failed in a passing way.
    pub fn attempts(&self) -> u32 {
        self.before.as_ref().map_or(0, |before| before.attempts)
    }

    /// Whether it is not tried again, though its failure may pass.
    pub fn is_last_try(&self) -> bool {
        self.attempts() >= TRIES_MAX
    }
}

/// One for each entry, from poll to desk, where its article's id is added.
pub fn span(feed: &str, entry: &Entry) -> Span {
    let url = shown_url(entry);
    tracing::debug_span!("entry", feed, url, id = tracing::field::Empty)
}

/// The entry's URL as it may stand in a log.
pub fn shown_url(entry: &Entry) -> Option<String> {
    entry.url.as_deref().map(copydesk_fetcher::shown_text)
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
pub enum ToClean {
    Page(Box<Fetching>),
    Beat(Beat),
}

/// A page, and the entry that it is of.
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
    Beat(Beat),
    /// An entry that a poll took in, before it is fetched: known from the next commit on, so that
    /// it comes to its line even where copydesk is killed and its feed lists it no more.
    Taken(Box<Revisit>),
    /// An entry that nobody wants to come back to any more, by its keys.
    Forgotten(Vec<Key>),
    /// A poll that has taken in all its entries.
    Polled {
        ticket: Arc<Ticket>,
        /// Every key of every entry listed: not to be forgotten while it is listed.
        seen: Vec<Key>,
        /// Entries known through another feed or passed over, to be remembered as listed by this one.
        listed: Vec<(Key, EntryState)>,
    },
}

/// Two feeds may describe one entry in two ways for ever; so what it looked like is remembered for
/// each feed apart. Of the entry's names the URL's is taken, as guids change more often.
pub fn listing_key(feed: &str, entry: &Entry) -> Key {
    listing_keys(feed, &entry.keys)[0]
}

/// The same for each of an entry's names, the URL's first; never empty.
pub fn listing_keys(feed: &str, names: &[Key]) -> Vec<Key> {
    let listing = |name: String| Key::of_content(feed, &name);
    match names {
        [] => vec![listing(String::new())],
        keys => keys
            .iter()
            .rev()
            .map(|key| listing(key.to_string()))
            .collect(),
    }
}

/// How an entry is remembered that was in the feed before the feed was followed.
pub fn passed_over(entry: &Entry, now: Timestamp) -> EntryState {
    EntryState {
        article: None,
        fingerprint: fingerprint(entry),
        settled: now,
        failure: None,
        attempts: 0,
        rechecks: 0,
        idle_changes: 0,
        passed_over: true,
    }
}

/// Which entries of a feed's first document are taken.
pub fn taken_of_first(entries: &[Entry], backfill: Backfill, now: Timestamp) -> Vec<bool> {
    let date = |entry: &Entry| entry.published.or(entry.modified);
    match backfill {
        Backfill::All => vec![true; entries.len()],
        Backfill::Age(age) => {
            let since = now.saturating_sub(age).unwrap_or(Timestamp::MIN);
            let is_young = |entry| date(entry).is_none_or(|date| date >= since);
            entries.iter().map(is_young).collect()
        }
        Backfill::Count(count) => {
            let mut newest: Vec<usize> = (0..entries.len()).collect();
            // Without a date for each the order of the document tells more.
            if entries.iter().all(|entry| date(entry).is_some()) {
                newest.sort_by_key(|&place| std::cmp::Reverse(date(&entries[place])));
            }
            let mut taken = vec![false; entries.len()];
            newest
                .iter()
                .take(count)
                .for_each(|&place| taken[place] = true);
            taken
        }
    }
}

/// Of what a change in the feed would show in: one half of the title, the other of the rest.
pub fn fingerprint(entry: &Entry) -> u64 {
    let date = |date: Option<Timestamp>| date.map(|date| date.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let parts = [
        text(&entry.summary),
        text(&entry.content),
        date(entry.published),
        date(entry.modified),
    ];
    let title = xxh3_64(text(&entry.title).as_bytes()) & TITLE_BITS;
    title | xxh3_64(parts.join("\n\u{1}").as_bytes()) & !TITLE_BITS
}

const TITLE_BITS: u64 = 0xffff_ffff << 32;

/// Whether two listings have one title.
pub fn has_same_title(one: u64, other: u64) -> bool {
    (one ^ other) & TITLE_BITS == 0
}

/// First wait before a change of the listing is followed again after one that meant nothing; it
/// doubles with each further one. Some feeds move a date or a counter with every answer.
const IDLE_CHANGE_WAIT: Duration = Duration::from_secs(5 * 60);
/// A day.
const IDLE_CHANGE_WAIT_MAX: Duration = Duration::from_secs(24 * 3600);

/// Whether an entry that is listed now is to be left alone: it is as it was, or its changes have
/// lately meant nothing.
pub fn is_settled(before: &EntryState, fingerprint: u64, now: Timestamp) -> bool {
    let doublings = before.idle_changes.saturating_sub(1).min(16);
    let wait = match before.idle_changes {
        0 => Duration::ZERO,
        _ => (IDLE_CHANGE_WAIT * 2_u32.pow(doublings)).min(IDLE_CHANGE_WAIT_MAX),
    };
    before.passed_over
        || before.fingerprint == fingerprint
        // A time to come was told by a wrong clock.
        || before.settled <= now && (before.settled.saturating_add(wait)).is_ok_and(|then| now < then)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    #[test]
    fn backfill_takes_the_newest_or_the_young() {
        let now: Timestamp = "2026-11-10T00:00:00Z".parse().unwrap();
        let entries = |days: &[Option<i64>]| -> Vec<Entry> {
            let date = |day: &Option<i64>| day.map(|day| now - (day * 24).hours());
            let entry = |published| Entry {
                published,
                ..Entry::default()
            };
            days.iter().map(date).map(entry).collect()
        };
        let check = |days: &[Option<i64>], backfill, wanted: &[bool]| {
            assert_eq!(taken_of_first(&entries(days), backfill, now), wanted);
        };
        let two_days = Backfill::Age(Duration::from_secs(2 * 24 * 3600));
        check(&[Some(5), Some(1), Some(3)], Backfill::All, &[true; 3]);
        check(
            &[Some(5), Some(1), Some(3)],
            Backfill::Count(2),
            &[false, true, true],
        );
        check(
            &[Some(5), None, Some(3)],
            Backfill::Count(2),
            &[true, true, false],
        );
        check(&[Some(5), None, Some(1)], two_days, &[false, true, true]);
        check(&[Some(5), None], Backfill::Count(0), &[false; 2]);
    }

    #[test]
    fn changes_that_mean_nothing_are_followed_ever_less() {
        let settled = Timestamp::UNIX_EPOCH;
        let state = |idle_changes| EntryState {
            article: None,
            fingerprint: 1,
            settled,
            failure: None,
            attempts: 0,
            rechecks: 0,
            idle_changes,
            passed_over: false,
        };
        let later = |minutes: i64| settled + minutes.minutes();
        assert!(is_settled(&state(0), 1, later(1000)));
        assert!(!is_settled(&state(0), 2, later(0)));
        for (idle_changes, minutes) in [(1, 5), (2, 10), (4, 40), (60, 24 * 60)] {
            assert!(is_settled(&state(idle_changes), 2, later(minutes - 1)));
            assert!(!is_settled(&state(idle_changes), 2, later(minutes)));
        }
    }
}
