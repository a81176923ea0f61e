//! What a poll takes in, and how its entries are fetched.

use crate::config::Config;
use crate::health::Health;
use crate::intake::{Intake, Offer, Ticket};
use crate::part::Part;
use crate::pulse::Beat;
use crate::roster::{Roster, Subscription};
use crate::stand_in::{self, stand_in};
use crate::summary::{Remembered, Summary};
use crate::traces::{Polled, Traces};
use crate::words;
use crate::work::{
    self, Arrival, Fetching, ToClean, Work, fingerprint, has_same_title, is_settled, listing_key,
    listing_keys, taken_of_first,
};
use anyhow::Context;
use copydesk_fetcher::{Backfill, Fetcher, FullText, FullTexts, Held, PollOutcome};
use copydesk_model::{Entry, Failure, FeedDocument, FeedOrigin, Key, Page};
use copydesk_store::{EntryState, Revisit, Store};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, debug, error, info, warn};

/// Entries that are come back to at once.
const REVISITS_MAX: usize = 256;

/// What a poll and a fetch need.
pub struct Worker {
    pub config: Arc<Config>,
    pub roster: Arc<Roster>,
    pub fetcher: Arc<Fetcher>,
    pub full_texts: Arc<FullTexts>,
    pub store: Arc<Store>,
    pub intake: Arc<Intake>,
    pub summary: Arc<Summary>,
    pub traces: Arc<Traces>,
    pub health: Arc<Health>,
    pub places: Arc<Semaphore>,
    pub to_clean: mpsc::Sender<ToClean>,
    pub to_desk: mpsc::Sender<Arrival>,
    /// Feeds whose hosts have answered.
    pub answered: mpsc::UnboundedSender<usize>,
    pub stop: CancellationToken,
}

/// What a poll tells the desk of the entries that it listed and did not take.
#[derive(Default)]
struct Noted {
    seen: Vec<Key>,
    listed: Vec<(Key, EntryState)>,
}

/// What the store knows of the feed that goes by `name`; the default where it knows nothing.
pub fn remembered(store: &Store, name: &str) -> anyhow::Result<Remembered> {
    let value = store.feed(name).context("reading state")?;
    let remembered = value.map(serde_json::from_value).transpose();
    let remembered: Option<_> = remembered.with_context(|| format!("reading state of {name}"))?;
    Ok(remembered.unwrap_or_default())
}

impl Worker {
    /// Polls one feed, takes in what is new or changed, and fetches it.
    pub async fn poll(
        self: Arc<Self>,
        subscription: Arc<Subscription>,
        due: Timestamp,
        permit: OwnedSemaphorePermit,
    ) -> anyhow::Result<()> {
        let (feed, name) = (subscription.number, subscription.name.as_str());
        let before = || remembered(&self.store, name);
        let before = self
            .health
            .patiently_async(Part::StateReading, before)
            .await?
            .state;
        let late = Timestamp::now().duration_since(due);
        let late_ms = i64::try_from(late.as_millis()).unwrap_or(i64::MAX);
        let start = Instant::now();
        let poll = tokio::select! {
            () = self.stop.cancelled() => return Ok(()),
            poll = self.fetcher.poll(&subscription.feed, &before) => poll,
        };
        let polled = (start, Instant::now());
        self.summary.metrics.poll.took(start.elapsed());
        // The schedule may have stopped already, and asks no more.
        let _ = self.answered.send(feed);
        let ticket = Ticket::new(feed, name.to_owned(), before, poll.state);
        let mut fetches = JoinSet::new();
        let mut noted = Noted::default();
        match poll.outcome {
            PollOutcome::NotModified => {
                info!(feed = name, late_ms, "not modified");
                self.summary
                    .polled(feed, "not_modified", "not modified".into());
            }
            PollOutcome::Failed(failure) => {
                warn!(
                    feed = name,
                    reason = failure.reason.code(),
                    detail = failure.detail,
                    late_ms,
                    "poll failed"
                );
                self.summary.polled(feed, "failed", failure.to_string());
            }
            PollOutcome::Document(mut document) => {
                let entries = std::mem::take(&mut document.entries);
                let now = Timestamp::now();
                let backfill = match ticket.before.last_success {
                    Some(_) => Backfill::All,
                    None => (subscription.feed.backfill).unwrap_or(self.config.fetch.backfill),
                };
                let takes = taken_of_first(&entries, backfill, now);
                let passed_over = takes.iter().filter(|is_taken| !**is_taken).count();
                info!(
                    feed = name,
                    entries = entries.len(),
                    passed_over,
                    repaired = document.repaired.join(", "),
                    late_ms,
                    "polled"
                );
                let repaired = if document.repaired.is_empty() {
                    ""
                } else {
                    ", repaired"
                };
                let said = words::some(entries.len() as u64, "entries") + repaired;
                self.summary.polled(feed, "document", said);
                // The last listed first: it is the next to fall out of the feed, and where stops come
                // often the first would be taken in anew each time and the others never. An original
                // is judged before its copies too.
                for (entry, is_taken) in entries.into_iter().zip(takes).rev() {
                    let entry = named(entry, name);
                    noted.seen.extend(&entry.keys);
                    if !is_taken {
                        let state = work::passed_over(&entry, now);
                        let listings = listing_keys(name, &entry.keys).into_iter();
                        noted
                            .listed
                            .extend(listings.map(|key| (key, state.clone())));
                        continue;
                    }
                    let taken = tokio::select! {
                        () = self.stop.cancelled() => None,
                        taken = self.take_in(&subscription, entry, &document, &ticket, &mut noted, polled) => Some(taken?),
                    };
                    // Stopped in the middle: the ticket is never released, so the poll stays unsettled.
                    let Some(taken) = taken else { return Ok(()) };
                    if let Some(mut work) = taken {
                        work.held.push(poll.held.clone());
                        let revisit = Revisit {
                            due: now,
                            feed: work.feed.url.clone(),
                            feed_title: work.feed.title.clone(),
                            entry: work.entry.clone(),
                        };
                        self.send(Arrival::Taken(Box::new(revisit))).await;
                        let span = work.span.clone();
                        fetches.spawn(self.clone().fetch(work).instrument(span));
                    }
                }
            }
        }
        self.send(Arrival::Polled {
            ticket,
            seen: noted.seen,
            listed: noted.listed,
        })
        .await;
        drop((permit, poll.held));
        while let Some(fetched) = fetches.join_next().await {
            fetched?;
        }
        Ok(())
    }

