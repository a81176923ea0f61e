//! What came in and what became of it: per feed since the start, and as counters for the store.

use copydesk_model::{Failure, Op, Reason};
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
}

impl FeedRow {
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
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    feeds: Vec<FeedRow>,
    counters: BTreeMap<String, u64>,
    failures: VecDeque<FailedEntry>,
}

/// An entry that came to nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedEntry {
    /// The feed's place in the configuration.
    pub feed: usize,
    pub url: Option<String>,
    pub failure: Failure,
}

/// The latest failed entries are kept, for people who look.
const FAILURES_MAX: usize = 100;

impl Summary {
    /// A row for each feed, by the name it goes by in log and output.
    pub fn new(urls: impl Iterator<Item = String>) -> Self {
        let feeds = urls
            .map(|url| FeedRow {
                url,
                ..FeedRow::default()
            })
            .collect();
        Self {
            inner: Mutex::new(Inner {
                feeds,
                ..Inner::default()
            }),
        }
    }

    pub fn polled(&self, feed: usize, poll: String, is_failed: bool) {
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
        let mut inner = self.lock();
        inner.feeds[feed].entries += 1;
        *inner.counters.entry("entries".into()).or_default() += 1;
    }

    pub fn settled(&self, feed: usize, outcome: Outcome) {
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
        let failures = &mut self.lock().failures;
        if failures.len() == FAILURES_MAX {
            failures.pop_front();
        }
        failures.push_back(FailedEntry { feed, url, failure });
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

    pub fn feeds(&self) -> Vec<FeedRow> {
        self.lock().feeds.clone()
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
