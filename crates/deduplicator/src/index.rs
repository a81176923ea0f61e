//! The articles within the window and the inverted index over their fingerprints.

use crate::Config;
use crate::facts::Frequencies;
use crate::words::Word;
use jiff::Timestamp;
use std::collections::{HashMap, VecDeque};

/// What is kept of an article.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Remembered {
    /// What verdicts call it.
    pub id: Box<str>,
    /// Microseconds since 1970.
    pub seen: i64,
    /// Number of the first article of its item.
    pub cluster: u64,
    pub identity_hash: u64,
    pub title_hash: u64,
    pub text_hash: u64,
    /// Whether later articles are compared with it.
    pub is_source: bool,
    pub words: Box<[Word]>,
}

/// Articles by number, from the oldest within the window.
pub(crate) struct Index {
    config: Config,
    first: u64,
    articles: VecDeque<Remembered>,
    newest: i64,
    pub frequencies: Frequencies,
    postings: HashMap<u32, Vec<u64>>,
    identities: HashMap<u64, u64>,
    texts: HashMap<u64, u64>,
}

/// Postings of one fingerprint that are kept; what more articles share finds nothing.
const POSTINGS_MAX: usize = 24;

impl Index {
    pub fn new(config: Config) -> Self {
        Self {
            config,
            first: 0,
            articles: VecDeque::new(),
            newest: i64::MIN,
            frequencies: Frequencies::new(),
            postings: HashMap::new(),
            identities: HashMap::new(),
            texts: HashMap::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// The number that the next article will have.
    pub fn next_number(&self) -> u64 {
        self.first + self.articles.len() as u64
    }

    /// Forgets what the window has left behind.
    pub fn expire(&mut self, seen: Timestamp) {
        self.newest = self.newest.max(seen.as_microsecond());
        let window = i64::try_from(self.config.window.as_micros()).unwrap_or(i64::MAX);
        let oldest = self.newest.saturating_sub(window);
        while self.articles.len() >= self.config.documents_max.max(1)
            || self
                .articles
                .front()
                .is_some_and(|article| article.seen < oldest)
        {
            let Some(gone) = self.articles.pop_front() else {
                break;
            };
            if gone.cluster == self.first {
                self.frequencies.remove(&gone.words);
            }
            self.first += 1;
        }
    }

    pub fn add(&mut self, article: Remembered, fingerprints: &[u32]) {
        let number = self.next_number();
        self.newest = self.newest.max(article.seen);
        if article.identity_hash != 0 {
            self.identities.insert(article.identity_hash, number);
        }
        if article.cluster == number {
            self.frequencies.add(&article.words);
        }
        if article.is_source {
            self.texts.entry(article.text_hash).or_insert(number);
            let first = self.first;
            for &fingerprint in fingerprints {
                let list = self.postings.entry(fingerprint).or_default();
                list.retain(|&old| old >= first);
                if list.len() < POSTINGS_MAX {
                    list.push(number);
                }
            }
        }
        self.articles.push_back(article);
    }

    pub fn get(&self, number: u64) -> Option<&Remembered> {
        self.articles
            .get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// The newest article of this identity.
    pub fn by_identity(&self, hash: u64) -> Option<&Remembered> {
        self.get(*self.identities.get(&hash)?)
    }

    /// An article with these words.
    pub fn by_text(&self, hash: u64) -> Option<u64> {
        let number = *self.texts.get(&hash)?;
        self.get(number).map(|_| number)
    }

    /// Articles with this fingerprint.
    pub fn postings(&self, fingerprint: u32) -> &[u64] {
        let list = self
            .postings
            .get(&fingerprint)
            .map_or(&[][..], Vec::as_slice);
        let gone = list
            .iter()
            .take_while(|&&number| number < self.first)
            .count();
        &list[gone..]
    }
}
