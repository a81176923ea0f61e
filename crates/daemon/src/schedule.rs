//! When each feed is polled, and what a poll takes in. Holds every feed as a row of a heap: no
//! task and no connection for a feed that is not being polled.

use crate::config::Config;
use crate::intake::{Intake, Offer, Ticket};
use crate::summary::Summary;
use crate::work::{Arrival, Fetching, Work, fingerprint, is_settled, listing_key};
use anyhow::Context;
use copydesk_fetcher::{FeedState, Fetcher, FullText, PollOutcome, shown_text};
use copydesk_model::{Entry, Failure, FeedDocument, FeedOrigin, FetchedFrom, Key, Page, Reason};
use copydesk_store::{Revisit, Store};
use jiff::{SignedDuration, Timestamp};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// At the start feeds that are due are polled this far apart.
const START_GAP: SignedDuration = SignedDuration::from_millis(5);
/// How often the store is asked for entries to come back to, and how many at once.
const REVISIT_EVERY: Duration = Duration::from_secs(10);
const REVISITS_MAX: usize = 256;
/// The clock may be set while we wait.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// The stage that decides what is fetched next.
pub struct Schedule {
    pub config: Arc<Config>,
    pub fetcher: Arc<Fetcher>,
    pub store: Arc<Store>,
    pub intake: Arc<Intake>,
    pub summary: Arc<Summary>,
    pub polls: Arc<Semaphore>,
    pub places: Arc<Semaphore>,
    pub to_clean: mpsc::Sender<Fetching>,
    pub to_desk: mpsc::Sender<Arrival>,
    /// Feeds whose last poll is settled, with the state that was committed.
    pub back: mpsc::UnboundedReceiver<(usize, FeedState)>,
    pub stop: CancellationToken,
    pub is_once: bool,
}

impl Schedule {
    /// Runs until stopped (or, with `is_once`, until each feed was polled), then waits for the
    /// polls and fetches under way.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let mut states: Vec<FeedState> = Vec::with_capacity(self.config.feeds.len());
        for feed in &self.config.feeds {
            states.push(
                match self
                    .store
                    .feed(&shown_text(&feed.url))
                    .context("reading state")?
                {
                    Some(value) => serde_json::from_value(value)
                        .with_context(|| format!("reading state of {}", shown_text(&feed.url)))?,
                    None => FeedState::default(),
                },
            );
        }
        let mut tasks = JoinSet::new();
        let worker = Arc::new(self.worker());
        match self.is_once {
            true => self.once(&worker, states, &mut tasks).await?,
            false => self.watch(&worker, states, &mut tasks).await?,
        }
        // The tasks hold the senders; with the last of them the stages after us end.
        drop((self, worker));
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(())
    }

    fn worker(&self) -> Worker {
        Worker {
            config: self.config.clone(),
            fetcher: self.fetcher.clone(),
            store: self.store.clone(),
            intake: self.intake.clone(),
            summary: self.summary.clone(),
            places: self.places.clone(),
            to_clean: self.to_clean.clone(),
            to_desk: self.to_desk.clone(),
            stop: self.stop.clone(),
        }
    }

    async fn once(
        &self,
        worker: &Arc<Worker>,
        states: Vec<FeedState>,
        tasks: &mut Tasks,
    ) -> anyhow::Result<()> {
        tasks.spawn(worker.clone().revisit());
        for (feed, state) in states.into_iter().enumerate() {
            let Some(permit) = self.permit().await else {
                break;
            };
            tasks.spawn(worker.clone().poll(feed, state, permit));
            reap(tasks)?;
        }
        Ok(())
    }

    async fn watch(
        &mut self,
        worker: &Arc<Worker>,
        mut states: Vec<FeedState>,
        tasks: &mut Tasks,
    ) -> anyhow::Result<()> {
        let start = Timestamp::now();
        let mut due: BinaryHeap<Reverse<(Timestamp, usize)>> = BinaryHeap::new();
        let mut late = SignedDuration::ZERO;
        for (feed, state) in states.iter().enumerate() {
            let next = state
                .next_poll
                .filter(|next| *next > start)
                .unwrap_or_else(|| {
                    late += START_GAP;
                    start + late
                });
            due.push(Reverse((next, feed)));
        }
        let mut revisit = tokio::time::interval(REVISIT_EVERY);
        revisit.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let wait = due
                .peek()
                .map_or(WAIT_MAX, |Reverse((next, _))| until(*next));
            tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                Some((feed, state)) = self.back.recv() => {
                    let floor = Timestamp::now() + SignedDuration::from_secs(1);
                    due.push(Reverse((state.next_poll.unwrap_or(floor).max(floor), feed)));
                    states[feed] = state;
                }
                _ = revisit.tick() => { tasks.spawn(worker.clone().revisit()); }
                () = tokio::time::sleep(wait) => {
                    let is_due = due.peek().is_some_and(|Reverse((next, _))| *next <= Timestamp::now());
                    if let Some(Reverse((_, feed))) = is_due.then(|| due.pop()).flatten() {
                        let Some(permit) = self.permit().await else { return Ok(()) };
                        tasks.spawn(worker.clone().poll(feed, states[feed].clone(), permit));
                    }
                }
            }
            reap(tasks)?;
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

