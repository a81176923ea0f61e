//! When each feed is polled.

use crate::config::Config;
use crate::polling::{Worker, feed_state};
use crate::queue::{Next, Queue};
use copydesk_fetcher::schedule;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

/// At the start feeds that are due are polled this far apart on average.
const START_GAP: Duration = Duration::from_millis(5);
/// How often the store is asked for entries to come back to.
const REVISIT_EVERY: Duration = Duration::from_secs(10);
/// A host that wants a pause this short is waited for before its feed is polled.
const PAUSE_MAX: Duration = Duration::from_millis(100);
/// The clock may be set while we wait.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// The stage that decides what is fetched next.
pub struct Schedule {
    pub config: Arc<Config>,
    pub worker: Arc<Worker>,
    pub polls: Arc<Semaphore>,
    /// Feeds whose hosts have answered.
    pub answered: mpsc::UnboundedReceiver<usize>,
    /// Feeds whose last poll is settled, and when to poll them next.
    pub back: mpsc::UnboundedReceiver<(usize, Option<Timestamp>)>,
    pub stop: CancellationToken,
    pub is_once: bool,
}

type Tasks = JoinSet<anyhow::Result<()>>;

impl Schedule {
    /// Runs until stopped (or, with `is_once`, until each feed was polled), then waits for the
    /// polls and fetches under way.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let mut tasks = JoinSet::new();
        self.watch(&mut tasks).await?;
        // The tasks hold the senders; with the last of them the stages after us end.
        drop(self);
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(())
    }

    async fn watch(&mut self, tasks: &mut Tasks) -> anyhow::Result<()> {
        let mut queue = self.queue()?;
        let mut revisit = tokio::time::interval(REVISIT_EVERY);
        revisit.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        if self.is_once {
            tasks.spawn(self.worker.clone().revisit());
        }
        loop {
            reap(tasks)?;
            let now = Timestamp::now();
            let wait = match queue.next(now, |feed| self.wait(feed)) {
                Next::Poll { feed, due } => {
                    let Some(permit) = self.permit().await else {
                        return Ok(());
                    };
                    tasks.spawn(self.worker.clone().poll(feed, due, permit));
                    continue;
                }
                Next::Wait(_) if self.is_once && queue.is_empty() => return Ok(()),
                Next::Wait(then) => then.map_or(WAIT_MAX, |then| until(then, now)),
            };
            tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                Some(feed) = self.answered.recv() => queue.answered(feed, Timestamp::now()),
                Some((feed, next)) = self.back.recv(), if !self.is_once => {
                    let floor = Timestamp::now() + SignedDuration::from_secs(1);
                    queue.push(feed, next.unwrap_or(floor).max(floor));
                }
                _ = revisit.tick(), if !self.is_once => {
                    tasks.spawn(self.worker.clone().revisit());
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Every feed, at the time that its state tells; those that are due at once, or in a while
    /// that is the longer the more they are.
    fn queue(&self) -> anyhow::Result<Queue> {
        let feeds = &self.config.feeds;
        let hosts: Vec<String> = feeds.iter().map(|feed| host(&feed.url)).collect();
        let mut queue = Queue::new(
            hosts.iter().map(String::as_str),
            self.config.fetch.client.host_concurrency,
        );
        let start = Timestamp::now();
        if self.is_once {
            (0..feeds.len()).for_each(|feed| queue.push(feed, start));
            return Ok(queue);
        }
        let mut due = Vec::new();
        for (feed, configured) in feeds.iter().enumerate() {
            let state = feed_state(&self.worker.store, &configured.name())?;
            match state.next_poll.filter(|next| *next > start) {
                Some(next) => queue.push(feed, next),
                None => due.push(feed),
            }
        }
        let window = START_GAP.saturating_mul(u32::try_from(due.len()).unwrap_or(u32::MAX));
        for feed in due {
            queue.push(feed, schedule::first_poll(&feeds[feed].url, start, window));
        }
        Ok(queue)
    }

    /// How long the feed's host is to be left alone now. Where it asked for more than a pause the
    /// poll fails at once and says so.
    fn wait(&self, feed: usize) -> Duration {
        let wait = self.worker.fetcher.wait(&self.config.feeds[feed].url);
        let pause_max = self.config.fetch.client.host_gap.max(PAUSE_MAX);
        if wait > pause_max {
            Duration::ZERO
        } else {
            wait
        }
    }

    /// None when stopped.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        tokio::select! {
            () = self.stop.cancelled() => None,
            permit = self.polls.clone().acquire_owned() => permit.ok(),
        }
    }
}

fn host(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str);
    host.unwrap_or_default().to_owned()
}

/// Forgets tasks that are done; one that failed ends the schedule.
fn reap(tasks: &mut Tasks) -> anyhow::Result<()> {
    while let Some(ended) = tasks.try_join_next() {
        ended??;
    }
    Ok(())
}

fn until(next: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(next.duration_since(now))
        .unwrap_or(Duration::ZERO)
        .min(WAIT_MAX)
}
