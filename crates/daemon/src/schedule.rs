//! When each feed is polled, and which feeds there are.

use crate::config::Config;
use crate::polling::{Worker, remembered};
use crate::pulse::Pulse;
use crate::queue::{self, Next, Queue};
use crate::reload::Change;
use crate::roster::Changes;
use copydesk_fetcher::schedule;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
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
/// A clock that goes back by more than this was set.
const SET_BACK_MIN: SignedDuration = SignedDuration::from_secs(2);

/// The stage that decides what is fetched next.
pub struct Schedule {
    pub config: Arc<Config>,
    pub worker: Arc<Worker>,
    pub polls: Arc<Semaphore>,
    /// Feeds whose hosts have answered.
    pub answered: mpsc::UnboundedReceiver<usize>,
    /// Feeds whose last poll is settled, and when to poll them next.
    pub back: mpsc::UnboundedReceiver<(usize, Option<Timestamp>)>,
    /// New lists of feeds.
    pub changes: mpsc::Receiver<Change>,
    pub pulse: Arc<Pulse>,
    pub stop: CancellationToken,
    pub is_once: bool,
}

type Tasks = JoinSet<anyhow::Result<()>>;

/// Which feed is due when. A time that a feed was queued for counts only while it is the feed's:
/// feeds that went or changed leave theirs behind.
struct Calendar {
    queue: Queue,
    due: HashMap<usize, Timestamp>,
    /// Polls that are not settled yet.
    under_way: HashSet<usize>,
    /// Of these, the feeds that changed meanwhile.
    changed: HashSet<usize>,
}

impl Calendar {
    fn push(&mut self, feed: usize, due: Timestamp) {
        self.due.insert(feed, due);
        self.queue.push(feed, due);
    }

