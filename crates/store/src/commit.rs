//! What a batch does to the tables, inside one transaction.

use crate::clock::Clock;
use crate::tables::{
    AGES, Aged, COMMITS, COUNTERS, Kind, META, OUTBOX, OUTBOX_LAST, REVISITS, REVISITS_DUE, VALUES,
};
use crate::{Batch, EntryState, Revisit};
use copydesk_model::Key;
use jiff::Timestamp;
use redb::{ReadableTable, Table, WriteTransaction};
use serde::Serialize;
use std::time::Duration;

/// Rows forgotten in any commit; one that writes more forgets twice as many as it writes, so that
/// the expired never pile up.
const FORGET_MIN: usize = 64;

/// Carries out the batch. Gives back the last outbox number ever given out.
pub(crate) fn apply(
    transaction: &WriteTransaction,
    batch: &Batch,
    remember: Duration,
    now: Timestamp,
) -> Result<u64, redb::Error> {
    let clock = Clock::advance(transaction, remember, now)?;
    let mut aged = AgedRows::open(transaction, clock)?;
    for (keys, state) in &batch.entries {
        let value = encode(state);
        for key in keys {
            aged.put(Kind::Entry, &key_bytes(*key), &value)?;
        }
    }
    for (id, state) in &batch.articles {
        aged.put(Kind::Article, id.as_bytes(), &encode(state))?;
    }
    for (key, id) in &batch.names {
        aged.put(Kind::Name, &key_bytes(*key), id.as_bytes())?;
    }
    for (url, state) in &batch.feeds {
        aged.put(Kind::Feed, url.as_bytes(), &encode(state))?;
    }
    for key in &batch.seen {
        aged.see_entry(*key)?;
    }
    aged.forget()?;
    drop(aged);

    revisit(transaction, batch)?;
    let mut values = transaction.open_table(VALUES)?;
    for (name, value) in &batch.values {
        values.insert(name, encode(value).as_slice())?;
    }
    let mut counters = transaction.open_table(COUNTERS)?;
    for (name, added) in &batch.counters {
        let count = counters.get(name.as_str())?.map_or(0, |row| row.value());
        counters.insert(name.as_str(), count.saturating_add(*added))?;
    }
    let mut meta = transaction.open_table(META)?;
    let commits = meta.get(COMMITS)?.map_or(0, |row| row.value());
    meta.insert(COMMITS, commits + 1)?;
    let mut last = meta.get(OUTBOX_LAST)?.map_or(0, |row| row.value());
    let mut outbox = transaction.open_table(OUTBOX)?;
    if let Some(done) = batch.outbox_done {
        outbox.retain_in(..=done, |number, _| batch.outbox_kept.contains(&number))?;
    }
    for row in &batch.outbox {
        last += 1;
        outbox.insert(last, encode(row).as_slice())?;
    }
    meta.insert(OUTBOX_LAST, last)?;
    Ok(last)
}

/// Both tables of revisits, kept in step.
fn revisit(transaction: &WriteTransaction, batch: &Batch) -> Result<(), redb::Error> {
    let mut revisits = transaction.open_table(REVISITS)?;
    let mut due = transaction.open_table(REVISITS_DUE)?;
    // Carried out first: a batch may settle a revisit and ask for the next one.
    for key in &batch.revisited {
        let gone = revisits.remove(key.0)?.and_then(|row| due_of(row.value()));
        if let Some(at) = gone {
            due.remove((at, key.0))?;
        }
    }
    for revisit in &batch.revisits {
        let Some(key) = revisit.entry.keys.first() else {
            tracing::error!(feed = revisit.feed, "revisit of an entry without a key");
            continue;
        };
        let replaced = revisits
            .insert(key.0, encode(revisit).as_slice())?
            .and_then(|row| due_of(row.value()));
        if let Some(at) = replaced {
            due.remove((at, key.0))?;
        }
        due.insert((revisit.due.as_millisecond(), key.0), ())?;
    }
    Ok(())
}

fn due_of(row: &[u8]) -> Option<i64> {
    let revisit: Revisit = serde_json::from_slice(row).ok()?;
    Some(revisit.due.as_millisecond())
}

