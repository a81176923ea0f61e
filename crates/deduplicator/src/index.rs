//! The articles within the window: one growing segment with its log, and sealed ones.
//!
//! A segment is sealed when it holds a sixteenth of the window, of the articles allowed or of the
//! text so far; so there are few, and expiry is the removal of a file. Sealing depends on the
//! articles alone, so that a replay after a crash does the same.

use crate::entry::{Entry, Facts};
use crate::facts::Frequencies;
use crate::log::{ADVICE, Log};
use crate::segment::{Growing, POSTINGS_MAX, Sealed, Segment};
use crate::words::Word;
use crate::{Config, Error, Position};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) struct Index {
    config: Config,
    sealed: Vec<Sealed>,
    growing: Growing,
    /// Number of the growing segment and of its log.
    number: u64,
    log: Option<Log>,
    /// For each log that a position may still name: its number and that of the oldest segment in
    /// use with it.
    kept: Vec<(u64, u64)>,
    /// The log that the last `sync` named.
    synced: u64,
    /// Articles seen before are forgotten, microseconds.
    oldest: i64,
    newest: i64,
    pub frequencies: Frequencies,
    /// What went wrong since the last `sync`.
    failed: Option<Error>,
}

/// Segments that the window, or what it holds, is divided into.
const PARTS: usize = 16;
/// Folded words below which a segment is not sealed for its size.
const BYTES_MIN: usize = 64 << 20;

impl Index {
    pub fn in_memory(config: Config) -> Self {
        Self {
            config,
            sealed: Vec::new(),
            growing: Growing::default(),
            number: 0,
            log: None,
            kept: vec![(0, 0)],
            synced: 0,
            oldest: i64::MIN,
            newest: i64::MIN,
            frequencies: Frequencies::new(),
            failed: None,
        }
    }