    fn set_back(&mut self, by: SignedDuration) {
        self.queue.set_back(by);
        for due in self.due.values_mut() {
            *due = queue::before(*due, by);
        }
    }
}

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
        let mut calendar = self.calendar()?;
        let mut revisit = tokio::time::interval(REVISIT_EVERY);
        revisit.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        if self.is_once {
            tasks.spawn(self.worker.clone().revisit());
        }
        // The feed whose turn it is; it waits for a place among the polls.
        let mut next: Option<(usize, Timestamp)> = None;
        let mut has_begun = false;
        let mut latest = Timestamp::now();
        loop {
            reap(tasks)?;
            let now = Timestamp::now();
            let back = latest.duration_since(now);
            if back > SET_BACK_MIN {
                tracing::warn!(seconds = back.as_secs(), "clock was set back");
                calendar.set_back(back);
            }
            latest = now;
            let mut wait = WAIT_MAX;
            while next.is_none() {
                match calendar.queue.next(now, |feed| self.wait(feed)) {
                    Next::Poll { feed, due } if calendar.due.get(&feed) == Some(&due) => {
                        calendar.due.remove(&feed);
                        calendar.under_way.insert(feed);
                        next = Some((feed, due));
                    }
                    Next::Poll { feed, .. } => calendar.queue.answered(feed, now),
                    Next::Wait(_) if self.is_once && calendar.queue.is_empty() => return Ok(()),
                    Next::Wait(then) => {
                        has_begun = true;
                        wait = then.map_or(WAIT_MAX, |then| until(then, now));
                        break;
                    }
                }
            }
            tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                Some(feed) = self.answered.recv() => calendar.queue.answered(feed, Timestamp::now()),
                Some((feed, next)) = self.back.recv(), if !self.is_once => {
                    self.settled(&mut calendar, feed, next);
                }
                Some(change) = self.changes.recv() => {
                    let changes = self.worker.roster.replace(change.feeds);
                    self.follow(&mut calendar, &changes);
                    // Whoever asked may be gone.
                    let _ = change.done.send(changes);
                }
                _ = revisit.tick(), if !self.is_once => {
                    tasks.spawn(self.worker.clone().revisit());
                }
                // The supervisor hears that we are ready once the first feed is being polled.
                beat = self.pulse.next(), if has_begun => {
                    tasks.spawn(self.worker.clone().send_beat(beat));
                }
                permit = self.polls.clone().acquire_owned(), if next.is_some() => {
                    let Some((feed, due)) = next.take() else { continue };
                    has_begun = true;
                    calendar.changed.remove(&feed);
                    match self.worker.roster.get(feed) {
                        Some(subscription) => {
                            tasks.spawn(self.worker.clone().poll(subscription, due, permit?));
                        }
                        None => {
                            calendar.under_way.remove(&feed);
                            calendar.queue.answered(feed, Timestamp::now());
                        }
                    }
                }
                () = tokio::time::sleep(wait), if next.is_none() => {}
            }
        }
    }

    /// Every feed, at the time that its state tells; those that are due at once, or in a while
    /// that is the longer the more they are.
    fn calendar(&self) -> anyhow::Result<Calendar> {
        let mut calendar = Calendar {
            queue: Queue::new(self.config.fetch.client.host_concurrency),
            due: HashMap::new(),
            under_way: HashSet::new(),
            changed: HashSet::new(),
        };
        let start = Timestamp::now();
        let mut due = Vec::new();
        for subscription in self.worker.roster.followed() {
            let feed = subscription.number;
            calendar.queue.add(feed, &host(&subscription.feed.url));
            let remembered = remembered(&self.worker.store, &subscription.name)?;
            self.worker.summary.recall(feed, &remembered);
            if self.is_once {
                calendar.push(feed, start);
                continue;
            }
            // A feed put off for longer was polled while the clock was wrong.
            let put_off_max = schedule::put_off_max(&self.config.fetch.client);
            let latest = start.saturating_add(put_off_max).unwrap_or(Timestamp::MAX);
            match (remembered.state.next_poll).filter(|next| (start..latest).contains(next)) {
                Some(next) => calendar.push(feed, next),
                None => due.push(subscription),
            }
        }
        let window = START_GAP.saturating_mul(u32::try_from(due.len()).unwrap_or(u32::MAX));
        for subscription in due {
            let first = schedule::first_poll(&subscription.feed.url, start, window);
            calendar.push(subscription.number, first);
        }
        Ok(calendar)
    }

    /// Feeds that came or changed are polled at once, or, where a poll is under way, after it.
    fn follow(&self, calendar: &mut Calendar, changes: &Changes) {
        self.worker.summary.follow(&self.worker.roster);
        let now = Timestamp::now();
        for &feed in &changes.removed {
            calendar.due.remove(&feed);
        }
        for &feed in changes.added.iter().chain(&changes.changed) {
            let Some(subscription) = self.worker.roster.get(feed) else {
                continue;
            };
            calendar.queue.add(feed, &host(&subscription.feed.url));
            if calendar.under_way.contains(&feed) {
                calendar.changed.insert(feed);
            } else {
                calendar.push(feed, now);
            }
        }
    }

    fn settled(&self, calendar: &mut Calendar, feed: usize, next: Option<Timestamp>) {
        calendar.under_way.remove(&feed);
        let has_changed = calendar.changed.remove(&feed);
        if self.worker.roster.get(feed).is_some() {
            let floor = Timestamp::now() + SignedDuration::from_secs(1);
            let next = next.filter(|_| !has_changed).unwrap_or(floor);
            calendar.push(feed, next.max(floor));
        }
    }

    /// How long the feed's host is to be left alone now. Where it asked for more than a pause the
    /// poll fails at once and says so.
    fn wait(&self, feed: usize) -> Duration {
        let Some(subscription) = self.worker.roster.get(feed) else {
            return Duration::ZERO;
        };
        let wait = self.worker.fetcher.wait(&subscription.feed.url);
        let pause_max = self.config.fetch.client.host_gap.max(PAUSE_MAX);
        if wait > pause_max {
            Duration::ZERO
        } else {
            wait
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
