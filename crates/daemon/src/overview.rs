//! Everything that status, metrics and pages tell of a running pipeline, in one place.

use crate::channels::Level;
use crate::health::Health;
use crate::metrics::Now;
use crate::part::Part;
use crate::pulse::Pulse;
use crate::recent::Recent;
use crate::repeats::Repeats;
use crate::report::Condition;
use crate::summary::Summary;
use crate::words;
use copydesk_store::Store;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tracing::{debug, error, info};

/// Shared by the stages, which tell, and whoever asks.
#[derive(Debug)]
pub struct Overview {
    pub started: Timestamp,
    pub summary: Arc<Summary>,
    pub health: Arc<Health>,
    pub pulse: Arc<Pulse>,
    pub store: Arc<Store>,
    pub recent: Arc<Recent>,
    levels: Vec<Level>,
    reload: Mutex<Option<Reload>>,
}

/// The last attempt to read the configuration anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reload {
    pub at: Timestamp,
    /// Why it was refused, where it was.
    pub refused: Option<String>,
    /// What it changed.
    pub applied: Option<String>,
}

impl Overview {
    pub fn new(
        summary: Arc<Summary>,
        health: Arc<Health>,
        pulse: Arc<Pulse>,
        store: Arc<Store>,
        recent: Arc<Recent>,
        levels: Vec<Level>,
    ) -> Arc<Self> {
        Arc::new(Self {
            started: Timestamp::now(),
            summary,
            health,
            pulse,
            store,
            recent,
            levels,
            reload: Mutex::default(),
        })
    }

    /// Keeps the rates, tells the supervisor how it goes, and says when a stage stands still.
    pub async fn watch(self: Arc<Self>) {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut stuck = None;
        loop {
            second.tick().await;
            let summary = &self.summary;
            summary.history.sample(&summary.metrics, Timestamp::now());
            self.pulse.say(self.sentence());
            Repeats::shared().tell(Instant::now());
            let now = self.pulse.stuck().map(|(part, _)| part);
            match (stuck, now) {
                (None, Some(part)) => error!(part = part.name(), "no progress"),
                (Some(_), None) => info!("progress again"),
                _ => {}
            }
            stuck = now;
        }
    }

    /// The parts that keep it from its work, and why; empty when healthy.
    pub fn failing(&self) -> BTreeMap<Part, String> {
        let mut failing = self.health.troubles();
        if let Some((part, since)) = self.pulse.stuck() {
            failing.insert(part, format!("no progress for {} s", since.as_secs()));
        }
        failing
    }

    /// How it goes, in a line.
    pub fn sentence(&self) -> String {
        let rates = self.summary.history.rates();
        let rate = |stage: &str| {
            rates
                .iter()
                .find(|(name, _)| *name == stage)
                .map_or(0.0, |(_, rate)| *rate)
        };
        let feeds = self.summary.conditions();
        let count = |wanted: Condition| feeds.get(&wanted).copied().unwrap_or(0);
        format!(
            "{}, {} failing; {:.1} polls, {:.1} pages and {:.1} lines a second; {} under way",
            words::some(feeds.values().sum::<usize>() as u64, "feeds"),
            count(Condition::Failing),
            rate("poll"),
            rate("fetch"),
            rate("write"),
            words::some(
                self.level("entries").map_or(0, Level::depth) as u64,
                "entries"
            ),
        )
    }

    pub fn level(&self, name: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.name == name)
    }

    pub fn last_reload(&self) -> Option<Reload> {
        self.reload
            .lock()
            .expect("no holder of this lock panics")
            .clone()
    }

    pub fn reloaded(&self, outcome: Result<String, String>) {
        self.summary.metrics.reloaded(outcome.is_ok());
        let reload = Reload {
            at: Timestamp::now(),
            refused: outcome.as_ref().err().cloned(),
            applied: outcome.ok(),
        };
        *self.reload.lock().expect("no holder of this lock panics") = Some(reload);
    }

    /// What metrics tell of this moment. Asks the store and the disk: not for the threads of the
    /// runtime.
    pub fn now(&self) -> Now {
        let counts = self.store.counts();
        if let Err(error) = &counts {
            debug!(%error, "state not counted");
        }
        let counts = counts.ok();
        let conditions = self.summary.conditions();
        let count = |condition| conditions.get(condition).copied().unwrap_or(0);
        Now {
            queues: self
                .levels
                .iter()
                .map(|level| (level.name, level.depth(), level.capacity))
                .collect(),
            feeds: Condition::ALL
                .iter()
                .map(|condition| (condition.code(), count(condition)))
                .collect(),
            failing: self.failing().into_keys().collect(),
            outbox: counts.map_or(0, |counts| counts.outbox),
            revisits: counts.map_or(0, |counts| counts.revisits),
            index_bytes: folder_bytes(&self.store.directory().join("index")),
            state_bytes: self.store.file_bytes().unwrap_or(0),
            is_ready: self.pulse.is_ready(),
        }
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| file.metadata().ok())
        .map(|file| file.len())
        .sum()
}