    /// Opens what is in the folder up to `position`.
    pub fn open(folder: &Path, config: Config, position: Option<Position>) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(failure("making", folder))?;
        let mut index = Self::in_memory(config);
        let (segments, logs) = numbers(folder)?;
        let next = segments.last().map_or(0, |last| last + 1);
        index.number = match position {
            // Nothing was ever committed.
            Some(position) if position.length == 0 => logs.first().copied().unwrap_or(0),
            Some(position) => position.segment,
            None => next,
        };
        if !logs.contains(&index.number)
            && (position.is_some_and(|position| position.length > 0) || index.number != next)
        {
            let what = format!("it is missing, but was committed; {ADVICE}");
            return Err(Error::Damaged {
                path: log_path(folder, index.number),
                what,
            });
        }
        // What was sealed or begun after the position belongs to batches never committed.
        for &number in segments.iter().filter(|&&number| number >= index.number) {
            remove(&segment_path(folder, number))?;
        }
        for &number in logs.iter().filter(|&&number| number > index.number) {
            remove(&log_path(folder, number))?;
        }
        let mut oldest_number = u64::MAX;
        for &number in segments
            .iter()
            .rev()
            .filter(|&&number| number < index.number)
        {
            if oldest_number == u64::MAX {
                let last = Sealed::open(&segment_path(folder, number))?;
                oldest_number = last.oldest_number();
                index.frequencies = last.frequencies().ok_or_else(|| {
                    last.damage().unwrap_or_else(|| Error::Damaged {
                        path: last.path().to_owned(),
                        what: format!("its frequencies make no sense; {ADVICE}"),
                    })
                })?;
                index.sealed.push(last);
            } else if number >= oldest_number {
                index
                    .sealed
                    .push(Sealed::open(&segment_path(folder, number))?);
            }
        }
        index.sealed.reverse();
        for &number in logs.iter().filter(|&&number| number < index.number) {
            remove(&log_path(folder, number))?;
        }
        for &number in segments
            .iter()
            .filter(|&&number| number < index.number && number < oldest_number)
        {
            remove(&segment_path(folder, number))?;
        }
        index.kept = vec![(
            index.number,
            if oldest_number == u64::MAX {
                0
            } else {
                oldest_number
            },
        )];
        index.synced = index.number;
        index.check_order(folder, oldest_number)?;
        for segment in &index.sealed {
            index.newest = index.newest.max(segment.newest());
            index.growing.first = segment.first() + segment.count() as u64;
        }
        let committed = position.map(|position| position.length);
        let log = Log::open(log_path(folder, index.number), committed, |entry| {
            index.remember(&entry.borrow())
        })?;
        index.log = Some(log);
        Ok(index)
    }

    /// Segments follow each other without a gap.
    fn check_order(&self, folder: &Path, oldest_number: u64) -> Result<(), Error> {
        let expected = if oldest_number == u64::MAX {
            0
        } else {
            self.number - oldest_number
        };
        let follow = self
            .sealed
            .windows(2)
            .all(|pair| pair[0].first() + pair[0].count() as u64 == pair[1].first());
        if self.sealed.len() as u64 == expected && follow {
            return Ok(());
        }
        let what = format!("segments are missing or of different histories; {ADVICE}");
        Err(Error::Damaged {
            path: folder.to_owned(),
            what,
        })
    }

    pub fn len(&self) -> usize {
        self.sealed.iter().map(Segment::count).sum::<usize>() + self.growing.count()
    }

    /// The number that the next article will have.
    pub fn next_number(&self) -> u64 {
        self.growing.first + self.growing.count() as u64
    }

    /// Moves the window on, seals the growing segment when it is due, and says what time it is
    /// now, which an article is remembered from. One article with a date in the future must not
    /// make all be forgotten: the time moves on by a hundredth of the window at most.
    pub fn advance(&mut self, seen: i64) -> i64 {
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
        let bytes: usize = self.sealed.iter().map(Sealed::text_bytes).sum();
        let is_large = self.growing.bytes() >= BYTES_MIN.max(bytes / PARTS);
        // A full disk is tried again when the caller has heard of it, not at every article.
        let is_due = (spans || is_full || is_large) && self.growing.count() > 0;
        if is_due && self.failed.is_none() {
            self.failed = self.seal().err();
        }
        self.newest
    }

    /// Puts the growing segment into a file and begins another. Its log and the segments that the
    /// window has left stay until no position that may be opened needs them.
    fn seal(&mut self) -> Result<(), Error> {
        let allowed = self
            .config
            .documents_max
            .saturating_sub(self.config.documents_max / PARTS);
        let mut gone = 0;
        let mut held = self.len();
        while let Some(segment) = self.sealed.get(gone) {
            if segment.newest() >= self.oldest && held <= allowed {
                break;
            }
            held -= segment.count();
            gone += 1;
        }
        let before = self.number - self.sealed.len() as u64;
        for segment in &self.sealed[..gone] {
            self.frequencies.remove_segment(segment);
        }
        self.sealed.drain(..gone);
        let oldest_number = before + gone as u64;
        let sealed = match &mut self.log {
            Some(log) => {
                log.sync()?;
                let folder = log.folder().to_owned();
                let path = segment_path(&folder, self.number);
                let temporary = path.with_extension("tmp");
                self.growing
                    .write(&temporary, &self.frequencies, oldest_number)
                    .and_then(|()| fs::rename(&temporary, &path))
                    .and_then(|()| fs::File::open(&folder)?.sync_all())
                    .map_err(failure("writing", &path))?;
                let next = log_path(&folder, self.number + 1);
                remove(&next)?;
                *log = Log::open(next, None, |_| ())?;
                Sealed::open(&path)?
            }
            None => {
                // Nobody else will read it: unlinked as soon as it is mapped.
                let name = format!("copydesk-{}-{}.segment", std::process::id(), self.number);
                let path = std::env::temp_dir().join(name);
                self.growing
                    .write(&path, &self.frequencies, oldest_number)
                    .map_err(failure("writing", &path))?;
                let sealed = Sealed::open(&path);
                remove(&path)?;
                sealed?
            }
        };
        self.growing = Growing::default();
        self.growing.first = sealed.first() + sealed.count() as u64;
        self.sealed.push(sealed);
        self.number += 1;
        self.kept.push((self.number, oldest_number));
        Ok(())
    }

    /// Takes the next article, and logs it.
    pub fn add(&mut self, entry: &Entry) {
        if let Some(log) = &mut self.log
            && let Err(error) = log.append(entry)
        {
            self.failed.get_or_insert(error);
        }
        self.remember(entry);
    }

    fn remember(&mut self, entry: &Entry) {
        self.newest = self.newest.max(entry.facts.seen);
        if entry.facts.cluster == self.next_number() {
            self.frequencies.add(entry.words);
        }
        let identity =
            (entry.facts.identity_hash != 0).then(|| identity_key(entry.facts.identity_hash));
        let text = entry
            .facts
            .is_source
            .then(|| text_key(entry.facts.text_hash));
        self.growing.add(
            entry,
            identity
                .into_iter()
                .chain(text)
                .chain(entry.fingerprints.iter().copied()),
        );
    }

    /// Makes all of it durable.
    pub fn sync(&mut self) -> Result<Position, Error> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if let Some(error) = self.sealed.iter().find_map(Sealed::damage) {
            return Err(error);
        }
        let Some(log) = &mut self.log else {
            return Ok(Position::default());
        };
        let length = log.sync()?;
        let folder = log.folder().to_owned();
        // Whoever asks for the next position has committed the last one.
        self.clean(&folder, self.synced)?;
        self.synced = self.number;
        Ok(Position {
            segment: self.number,
            length,
        })
    }

    /// Removes the files that no position from `log` on needs.
    fn clean(&mut self, folder: &Path, log: u64) -> Result<(), Error> {
        while let [(old_log, old_segment), (next_log, next_segment), ..] = self.kept[..]
            && next_log <= log
        {
            remove(&log_path(folder, old_log))?;
            for number in old_segment..next_segment {
                remove(&segment_path(folder, number))?;
            }
            self.kept.remove(0);
        }
        Ok(())
    }

    /// None where the window has left it behind.
    pub fn facts_within(&self, number: u64) -> Option<Facts> {
        self.facts(number).filter(|facts| facts.seen >= self.oldest)
    }

    pub fn facts(&self, number: u64) -> Option<Facts> {
        match self.segment_of(number)? {
            (Some(segment), index) => segment.facts(index),
            (None, index) => self.growing.facts(index),
        }
    }

    pub fn words(&self, number: u64) -> Option<&[Word]> {
        match self.segment_of(number)? {
            (Some(segment), index) => segment.text(index),
            (None, index) => self.growing.text(index),
        }
    }

    pub fn id(&self, number: u64) -> Option<String> {
        match self.segment_of(number)? {
            (Some(segment), index) => segment.id(index),
            (None, index) => self.growing.id(index),
        }
    }

    /// The sealed segment of a number, or none for the growing one, and the place in it.
    fn segment_of(&self, number: u64) -> Option<(Option<&Sealed>, usize)> {
        if number >= self.growing.first {
            return Some((None, (number - self.growing.first) as usize));
        }
        let after = self
            .sealed
            .partition_point(|segment| segment.first() <= number);
        let segment = self.sealed.get(after.checked_sub(1)?)?;
        Some((Some(segment), (number - segment.first()) as usize))
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

    /// Adds the articles with this fingerprint, from the newest segment on.
    pub fn postings(&self, fingerprint: u32, out: &mut Vec<u64>) {
        let most = out.len() + POSTINGS_MAX;
        self.find(fingerprint, |number| {
            out.push(number);
            out.len() < most
        });
    }

    /// Calls `take` with the articles under a key, from the newest segment on.
    fn find(&self, key: u32, mut take: impl FnMut(u64) -> bool) {
        let mut goes_on = true;
        self.growing.find(key, |index| {
            goes_on = take(self.growing.first + index as u64);
            goes_on
        });
        for segment in self.sealed.iter().rev() {
            if !goes_on {
                return;
            }
            segment.find(key, |index| {
                goes_on = take(segment.first() + index as u64);
                goes_on
            });
        }
    }
}

