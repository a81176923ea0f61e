//! What is remembered of a feed after it answered, well or badly.

use copydesk_model::{Entry, FeedDocument, Reason};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderName};
use std::collections::HashSet;
use std::time::Duration;
use tracing::warn;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::validators::latin1;
use super::{Bad, Good};
use crate::room::Held;
use crate::secret::shown_text;
use crate::{Feed, FeedState, Fetcher, Move, Poll, PollOutcome, schedule};

/// A permanent redirect is believed after this many equal answers …
const MOVED_ANSWERS: u32 = 3;
/// … over at least this long: maintenance pages answer 301 too.
const MOVED_FOR: SignedDuration = SignedDuration::from_hours(3 * 24);
/// A URL that was rewritten and fails this often in a row is given up for the configured one.
const MOVED_FAILURES_MAX: u32 = 3;
/// Entries remembered of the last poll, to see what is new and whether some were missed.
const RECENT_MAX: usize = 256;
/// How much of the entries' pace is taken from the last poll; the rest from before.
const PACE_SHARE: f32 = 0.2;

impl Fetcher {
    pub(super) fn take_bad(
        &self,
        feed: &Feed,
        mut state: FeedState,
        bad: Bad,
        now: Timestamp,
    ) -> Poll {
        let Bad {
            mut failure,
            is_gone,
        } = bad;
        let wait = failure.retry_after.take();
        if let (Reason::SlowDown, Some(left)) = (failure.reason, wait) {
            // The host asked for it, perhaps of another feed; this one did nothing wrong.
            let next = schedule::after_slow_down(feed, now, left);
            state.next_poll = Some(next);
        } else {
            state.failures = state.failures.saturating_add(1);
            state.gone = if is_gone {
                state.gone.saturating_add(1)
            } else {
                0
            };
            if state.moved_to.is_some() && state.failures >= MOVED_FAILURES_MAX {
                state = FeedState {
                    moved: None,
                    moved_to: None,
                    etag: None,
                    last_modified: None,
                    ..state
                };
            }
            state.next_poll = Some(schedule::after_failure(
                &self.config,
                feed,
                &state,
                now,
                failure.reason,
                wait,
            ));
        }
        let next = state.next_poll.unwrap_or(now);
        failure.retry_after = Duration::try_from(next.duration_since(now)).ok();
        state.last_error = Some((now, failure.clone()));
        Poll {
            outcome: PollOutcome::Failed(failure),
            state,
            held: Held::default(),
        }
    }
}

pub(super) fn take_good(feed: &Feed, state: &mut FeedState, good: &Good, now: Timestamp) {
    let header = |name: HeaderName| good.headers.get(name).map(|value| latin1(value.as_bytes()));
    let (etag, last_modified) = (header(header::ETAG), header(header::LAST_MODIFIED));
    match &good.document {
        Some(document) => {
            let same_validators = (etag.is_some() && etag == state.etag)
                || (etag.is_none()
                    && last_modified.is_some()
                    && last_modified == state.last_modified);
            let brought_new = take_entries(state, document, now);
            if state.last_missed == Some(now) {
                warn!(feed = %shown_text(&feed.url), "no entry shared with the last poll, some may be missed");
            }
            if brought_new && same_validators && !good.was_conditional && !feed.unconditional {
                // It would have answered 304 to new entries.
                warn!(feed = %shown_text(&feed.url), "validators stay while entries change, no longer sent");
                state.distrusts_validators = true;
            }
            (state.etag, state.last_modified) = (etag, last_modified);
            state.validators_of = Some(good.answered_by);
            state.body_hash = Some(good.body_hash);
            state.last_full = Some(now);
            state.hints = document.hints.clone();
            if document.title.is_some() {
                state.title.clone_from(&document.title);
            }
        }
        None => {
            // A 304 may renew either; what it leaves out stays.
            state.etag = etag.or(state.etag.take());
            state.last_modified = last_modified.or(state.last_modified.take());
            take_pace(state, 0, 0, now);
        }
    }
    let before = state.moved_to.clone();
    match &good.named {
        Some(named) => (state.is_site, state.moved_to) = (true, Some(named.to_string())),
        None => take_move(state, good.moved_to.as_ref(), now),
    }
    if let Some(to) = state
        .moved_to
        .as_deref()
        .filter(|_| state.moved_to != before)
    {
        warn!(feed = %shown_text(&feed.url), to = %shown_text(to), "feed is elsewhere from now on");
    }
    state.last_success = Some(now);
    state.last_error = None;
    (state.failures, state.gone) = (0, 0);
}

/// Compares the entries with those of the last poll; gives back whether some are new.
fn take_entries(state: &mut FeedState, document: &FeedDocument, now: Timestamp) -> bool {
    let known: HashSet<u64> = state.recent.iter().copied().collect();
    let marks: Vec<u64> = document.entries.iter().take(RECENT_MAX).map(mark).collect();
    let new = marks.iter().filter(|mark| !known.contains(mark)).count();
    let is_first = state.last_success.is_none();
    if !is_first {
        if new > 0 && new == marks.len() && !known.is_empty() {
            state.last_missed = Some(now);
        }
        take_pace(state, new, marks.len(), now);
    }
    if !marks.is_empty() {
        state.recent = marks;
    }
    new > 0 && !is_first
}

fn mark(entry: &Entry) -> u64 {
    xxh3_64(entry.id.as_bytes())
}

/// Averages the entries a day, with less weight for what lies longer back.
fn take_pace(state: &mut FeedState, new: usize, of: usize, now: Timestamp) {
    let Some(last) = state.last_success else {
        return;
    };
    let days = (now.duration_since(last).as_secs_f32() / (24.0 * 3600.0)).max(1.0 / 1440.0);
    let seen = new as f32 / days;
    let average = |before: Option<f32>, seen: f32| {
        Some(before.map_or(seen, |before| before + PACE_SHARE * (seen - before)))
    };
    state.entries_per_day = average(state.entries_per_day, seen);
    if of > 0 {
        state.share_new = average(state.share_new, new as f32 / of as f32);
    }
}

/// Counts equal permanent redirects, and believes them in the end.
fn take_move(state: &mut FeedState, to: Option<&Url>, now: Timestamp) {
    let Some(to) = to.map(Url::as_str) else {
        state.moved = None;
        return;
    };
    let moved = match state.moved.take() {
        Some(moved) if moved.to == to => Move {
            answers: moved.answers.saturating_add(1),
            ..moved
        },
        _ => Move {
            to: to.to_owned(),
            answers: 1,
            since: now,
        },
    };
    if moved.answers >= MOVED_ANSWERS && now.duration_since(moved.since) >= MOVED_FOR {
        state.moved_to = Some(moved.to);
    } else {
        state.moved = Some(moved);
    }
}