    /// Some where the entry is this poll's to fetch.
    async fn take_in(
        &self,
        subscription: &Arc<Subscription>,
        mut entry: Entry,
        document: &FeedDocument,
        ticket: &Arc<Ticket>,
        noted: &mut Noted,
        polled: Polled,
    ) -> anyhow::Result<Option<Work>> {
        let name = subscription.name.as_str();
        if entry.language.is_none() {
            entry.language.clone_from(&document.language);
        }
        let fingerprint = fingerprint(&entry);
        let (guid, address) = entry.guid_and_address_keys();
        let listings = listing_keys(name, address);
        let listing = listings[0];
        let place = self.places.clone().acquire_owned().await?;
        let (mut before, mut elsewhere, mut is_guid_used) = (None, None, false);
        let mut offer = || {
            self.intake.offer(
                &entry,
                host(entry.url.as_deref().unwrap_or_default()),
                Some(ticket),
                || {
                    before = self.store.entry(&listings)?;
                    if let Some(before) = &before {
                        return Ok(is_settled(before, fingerprint, Timestamp::now()));
                    }
                    elsewhere = self.store.entry(address)?;
                    if elsewhere.is_some() || guid.is_empty() {
                        return Ok(elsewhere.is_some());
                    }
                    // Only its guid is known: the same story at another address, or another one
                    // in its place.
                    let places = [listing_keys(name, guid), guid.to_vec()].concat();
                    let known = self.store.entry(&places)?;
                    is_guid_used = known.is_some();
                    before = known.filter(|known| has_same_title(known.fingerprint, fingerprint));
                    Ok(before
                        .as_ref()
                        .is_some_and(|before| is_settled(before, fingerprint, Timestamp::now())))
                },
            )
        };
        let offer = self
            .health
            .patiently_async(Part::StateReading, &mut offer)
            .await?;
        if let Some(state) = elsewhere {
            let state = EntryState {
                fingerprint,
                ..state
            };
            noted.listed.push((listing, state));
        }
        if before.as_ref().is_some_and(|before| before.passed_over) {
            // Known by these alone.
            noted.seen.extend(listing_keys(name, &entry.keys));
        }
        let Offer::Taken(flight) = offer else {
            return Ok(None);
        };
        if is_guid_used {
            // Its address names it first.
            let guids = guid.len();
            entry.keys.rotate_left(guids);
        }
        self.summary.taken(subscription.number);
        let origin = FeedOrigin {
            url: name.to_owned(),
            title: document.title.clone(),
            guid: entry.guid.clone(),
            tags: subscription.feed.tags.clone(),
            repaired: document.repaired.clone(),
        };
        Ok(Some(Work {
            flight,
            span: work::span(name, &entry),
            trace: self.traces.entry(name, &entry, Some(polled)),
            entry,
            feed: origin,
            fingerprint,
            listing,
            subscription: subscription.clone(),
            before,
            place,
            held: Vec::new(),
        }))
    }