/// Identities and texts stand in the same table as fingerprints. A chance meeting costs a look at
/// the record, which has the whole hash.
fn identity_key(hash: u64) -> u32 {
    (hash >> 32) as u32
}

fn text_key(hash: u64) -> u32 {
    !hash as u32
}

fn segment_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("articles-{number}.segment"))
}

fn log_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("articles-{number}.log"))
}

/// Numbers of the segments and of the logs in a folder, in order.
fn numbers(folder: &Path) -> Result<(Vec<u64>, Vec<u64>), Error> {
    let (mut segments, mut logs) = (Vec::new(), Vec::new());
    for file in fs::read_dir(folder).map_err(failure("reading", folder))? {
        let name = file.map_err(failure("reading", folder))?.file_name();
        let Some(rest) = name
            .to_str()
            .and_then(|name| name.strip_prefix("articles-"))
        else {
            continue;
        };
        match rest
            .split_once('.')
            .map(|(number, kind)| (number.parse(), kind))
        {
            Some((Ok(number), "segment")) => segments.push(number),
            Some((Ok(number), "log")) => logs.push(number),
            _ => {}
        }
    }
    segments.sort_unstable();
    logs.sort_unstable();
    Ok((segments, logs))
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(failure("removing", path)(error))
        }
        _ => Ok(()),
    }
}

fn failure(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error + use<> {
    let path = path.to_owned();
    move |source| Error::Io {
        action,
        path,
        source,
    }
}