/// The tables of aged rows and the index that says which go first.
struct AgedRows<'txn> {
    tables: [Table<'txn, &'static [u8], Aged<'static>>; 4],
    ages: Table<'txn, (u64, u8, &'static [u8]), ()>,
    clock: Clock,
    written: usize,
}

impl<'txn> AgedRows<'txn> {
    fn open(transaction: &'txn WriteTransaction, clock: Clock) -> Result<Self, redb::Error> {
        let [entry, name, article, feed] =
            Kind::ALL.map(|kind| transaction.open_table(kind.table()));
        Ok(Self {
            tables: [entry?, name?, article?, feed?],
            ages: transaction.open_table(AGES)?,
            clock,
            written: 0,
        })
    }

    fn last_seen(&self, kind: Kind, key: &[u8]) -> Result<Option<u64>, redb::Error> {
        Ok(self.tables[kind as usize]
            .get(key)?
            .map(|row| row.value().0))
    }

    /// A row is never older than it was.
    fn put(&mut self, kind: Kind, key: &[u8], value: &[u8]) -> Result<(), redb::Error> {
        let before = self.last_seen(kind, key)?;
        let seen = self.clock.seen.max(before.unwrap_or(0));
        self.put_at(kind, key, value, before, seen)
    }

    fn put_at(
        &mut self,
        kind: Kind,
        key: &[u8],
        value: &[u8],
        before: Option<u64>,
        seen: u64,
    ) -> Result<(), redb::Error> {
        self.written += 1;
        self.tables[kind as usize].insert(key, (seen, value))?;
        if before != Some(seen) {
            if let Some(before) = before {
                self.ages.remove((before, kind as u8, key))?;
            }
            self.ages.insert((seen, kind as u8, key), ())?;
        }
        Ok(())
    }

    /// Keeps a known row, with what it holds. Gives back its value where it had grown old.
    fn see(&mut self, kind: Kind, key: &[u8], seen: u64) -> Result<Option<Vec<u8>>, redb::Error> {
        let Some((before, value)) = self.tables[kind as usize].get(key)?.and_then(|row| {
            let (before, value) = row.value();
            (before < seen).then(|| (before, value.to_vec()))
        }) else {
            return Ok(None);
        };
        self.put_at(kind, key, &value, Some(before), seen)?;
        Ok(Some(value))
    }

    fn see_entry(&mut self, key: Key) -> Result<(), redb::Error> {
        let Some(value) = self.see(Kind::Entry, &key_bytes(key), self.clock.seen)? else {
            return Ok(());
        };
        let article = serde_json::from_slice::<EntryState>(&value)
            .ok()
            .and_then(|state| state.article);
        if let Some(id) = article {
            self.see(Kind::Article, id.as_bytes(), self.clock.seen)?;
        }
        Ok(())
    }

    /// Forgets a bounded number of rows, those first that were not seen for longest.
    fn forget(&mut self) -> Result<(), redb::Error> {
        let most = FORGET_MIN.max(2 * self.written);
        let mut old = Vec::new();
        for row in self
            .ages
            .range(..(self.clock.cutoff, 0, &[][..]))?
            .take(most)
        {
            let (age, _) = row?;
            let (seen, kind, key) = age.value();
            old.push((seen, kind, key.to_vec()));
        }
        for (seen, code, key) in old {
            let Some(kind) = Kind::from_code(code) else {
                self.ages.remove((seen, code, key.as_slice()))?;
                continue;
            };
            match self.article_seen(kind, &key)? {
                // A name lives as long as its article.
                Some(newer) if newer > seen => {
                    self.see(kind, &key, newer)?;
                }
                _ => {
                    self.ages.remove((seen, code, key.as_slice()))?;
                    self.tables[kind as usize].remove(key.as_slice())?;
                }
            }
        }
        Ok(())
    }

    /// When the article that a name leads to was last seen.
    fn article_seen(&self, kind: Kind, key: &[u8]) -> Result<Option<u64>, redb::Error> {
        if kind != Kind::Name {
            return Ok(None);
        }
        match self.tables[Kind::Name as usize].get(key)? {
            Some(name) => self.last_seen(Kind::Article, name.value().1),
            None => Ok(None),
        }
    }
}

pub(crate) fn key_bytes(key: Key) -> [u8; 16] {
    key.0.to_be_bytes()
}

pub(crate) fn encode(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("states have text keys and cannot fail to become JSON")
}
