//! What came in and what became of it: per feed since the start, and as counters for the store.

use crate::history::{History, Hours};
use crate::metrics::Metrics;
use crate::report::Condition;
use crate::roster::Roster;
use copydesk_fetcher::FeedState;
use copydesk_model::{Failure, Op, Reason};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard};

/// How an entry was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    New,
    Updated,
    Duplicate,
    /// A known article whose title and text are as before: no line.
    Unchanged,
    Failed(Reason),
}

impl Outcome {
    /// What counters and logs call it.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::New => "new",
            Outcome::Updated => "update",
            Outcome::Duplicate => "duplicate",
            Outcome::Unchanged => "unchanged",
            Outcome::Failed(reason) => reason.code(),
        }
    }
}

impl From<Op> for Outcome {
    fn from(op: Op) -> Self {
        match op {
            Op::New => Outcome::New,
            Op::Update => Outcome::Updated,
            Op::Duplicate => Outcome::Duplicate,
        }
    }
}

/// One feed's row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedRow {
    pub url: String,
    /// How its last poll ended, in words; empty before the first.
    pub poll: String,
    pub is_failed: bool,
    pub polls: u64,
    /// Entries taken in.
    pub entries: u64,
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Entries taken in by the hour.
    pub hours: Hours,
    pub doing: Doing,
}

/// What is committed of a feed, as far as it is shown while copydesk runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Doing {
    pub condition: Condition,
    pub title: Option<String>,
    /// The last failure, in words, where the last poll failed.
    pub error: Option<String>,
    pub next_poll: Option<Timestamp>,
}

/// What is committed of a feed: what the fetcher remembers of it, and its last day for the page.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Remembered {
    #[serde(flatten)]
    pub state: FeedState,
    #[serde(default)]
    pub hours: Hours,
}

impl From<&FeedState> for Doing {
    fn from(state: &FeedState) -> Self {
        Self {
            condition: Condition::of(state),
            title: state.title.clone(),
            error: state
                .last_error
                .as_ref()
                .map(|(_, failure)| failure.to_string()),
            next_poll: state.next_poll,
        }
    }
}

impl FeedRow {
    /// Its title where it has one, its URL otherwise.
    pub fn name(&self) -> &str {
        self.doing.title.as_deref().unwrap_or(&self.url)
    }

    /// Entries taken in over the last day, before a restart, too.
    pub fn entries_of_day(&self, now: Timestamp) -> u32 {
        self.hours
            .until(now)
            .iter()
            .fold(0, |sum, hour| sum.saturating_add(*hour))
    }

    /// New and updated.
    pub fn articles(&self) -> u64 {
        self.count(|outcome| matches!(outcome, Outcome::New | Outcome::Updated))
    }

    pub fn duplicates(&self) -> u64 {
        self.count(|outcome| outcome == Outcome::Duplicate)
    }

    pub fn failed(&self) -> u64 {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    fn count(&self, wanted: impl Fn(Outcome) -> bool) -> u64 {
        self.outcomes
            .iter()
            .filter(|(outcome, _)| wanted(**outcome))
            .map(|(_, count)| count)
            .sum()
    }
}

/// Shared by all stages.
#[derive(Debug)]
pub struct Summary {
    /// The same in Prometheus' form, over all feeds.
    pub metrics: Metrics,
    /// The same over the last minute and day.
    pub history: History,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// By number.
    feeds: Vec<FeedRow>,
    /// The numbers of those followed, in the order of the configuration.
    order: Vec<usize>,
    counters: BTreeMap<String, u64>,
    failures: VecDeque<FailedEntry>,
}

/// An entry that came to nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedEntry {
    pub at: Timestamp,
    /// The feed's name.
    pub feed: String,
    pub url: Option<String>,
    pub failure: Failure,
}

/// The latest failed entries are kept, for people who look.
const FAILURES_MAX: usize = 100;

impl Summary {
    /// A row for each feed, by the name it goes by in log and output.
    pub fn new(roster: &Roster, metrics: Metrics) -> Self {
        let summary = Self {
            metrics,
            history: History::default(),
            inner: Mutex::default(),
        };
        summary.follow(roster);
        summary
    }

    /// Has rows for the feeds that are followed now; those that had one keep it.
    pub fn follow(&self, roster: &Roster) {
        let (mut inner, followed) = (self.lock(), roster.followed());
        inner.order = followed.iter().map(|feed| feed.number).collect();
        for subscription in followed {
            let rows = inner.feeds.len().max(subscription.number + 1);
            inner.feeds.resize_with(rows, FeedRow::default);
            let row = &mut inner.feeds[subscription.number];
            row.url.clone_from(&subscription.name);
        }
    }

    /// What was committed of a feed after its last poll.
    pub fn doing(&self, feed: usize, state: &FeedState) {
        self.lock().feeds[feed].doing = Doing::from(state);
    }

    /// Takes up what the last run committed of a feed.
    pub fn recall(&self, feed: usize, remembered: &Remembered) {
        let row = &mut self.lock().feeds[feed];
        (row.doing, row.hours) = (Doing::from(&remembered.state), remembered.hours);
    }

    /// What is to be committed of a feed with this state.
    pub fn remembered(&self, feed: usize, state: FeedState) -> Remembered {
        let hours = self.lock().feeds[feed].hours;
        Remembered { state, hours }
    }

