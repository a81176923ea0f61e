//! The pace of each host: how many requests at once, how far apart, and how long to stay away when
//! it asked for that. A registrable domain shares the gap and the staying away of all its hosts.

use copydesk_model::registrable_domain;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

/// The most that is believed: one service was seen to ask for 88 hours.
pub const SLOWED_FOR_MAX: Duration = Duration::from_secs(24 * 3600);
/// Hosts remembered before idle ones are forgotten.
const HOSTS_MIN: usize = 4096;

pub struct Hosts {
    concurrency: usize,
    gap: Duration,
    table: Mutex<Table>,
}

struct Table {
    paces: HashMap<String, Arc<Pace>>,
    /// How long the table may grow before idle paces are forgotten.
    prune_at: usize,
}

/// The pace of one host or one domain.
struct Pace {
    permits: Arc<Semaphore>,
    times: Mutex<Times>,
}

struct Times {
    gap: Duration,
    /// The next request starts no earlier.
    free_at: Instant,
    /// Set by 429 and 503.
    slowed_until: Instant,
    /// Refusals without a time since the last good answer.
    refusals: u32,
}

/// The right to have one request under way. Dropped when the answer's last byte is in.
pub struct Slot {
    _permit: OwnedSemaphorePermit,
    host: Arc<Pace>,
    domain: Arc<Pace>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let now = Instant::now();
        for pace in [&self.host, &self.domain] {
            let mut times = pace.times();
            times.free_at = times.free_at.max(now + times.gap);
        }
    }
}

impl Pace {
    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().expect("no holder of this lock can panic")
    }

    /// `free_at` and `slowed_until`. Host and domain may be one pace: never lock both at once.
    fn bounds(&self) -> (Instant, Instant) {
        let times = self.times();
        (times.free_at, times.slowed_until)
    }

    fn is_idle(self: &Arc<Self>, now: Instant) -> bool {
        let times = self.times();
        Arc::strong_count(self) == 1 && times.free_at.max(times.slowed_until) <= now
    }
}

impl Hosts {
    pub fn new(concurrency: usize, gap: Duration) -> Self {
        let table = Table {
            paces: HashMap::new(),
            prune_at: HOSTS_MIN,
        };
        Self {
            concurrency: concurrency.max(1),
            gap,
            table: Mutex::new(table),
        }
    }

    /// Waits for the host's turn. Errs at once, with the time left, where the host asked to be left
    /// alone for longer than `wait_max`.
    pub async fn slot(&self, url: &Url, wait_max: Duration) -> Result<Slot, Duration> {
        let (host, domain) = self.paces(url);
        let free_at = |now: Instant| {
            let (host_free_at, host_slowed_until) = host.bounds();
            let (domain_free_at, domain_slowed_until) = domain.bounds();
            let slowed_until = host_slowed_until.max(domain_slowed_until);
            let left = slowed_until.saturating_duration_since(now);
            match left > wait_max {
                true => Err(left),
                false => Ok(host_free_at.max(domain_free_at).max(slowed_until)),
            }
        };
        // Asked before the permit too: those who hold it may be waiting for a slowed host.
        free_at(Instant::now())?;
        let permits = Arc::clone(&host.permits);
        let _permit = permits
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        loop {
            let now = Instant::now();
            let free_at = free_at(now)?;
            if free_at <= now {
                // Taken now, so that another holder of a permit starts a gap later.
                for pace in [&host, &domain] {
                    let mut times = pace.times();
                    times.free_at = now + times.gap;
                }
                return Ok(Slot {
                    _permit,
                    host,
                    domain,
                });
            }
            sleep_until(free_at).await;
        }
    }

    /// The host asked to be left alone for this long, and so is its domain.
    pub fn slow(&self, url: &Url, time: Duration) {
        let now = Instant::now();
        let (host, domain) = self.paces(url);
        for pace in [host, domain] {
            let mut times = pace.times();
            times.slowed_until = times.slowed_until.max(now + time.min(SLOWED_FOR_MAX));
        }
    }

    /// The same where it did not say for how long: for this long, doubled with each refusal since
    /// its last good answer.
    pub fn slow_by(&self, url: &Url, first: Duration) {
        let (host, _) = self.paces(url);
        let refusals = {
            let mut times = host.times();
            times.refusals = times.refusals.saturating_add(1);
            times.refusals
        };
        self.slow(url, first.saturating_mul(1 << (refusals - 1).min(10)));
    }

    /// The host answered well.
    pub fn answered_well(&self, url: &Url) {
        self.paces(url).0.times().refusals = 0;
    }

    /// The host's own wish for a gap (Crawl-delay).
    pub fn widen_gap(&self, url: &Url, gap: Duration) {
        let (host, _) = self.paces(url);
        let mut times = host.times();
        times.gap = gap.max(self.gap);
    }

