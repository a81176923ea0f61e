//! The desk: judges what arrives, gives it its line, and commits a batch at a time.
//!
//! One thread owns the judge, the cursor and the commits, so that the order of verdicts is the
//! order of lines, and a batch lost in a crash is lost whole: its entries are still unsettled and
//! come again.

mod files;
mod naming;
mod settling;

pub use settling::document;

use crate::config::Config;
use crate::health::Health;
use crate::intake::{Flight, Intake, Ticket};
use crate::part::Part;
use crate::pulse::Beat;
use crate::recent::Recent;
use crate::summary::Summary;
use crate::traces::Trace;
use crate::work::{Arrival, Cleaned};
use crate::writing::{Done, Progress};
use anyhow::Context;
use copydesk_deduplicator::{Judge, Position};
use copydesk_model::Key;
use copydesk_sink::{Cursor, Step};
use copydesk_store::{ArticleState, Batch, Revisit, Store};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// From desk to writer.
pub enum ToWriter {
    Committed(Committed),
    Beat(Beat),
}

/// What metrics want to know of a batch when it is written.
#[derive(Debug, Default)]
pub struct Written {
    pub lines: u64,
    pub bytes: u64,
    /// When its new articles were published, where that is known.
    pub published: Vec<Timestamp>,
}

/// A committed batch on its way to the files.
pub struct Committed {
    /// With the numbers of their outbox rows.
    pub steps: Vec<(u64, Step)>,
    /// The lines themselves, for standard output.
    pub lines: Vec<String>,
    pub written: Written,
}

/// What the desk works with.
pub struct Desk {
    pub config: Arc<Config>,
    pub store: Arc<Store>,
    pub judge: Judge,
    pub cursor: Cursor,
    pub intake: Arc<Intake>,
    pub summary: Arc<Summary>,
    pub recent: Arc<Recent>,
    pub health: Arc<Health>,
    /// Feeds whose polls are committed, back to the schedule, and when to poll them next.
    pub settled: mpsc::UnboundedSender<(usize, Option<Timestamp>)>,
    pub committed: mpsc::Sender<ToWriter>,
    /// Which outbox rows are done.
    pub progress: Arc<Progress>,
    /// Of these, what the store knows.
    pub forgotten: Done,
    /// When files were last looked at for their age and size.
    pub retained: Option<Instant>,
    /// Lines go to standard output: nothing for the outbox.
    pub is_stdout: bool,
    pub batch: Open,
}

/// The batch being gathered, and what it says that the store does not know yet.
#[derive(Default)]
pub struct Open {
    batch: Batch,
    lines: [Vec<String>; 2],
    /// What becomes of them is told when they are written.
    written: Written,
    articles: HashMap<String, ArticleState>,
    names: HashMap<Key, String>,
    /// Entries taken in and not settled yet, by their first key.
    taken: HashMap<Key, Revisit>,
    flights: Vec<Flight>,
    traces: Vec<Trace>,
    tickets: Vec<Arc<Ticket>>,
}

impl Open {
    fn is_empty(&self) -> bool {
        self.flights.is_empty()
            && self.tickets.is_empty()
            && self.taken.is_empty()
            && self.batch.entries.is_empty()
            && self.batch.feeds.is_empty()
            && self.batch.revisited.is_empty()
    }
}

/// How often an idle desk looks whether a file is old enough to be closed.
const IDLE_TICK: Duration = Duration::from_secs(30);

impl Desk {
    /// Runs until every sender of `arrivals` is gone and everything is committed.
    pub async fn run(mut self, mut arrivals: mpsc::Receiver<Arrival>) -> anyhow::Result<()> {
        // When the open batch got its first arrival, or the last one was committed.
        let mut since = Instant::now();
        loop {
            let limit = match self.batch.is_empty() {
                true => IDLE_TICK,
                false => self.config.state.commit_delay,
            };
            let left = limit.saturating_sub(since.elapsed());
            let is_due = match tokio::time::timeout(left, arrivals.recv()).await {
                Ok(None) => break,
                Ok(Some(Arrival::Beat(beat))) => {
                    beat.reach(Part::Desk);
                    self.send(ToWriter::Beat(beat)).await?;
                    false
                }
                Ok(Some(arrival)) => {
                    if self.batch.is_empty() {
                        since = Instant::now();
                    }
                    self.take(arrival)?;
                    self.batch.flights.len() >= self.config.state.commit_entries_max
                        || self.batch.written.bytes >= self.config.state.commit_bytes_max
                }
                Err(_) if self.batch.is_empty() && !self.has_chores() => {
                    since = Instant::now();
                    false
                }
                Err(_) => true,
            };
            if is_due {
                self.commit().await?;
                since = Instant::now();
            }
        }
        // A commit settles flights, which may complete polls, which want a commit of their own.
        while !self.batch.is_empty() {
            self.commit().await?;
        }
        Ok(())
    }

