//! What Prometheus reads: one field a metric, every name, unit and help text in this file.
//!
//! Label values come from closed lists, so the number of series does not grow with feeds; those by
//! host are kept only behind a switch.

use crate::desk::Written;
use crate::summary::Outcome;
use copydesk_model::{Kind, Reason};
use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::collections::HashMap;
use std::fmt::Write;
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

/// What is looked up when somebody asks.
#[derive(Debug, Default)]
struct Levels {
    queue_depth: Family<Label, Gauge>,
    queue_capacity: Family<Label, Gauge>,
    feeds: Family<Label, Gauge>,
    troubles: Family<Label, Gauge>,
    outbox: Gauge,
    revisits: Gauge,
    index_articles: Gauge,
    index_bytes: Gauge,
    store_bytes: Gauge,
    ready: Gauge,
    resident: Gauge,
    threads: Gauge,
    cpu: Counter<f64, AtomicU64>,
}

/// What is true at the moment; see [`Metrics::text`].
#[derive(Debug, Default, Clone)]
pub struct Now {
    /// Name, depth, capacity.
    pub queues: Vec<(&'static str, usize, usize)>,
    /// Health and how many feeds are in it.
    pub feeds: Vec<(&'static str, usize)>,
    /// Parts in trouble.
    pub troubles: Vec<&'static str>,
    pub outbox: u64,
    pub revisits: u64,
    pub index_bytes: u64,
    pub store_bytes: u64,
    pub is_ready: bool,
}

/// Parts whose trouble has a series from the start.
const PARTS: &[&str] = &["output", "state", "judge log"];
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
        r.register("feeds", "Feeds by health", levels.feeds.clone());
        r.register("trouble", "1 while a part is held back by a trouble", levels.troubles.clone());
        r.register("outbox_rows", "Committed steps not yet known to be on the disk", levels.outbox.clone());
        r.register("revisits", "Entries to come back to", levels.revisits.clone());
        r.register("index_articles", "Articles that new ones are compared with", levels.index_articles.clone());
        r.register_with_unit("index_size", "Size of the index files", bytes(), levels.index_bytes.clone());
        r.register_with_unit("store_size", "Size of the state file", bytes(), levels.store_bytes.clone());
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

impl Levels {
    fn set(&self, now: &Now) {
        for (name, depth, capacity) in &now.queues {
            let label = [("queue", *name)];
            self.queue_depth.get_or_create(&label).set(*depth as i64);
            self.queue_capacity
                .get_or_create(&label)
                .set(*capacity as i64);
        }
        for (health, count) in &now.feeds {
            self.feeds
                .get_or_create(&[("health", *health)])
                .set(*count as i64);
        }
        for part in PARTS.iter().chain(&now.troubles) {
            let is_troubled = now.troubles.contains(part);
            let trouble = self.troubles.get_or_create(&[("part", part)]);
            trouble.set(i64::from(is_troubled));
        }
        self.outbox.set(now.outbox as i64);
        self.revisits.set(now.revisits as i64);
        self.index_bytes.set(now.index_bytes as i64);
        self.store_bytes.set(now.store_bytes as i64);
        self.ready.set(i64::from(now.is_ready));
        if let Some(process) = Process::now() {
            self.cpu
                .inner()
                .store(process.cpu_s.to_bits(), Ordering::Relaxed);
            self.resident.set(process.resident_bytes);
            self.threads.set(process.threads);
        }
    }
}

/// The older format names a counter with its ending, and knows no unit, info and end.
fn classic(openmetrics: &str) -> String {
    let mut kinds: HashMap<&str, &str> = HashMap::new();
    for line in openmetrics.lines() {
        if let Some((name, kind)) = line
            .strip_prefix("# TYPE ")
            .and_then(|rest| rest.split_once(' '))
        {
            kinds.insert(name, kind);
        }
    }
    let mut text = String::with_capacity(openmetrics.len());
    for line in openmetrics.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("EOF" | "UNIT"), ..) => continue,
            (Some("#"), Some(what), Some(name), Some(rest)) => {
                let (ending, rest) = match (kinds.get(name).copied(), what) {
                    (Some("counter"), _) => ("_total", rest),
                    (Some("info"), "TYPE") => ("_info", "gauge"),
                    (Some("info"), _) => ("_info", rest),
                    _ => ("", rest),
                };
                let _ = writeln!(text, "# {what} {name}{ending} {rest}");
            }
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

/// What the kernel says of this process.
struct Process {
    cpu_s: f64,
    resident_bytes: i64,
    threads: i64,
}

impl Process {
    /// None where there is no `/proc`.
    fn now() -> Option<Self> {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        // The command's name may hold anything; the numbers come after its last parenthesis.
        let numbers: Vec<i64> = stat
            .rsplit_once(") ")?
            .1
            .split(' ')
            .map(|word| word.trim().parse().unwrap_or(0))
            .collect();
        // Ticks are 1/100 s and pages 4 KiB on every Linux that we build for.
        Some(Self {
            cpu_s: (numbers.get(11)? + numbers.get(12)?) as f64 / 100.0,
            resident_bytes: numbers.get(21)? * 4096,
            threads: *numbers.get(17)?,
        })
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
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn loaded() -> (Metrics, Now) {
        let metrics = Metrics::new(false);
        for number in 0..1000 {
            let elapsed = Duration::from_millis(number);
            metrics.fetched(&format!("host-{number}.example"), Some(9), elapsed);
            metrics.settled(Outcome::Failed(
                Reason::ALL[number as usize % Reason::ALL.len()],
            ));
        }
        let now = Now {
            queues: vec![("clean", 3, 32), ("desk", 0, 256), ("writer", 0, 4)],
            feeds: vec![("ok", 900), ("failing", 100)],
            troubles: vec!["output"],
            ..Now::default()
        };
        (metrics, now)
    }

    /// The rules of `promtool check metrics`, and those of Prometheus' page on naming.
    #[test]
    fn names_units_types_and_help_follow_the_conventions() {
        let (metrics, now) = loaded();
        let text = metrics.text(&now, false);
        let (mut helped, mut typed) = (BTreeSet::new(), HashMap::new());
        for line in text.lines() {
            if let Some((name, help)) = line
                .strip_prefix("# HELP ")
                .and_then(|rest| rest.split_once(' '))
            {
                assert!(help.len() > 5 && help.ends_with('.'), "{line}");
                assert!(helped.insert(name), "{name} twice");
            } else if let Some((name, kind)) = line
                .strip_prefix("# TYPE ")
                .and_then(|rest| rest.split_once(' '))
            {
                typed.insert(name, kind);
                assert!(
                    name.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
                    "{name}"
                );
                assert!(
                    name.starts_with("copydesk_") || name.starts_with("process_"),
                    "{name}"
                );
                assert_eq!(
                    kind == "counter",
                    name.ends_with("_total"),
                    "{name}: {kind}"
                );
                if kind == "histogram" {
                    assert!(name.ends_with("_seconds"), "{name}");
                }
                for wrong in [
                    "millisecond",
                    "_ms",
                    "minutes",
                    "kilobytes",
                    "_histogram",
                    "_gauge",
                    "_counter",
                ] {
                    assert!(!name.contains(wrong), "{name}");
                }
            } else {
                let (series, value) = line.rsplit_once(' ').unwrap();
                assert!(value.parse::<f64>().is_ok(), "{line}");
                let name = series.split('{').next().unwrap();
                let base = ["_bucket", "_sum", "_count"]
                    .iter()
                    .find_map(|ending| {
                        name.strip_suffix(ending)
                            .filter(|base| typed.contains_key(base))
                    })
                    .unwrap_or(name);
                assert!(typed.contains_key(base) && helped.contains(base), "{line}");
            }
        }
        assert!(typed.len() > 25);
        for (name, kind) in [
            ("copydesk_fetch_duration_seconds", "histogram"),
            ("copydesk_freshness_seconds", "histogram"),
            ("copydesk_queue_depth", "gauge"),
            ("copydesk_failures_total", "counter"),
            ("copydesk_build_info", "gauge"),
            ("process_cpu_seconds_total", "counter"),
        ] {
            assert_eq!(typed.get(name), Some(&kind), "{name}");
        }
        assert!(text.contains("copydesk_trouble{part=\"output\"} 1\n"));
        assert!(text.contains("copydesk_trouble{part=\"state\"} 0\n"));
    }

    /// Dashboard and alerts are of no use where they ask for what is not there.
    #[test]
    fn dashboard_and_alerts_ask_only_for_what_there_is() {
        let (metrics, now) = loaded();
        let text = metrics.text(&now, false);
        let is_there = |name: &str| {
            let mut series = text.lines().filter(|line| !line.starts_with('#'));
            series.any(|line| line.split(['{', ' ']).next() == Some(name))
        };
        let dashboard = include_str!("../../../deploy/grafana/dashboards/copydesk.json");
        let alerts = include_str!("../../../deploy/alerts.yml");
        serde_json::from_str::<serde_json::Value>(dashboard).unwrap();
        let mut asked = BTreeSet::new();
        for word in [dashboard, alerts]
            .iter()
            .flat_map(|file| file.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
        {
            if word.starts_with("copydesk_") || word.starts_with("process_") {
                asked.insert(word);
            }
        }
        assert!(asked.len() > 20, "{asked:?}");
        for name in asked {
            assert!(is_there(name), "{name}");
        }
    }

    #[test]
    fn a_thousand_hosts_add_no_series_unless_asked_for() {
        let (metrics, now) = loaded();
        let series = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count();
        let text = metrics.text(&now, false);
        assert!(series(&text) < 250, "{}", series(&text));
        assert!(!text.contains("host-"));
        assert!(metrics.text(&now, true).ends_with("# EOF\n"));

        let by_host = Metrics::new(true);
        for number in 0..HOSTS_MAX + 50 {
            by_host.fetched(&format!("host-{number}.example"), None, Duration::ZERO);
        }
        let text = by_host.text(&now, false);
        assert!(text.contains("result=\"failed\",host=\"other\"} 50\n"));
        assert!(series(&text) < HOSTS_MAX + 300);
    }

    #[test]
    fn every_series_with_a_closed_list_stands_at_zero_before_its_first_event() {
        let text = Metrics::new(false).text(&Now::default(), false);
        for series in [
            "copydesk_polls_total{outcome=\"failed\"} 0",
            "copydesk_settled_total{outcome=\"duplicate\"} 0",
            "copydesk_duplicates_total{kind=\"roundup\"} 0",
            "copydesk_failures_total{reason=\"timeout\"} 0",
        ] {
            assert!(text.contains(&format!("{series}\n")), "{series}");
        }
    }
}