type Tasks = JoinSet<anyhow::Result<()>>;

/// Forgets tasks that are done; one that failed ends the schedule.
fn reap(tasks: &mut Tasks) -> anyhow::Result<()> {
    while let Some(ended) = tasks.try_join_next() {
        ended??;
    }
    Ok(())
}

fn until(next: Timestamp) -> Duration {
    Duration::try_from(next.duration_since(Timestamp::now()))
        .unwrap_or(Duration::ZERO)
        .min(WAIT_MAX)
}

/// What a poll and a fetch need.
struct Worker {
    config: Arc<Config>,
    fetcher: Arc<Fetcher>,
    store: Arc<Store>,
    intake: Arc<Intake>,
    summary: Arc<Summary>,
    places: Arc<Semaphore>,
    to_clean: mpsc::Sender<Fetching>,
    to_desk: mpsc::Sender<Arrival>,
    stop: CancellationToken,
}

impl Worker {
    /// Polls one feed, takes in what is new or changed, and fetches it.
    async fn poll(
        self: Arc<Self>,
        feed: usize,
        before: FeedState,
        permit: OwnedSemaphorePermit,
    ) -> anyhow::Result<()> {
        let configured = &self.config.feeds[feed];
        let name = shown_text(&configured.url);
        let poll = tokio::select! {
            () = self.stop.cancelled() => return Ok(()),
            poll = self.fetcher.poll(configured, &before) => poll,
        };
        let ticket = Ticket::new(feed, name.clone(), before, poll.state);
        let mut fetches = JoinSet::new();
        let (mut seen, mut listed) = (Vec::new(), Vec::new());
        match poll.outcome {
            PollOutcome::NotModified => {
                info!(feed = name, "not modified");
                self.summary.polled(feed, "not modified".into(), false);
            }
            PollOutcome::Failed(failure) => {
                warn!(
                    feed = name,
                    reason = failure.reason.code(),
                    detail = failure.detail,
                    "poll failed"
                );
                self.summary.polled(feed, failure.to_string(), true);
            }
            PollOutcome::Document(mut document) => {
                let entries = std::mem::take(&mut document.entries);
                info!(feed = name, entries = entries.len(), repaired = ?document.repaired, "polled");
                let repaired = if document.repaired.is_empty() {
                    ""
                } else {
                    ", repaired"
                };
                self.summary
                    .polled(feed, format!("{} entries{repaired}", entries.len()), false);
                for entry in entries {
                    seen.extend(&entry.keys);
                    let taken = tokio::select! {
                        () = self.stop.cancelled() => None,
                        taken = self.take_in(feed, entry, &document, &ticket, &mut listed) => Some(taken?),
                    };
                    // Stopped in the middle: the ticket is never released, so the poll stays unsettled.
                    let Some(taken) = taken else { return Ok(()) };
                    if let Some(work) = taken {
                        fetches.spawn(self.clone().fetch(work));
                    }
                }
            }
        }
        self.send(Arrival::Polled {
            ticket,
            seen,
            listed,
        })
        .await;
        drop(permit);
        while let Some(fetched) = fetches.join_next().await {
            fetched?;
        }
        Ok(())
    }

    /// Some where the entry is this poll's to fetch.
    async fn take_in(
        &self,
        feed: usize,
        mut entry: Entry,
        document: &FeedDocument,
        ticket: &Arc<Ticket>,
        listed: &mut Vec<(Key, copydesk_store::EntryState)>,
    ) -> anyhow::Result<Option<Work>> {
        let configured = &self.config.feeds[feed];
        if entry.language.is_none() {
            entry.language.clone_from(&document.language);
        }
        if entry.keys.is_empty() {
            // Nothing names it: what it says is its name.
            let said = entry
                .title
                .as_deref()
                .or(entry.summary.as_deref())
                .unwrap_or_default();
            entry
                .keys
                .push(Key::of_content(&shown_text(&configured.url), said));
        }
        let fingerprint = fingerprint(&entry);
        let listing = listing_key(&shown_text(&configured.url), &entry);
        let place = self.places.clone().acquire_owned().await?;
        let (mut before, mut elsewhere) = (None, None);
        let offer = self
            .intake
            .offer(&entry.keys, host(&entry), Some(ticket), || {
                before = self.store.entry(&[listing])?;
                if let Some(before) = &before {
                    return Ok(is_settled(before, fingerprint, Timestamp::now()));
                }
                elsewhere = self.store.entry(&entry.keys)?;
                Ok(elsewhere.is_some())
            })?;
        if let Some(state) = elsewhere {
            listed.push((
                listing,
                copydesk_store::EntryState {
                    fingerprint,
                    ..state
                },
            ));
        }
        let Offer::Taken(flight) = offer else {
            return Ok(None);
        };
        self.summary.taken(feed);
        let origin = FeedOrigin {
            url: shown_text(&configured.url),
            title: document.title.clone(),
            guid: entry.guid.clone(),
            tags: configured.tags.clone(),
            repaired: document.repaired.clone(),
        };
        Ok(Some(Work {
            flight,
            entry,
            feed: origin,
            fingerprint,
            listing,
            feed_index: feed,
            before,
            place,
        }))
    }