    fn take(&mut self, arrival: Arrival) -> anyhow::Result<()> {
        match arrival {
            Arrival::Cleaned(cleaned) => {
                let Cleaned {
                    work,
                    article,
                    fetched,
                    prepared,
                } = *cleaned;
                let _entry = work.span.clone().entered();
                self.settle_article(work, article, &fetched, prepared)
            }
            Arrival::Failed(work, failure) => {
                let _entry = work.span.clone().entered();
                self.settle_failure(*work, &failure);
                Ok(())
            }
            // The loop hands it on.
            Arrival::Beat(_) => Ok(()),
            Arrival::Taken(revisit) => {
                let key = revisit.entry.keys.first().copied();
                self.batch.taken.extend(key.map(|key| (key, *revisit)));
                Ok(())
            }
            Arrival::Forgotten(keys) => {
                self.batch.batch.revisited.extend(keys.first());
                Ok(())
            }
            Arrival::Polled {
                ticket,
                seen,
                listed,
            } => {
                self.batch.batch.seen.extend(seen);
                self.batch
                    .batch
                    .entries
                    .extend(listed.into_iter().map(|(key, state)| (vec![key], state)));
                if ticket.release() {
                    self.batch.tickets.push(ticket);
                } else {
                    let remembered = self.summary.remembered(ticket.feed, ticket.unsettled());
                    let feed = (ticket.url.clone(), json(&remembered)?);
                    self.batch.batch.feeds.push(feed);
                }
                Ok(())
            }
        }
    }

    /// Makes the batch durable, hands its lines to the writer, and lets go of what it settled.
    async fn commit(&mut self) -> anyhow::Result<()> {
        let start = Instant::now();
        let mut open = std::mem::take(&mut self.batch);
        let now = Timestamp::now();
        let position: Position = self.patiently(Part::Index, |desk| Ok(desk.judge.sync()?))?;
        let mut cursor = self.cursor.clone();
        let steps = self.steps(&mut cursor, &open.lines, now);
        if self.is_stdout {
            for (stream, lines) in cursor.streams.iter_mut().zip(&open.lines) {
                stream.seq += lines.len() as u64;
            }
        }
        let done = self.progress.done();
        let batch = &mut open.batch;
        batch.articles = open.articles.into_iter().collect();
        batch.revisits.extend(open.taken.into_values());
        for ticket in &open.tickets {
            let remembered = self.summary.remembered(ticket.feed, ticket.state());
            batch.feeds.push((ticket.url.clone(), json(&remembered)?));
        }
        batch.outbox = steps.iter().map(json).collect::<anyhow::Result<_>>()?;
        batch.outbox_done = Some(done.through).filter(|&through| through > 0);
        batch.outbox_kept.clone_from(&done.closing);
        let day = self.summary.history.kept(&self.summary.metrics, now);
        batch.values = vec![
            ("cursor", json(&cursor)?),
            ("position", json(&position)?),
            ("day", json(&day)?),
        ];
        batch.counters = self.summary.take_counters();
        let last = self.patiently(Part::State, |desk| {
            Ok(desk.store.commit(&open.batch, now)?)
        })?;
        (self.cursor, self.forgotten) = (cursor, done);
        if !open.flights.is_empty() {
            self.summary.metrics.commit.took(start.elapsed());
        }
        for trace in open.traces {
            trace.stage("commit", start);
            trace.end();
        }
        self.summary.metrics.index_articles(self.judge.len());
        let committed = Committed {
            steps: (last + 1 - steps.len() as u64..).zip(steps).collect(),
            lines: if self.is_stdout {
                open.lines.into_iter().flatten().collect()
            } else {
                Vec::new()
            },
            written: open.written,
        };
        if !committed.steps.is_empty() || self.is_stdout {
            self.send(ToWriter::Committed(committed)).await?;
        }
        for ticket in open.tickets {
            // The schedule may have stopped already; the state is committed either way.
            self.summary.doing(ticket.feed, &ticket.after);
            let _ = self.settled.send((ticket.feed, ticket.after.next_poll));
        }
        for flight in open.flights {
            self.batch.tickets.extend(self.intake.settle(flight));
        }
        Ok(())
    }

    async fn send(&mut self, message: ToWriter) -> anyhow::Result<()> {
        let sent = self.committed.send(message).await;
        sent.ok().context("the writer has stopped")
    }

    /// Tries until it works or copydesk is told to stop: a full disk holds the line back.
    fn patiently<T>(
        &mut self,
        part: Part,
        mut attempt: impl FnMut(&mut Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let health = self.health.clone();
        health.patiently(part, || attempt(self))
    }
}

fn json<T: serde::Serialize>(value: &T) -> anyhow::Result<serde_json::Value> {
    serde_json::to_value(value).context("encoding state")
}
