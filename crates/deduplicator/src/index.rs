//! The articles within the window: one growing segment with its log, and sealed ones.
//!
//! A segment is sealed when it holds a sixteenth of the window, of the articles allowed or of the
//! text so far; so there are few, and expiry is the removal of a file. Sealing depends on the
//! articles alone, so that a replay after a crash does the same. The file is written beside the
//! judging; until it is whole, the segment is read in memory and its log stays.

use crate::aside::{Aside, Done, Full, Job, bit};
use crate::disk::Disk;
use crate::entry::{Entry, Facts};
use crate::facts::Frequencies;
use crate::folder::failure;
use crate::growing::Growing;
use crate::log::{Extent, Reading};
use crate::sealed::Sealed;
use crate::segment::{POSTINGS_MAX, Segment};
use crate::sieve::Sieve;
use crate::words::Word;
use crate::{Config, Error, Position};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use xxhash_rust::xxh3::xxh3_64;

pub(crate) struct Index {
    config: Config,
    /// Tells this index's files from another's.
    pub(crate) history: u64,
    pub(crate) sealed: Vec<Part>,
    /// The segment before the growing one, on its way to a file.
    pub(crate) full: Option<Arc<Full>>,
    pub(crate) growing: Growing,
    /// Number of the growing segment and of its log.
    pub(crate) number: u64,
    pub(crate) disk: Option<Disk>,
    /// Articles seen before are forgotten, microseconds.
    oldest: i64,
    pub(crate) newest: i64,
    pub frequencies: Frequencies,
    /// The same without the growing segment.
    pub(crate) frequencies_before: Frequencies,
    sieve: Arc<Sieve>,
    pub(crate) aside: Aside,
    /// Whether the full segment could not be written.
    is_stuck: bool,
    /// What went wrong since the last `sync`.
    failed: Option<Error>,
}

/// A sealed segment.
pub(crate) struct Part {
    pub number: u64,
    pub segment: Arc<Sealed>,
    sifting: Sifting,
}

/// How far the thread beside has come with a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sifting {
    Due,
    UnderWay,
    /// The sieve has all its keys, and its file is whole.
    Done,
}

/// Segments that the window, or what it holds, is divided into.
const PARTS: usize = 16;
/// Folded words below which a segment is not sealed for its size.
const BYTES_MIN: usize = 64 << 20;

impl Index {
    /// Nothing in it, and nothing on the disk.
    pub fn new(config: Config) -> std::io::Result<Self> {
        Ok(Self {
            config,
            history: unique(),
            sealed: Vec::new(),
            full: None,
            growing: Growing::default(),
            number: 0,
            disk: None,
            oldest: i64::MIN,
            newest: i64::MIN,
            frequencies: Frequencies::new(),
            frequencies_before: Frequencies::new(),
            sieve: Arc::new(Sieve::new()),
            aside: Aside::start()?,
            is_stuck: false,
            failed: None,
        })
    }

    /// Articles remembered.
    pub fn len(&self) -> usize {
        let full = self.full.as_ref().map_or(0, |full| full.growing.count());
        let sealed: usize = self.sealed.iter().map(|part| part.segment.count()).sum();
        sealed + full + self.growing.count()
    }

    /// The number that the next article will have.
    pub fn next_number(&self) -> u64 {
        self.growing.first() + self.growing.count() as u64
    }

    /// Moves the window on, seals the growing segment when it is due, and says what time it is
    /// now, which an article is remembered from. One article with a date in the future must not
    /// make all be forgotten: the time moves on by a hundredth of the window at most.
    pub fn advance(&mut self, seen: i64) -> i64 {
        while let Some(done) = self.aside.done() {
            self.take_done(done);
        }
        let window = i64::try_from(self.config.window.as_micros()).unwrap_or(i64::MAX);
        if self.newest == i64::MIN {
            self.newest = seen;
        }
        let latest = self.newest.saturating_add((window / 100).max(1));
        self.newest = self.newest.max(seen.min(latest));
        self.oldest = self.newest.saturating_sub(window);
        let spans = self.growing.oldest.is_some_and(|oldest| {
            self.newest.saturating_sub(oldest) >= (window / PARTS as i64).max(1)
        });
        let is_full = self.growing.count() >= (self.config.documents_max / PARTS).max(1);
        let full = self.full.as_ref().map_or(0, |full| full.growing.bytes());
        let sealed = self.sealed.iter().map(|part| part.segment.text_bytes());
        let bytes = full + sealed.sum::<usize>();
        let is_large = self.growing.bytes() >= BYTES_MIN.max(bytes / PARTS);
        // A full disk is tried again when the caller has heard of it, not at every article.
        let is_due = (spans || is_full || is_large) && self.growing.count() > 0;
        if is_due && self.failed.is_none() {
            self.failed = self.seal().err();
        }
        self.newest
    }

