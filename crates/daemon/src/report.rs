//! What copydesk says of itself: one account, made of the store and of what is running, behind the
//! `status` command, its JSON and whatever else shows it.

use crate::overview::{Overview, Reload};
use crate::polling::remembered;
use crate::roster::Subscription;
use crate::summary::Summary;
use anyhow::Context;
use copydesk_fetcher::{Feed, FeedState, shown_text};
use copydesk_model::Reason;
use copydesk_store::{Counts, Store};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long it is shown that a feed turned over between two polls.
const ALARM_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The state of one copydesk at one moment. Feeds go by what may be shown of their URLs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Of copydesk.
    pub version: String,
    pub at: Timestamp,
    /// When the daemon started; null where none is running.
    pub started: Option<Timestamp>,
    /// What keeps it from its work at the moment: part and reason.
    pub troubles: BTreeMap<String, String>,
    /// The last reload of the configuration since the start.
    pub reload: Option<Reload>,
    /// Sums over all runs, as last committed.
    pub counters: BTreeMap<String, u64>,
    /// Rows of the store; null before the first run.
    pub rows: Option<Counts>,
    /// In the order of the configuration.
    pub feeds: Vec<FeedReport>,
    /// The latest entries since the start that came to nothing, oldest first.
    pub failures: Vec<EntryError>,
}

/// One feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedReport {
    pub url: String,
    pub title: Option<String>,
    pub tags: Vec<String>,
    pub condition: Condition,
    /// Polled in place of `url`: where it moved for good, or the feed that its page named.
    pub moved_to: Option<String>,
    pub last_success: Option<Timestamp>,
    /// Null where the last poll was good.
    pub last_error: Option<FeedError>,
    /// Since the last success.
    pub failures: u32,
    pub next_poll: Option<Timestamp>,
    /// New entries a day.
    pub entries_per_day: Option<f32>,
    /// The part of a document's entries that is new at a poll, 0 to 1.
    pub share_new: Option<f32>,
    /// When a poll last shared no entry with the one before: some were missed between them.
    pub last_missed: Option<Timestamp>,
    /// Whether that was within a day.
    pub misses_entries: bool,
}

/// A failed poll, in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedError {
    pub at: Timestamp,
    pub reason: Reason,
    pub detail: String,
}

/// An entry that came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryError {
    /// The feed's `url`.
    pub feed: String,
    pub entry: Option<String>,
    pub reason: Reason,
    pub detail: String,
}

/// How a feed is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// Not polled yet.
    #[default]
    New,
    /// The last poll was good.
    Good,
    /// The last one was not.
    Failing,
    /// It answered 410 and is asked once a month.
    Gone,
}

impl Condition {
    pub const ALL: [Condition; 4] = [Self::New, Self::Good, Self::Failing, Self::Gone];

    pub fn of(state: &FeedState) -> Self {
        if state.is_gone() {
            Condition::Gone
        } else if state.last_error.is_some() {
            Condition::Failing
        } else if state.last_success.is_some() {
            Condition::Good
        } else {
            Condition::New
        }
    }

    /// As in the JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Good => "good",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }
}

impl Report {
    /// Reads a row of the store for each feed: not for the threads of the runtime. Without a store,
    /// as before the first run.
    pub fn new(
        feeds: &[Arc<Subscription>],
        store: Option<&Store>,
        live: Option<&Overview>,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let feeds = feeds.iter().map(|feed| {
            let remembered = store
                .map(|store| remembered(store, &feed.name))
                .transpose()?
                .unwrap_or_default();
            let name = feed.name.clone();
            Ok(feed_report(&feed.feed, name, remembered.state, now))
        });
        let counters = store.map(Store::counters).transpose();
        let counters = counters.context("reading state")?.unwrap_or_default();
        let rows = store.map(Store::counts).transpose();
        let troubles = live.map(Overview::failing).unwrap_or_default();
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            at: now,
            started: live.map(|live| live.started),
            troubles: (troubles.into_iter())
                .map(|(part, reason)| (part.name().to_owned(), reason))
                .collect(),
            reload: live.and_then(Overview::last_reload),
            counters: counters.into_iter().collect(),
            rows: rows.context("reading state")?,
            feeds: feeds.collect::<anyhow::Result<_>>()?,
            failures: live.map(|live| failures(&live.summary)).unwrap_or_default(),
        })
    }

    /// How many feeds are in each condition.
    pub fn conditions(&self) -> BTreeMap<Condition, usize> {
        let mut conditions: BTreeMap<_, usize> = Condition::ALL.map(|each| (each, 0)).into();
        for feed in &self.feeds {
            *conditions.entry(feed.condition).or_default() += 1;
        }
        conditions
    }
}

fn failures(summary: &Summary) -> Vec<EntryError> {
    let failed = summary.failures().into_iter();
    let errors = failed.map(|failed| EntryError {
        feed: failed.feed,
        entry: failed.url.as_deref().map(shown_text),
        reason: failed.failure.reason,
        detail: failed.failure.detail,
    });
    errors.collect()
}

fn feed_report(feed: &Feed, url: String, state: FeedState, now: Timestamp) -> FeedReport {
    let condition = Condition::of(&state);
    let is_recent = |then| now.duration_since(then) < ALARM_FOR;
    FeedReport {
        url,
        title: state.title,
        tags: feed.tags.clone(),
        condition,
        moved_to: state.moved_to.as_deref().map(shown_text),
        last_success: state.last_success,
        last_error: state.last_error.map(|(at, failure)| FeedError {
            at,
            reason: failure.reason,
            detail: failure.detail,
        }),
        failures: state.failures,
        next_poll: state.next_poll,
        entries_per_day: state.entries_per_day,
        share_new: state.share_new,
        last_missed: state.last_missed,
        misses_entries: state.last_missed.is_some_and(is_recent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use copydesk_model::Failure;

    fn report(state: FeedState, now: &str) -> FeedReport {
        feed_report(
            &Feed::default(),
            String::new(),
            state,
            now.parse().expect("a time"),
        )
    }

    #[test]
    fn a_feed_is_new_good_failing_or_gone() {
        let failure = Failure::permanent(Reason::HttpStatus, "status 410");
        let success = FeedState {
            last_success: Some(Timestamp::UNIX_EPOCH),
            ..FeedState::default()
        };
        let failing = FeedState {
            last_error: Some((Timestamp::UNIX_EPOCH, failure)),
            failures: 2,
            ..success.clone()
        };
        let gone = FeedState {
            gone: 2,
            ..failing.clone()
        };
        for (state, wanted) in [
            (FeedState::default(), Condition::New),
            (success, Condition::Good),
            (failing, Condition::Failing),
            (gone, Condition::Gone),
        ] {
            assert_eq!(report(state, "2026-11-01T00:00:00Z").condition, wanted);
        }
    }

    #[test]
    fn entries_missed_are_an_alarm_for_a_day_and_a_new_address_shows_no_credential() {
        let state = FeedState {
            last_missed: Some("2026-11-01T00:00:00Z".parse().expect("a time")),
            moved_to: Some("https://u:hunter2@a.example/feed?token=hunter2".into()),
            ..FeedState::default()
        };
        assert!(report(state.clone(), "2026-11-01T23:00:00Z").misses_entries);
        let later = report(state, "2026-11-02T01:00:00Z");
        assert!(!later.misses_entries && later.last_missed.is_some());
        assert_eq!(
            later.moved_to.as_deref(),
            Some("https://a.example/feed?token=***")
        );
    }
}
