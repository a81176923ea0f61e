//! Finds copies among news articles in order of arrival. One owner, no locks.
//!
//! Text is folded to words ([`prepare`]), a few of its shingles find candidates in an inverted
//! index, and each candidate is aligned with the text word by word. What decides is how much of
//! the new text stands in the old one, and what stands *between* the runs that both have: other
//! names and figures make a template, nothing or a few edits a copy.

mod align;
mod aside;
mod decide;
mod disk;
mod entry;
mod explain;
mod facts;
mod figures;
pub mod filter;
mod folder;
mod growing;
mod index;
mod lock;
mod log;
mod map;
mod mend;
mod sealed;
mod segment;
mod shingles;
mod sieve;
#[cfg(test)]
mod tests;
mod words;

pub use explain::{Explanation, Passage, explain};
pub use filter::Filter;

use copydesk_model::Verdict;
use entry::{Entry, Facts};
use index::Index;
use jiff::Timestamp;
use shingles::Shingles;
use std::path::{Path, PathBuf};
use std::time::Duration;
use words::{Word, Words, fold};
use xxhash_rust::xxh3::xxh3_64;

/// Settings of the judge; the defaults are the documented ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// How long an article is remembered: from its arrival, by the latest `Document::seen` so far.
    pub window: Duration,
    /// Articles remembered at the most; the oldest go first.
    pub documents_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(30 * 24 * 3600),
            documents_max: 10_000_000,
        }
    }
}

/// One article to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// What verdicts call it.
    pub id: &'a str,
    /// What makes it the same article as an earlier one, if anything: its canonical URL in
    /// `copydesk dedup`, its id in the daemon.
    pub identity: Option<&'a str>,
    /// The headline.
    pub title: Option<&'a str>,
    /// Paragraphs separated by one blank line.
    pub text: &'a str,
    /// BCP 47.
    pub language: Option<&'a str>,
    /// When it was published or first seen; what the window counts by. Never read from a clock here.
    pub seen: Timestamp,
}

/// What can be worked out of a document ahead of the judge, on any thread: words, shingles, facts.
#[derive(Debug)]
pub struct Prepared {
    words: Vec<Word>,
    /// First byte of each word in the text and the byte after it; of words of the headline, which
    /// stand before those of a very short text, 0 and 0.
    places: Vec<(u32, u32)>,
    shingles: Shingles,
    fingerprints: Vec<u32>,
    /// Of the folded text.
    text_hash: u64,
    /// Of the folded headline; 0 without one.
    title_hash: u64,
    /// Of the identity; 0 without one.
    identity_hash: u64,
}

/// A text with fewer words is told apart by its headline: "Watch the video" is no article.
const WORDS_ALONE_MIN: usize = 20;

/// Works it out; pure.
pub fn prepare(document: &Document) -> Prepared {
    let Words {
        mut words,
        mut places,
    } = fold(document.text);
    let title = document.title.map(|title| fold(title).words);
    let hash_of = |words: &[Word]| {
        let bytes: Vec<u8> = words
            .iter()
            .flat_map(|&word| words::sense(word).to_le_bytes())
            .collect();
        xxh3_64(&bytes).max(1)
    };
    let title_hash = title.as_deref().map_or(0, hash_of);
    if words.len() < WORDS_ALONE_MIN
        && let Some(title) = title
    {
        places.splice(0..0, title.iter().map(|_| (0, 0)));
        words.splice(0..0, title);
    }
    let shingles = Shingles::of(&words);
    Prepared {
        fingerprints: shingles.fingerprints(),
        shingles,
        text_hash: hash_of(&words),
        title_hash,
        identity_hash: identity_hash(document),
        words,
        places,
    }
}

fn identity_hash(document: &Document) -> u64 {
    document.identity.map_or(0, hash_of_identity)
}

fn hash_of_identity(identity: &str) -> u64 {
    xxh3_64(identity.as_bytes()).max(1)
}