    /// Begins another segment and forgets those that the window has left. Their files, and the log
    /// of the one just filled, stay until no position that may be opened needs them.
    fn seal(&mut self) -> Result<(), Error> {
        self.settle()?;
        let allowed = self
            .config
            .documents_max
            .saturating_sub(self.config.documents_max / PARTS);
        let mut gone = 0;
        let mut held = self.len();
        while let Some(part) = self.sealed.get(gone) {
            if part.segment.newest() >= self.oldest && held <= allowed {
                break;
            }
            held -= part.segment.count();
            gone += 1;
        }
        let oldest = self
            .sealed
            .get(gone)
            .map_or(self.number, |part| part.number);
        let first = self.next_number();
        if let Some(disk) = &mut self.disk {
            disk.begin_log(self.number + 1, first, oldest, self.history)?;
        }
        self.fill(self.disk.as_ref().map(|disk| disk.segment(self.number)));
        for part in self.sealed.drain(..gone) {
            if let Some(frequencies) = part.segment.frequencies() {
                self.frequencies.remove_all(&frequencies);
                self.frequencies_before.remove_all(&frequencies);
            }
            self.aside.give(Job::Free(Box::new(part.segment)));
        }
        Ok(())
    }

    /// Hands the growing segment over to be written, and begins another. None may be under way.
    pub fn fill(&mut self, path: Option<PathBuf>) {
        let mut frequencies = self.frequencies.clone();
        frequencies.remove_all(&self.frequencies_before);
        self.frequencies_before.clone_from(&self.frequencies);
        let next = self.growing.next();
        let full = Arc::new(Full {
            number: self.number,
            growing: std::mem::replace(&mut self.growing, next),
            frequencies,
            history: self.history,
            path,
        });
        self.aside.give(Job::Seal(full.clone()));
        self.full = Some(full);
        self.number += 1;
    }

    /// Waits until no segment is on its way to a file; tries once more where that failed.
    pub fn settle(&mut self) -> Result<(), Error> {
        if self.is_stuck {
            self.retry();
        }
        while self.full.is_some() {
            let done = self.aside.wait();
            self.take_done(done);
            if self.is_stuck
                && let Some(error) = self.failed.take()
            {
                return Err(error);
            }
        }
        Ok(())
    }

    fn retry(&mut self) {
        self.is_stuck = false;
        if let Some(full) = &self.full {
            self.aside.give(Job::Seal(full.clone()));
        }
    }

    fn take_done(&mut self, done: Done) {
        match done {
            Done::Sealed(Ok(segment)) => {
                let Some(full) = self.full.take() else { return };
                if let Some(disk) = &mut self.disk {
                    disk.note_segment(full.number);
                }
                self.take(full.number, segment);
                self.sift();
                self.aside.give(Job::Free(Box::new(full)));
            }
            Done::Sealed(Err(error)) => {
                self.is_stuck = true;
                self.failed.get_or_insert(error);
            }
            Done::Sifted(number, sieve) => {
                self.sieve = sieve;
                let part = self.sealed.iter_mut().find(|part| part.number == number);
                if let Some(part) = part {
                    part.sifting = Sifting::Done;
                }
            }
        }
    }

    /// Takes a sealed segment, newer than all others.
    pub fn take(&mut self, number: u64, segment: Sealed) {
        self.sealed.push(Part {
            number,
            segment: Arc::new(segment),
            sifting: Sifting::Due,
        });
    }

    /// Has the segments checked that were taken, and their keys entered into the sieve.
    pub fn sift(&mut self) {
        let keys = self.sealed.iter().map(|part| part.segment.used()).sum();
        for at in 0..self.sealed.len() {
            let Part {
                number,
                ref segment,
                sifting,
            } = self.sealed[at];
            if sifting == Sifting::Due {
                let older = &self.sealed[..at];
                self.aside.give(Job::Sift {
                    number,
                    segment: segment.clone(),
                    keys,
                    is_bit_shared: older.iter().any(|part| bit(part.number) == bit(number)),
                });
                self.sealed[at].sifting = Sifting::UnderWay;
            }
        }
    }