    /// How long until the host may be asked, as far as is known now.
    pub fn wait(&self, url: &Url) -> Duration {
        let (host, domain) = self.paces(url);
        let until = [&host, &domain].map(|pace| {
            let times = pace.times();
            times.free_at.max(times.slowed_until)
        });
        let wait = until[0]
            .max(until[1])
            .saturating_duration_since(Instant::now());
        match host.permits.available_permits() {
            0 => wait.max(Duration::from_millis(100)),
            _ => wait,
        }
    }

    fn paces(&self, url: &Url) -> (Arc<Pace>, Arc<Pace>) {
        let host = url
            .host_str()
            .unwrap_or_default()
            .trim_end_matches('.')
            .to_ascii_lowercase();
        let domain = registrable_domain(url.as_str()).unwrap_or_default();
        let mut table = self.table.lock().expect("no holder of this lock can panic");
        if table.paces.len() >= table.prune_at {
            let now = Instant::now();
            table.paces.retain(|_, pace| !pace.is_idle(now));
            table.prune_at = (table.paces.len() * 2).max(HOSTS_MIN);
        }
        (self.pace(&mut table, host), self.pace(&mut table, domain))
    }

    fn pace(&self, table: &mut Table, name: String) -> Arc<Pace> {
        let new = || {
            let now = Instant::now();
            let times = Times {
                gap: self.gap,
                free_at: now,
                slowed_until: now,
                refusals: 0,
            };
            let permits = Arc::new(Semaphore::new(self.concurrency));
            Arc::new(Pace {
                permits,
                times: Mutex::new(times),
            })
        };
        Arc::clone(table.paces.entry(name).or_insert_with(new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: Duration = Duration::from_millis(500);

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn point_17_requests_to_one_host_start_a_gap_apart() {
        let hosts = Hosts::new(2, GAP);
        let start = Instant::now();
        let first = hosts.slot(&url("http://a.example/1"), GAP).await.unwrap();
        let second = hosts.slot(&url("http://a.example/2"), GAP).await.unwrap();
        assert_eq!(start.elapsed(), GAP);
        drop(first);
        let _third = hosts.slot(&url("http://a.example/3"), GAP).await.unwrap();
        assert_eq!(start.elapsed(), GAP * 2);
        drop(second);
    }

    #[tokio::test(start_paused = true)]
    async fn point_17_hosts_of_one_registrable_domain_share_the_gap() {
        let hosts = Hosts::new(2, GAP);
        let start = Instant::now();
        drop(hosts.slot(&url("http://a.example.co.uk/"), GAP).await);
        drop(hosts.slot(&url("http://a.other.co.uk/"), GAP).await);
        assert_eq!(start.elapsed(), Duration::ZERO);
        drop(hosts.slot(&url("http://b.example.co.uk/"), GAP).await);
        assert_eq!(start.elapsed(), GAP);
    }

    #[tokio::test(start_paused = true)]
    async fn point_17_no_more_requests_under_way_than_allowed() {
        let hosts = Arc::new(Hosts::new(1, Duration::ZERO));
        let slot = hosts.slot(&url("http://a.example/"), GAP).await.unwrap();
        let second = tokio::time::timeout(GAP, hosts.slot(&url("http://a.example/"), GAP)).await;
        assert!(second.is_err(), "waits for the first");
        drop(slot);
        assert!(hosts.slot(&url("http://a.example/"), GAP).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn point_10_a_host_that_asked_for_it_is_left_alone_and_so_is_its_domain() {
        let hosts = Hosts::new(2, Duration::ZERO);
        let page = url("http://news.a.example/");
        hosts.slow(&page, Duration::from_secs(40));
        let left = hosts.slot(&url("http://www.a.example/"), GAP).await.err();
        assert_eq!(left, Some(Duration::from_secs(40)), "the whole domain");
        let start = Instant::now();
        assert!(hosts.slot(&page, Duration::from_secs(60)).await.is_ok());
        assert_eq!(start.elapsed(), Duration::from_secs(40));
        hosts.slow(&page, Duration::from_secs(88 * 3600));
        assert_eq!(hosts.slot(&page, GAP).await.err(), Some(SLOWED_FOR_MAX));
    }

    #[tokio::test(start_paused = true)]
    async fn idle_hosts_are_forgotten() {
        let hosts = Hosts::new(2, GAP);
        for number in 0..3 * HOSTS_MIN {
            drop(
                hosts
                    .slot(
                        &url(&format!("http://10.{}.{}.1/", number / 250, number % 250)),
                        GAP,
                    )
                    .await,
            );
            tokio::time::advance(GAP).await;
        }
        assert!(hosts.table.lock().unwrap().paces.len() <= HOSTS_MIN);
    }
}
