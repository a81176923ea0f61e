//! What Prometheus reads: one field a metric, every name, unit and help text in this file.
//!
//! Label values come from closed lists, so the number of series does not grow with feeds; those by
//! host are kept only behind a switch.

mod classic;
mod levels;

pub use levels::Now;

use crate::desk::Written;
use crate::summary::Outcome;
use classic::classic;
use copydesk_model::{Kind, Reason};
use jiff::Timestamp;
use levels::Levels;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

type Label = [(&'static str, &'static str); 1];
type HostLabels = [(&'static str, String); 2];

/// Series by host at the most; further hosts are counted as "other".
const HOSTS_MAX: usize = 10_000;

/// All of them.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    pub poll: Stage,
    fetch: Stage,
    pub clean: Stage,
    pub judge: Stage,
    pub commit: Stage,
    write: Stage,
    /// From publication to the written line.
    freshness: Histogram,
    fetched_bytes: Counter,
    written_lines: Counter,
    written_bytes: Counter,
    entries: Counter,
    polls: Family<Label, Counter>,
    settled: Family<Label, Counter>,
    failures: Family<Label, Counter>,
    duplicates: Family<Label, Counter>,
    reloads: Family<Label, Counter>,
    hosts: Option<Family<HostLabels, Counter>>,
    hosts_kept: AtomicUsize,
    levels: Levels,
}

/// How long a stage takes for one piece of work, and how many it has done.
#[derive(Debug)]
pub struct Stage {
    histogram: Histogram,
    done: AtomicU64,
}

impl Stage {
    fn new<const N: usize>(bounds_s: [f64; N]) -> Self {
        Self {
            histogram: Histogram::new(bounds_s),
            done: AtomicU64::new(0),
        }
    }

    pub fn took(&self, elapsed: Duration) {
        self.histogram.observe(elapsed.as_secs_f64());
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }
}

/// How a poll may end.
pub const POLLS: &[&str] = &["document", "not_modified", "failed"];
const RELOADS: &[&str] = &["done", "refused"];
const OUTCOMES: &[&str] = &["new", "update", "duplicate", "unchanged", "failed"];

impl Metrics {
    /// All at zero. `is_by_host` adds fetches by host.
    pub fn new(is_by_host: bool) -> Self {
        // From a millisecond to a minute: what a stage may take.
        let short = || {
            Stage::new([
                0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0,
            ])
        };
        // Judging takes microseconds.
        let tiny = || Stage::new([1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 1.0]);
        let long = Histogram::new([
            10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 21600.0, 86400.0,
        ]);
        let mut metrics = Self {
            registry: Registry::default(),
            poll: short(),
            fetch: short(),
            clean: short(),
            judge: tiny(),
            commit: short(),
            write: short(),
            freshness: long,
            fetched_bytes: Counter::default(),
            written_lines: Counter::default(),
            written_bytes: Counter::default(),
            entries: Counter::default(),
            polls: Family::default(),
            settled: Family::default(),
            failures: Family::default(),
            duplicates: Family::default(),
            reloads: Family::default(),
            hosts: is_by_host.then(Family::default),
            hosts_kept: AtomicUsize::new(0),
            levels: Levels::default(),
        };
        metrics.register();
        metrics.start_at_zero();
        metrics
    }

    #[rustfmt::skip] // A table.
    fn register(&mut self) {
        let r = self.registry.sub_registry_with_prefix("copydesk");
        let seconds = || Unit::Seconds;
        let bytes = || Unit::Bytes;
        r.register_with_unit("poll_duration", "Time that a poll of a feed took, waiting for its host included", seconds(), self.poll.histogram.clone());
        r.register_with_unit("fetch_duration", "Time that the fetch of an article's page took, waiting for its host included", seconds(), self.fetch.histogram.clone());
        r.register_with_unit("clean_duration", "Time that taking an article out of its page took", seconds(), self.clean.histogram.clone());
        r.register_with_unit("judge_duration", "Time that comparing an article with the earlier ones took", seconds(), self.judge.histogram.clone());
        r.register_with_unit("commit_duration", "Time that making a batch durable took", seconds(), self.commit.histogram.clone());
        r.register_with_unit("write_duration", "Time that writing the lines of a batch took, sync included", seconds(), self.write.histogram.clone());
        r.register_with_unit("freshness", "Time from the publication of an article to its written line", seconds(), self.freshness.clone());
        r.register("entries", "Entries taken in", self.entries.clone());
        r.register("polls", "Polls by how they ended", self.polls.clone());
        r.register("settled", "Entries settled, by outcome", self.settled.clone());
        r.register("failures", "Entries that came to nothing, by reason", self.failures.clone());
        r.register("duplicates", "Articles held back, by the way in which they repeat an earlier one", self.duplicates.clone());
        r.register("written_lines", "Lines handed to the output", self.written_lines.clone());
        r.register_with_unit("written", "Bytes handed to the output", bytes(), self.written_bytes.clone());
        r.register_with_unit("fetched", "Decoded bytes of article pages", bytes(), self.fetched_bytes.clone());
        r.register("config_reloads", "Reloads of the configuration by result", self.reloads.clone());
        if let Some(hosts) = &self.hosts {
            r.register("host_fetches", "Fetches of article pages by host and result", hosts.clone());
        }
        let levels = &self.levels;
        r.register("queue_depth", "Items that wait in a queue", levels.queue_depth.clone());
        r.register("queue_capacity", "Items that a queue can hold", levels.queue_capacity.clone());
        r.register("feeds", "Feeds by condition", levels.feeds.clone());
        r.register("trouble", "1 while a part is held back or stands still", levels.troubles.clone());
        r.register("outbox_rows", "Committed steps not yet known to be on the disk", levels.outbox.clone());
        r.register("revisits", "Entries to come back to", levels.revisits.clone());
        r.register("index_articles", "Articles that new ones are compared with", levels.index_articles.clone());
        r.register_with_unit("index_size", "Size of the index files", bytes(), levels.index_bytes.clone());
        r.register_with_unit("state_size", "Size of the state file", bytes(), levels.state_bytes.clone());
        r.register("ready", "1 once polling has begun and every stage answers", levels.ready.clone());
        let build = prometheus_client::metrics::info::Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        r.register("build", "The version that runs", build);

        // These names are the convention of all exporters.
        let process = self.registry.sub_registry_with_prefix("process");
        process.register_with_unit("cpu", "User and system CPU time", seconds(), levels.cpu.clone());
        process.register_with_unit("resident_memory", "Resident memory", bytes(), levels.resident.clone());
        process.register("threads", "Threads", levels.threads.clone());
        let started: Gauge<f64, AtomicU64> = Gauge::default();
        started.set(Timestamp::now().as_millisecond() as f64 / 1000.0);
        process.register_with_unit("start_time", "Start of the process since the Unix epoch", seconds(), started);
    }

    /// A series that appears only with its first event has no rate for that event.
    fn start_at_zero(&self) {
        for (family, name, values) in [
            (&self.polls, "outcome", POLLS),
            (&self.settled, "outcome", OUTCOMES),
            (&self.reloads, "result", RELOADS),
        ] {
            for &value in values {
                let _ = family.get_or_create(&[(name, value)]);
            }
        }
        for reason in Reason::ALL {
            let _ = self.failures.get_or_create(&[("reason", reason.code())]);
        }
        for kind in [Kind::Exact, Kind::Near, Kind::Roundup, Kind::SameUrl] {
            let _ = self.duplicates.get_or_create(&[("kind", kind_code(kind))]);
        }
    }

    pub fn polled(&self, outcome: &'static str) {
        self.polls.get_or_create(&[("outcome", outcome)]).inc();
    }

    pub fn taken(&self) {
        self.entries.inc();
    }

    pub fn settled(&self, outcome: Outcome) {
        let name = match outcome {
            Outcome::Failed(reason) => {
                let failures = self.failures.get_or_create(&[("reason", reason.code())]);
                failures.inc();
                "failed"
            }
            other => other.code(),
        };
        self.settled.get_or_create(&[("outcome", name)]).inc();
    }

    pub fn duplicate(&self, kind: Kind) {
        let duplicates = self.duplicates.get_or_create(&[("kind", kind_code(kind))]);
        duplicates.inc();
    }

    pub fn reloaded(&self, is_done: bool) {
        let result = RELOADS[usize::from(!is_done)];
        self.reloads.get_or_create(&[("result", result)]).inc();
    }

    /// One page was fetched or not, in so much time.
    pub fn fetched(&self, host: &str, bytes: Option<u64>, elapsed: Duration) {
        self.fetch.took(elapsed);
        self.fetched_bytes.inc_by(bytes.unwrap_or(0));
        let Some(hosts) = &self.hosts else { return };
        let result = if bytes.is_some() { "page" } else { "failed" };
        let labels = |host: &str| [("result", result.to_owned()), ("host", host.to_owned())];
        let known = labels(host);
        let is_kept = hosts.get(&known).is_some()
            || self.hosts_kept.fetch_add(1, Ordering::Relaxed) < HOSTS_MAX;
        let labels = if is_kept { known } else { labels("other") };
        hosts.get_or_create(&labels).inc();
    }

    /// A batch is written.
    pub fn written(&self, batch: &Written, elapsed: Duration) {
        self.write.took(elapsed);
        self.written_lines.inc_by(batch.lines);
        self.written_bytes.inc_by(batch.bytes);
        let now = Timestamp::now();
        for published in &batch.published {
            self.freshness
                .observe(now.duration_since(*published).as_secs_f64().max(0.0));
        }
    }

    pub fn index_articles(&self, articles: usize) {
        self.levels.index_articles.set(articles as i64);
    }

    /// What each stage has done since the start: name and count, in the order of the pipeline.
    pub fn done(&self) -> [(&'static str, u64); 6] {
        [
            ("poll", self.poll.done()),
            ("fetch", self.fetch.done()),
            ("clean", self.clean.done()),
            ("judge", self.judge.done()),
            ("commit", self.settled_all()),
            ("write", self.written_lines.get()),
        ]
    }

    /// Entries settled with an outcome of [`OUTCOMES`], since the start.
    pub fn settled_as(&self, outcome: &'static str) -> u64 {
        self.settled.get_or_create(&[("outcome", outcome)]).get()
    }

    fn settled_all(&self) -> u64 {
        OUTCOMES
            .iter()
            .map(|outcome| self.settled_as(outcome))
            .sum()
    }

    /// The text that Prometheus reads: OpenMetrics where it asks for it, its older format otherwise.
    pub fn text(&self, now: &Now, is_openmetrics: bool) -> String {
        self.levels.set(now);
        let mut text = String::with_capacity(32 << 10);
        encode(&mut text, &self.registry).expect("writing to a string");
        if is_openmetrics { text } else { classic(&text) }
    }
}

/// What metrics and pages call a kind of copy.
pub fn kind_code(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact => "exact",
        Kind::Near => "near",
        Kind::Roundup => "roundup",
        Kind::SameUrl => "same_url",
    }
}

#[cfg(test)]
mod tests;