    /// Takes the next article, and logs it.
    pub fn add(&mut self, entry: &Entry) {
        if let Some(disk) = &mut self.disk
            && let Err(error) = disk.log.append(entry)
        {
            self.failed.get_or_insert(error);
        }
        self.remember(entry);
    }

    /// Takes the next article.
    pub fn remember(&mut self, entry: &Entry) {
        self.newest = self.newest.max(entry.facts.seen);
        let number = self.next_number();
        count(&mut self.frequencies, entry, number);
        put(&mut self.growing, entry);
    }

    /// Takes the articles of a log, the first of which has this number, into an empty segment;
    /// gives back what `Reading::entries` does. Their words are counted on another thread, so that
    /// whoever waits for the first verdict waits half as long.
    pub fn remember_all(&mut self, reading: &Reading, extent: Extent) -> Result<u64, Error> {
        self.growing = Growing::starting_at(reading.header.first);
        self.growing.expect(reading.length());
        let frequencies = &mut self.frequencies;
        let end = std::thread::scope(|scope| {
            let counting = std::thread::Builder::new().name("count".to_owned());
            counting
                .spawn_scoped(scope, || {
                    let mut number = reading.header.first;
                    reading.entries(extent, |entry| {
                        count(frequencies, entry, number);
                        number += 1;
                    })
                })
                .map_err(failure("starting a thread for", reading.path()))?;
            reading.entries(extent, |entry| put(&mut self.growing, entry))
        })?;
        self.newest = self.newest.max(self.growing.newest.unwrap_or(i64::MIN));
        Ok(end)
    }

    /// Makes all of it durable.
    pub fn sync(&mut self) -> Result<Position, Error> {
        self.check()?;
        let Some(disk) = &mut self.disk else {
            return Ok(Position::default());
        };
        let length = disk.sync(self.number, self.full.as_ref().map(|full| full.number))?;
        Ok(Position {
            history: self.history,
            segment: self.number,
            length,
        })
    }

    /// What went wrong since the last time; what could not be written is tried again.
    pub fn check(&mut self) -> Result<(), Error> {
        while let Some(done) = self.aside.done() {
            self.take_done(done);
        }
        if self.is_stuck {
            self.retry();
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.damage().map_or(Ok(()), Err),
        }
    }

    /// What is damaged of all that was read so far.
    fn damage(&self) -> Option<Error> {
        self.sealed.iter().find_map(|part| part.segment.damage())
    }

    /// Reads all files to the end; an error where one is damaged.
    pub fn check_all(&self) -> Result<(), Error> {
        for part in &self.sealed {
            let _ = part.segment.check_blocks().all(|is_whole| is_whole);
        }
        self.damage().map_or(Ok(()), Err)
    }

    /// None where the window has left it behind.
    pub fn facts_within(&self, number: u64) -> Option<Facts> {
        self.facts(number).filter(|facts| facts.seen >= self.oldest)
    }

    pub fn facts(&self, number: u64) -> Option<Facts> {
        let (segment, place) = self.segment_of(number)?;
        segment.facts(place)
    }

    pub fn words(&self, number: u64) -> Option<&[Word]> {
        let (segment, place) = self.segment_of(number)?;
        segment.text(place)
    }

    pub fn id(&self, number: u64) -> Option<String> {
        let (segment, place) = self.segment_of(number)?;
        segment.id(place)
    }

    /// The segment of a number and the place in it.
    fn segment_of(&self, number: u64) -> Option<(&dyn Segment, usize)> {
        let segment: &dyn Segment = if number >= self.growing.first() {
            &self.growing
        } else if let Some(full) = &self.full
            && number >= full.growing.first()
        {
            &full.growing
        } else {
            let after = self
                .sealed
                .partition_point(|part| part.segment.first() <= number);
            &*self.sealed.get(after.checked_sub(1)?)?.segment
        };
        Some((segment, usize::try_from(number - segment.first()).ok()?))
    }

    /// The newest article of this identity.
    pub fn by_identity(&self, hash: u64) -> Option<u64> {
        let mut newest = None;
        self.find(identity_key(hash), |number| {
            if newest.is_none_or(|found| found < number)
                && self
                    .facts_within(number)
                    .is_some_and(|facts| facts.identity_hash == hash)
            {
                newest = Some(number);
            }
            true
        });
        newest
    }

