//! The latest articles with their texts, for people who ask what became of one: a bounded number of
//! bytes in memory. Older ones are in the output files.

use crate::work::Fetched;
use copydesk_model::{Kind, Op, Record};
use jiff::Timestamp;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

/// One article as it was settled.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Counts from 1 since the start.
    pub number: u64,
    pub at: Timestamp,
    pub op: Op,
    pub id: String,
    pub version: u32,
    pub title: String,
    pub url: Option<String>,
    pub source: String,
    pub feed: String,
    pub agency: Option<String>,
    pub published: Option<Timestamp>,
    pub changed: Vec<String>,
    pub text: String,
    /// Where it is held back: as what, and which share of it stands in the earlier one.
    pub kind: Option<(Kind, f32)>,
    /// The articles that it copies, the one that it is held back for first: id and share. None
    /// where it copies that by way of the next: the share is of that one.
    pub originals: Vec<(String, Option<f32>)>,
}

impl Seen {
    /// `record` before its text is taken out of a short line.
    pub fn new(record: &Record, fetched: &Fetched) -> Self {
        let of = record.duplicate_of.as_ref();
        let copies = record.copies_of.iter();
        let copies: Vec<_> = copies
            .map(|copy| (copy.id.clone(), Some(copy.overlap)))
            .collect();
        let is_first = |(id, _): &(String, Option<f32>)| of.is_some_and(|of| of.id == *id);
        let indirect = of.filter(|_| !copies.iter().any(is_first));
        let indirect = indirect.map(|of| (of.id.clone(), None));
        let (first, others): (Vec<_>, Vec<_>) = copies.into_iter().partition(is_first);
        Self {
            number: 0,
            at: fetched.at,
            op: record.op,
            id: record.id.clone(),
            version: record.version,
            title: record.title.clone().unwrap_or_default(),
            url: record.url.clone(),
            source: record.source.clone(),
            feed: record.feed.url.clone(),
            agency: record.agency.clone(),
            published: record.published,
            changed: record.changed.clone(),
            text: record.text.clone().unwrap_or_default(),
            kind: of.map(|of| (of.kind, of.overlap)),
            originals: indirect.into_iter().chain(first).chain(others).collect(),
        }
    }

    /// What it costs, about.
    fn bytes(&self) -> u64 {
        (self.text.len() + self.title.len() + 64 * self.originals.len() + 512) as u64
    }
}

/// Shared by the desk, which adds, and the page, which looks.
#[derive(Debug)]
pub struct Recent {
    bytes_max: u64,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    articles: VecDeque<Arc<Seen>>,
    bytes: u64,
    last: u64,
    /// The latest version of each article.
    by_id: HashMap<String, u64>,
}

impl Recent {
    pub fn new(bytes_max: u64) -> Self {
        Self {
            bytes_max,
            inner: Mutex::default(),
        }
    }

    pub fn add(&self, mut seen: Seen) {
        let mut inner = self.lock();
        inner.last += 1;
        seen.number = inner.last;
        inner.bytes += seen.bytes();
        inner.by_id.insert(seen.id.clone(), seen.number);
        inner.articles.push_back(Arc::new(seen));
        while inner.bytes > self.bytes_max {
            let Some(oldest) = inner.articles.pop_front() else {
                break;
            };
            inner.bytes -= oldest.bytes();
            if inner.by_id.get(&oldest.id) == Some(&oldest.number) {
                inner.by_id.remove(&oldest.id);
            }
        }
    }

    /// The latest first, at most so many of those that are wanted.
    pub fn latest(&self, most: usize, is_wanted: impl Fn(&Seen) -> bool) -> Vec<Arc<Seen>> {
        let inner = self.lock();
        let articles = inner.articles.iter().rev();
        articles
            .filter(|seen| is_wanted(seen))
            .take(most)
            .cloned()
            .collect()
    }

    /// None where it is older than what is kept.
    pub fn numbered(&self, number: u64) -> Option<Arc<Seen>> {
        let inner = self.lock();
        let first = inner.articles.front()?.number;
        let place = usize::try_from(number.checked_sub(first)?).ok()?;
        inner.articles.get(place).cloned()
    }

    /// The latest version of the article with this id.
    pub fn with_id(&self, id: &str) -> Option<Arc<Seen>> {
        let number = *self.lock().by_id.get(id)?;
        self.numbered(number)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no holder of this lock panics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(id: &str, text: usize) -> Seen {
        Seen {
            number: 0,
            at: Timestamp::UNIX_EPOCH,
            op: Op::New,
            id: id.into(),
            version: 1,
            title: String::new(),
            url: None,
            source: String::new(),
            feed: String::new(),
            agency: None,
            published: None,
            changed: Vec::new(),
            text: "x".repeat(text),
            kind: None,
            originals: Vec::new(),
        }
    }

    #[test]
    fn keeps_the_latest_within_its_bytes() {
        let recent = Recent::new(5000);
        for (id, text) in [("a", 1000), ("b", 1000), ("a", 1000), ("c", 1000)] {
            recent.add(seen(id, text));
        }
        assert!(recent.numbered(1).is_none());
        assert_eq!(recent.with_id("a").map(|seen| seen.number), Some(3));
        let latest = recent.latest(2, |_| true);
        assert_eq!(
            latest.iter().map(|seen| seen.number).collect::<Vec<_>>(),
            [4, 3]
        );
        recent.add(seen("d", 9000));
        assert!(recent.latest(9, |_| true).is_empty());
        assert!(recent.with_id("c").is_none());
    }
}