    /// Comes back to entries whose time has come: after a passing failure, to look for corrections,
    /// or because an earlier life of copydesk took them in and did not settle them.
    pub async fn revisit(self: Arc<Self>) -> anyhow::Result<()> {
        // Those in flight are among the due, and are passed by.
        let most = REVISITS_MAX + self.intake.len();
        let due = || Ok(self.store.revisits_due(Timestamp::now(), most)?);
        let due = self.health.patiently_async(Part::StateReading, due).await?;
        let mut fetches = JoinSet::new();
        for revisit in due {
            let Revisit {
                due,
                feed,
                feed_title,
                entry,
            } = revisit;
            let Some(&key) = entry.keys.first() else {
                continue;
            };
            // A feed that is no longer configured is no longer followed.
            let Some(subscription) = self.roster.named(&feed) else {
                self.send(Arrival::Forgotten(entry.keys)).await;
                continue;
            };
            let Ok(place) = self.places.clone().try_acquire_owned() else {
                break;
            };
            let mut before = None;
            let mut offer = || {
                self.intake.offer(
                    &entry,
                    host(entry.url.as_deref().unwrap_or_default()),
                    None,
                    || {
                        // What was in flight a moment ago may be settled now.
                        before = self.store.entry(entry.guid_and_address_keys().1)?;
                        let revisit = self.store.revisit(key)?;
                        Ok(revisit.is_none_or(|revisit| revisit.due != due))
                    },
                )
            };
            let offer = self
                .health
                .patiently_async(Part::StateReading, &mut offer)
                .await?;
            let Offer::Taken(flight) = offer else {
                continue;
            };
            self.summary.taken(subscription.number);
            let work = Work {
                flight,
                span: work::span(&feed, &entry),
                trace: self.traces.entry(&feed, &entry, None),
                listing: listing_key(&feed, &entry),
                feed: FeedOrigin {
                    url: feed,
                    title: feed_title,
                    guid: entry.guid.clone(),
                    tags: subscription.feed.tags.clone(),
                    repaired: Vec::new(),
                },
                fingerprint: fingerprint(&entry),
                subscription,
                before,
                entry,
                place,
                held: Vec::new(),
            };
            let span = work.span.clone();
            fetches.spawn(self.clone().fetch(work).instrument(span));
        }
        while let Some(fetched) = fetches.join_next().await {
            fetched?;
        }
        Ok(())
    }

    /// Ends with the page at the cleaner or the failure on the desk; when stopped before the page
    /// is there, with neither: the entry stays unsettled.
    async fn fetch(self: Arc<Self>, mut work: Work) {
        let feed = &work.subscription.feed;
        let takes_entry = match feed.full_text {
            FullText::Feed => true,
            FullText::Page => false,
            FullText::Auto => self.full_texts.stands_in(&work.feed.url, &work.entry),
        };
        let page = match work.entry.url.as_ref().filter(|_| !takes_entry) {
            Some(url) => tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                page = self.page(&work, url) => page.map(|(page, held)| {
                    work.held.push(held);
                    page
                }),
            },
            None => stand_in::page_of(&work.entry),
        };
        let page = page.or_else(|failure| stand_in(&work, &failure).ok_or(failure));
        match page {
            Ok(page) => {
                let fetching = ToClean::Page(Box::new(Fetching { work, page }));
                if self.to_clean.send(fetching).await.is_err() {
                    error!("the cleaner has stopped");
                }
            }
            Err(failure) => self.send(Arrival::Failed(Box::new(work), failure)).await,
        }
    }

    async fn page(&self, work: &Work, url: &str) -> Result<(Page, Held), Failure> {
        let start = Instant::now();
        let page = self.fetcher.page_of(&work.subscription.feed, url).await;
        let bytes = page.as_ref().ok().map(|(page, _)| page.bytes);
        let metrics = &self.summary.metrics;
        metrics.fetched(host(url), bytes, start.elapsed());
        work.trace.stage("fetch", start);
        debug!(bytes, elapsed_ms = start.elapsed().as_millis(), "fetched");
        page
    }

    /// Sends the beat on its way through the stages.
    pub async fn send_beat(self: Arc<Self>, beat: Beat) -> anyhow::Result<()> {
        tokio::select! {
            () = self.stop.cancelled() => {}
            _ = self.to_clean.send(ToClean::Beat(beat)) => {}
        }
        Ok(())
    }

    async fn send(&self, arrival: Arrival) {
        if self.to_desk.send(arrival).await.is_err() {
            error!("the desk has stopped");
        }
    }
}

/// The entry with a name: where nothing names it, what it says does.
fn named(mut entry: Entry, feed: &str) -> Entry {
    if entry.keys.is_empty() {
        let said = entry.title.as_deref().or(entry.summary.as_deref());
        entry
            .keys
            .push(Key::of_content(feed, said.unwrap_or_default()));
    }
    entry
}

fn host(url: &str) -> &str {
    url.split_once("://").map_or("", |(_, rest)| {
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    })
}
