//! The desk: judges what arrives, gives it its line, and commits a batch at a time.
//!
//! One thread owns the judge, the cursor and the commits, so that the order of verdicts is the
//! order of lines, and a batch lost in a crash is lost whole: its entries are still unsettled and
//! come again.

use crate::config::Config;
use crate::health::Health;
use crate::intake::{Flight, Intake, Ticket};
use crate::pulse::{Beat, Part};
use crate::recent::{Recent, Seen};
use crate::record;
use crate::summary::{Outcome, Summary};
use crate::traces::Trace;
use crate::work::{Arrival, Cleaned, Fetched, Work, shown_url};
use crate::writing::{Done, Progress};
use anyhow::Context;
use copydesk_deduplicator::{Document, Judge, Position, Prepared};
use copydesk_model::{
    Article, ArticleId, DuplicateOf, Failure, Key, Op, Reason, Record, Stream, Verdict,
};
use copydesk_sink::{Cursor, Step, plan, retain};
use copydesk_store::{ArticleState, Batch, EntryState, Revisit, Store};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tracing::{debug, warn};

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
/// How often files are looked at for their age and size, where that is asked for.
const RETAIN_TICK: Duration = Duration::from_secs(60);

/// First wait before an entry that failed in a passing way is tried again; it doubles with each
/// further failure.
const REVISIT_FIRST: Duration = Duration::from_secs(5 * 60);
/// Tries after which a passing failure is taken for a lasting one: with the waits above about
/// five hours.
const REVISITS_MAX: u32 = 6;

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

    fn settle_article(
        &mut self,
        work: Work,
        article: Article,
        fetched: &Fetched,
        prepared: Prepared,
    ) -> anyhow::Result<()> {
        let mut names = work.entry.keys.clone();
        names.extend(article.url.as_deref().and_then(Key::of_url));
        let now = fetched.at;
        let known = self.named(&names)?;
        let before = match &known {
            Some(id) => self.article(id)?,
            None => None,
        };
        let id = known.unwrap_or_else(|| ArticleId::from_key(names[0]).to_string());
        let title = article.title.clone().or_else(|| work.entry.title.clone());
        let content = record::content_hash(title.as_deref(), &article.text);
        if let Some(before) = before.as_ref().filter(|before| before.content == content) {
            let state = ArticleState {
                settled: now,
                ..before.clone()
            };
            self.settle_entry(work, Outcome::Unchanged, names, id, state, now);
            return Ok(());
        }

        // A changed copy is judged afresh: it may be one no more.
        let was_copy = before
            .as_ref()
            .is_some_and(|before| before.duplicate_of.is_some());
        let identity = Some(id.as_str()).filter(|_| !was_copy);
        let document = Document {
            id: &id,
            identity,
            ..document(title.as_deref(), &article, &work, now)
        };
        let start = Instant::now();
        let verdict = self.judge.judge(&document, prepared);
        self.summary.metrics.judge.took(start.elapsed());
        work.trace.stage("judge", start);
        let version = before.as_ref().map_or(1, |before| before.version + 1);
        let op = op(before.as_ref(), &verdict);
        let original = match verdict.duplicate_of.filter(|_| op == Op::Duplicate) {
            Some(nearest) => Some(self.original(nearest, &id, before.as_ref())?),
            None => None,
        };
        if let Some(original) = &original {
            self.summary.metrics.duplicate(original.kind);
        }
        let duplicate_of = original.as_ref().map(|original| original.id.clone());
        let verdict = Verdict {
            op,
            duplicate_of: original,
            ..verdict
        };
        let mut record = record::record(&id, version, &work, article, fetched, verdict);
        let values = record::values(&record);
        if let (Op::Update, Some(before)) = (op, &before) {
            record.changed = record::changed(before, &values);
        }
        let state = ArticleState {
            version,
            url: record.url.clone(),
            duplicate_of: duplicate_of.clone(),
            content,
            values,
            settled: now,
        };
        self.recent.add(Seen::new(&record, fetched));
        self.write(record);
        self.settle_entry(work, Outcome::from(op), names, id, state, now);
        Ok(())
    }

    /// The article that was written, where the nearest one is itself held back: a copy of a copy
    /// is a copy of the original. A changed copy may be nearest to its own last version.
    fn original(
        &self,
        nearest: DuplicateOf,
        id: &str,
        before: Option<&ArticleState>,
    ) -> anyhow::Result<DuplicateOf> {
        let known = if nearest.id == id {
            before.cloned()
        } else {
            self.article(&nearest.id)?
        };
        let further = known.as_ref().and_then(|known| known.duplicate_of.clone());
        let (id, known) = match further {
            Some(original) => (original.clone(), self.article(&original)?),
            None => (nearest.id.clone(), known),
        };
        Ok(DuplicateOf {
            id,
            url: known.and_then(|known| known.url),
            ..nearest
        })
    }

    /// Adds the record's line to the batch, if it gets one.
    fn write(&mut self, mut record: Record) {
        let Some((stream, is_short)) =
            record::destination(record.op, self.config.output.duplicates)
        else {
            return;
        };
        if is_short {
            record.text = None;
        }
        let lines = &mut self.batch.lines[stream as usize];
        record.seq = self.cursor.streams[stream as usize].seq + lines.len() as u64 + 1;
        let mut line = serde_json::to_string(&record).expect("a record has string keys only");
        line.push('\n');
        let written = &mut self.batch.written;
        written.lines += 1;
        written.bytes += line.len() as u64;
        written
            .published
            .extend(record.published.filter(|_| record.op == Op::New));
        lines.push(line);
    }

    fn settle_entry(
        &mut self,
        work: Work,
        outcome: Outcome,
        names: Vec<Key>,
        id: String,
        state: ArticleState,
        now: Timestamp,
    ) {
        work.span.record("id", &id);
        work.trace.settled(outcome.code(), &id);
        debug!(feed = %work.feed.url, entry = shown_url(&work.entry), outcome = outcome.code(), id, "settled");
        self.summary.settled(work.subscription.number, outcome);
        for name in &names {
            self.batch.names.insert(*name, id.clone());
        }
        self.batch.articles.insert(id.clone(), state);
        let rechecks = work.before.as_ref().map_or(0, |before| before.rechecks);
        let recheck = self.config.fetch.recheck.get(rechecks as usize).copied();
        let idle_changes = work.before.as_ref().map_or(0, |before| before.idle_changes);
        let is_idle = work
            .before
            .as_ref()
            .is_some_and(|before| before.fingerprint != work.fingerprint);
        let entry = EntryState {
            article: Some(id.clone()),
            fingerprint: work.fingerprint,
            settled: now,
            failure: None,
            attempts: 0,
            rechecks: rechecks + u32::from(recheck.is_some()),
            idle_changes: if outcome == Outcome::Unchanged {
                idle_changes + u32::from(is_idle)
            } else {
                0
            },
            passed_over: false,
        };
        self.batch
            .batch
            .names
            .extend(names.into_iter().map(|name| (name, id.clone())));
        self.close_entry(work, entry, recheck, now);
    }

    fn settle_failure(&mut self, work: Work, failure: &Failure) {
        let now = Timestamp::now();
        let attempts = work.before.as_ref().map_or(0, |before| before.attempts);
        let wait = failure.retry_after.filter(|_| attempts < REVISITS_MAX);
        let wait = wait.map(|wait| wait.max(REVISIT_FIRST * 2_u32.pow(attempts)));
        if failure.reason == Reason::Panic {
            tracing::error!(feed = %work.feed.url, entry = shown_url(&work.entry), %failure, "entry failed by a bug in copydesk");
        } else {
            let (feed, entry, reason) = (
                &work.feed.url,
                shown_url(&work.entry),
                failure.reason.code(),
            );
            warn!(%feed, entry, reason, detail = failure.detail, retried = wait.is_some(), "entry failed");
        }
        work.trace.failed(failure.reason.code());
        let (feed, url) = (work.subscription.number, work.entry.url.clone());
        self.summary.failed(feed, url, failure.clone());
        let entry = EntryState {
            article: None,
            fingerprint: work.fingerprint,
            settled: now,
            failure: Some(failure.to_string()),
            attempts: attempts.saturating_add(1),
            rechecks: 0,
            idle_changes: 0,
            passed_over: false,
        };
        self.close_entry(work, entry, wait, now);
    }

    fn close_entry(
        &mut self,
        work: Work,
        state: EntryState,
        revisit: Option<Duration>,
        now: Timestamp,
    ) {
        if let Some(key) = work.entry.keys.first() {
            self.batch.taken.remove(key);
        }
        let batch = &mut self.batch.batch;
        let mut keys = work.entry.keys.clone();
        keys.push(work.listing);
        batch.entries.push((keys, state));
        match revisit {
            Some(wait) => batch.revisits.push(Revisit {
                due: now.saturating_add(wait).expect("a span of hours"),
                feed: work.feed.url,
                feed_title: work.feed.title,
                entry: work.entry,
            }),
            None => batch.revisited.extend(work.entry.keys.first()),
        }
        self.batch.flights.push(work.flight);
        self.batch.traces.push(work.trace);
    }

    /// Makes the batch durable, hands its lines to the writer, and lets go of what it settled.
    async fn commit(&mut self) -> anyhow::Result<()> {
        let start = Instant::now();
        let mut open = std::mem::take(&mut self.batch);
        let now = Timestamp::now();
        let position: Position = self.patiently("judge log", |desk| Ok(desk.judge.sync()?))?;
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
        let last = self.patiently("state", |desk| Ok(desk.store.commit(&open.batch, now)?))?;
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

    /// What is to be done to the files: the lines, and the closing and removal of files whose time
    /// has come.
    fn steps(
        &mut self,
        cursor: &mut Cursor,
        lines: &[Vec<String>; 2],
        now: Timestamp,
    ) -> Vec<Step> {
        if self.is_stdout {
            return Vec::new();
        }
        let files = &self.config.output.files;
        let plan = |stream: Stream| plan(files, cursor, stream, &lines[stream as usize], now);
        let mut steps: Vec<Step> = Stream::ALL.into_iter().flat_map(plan).collect();
        if files.keep_age_max.is_zero() && files.keep_bytes_max == 0 {
            return steps;
        }
        let is_closing = steps.iter().any(Step::is_closing);
        if is_closing
            || self
                .retained
                .is_none_or(|last| last.elapsed() > RETAIN_TICK)
        {
            self.retained = Some(Instant::now());
            match Stream::ALL.map(|stream| copydesk_sink::files(&files.directory, stream)) {
                [Ok(articles), Ok(duplicates)] => {
                    steps.extend(retain(files, cursor, &[articles, duplicates], now));
                }
                [Err(error), _] | [_, Err(error)] => warn!(%error, "output folder not read"),
            }
        }
        steps
    }

    /// Whether an idle desk has something to commit: a file to close or to remove, or rows of the
    /// outbox that are done.
    fn has_chores(&mut self) -> bool {
        let mut cursor = self.cursor.clone();
        let steps = self.steps(&mut cursor, &Default::default(), Timestamp::now());
        !steps.is_empty() || self.progress.done() != self.forgotten
    }

    /// Tries until it works or copydesk is told to stop: a full disk holds the line back.
    fn patiently<T>(
        &mut self,
        part: &'static str,
        mut attempt: impl FnMut(&mut Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let health = self.health.clone();
        health.patiently(part, || attempt(self))
    }

    fn named(&self, names: &[Key]) -> anyhow::Result<Option<String>> {
        let open = names
            .iter()
            .find_map(|name| self.batch.names.get(name))
            .cloned();
        match open {
            Some(id) => Ok(Some(id)),
            None => self
                .health
                .patiently("reading state", || Ok(self.store.named(names)?)),
        }
    }

    fn article(&self, id: &str) -> anyhow::Result<Option<ArticleState>> {
        match self.batch.articles.get(id) {
            Some(article) => Ok(Some(article.clone())),
            None => self
                .health
                .patiently("reading state", || Ok(self.store.article(id)?)),
        }
    }
}

/// What the judge is shown, less which article it is: that is known only at the desk.
pub fn document<'a>(
    title: Option<&'a str>,
    article: &'a Article,
    work: &'a Work,
    seen: Timestamp,
) -> Document<'a> {
    let language = article
        .language
        .as_deref()
        .or(work.entry.language.as_deref());
    Document {
        id: "",
        identity: None,
        title,
        text: &article.text,
        language,
        seen,
    }
}

/// The judge knows texts, the store knows what was written: a changed copy that is a copy no more
/// is new to the reader, and a known article is updated whatever it resembles now.
fn op(before: Option<&ArticleState>, verdict: &Verdict) -> Op {
    match before {
        Some(before) if before.duplicate_of.is_none() => Op::Update,
        _ if verdict.duplicate_of.is_some() => Op::Duplicate,
        _ => Op::New,
    }
}

fn json<T: serde::Serialize>(value: &T) -> anyhow::Result<serde_json::Value> {
    serde_json::to_value(value).context("encoding state")
}
