//! What becomes of one entry: its verdict, its line, its state.

use super::Desk;
use crate::part::Part;
use crate::recent::Seen;
use crate::record;
use crate::summary::Outcome;
use crate::work::{Fetched, Work, shown_url};
use copydesk_deduplicator::{Document, Prepared};
use copydesk_model::{Article, ArticleId, DuplicateOf, Failure, Key, Op, Reason, Record, Verdict};
use copydesk_store::{ArticleState, EntryState, Revisit};
use jiff::Timestamp;
use std::time::{Duration, Instant};
use tracing::{debug, warn};

/// First wait before an entry that failed in a passing way is tried again; it doubles with each
/// further failure.
const REVISIT_FIRST: Duration = Duration::from_secs(5 * 60);

impl Desk {
    pub(super) fn settle_article(
        &mut self,
        work: Work,
        mut article: Article,
        fetched: &Fetched,
        prepared: Prepared,
    ) -> anyhow::Result<()> {
        let now = fetched.at;
        let title = article.title.clone().or_else(|| work.entry.title.clone());
        let content = record::content_hash(title.as_deref(), &article.text);
        let (known, names) =
            self.identify(&work.entry, &mut article, fetched, content, &prepared)?;
        let before = match &known {
            Some(id) => self.article(id)?,
            None => None,
        };
        let id = known.unwrap_or_else(|| ArticleId::from_key(names[0]).to_string());
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
        let (original, known) = original.unzip();
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
        let hint = known
            .flatten()
            .and_then(|known| record::source_hint(&record, &known));
        if let Some(of) = &mut record.duplicate_of {
            of.source_hint = hint;
        }
        let values = record::values(&record);
        if let (Op::Update, Some(before)) = (op, &before) {
            record.changed = record::changed(before, &values);
        }
        let state = ArticleState {
            version,
            url: record.url.clone(),
            duplicate_of: duplicate_of.clone(),
            published: match &before {
                Some(before) => before.published,
                None => record::published_surely(&record),
            },
            content,
            values,
            settled: now,
        };
        self.recent.add(Seen::new(&record, fetched));
        self.write(record);
        self.settle_entry(work, Outcome::from(op), names, id, state, now);
        Ok(())
    }

    /// The article that was written and what is known of it, where the nearest one is itself held
    /// back: a copy of a copy is a copy of the original. A changed copy may be nearest to its own
    /// last version.
    fn original(
        &self,
        nearest: DuplicateOf,
        id: &str,
        before: Option<&ArticleState>,
    ) -> anyhow::Result<(DuplicateOf, Option<ArticleState>)> {
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
        let original = DuplicateOf {
            id,
            url: known.as_ref().and_then(|known| known.url.clone()),
            ..nearest
        };
        Ok((original, known))
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

    pub(super) fn settle_failure(&mut self, work: Work, failure: &Failure) {
        let now = Timestamp::now();
        let attempts = work.attempts();
        let wait = failure.retry_after.filter(|_| !work.is_last_try());
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

    pub(super) fn named(&self, names: &[Key]) -> anyhow::Result<Option<String>> {
        let open = names
            .iter()
            .find_map(|name| self.batch.names.get(name))
            .cloned();
        match open {
            Some(id) => Ok(Some(id)),
            None => self
                .health
                .patiently(Part::StateReading, || Ok(self.store.named(names)?)),
        }
    }

    pub(super) fn article(&self, id: &str) -> anyhow::Result<Option<ArticleState>> {
        match self.batch.articles.get(id) {
            Some(article) => Ok(Some(article.clone())),
            None => self
                .health
                .patiently(Part::StateReading, || Ok(self.store.article(id)?)),
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