    /// Comes back to entries whose time has come: after a passing failure, or to look for
    /// corrections.
    async fn revisit(self: Arc<Self>) -> anyhow::Result<()> {
        let due = self
            .store
            .revisits_due(Timestamp::now(), REVISITS_MAX)
            .context("reading state")?;
        let feeds: HashMap<String, usize> = self
            .config
            .feeds
            .iter()
            .enumerate()
            .map(|(index, feed)| (shown_text(&feed.url), index))
            .collect();
        let mut fetches = JoinSet::new();
        for revisit in due {
            let Revisit {
                feed,
                feed_title,
                entry,
                ..
            } = revisit;
            // A feed that is no longer configured is no longer followed.
            let (Some(&feed), Some(state)) = (feeds.get(&feed), self.store.entry(&entry.keys)?)
            else {
                self.send(Arrival::Forgotten(entry.keys)).await;
                continue;
            };
            let Ok(place) = self.places.clone().try_acquire_owned() else {
                break;
            };
            let Offer::Taken(flight) =
                self.intake
                    .offer(&entry.keys, host(&entry), None, || Ok(false))?
            else {
                continue;
            };
            self.summary.taken(feed);
            let configured = &self.config.feeds[feed];
            let work = Work {
                flight,
                feed: FeedOrigin {
                    url: shown_text(&configured.url),
                    title: feed_title,
                    guid: entry.guid.clone(),
                    tags: configured.tags.clone(),
                    repaired: Vec::new(),
                },
                fingerprint: state.fingerprint,
                listing: listing_key(&shown_text(&configured.url), &entry),
                feed_index: feed,
                before: Some(state),
                entry,
                place,
            };
            fetches.spawn(self.clone().fetch(work));
        }
        while let Some(fetched) = fetches.join_next().await {
            fetched?;
        }
        Ok(())
    }

    /// Ends with the page at the cleaner or the failure on the desk; when stopped before the page
    /// is there, with neither: the entry stays unsettled.
    async fn fetch(self: Arc<Self>, work: Work) {
        let feed = &self.config.feeds[work.feed_index];
        let page = match work
            .entry
            .url
            .as_ref()
            .filter(|_| feed.full_text != FullText::Feed)
        {
            Some(url) => tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                page = self.fetcher.page_of(feed, url) => page,
            },
            None => page_of_entry(&work.entry),
        };
        let page = match page {
            // What may pass is tried again: the page tells more than the feed.
            Err(failure)
                if failure.retry_after.is_none()
                    && feed.full_text == FullText::Auto
                    && holds_story(&work.entry) =>
            {
                page_of_entry(&work.entry).map_err(|_| failure)
            }
            page => page,
        };
        match page {
            Ok(page) => {
                if self.to_clean.send(Fetching { work, page }).await.is_err() {
                    error!("the cleaner has stopped");
                }
            }
            Err(failure) => self.send(Arrival::Failed(Box::new(work), failure)).await,
        }
    }

    async fn send(&self, arrival: Arrival) {
        if self.to_desk.send(arrival).await.is_err() {
            error!("the desk has stopped");
        }
    }
}

fn host(entry: &Entry) -> &str {
    let url = entry.url.as_deref().unwrap_or_default();
    url.split_once("://").map_or("", |(_, rest)| {
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    })
}

/// Words from which an entry's content is taken for a story rather than a teaser, where its page
/// cannot be had: most summaries in feeds have fewer than 60.
const STORY_WORDS_MIN: usize = 120;

fn holds_story(entry: &Entry) -> bool {
    let content = entry.content.as_deref().unwrap_or_default();
    let visible = content
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    visible.map(copydesk_model::word_count).sum::<usize>() >= STORY_WORDS_MIN
}

/// An entry without a page of its own is its feed's content.
fn page_of_entry(entry: &Entry) -> Result<Page, Failure> {
    let nothing = || {
        Failure::permanent(
            Reason::NothingToFetch,
            "the entry has neither link nor content",
        )
    };
    let html = entry
        .content
        .as_ref()
        .or(entry.summary.as_ref())
        .ok_or_else(nothing)?;
    Ok(Page {
        url: entry.url.clone().unwrap_or_default(),
        requested: String::new(),
        status: 200,
        bytes: html.len() as u64,
        elapsed_ms: 0,
        from: FetchedFrom::Feed,
        fetched: Timestamp::now(),
        html: html.clone(),
    })
}