    /// `how` is one of [`POLLS`](crate::metrics::POLLS); `poll` says it for people.
    pub fn polled(&self, feed: usize, how: &'static str, poll: String) {
        self.metrics.polled(how);
        let is_failed = how == "failed";
        let mut inner = self.lock();
        *inner
            .counters
            .entry(if is_failed { "polls.failed" } else { "polls" }.into())
            .or_default() += 1;
        let row = &mut inner.feeds[feed];
        row.polls += 1;
        (row.poll, row.is_failed) = (poll, is_failed);
    }

    pub fn taken(&self, feed: usize) {
        self.metrics.taken();
        let mut inner = self.lock();
        inner.feeds[feed].entries += 1;
        inner.feeds[feed].hours.count(Timestamp::now());
        *inner.counters.entry("entries".into()).or_default() += 1;
    }

    pub fn settled(&self, feed: usize, outcome: Outcome) {
        self.metrics.settled(outcome);
        let mut inner = self.lock();
        *inner.feeds[feed].outcomes.entry(outcome).or_default() += 1;
        let counter = match outcome {
            Outcome::Failed(reason) => format!("failed.{reason}"),
            other => other.code().to_owned(),
        };
        *inner.counters.entry(counter).or_default() += 1;
    }

    pub fn failed(&self, feed: usize, url: Option<String>, failure: Failure) {
        self.settled(feed, Outcome::Failed(failure.reason));
        let mut inner = self.lock();
        let failed = FailedEntry {
            at: Timestamp::now(),
            feed: inner.feeds[feed].url.clone(),
            url,
            failure,
        };
        let failures = &mut inner.failures;
        if failures.len() == FAILURES_MAX {
            failures.pop_front();
        }
        failures.push_back(failed);
    }

    /// The latest, oldest first.
    pub fn failures(&self) -> Vec<FailedEntry> {
        self.lock().failures.iter().cloned().collect()
    }

    /// What was counted since the last call.
    pub fn take_counters(&self) -> Vec<(String, u64)> {
        std::mem::take(&mut self.lock().counters)
            .into_iter()
            .collect()
    }

    /// Those followed, in the order of the configuration.
    pub fn feeds(&self) -> Vec<FeedRow> {
        self.select(|rows| rows.into_iter().cloned().collect())
    }

    /// What is picked of the rows of those followed.
    pub fn select<T>(&self, pick: impl FnOnce(Vec<&FeedRow>) -> T) -> T {
        let inner = self.lock();
        pick(inner.order.iter().map(|&feed| &inner.feeds[feed]).collect())
    }

    /// How many feeds are in each condition.
    pub fn conditions(&self) -> BTreeMap<Condition, usize> {
        let mut conditions: BTreeMap<_, usize> = Condition::ALL.map(|each| (each, 0)).into();
        let inner = self.lock();
        for &feed in &inner.order {
            let condition = inner.feeds[feed].doing.condition;
            *conditions.entry(condition).or_default() += 1;
        }
        conditions
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no holder of this lock panics")
    }
}

/// A table with a row a feed and a line of sums.
impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let feeds = self.feeds();
        let width = feeds
            .iter()
            .map(|row| row.url.chars().count())
            .max()
            .unwrap_or(0)
            .clamp(4, 60);
        writeln!(
            formatter,
            "{:width$}  {:>7} {:>5} {:>7} {:>10} {:>9} {:>6}  last poll",
            "feed", "entries", "new", "updated", "duplicates", "unchanged", "failed"
        )?;
        let mut sums = [0; 6];
        for row in &feeds {
            let cells = [
                row.entries,
                row.count(|outcome| outcome == Outcome::New),
                row.count(|outcome| outcome == Outcome::Updated),
                row.count(|outcome| outcome == Outcome::Duplicate),
                row.count(|outcome| outcome == Outcome::Unchanged),
                row.count(|outcome| matches!(outcome, Outcome::Failed(_))),
            ];
            sums.iter_mut()
                .zip(cells)
                .for_each(|(sum, cell)| *sum += cell);
            let mark = if row.is_failed { "FAILED: " } else { "" };
            table_row(
                formatter,
                width,
                &row.url,
                cells,
                &format!("{mark}{}", row.poll),
            )?;
        }
        let reasons = reasons(&feeds);
        table_row(formatter, width, "all", sums, &reasons)
    }
}

fn table_row(
    formatter: &mut fmt::Formatter<'_>,
    width: usize,
    name: &str,
    cells: [u64; 6],
    last: &str,
) -> fmt::Result {
    let [entries, new, updated, duplicates, unchanged, failed] = cells;
    writeln!(
        formatter,
        "{name:width$}  {entries:>7} {new:>5} {updated:>7} {duplicates:>10} {unchanged:>9} {failed:>6}  {last}"
    )
}

fn reasons(feeds: &[FeedRow]) -> String {
    let mut reasons: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (outcome, count) in feeds.iter().flat_map(|row| &row.outcomes) {
        if let Outcome::Failed(reason) = outcome {
            *reasons.entry(reason.code()).or_default() += count;
        }
    }
    reasons
        .iter()
        .map(|(code, count)| format!("{code} {count}"))
        .collect::<Vec<_>>()
        .join(", ")
}