    /// The oldest source with these words.
    pub fn by_text(&self, hash: u64) -> Option<u64> {
        let mut oldest = None;
        self.find(text_key(hash), |number| {
            if oldest.is_none_or(|found| found > number)
                && self
                    .facts_within(number)
                    .is_some_and(|facts| facts.is_source && facts.text_hash == hash)
            {
                oldest = Some(number);
            }
            true
        });
        oldest
    }

    /// Adds the articles with these fingerprints, of each from the newest segment on, and how many
    /// have it.
    pub fn postings(&self, fingerprints: &[u32], out: &mut Vec<(u64, u32)>) {
        let bits = self.fetch(fingerprints);
        for (&key, &bits) in fingerprints.iter().zip(&bits) {
            let start = out.len();
            self.find_in(key, bits, |number| {
                out.push((number, 0));
                out.len() < start + POSTINGS_MAX
            });
            let holders = (out.len() - start) as u32;
            let added = out[start..].iter_mut();
            added.for_each(|posting| posting.1 = holders);
        }
    }

    /// Fetches what `by_identity` and `by_text` look at.
    pub fn fetch_hashes(&self, identity: u64, text: u64) {
        self.fetch(&[identity_key(identity), text_key(text)]);
    }

    /// Fetches the slots of keys, and gives back each key's bits in the sieve. Every slot lies in
    /// another corner of memory: asked for all at once, they come together; waiting for one after
    /// the other is most of the work with a million articles.
    fn fetch(&self, keys: &[u32]) -> Vec<u32> {
        let bits: Vec<u32> = keys.iter().map(|&key| self.sieve.bits(key)).collect();
        let mut touched = 0;
        for (&key, &bits) in keys.iter().zip(&bits) {
            touched ^= self.growing.touch(key);
            for part in self.parts_with(bits) {
                touched ^= part.segment.touch(key);
            }
        }
        std::hint::black_box(touched);
        bits
    }

    /// The sealed segments that may hold a key with these bits in the sieve, newest first.
    fn parts_with(&self, bits: u32) -> impl Iterator<Item = &Part> {
        let parts = self.sealed.iter().rev();
        parts.filter(move |part| part.sifting != Sifting::Done || bits & bit(part.number) != 0)
    }

    fn find(&self, key: u32, take: impl FnMut(u64) -> bool) {
        self.find_in(key, self.sieve.bits(key), take);
    }

    /// Calls `take` with the articles under a key, from the newest segment on, until it says no.
    /// `bits` are the sieve's.
    fn find_in(&self, key: u32, bits: u32, mut take: impl FnMut(u64) -> bool) {
        let mut goes_on = true;
        let full = self.full.as_ref().map(|full| &full.growing);
        for segment in [Some(&self.growing), full].into_iter().flatten() {
            segment.find(key, |place| {
                goes_on = take(segment.first() + place as u64);
                goes_on
            });
            if !goes_on {
                return;
            }
        }
        for part in self.parts_with(bits) {
            part.segment.find(key, |place| {
                goes_on = take(part.segment.first() + place as u64);
                goes_on
            });
            if !goes_on {
                return;
            }
        }
    }
}

/// Counts the words of an article of this number, if it is the first of its item.
fn count(frequencies: &mut Frequencies, entry: &Entry, number: u64) {
    if entry.facts.cluster == number {
        frequencies.add(entry.words);
    }
}

/// Puts an article into the segment, under all that finds it.
fn put(growing: &mut Growing, entry: &Entry) {
    let Facts {
        identity_hash,
        text_hash,
        is_source,
        ..
    } = entry.facts;
    let identity = (identity_hash != 0).then(|| identity_key(identity_hash));
    let text = is_source.then(|| text_key(text_hash));
    let fingerprints = entry.fingerprints.iter().copied();
    growing.add(entry, identity, text.into_iter().chain(fingerprints));
}

/// Identities and texts stand in the same table as fingerprints. A chance meeting costs a look at
/// the record, which has the whole hash.
fn identity_key(hash: u64) -> u32 {
    (hash >> 32) as u32
}

fn text_key(hash: u64) -> u32 {
    !hash as u32
}

/// A number that no other index has.
fn unique() -> u64 {
    let now = std::time::SystemTime::now();
    let since = now
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let here = (
        since.as_nanos(),
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed),
    );
    xxh3_64(format!("{here:?}").as_bytes()).max(1)
}

/// Indexes made by this process.
static COUNT: AtomicU64 = AtomicU64::new(0);