/// How far the index's log had been written when a batch ended; kept in the caller's own commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Which index it is of; 0 is any.
    #[serde(default)]
    pub history: u64,
    /// Number of the log file.
    pub segment: u64,
    /// Bytes of it.
    pub length: u64,
}

/// Why an index cannot be opened or written; names the file, what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process keeps its index in this folder.
    #[error("opening {folder}: in use by process {process}; wait for it, or name another folder")]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// What its lock file says of the owner.
        process: String,
    },
    /// Reading or writing failed.
    #[error("{action} {path}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The file is damaged, cut short of the committed position, or another program's.
    #[error("reading {path}: {what}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        what: String,
    },
}

/// Judges articles and remembers them.
pub struct Judge {
    index: Index,
    scratch: decide::Scratch,
}

impl Judge {
    /// An index that ends with the process.
    pub fn in_memory(config: Config) -> Self {
        Self {
            index: Index::new(config).expect("the system has a thread to give"),
            scratch: decide::Scratch::default(),
        }
    }

    /// Opens or makes the index in `folder`, which belongs to this process alone; seeing to that is
    /// the caller's business ([`Filter::open`] does). What was logged after `position` is forgotten (its
    /// batch was never committed and will be judged again); without a position every whole entry
    /// of the log counts.
    pub fn open(folder: &Path, config: Config, position: Option<Position>) -> Result<Self, Error> {
        Ok(Self {
            index: Index::open(folder, config, position)?,
            scratch: decide::Scratch::default(),
        })
    }

    /// The same without the files that are damaged or missing. Damaged ones get `.damaged` behind
    /// their names, which are given back; what could be read of a log before its damage is kept.
    pub fn open_without_damage(
        folder: &Path,
        config: Config,
        position: Position,
    ) -> Result<(Self, Vec<PathBuf>), Error> {
        let (index, aside) = Index::open_without_damage(folder, config, position)?;
        let scratch = decide::Scratch::default();
        Ok((Self { index, scratch }, aside))
    }

    /// Judges one article against all before it, then remembers it. Deterministic in the order of
    /// calls.
    pub fn judge(&mut self, document: &Document, mut prepared: Prepared) -> Verdict {
        // A document may be prepared before it is known which article it is.
        prepared.identity_hash = identity_hash(document);
        let seen = self.index.advance(document.seen.as_microsecond());
        let decision = decide::decide(&self.index, &prepared, &mut self.scratch);
        let facts = Facts {
            seen,
            cluster: decision.cluster.unwrap_or_else(|| self.index.next_number()),
            identity_hash: prepared.identity_hash,
            title_hash: prepared.title_hash,
            text_hash: prepared.text_hash,
            is_source: decision.is_source,
        };
        let fingerprints = if decision.is_source {
            &prepared.fingerprints[..]
        } else {
            &[]
        };
        // What is no source is never compared: its words need not be kept.
        let is_novel = facts.cluster == self.index.next_number();
        let words = if decision.is_source || is_novel {
            &prepared.words[..]
        } else {
            &[]
        };
        self.index.add(&Entry {
            id: document.id,
            facts,
            words,
            fingerprints,
        });
        let mut verdict = decision.verdict;
        if let Some(of) = &mut verdict.duplicate_of {
            of.copied = explain::characters(document.text, &decision.copied);
        }
        verdict
    }

    /// Whether a text has as much in common with the newest one of an identity, or with the first of
    /// its item, as versions of one article have. Not where neither is remembered.
    pub fn resembles(&mut self, identity: &str, prepared: &Prepared) -> bool {
        decide::resembles(
            &self.index,
            hash_of_identity(identity),
            prepared,
            &mut self.scratch,
        )
    }

    /// Errs where the index could not be read or written since it was last asked. A caller that
    /// commits often need not ask: `sync` says the same.
    pub fn check(&mut self) -> Result<(), Error> {
        self.index.check()
    }

    /// Makes everything judged so far durable and says how far that is. Asking again says that the
    /// position before was committed: files that only older ones need are removed.
    pub fn sync(&mut self) -> Result<Position, Error> {
        self.index.sync()
    }

    /// Articles remembered.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
