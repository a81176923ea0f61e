//! What is looked up when somebody asks: depths, sizes, health, and what the kernel says.

use super::Label;
use crate::part::Part;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is looked up when somebody asks.
#[derive(Debug, Default)]
pub struct Levels {
    pub queue_depth: Family<Label, Gauge>,
    pub queue_capacity: Family<Label, Gauge>,
    pub feeds: Family<Label, Gauge>,
    pub troubles: Family<Label, Gauge>,
    pub outbox: Gauge,
    pub revisits: Gauge,
    pub index_articles: Gauge,
    pub index_bytes: Gauge,
    pub state_bytes: Gauge,
    pub ready: Gauge,
    pub resident: Gauge,
    pub threads: Gauge,
    pub cpu: Counter<f64, AtomicU64>,
}

/// What is true at the moment; see [`Metrics::text`].
#[derive(Debug, Default, Clone)]
pub struct Now {
    /// Name, depth, capacity.
    pub queues: Vec<(&'static str, usize, usize)>,
    /// Condition and how many feeds are in it.
    pub feeds: Vec<(&'static str, usize)>,
    /// Parts that are held back or stand still.
    pub failing: Vec<Part>,
    pub outbox: u64,
    pub revisits: u64,
    pub index_bytes: u64,
    pub state_bytes: u64,
    pub is_ready: bool,
}

impl Levels {
    pub fn set(&self, now: &Now) {
        for (name, depth, capacity) in &now.queues {
            let label = [("queue", *name)];
            self.queue_depth.get_or_create(&label).set(*depth as i64);
            self.queue_capacity
                .get_or_create(&label)
                .set(*capacity as i64);
        }
        for (condition, count) in &now.feeds {
            self.feeds
                .get_or_create(&[("condition", *condition)])
                .set(*count as i64);
        }
        for part in Part::ALL {
            let is_failing = now.failing.contains(&part);
            let trouble = self.troubles.get_or_create(&[("part", part.name())]);
            trouble.set(i64::from(is_failing));
        }
        self.outbox.set(now.outbox as i64);
        self.revisits.set(now.revisits as i64);
        self.index_bytes.set(now.index_bytes as i64);
        self.state_bytes.set(now.state_bytes as i64);
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
