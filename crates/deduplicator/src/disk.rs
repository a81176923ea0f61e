//! An index that outlives the process: how it is found again in its folder, and which files may go.

use crate::folder::{Folder, Kind, damaged, failure, set_aside};
use crate::growing::Growing;
use crate::index::Index;
use crate::log::{Extent, Header, Log, Reading};
use crate::sealed::Sealed;
use crate::segment::Segment;
use crate::{Config, Error, Position};
use std::path::{Path, PathBuf};

/// The folder with the log of the growing segment.
pub(crate) struct Disk {
    folder: Folder,
    pub log: Log,
    /// Logs of full segments, until they are known to be durable.
    logs_before: Vec<Log>,
    /// For each log that a position may still name: its number and that of the oldest segment in
    /// use with it.
    kept: Vec<(u64, u64)>,
    /// The log that the last `sync` named.
    synced: u64,
}

impl Disk {
    /// Where the file of a segment is, or will be.
    pub fn segment(&self, number: u64) -> PathBuf {
        self.folder.file(number, Kind::Segment)
    }

    pub fn note_segment(&mut self, number: u64) {
        self.folder.note(number, Kind::Segment);
    }

    /// Begins the log of the next segment.
    pub fn begin_log(
        &mut self,
        number: u64,
        first: u64,
        oldest: u64,
        history: u64,
    ) -> Result<(), Error> {
        self.log.write()?;
        let header = Header {
            history,
            first,
            oldest,
        };
        let next = Log::create(self.folder.file(number, Kind::Log), header)?;
        self.folder.note(number, Kind::Log);
        self.logs_before
            .push(std::mem::replace(&mut self.log, next));
        self.kept.push((number, oldest));
        Ok(())
    }

    /// Makes the logs durable; the length of the last. Files that only older positions need are
    /// removed: whoever asks for the next position has committed the last one. `number` is that of
    /// the growing segment, `unsealed` of one whose file is not there yet.
    pub fn sync(&mut self, number: u64, unsealed: Option<u64>) -> Result<u64, Error> {
        for log in &mut self.logs_before {
            log.sync()?;
        }
        if !self.logs_before.is_empty() {
            self.folder.sync()?;
            self.logs_before.clear();
        }
        let length = self.log.sync()?;
        while let [_, (log, _), ..] = self.kept[..]
            && log <= self.synced
        {
            self.kept.remove(0);
        }
        let (log, oldest) = self.kept[0];
        let logs_end = unsealed.map_or(log, |unsealed| unsealed.min(log));
        self.folder.remove(|number| number < oldest)?;
        self.folder.remove_logs(logs_end)?;
        self.synced = number;
        Ok(length)
    }
}

impl Index {
    /// Opens what is in the folder up to `position`; without one, all that was written counts.
    pub fn open(path: &Path, config: Config, position: Option<Position>) -> Result<Self, Error> {
        let mut index = Self::new(config).map_err(failure("starting a thread for", path))?;
        let mut folder = Folder::open(path)?;
        let position = match position {
            // Nothing was ever committed.
            Some(position) if position.length == 0 => {
                folder.remove(|_| true)?;
                None
            }
            other => other,
        };
        let last = position.map_or_else(|| folder.last_begun(), |position| position.segment);
        // What was begun after the position belongs to batches never committed.
        folder.remove(|number| number > last)?;
        folder.remove_file(last, Kind::Segment)?;
        index.restore(folder, last, position)?;
        Ok(index)
    }

    /// The same without the files that are damaged; they are renamed, and named.
    pub fn open_without_damage(
        path: &Path,
        config: Config,
        position: Position,
    ) -> Result<(Self, Vec<PathBuf>), Error> {
        let mut aside = Vec::new();
        loop {
            let opened = Self::open(path, config.clone(), Some(position));
            let error = match opened.and_then(|index| index.check_all().map(|()| index)) {
                Ok(index) => return Ok((index, aside)),
                Err(error) => error,
            };
            let Error::Damaged { path: damaged, .. } = &error else {
                return Err(error);
            };
            match set_aside(damaged)? {
                Some(moved) if !aside.contains(&moved) => aside.push(moved),
                _ => return Err(error),
            }
        }
    }

    /// Reads the segments that the log numbered `last` is based on, and that log.
    fn restore(
        &mut self,
        mut folder: Folder,
        last: u64,
        position: Option<Position>,
    ) -> Result<(), Error> {
        let kind = folder.find(last);
        let path = folder.file(last, Kind::Log);
        let reading = match kind {
            Some(Kind::Log) => Reading::of(&path)?,
            Some(Kind::LogAside) => readable(&folder, last),
            _ => None,
        };
        if let Some(position) = position
            && kind != Some(Kind::LogAside)
        {
            let reading = reading.as_ref().ok_or_else(|| missing(&path))?;
            if position.history != 0 && position.history != reading.header.history {
                return Err(foreign(&path));
            }
        }
        let first = folder.first().unwrap_or(last);
        let oldest = reading.as_ref().map_or(first, |log| log.header.oldest);
        if let Some(reading) = &reading {
            self.history = reading.header.history;
        } else if let Some(newest) = folder.newest_segment() {
            self.history = Sealed::open(&newest)?.history();
        }
        for number in oldest..last {
            self.restore_full(&folder, number)?;
        }
        self.number = last;
        self.frequencies_before.clone_from(&self.frequencies);
        let log = match (reading, kind) {
            (Some(reading), Some(Kind::Log)) => {
                let extent = position.map_or(Extent::Written, |position| {
                    Extent::Committed(position.length)
                });
                Log::resume(path, self.replay(&reading, extent)?)?
            }
            // What can still be read of a damaged log becomes a segment.
            (reading, kind) => {
                if let Some(reading) = reading {
                    self.replay(&reading, Extent::Readable)?;
                }
                if kind == Some(Kind::LogAside) {
                    self.fill_restored(&folder)?;
                }
                let header = Header {
                    history: self.history,
                    first: self.next_number(),
                    oldest,
                };
                folder.note(self.number, Kind::Log);
                Log::create(folder.file(self.number, Kind::Log), header)?
            }
        };
        // Not before: checking reads all files, and would keep the replay from its processor.
        self.sift();
        folder.remove(|number| number < oldest)?;
        let unsealed = self.full.as_ref().map_or(self.number, |full| full.number);
        folder.remove_logs(unsealed)?;
        self.disk = Some(Disk {
            folder,
            log,
            logs_before: Vec::new(),
            kept: vec![(self.number, oldest)],
            synced: self.number,
        });
        Ok(())
    }

    /// A segment before the last: its file, or its log where the file was not made in time.
    fn restore_full(&mut self, folder: &Folder, number: u64) -> Result<(), Error> {
        self.number = number;
        let (reading, extent) = match folder.find(number) {
            Some(Kind::Segment) => {
                let path = folder.file(number, Kind::Segment);
                let segment = Sealed::open(&path)?;
                if segment.history() != self.history || segment.first() < self.next_number() {
                    return Err(foreign(&path));
                }
                let frequencies = segment.frequencies();
                let damage = || segment.damage().unwrap_or_else(|| senseless(&path));
                self.frequencies.add_all(&frequencies.ok_or_else(damage)?);
                self.newest = self.newest.max(segment.newest());
                self.growing = Growing::starting_at(segment.first() + segment.count() as u64);
                self.take(number, segment);
                return Ok(());
            }
            Some(Kind::Log) => {
                let path = folder.file(number, Kind::Log);
                let reading = Reading::of(&path)?.ok_or_else(|| missing(&path))?;
                (Some(reading), Extent::All)
            }
            Some(Kind::LogAside) => (readable(folder, number), Extent::Readable),
            Some(Kind::SegmentAside) => return Ok(()),
            None => return Err(missing(&folder.file(number, Kind::Segment))),
        };
        self.frequencies_before.clone_from(&self.frequencies);
        if let Some(reading) = reading {
            self.replay(&reading, extent)?;
        }
        self.fill_restored(folder)
    }

    /// Has the growing segment written as if it had been full.
    fn fill_restored(&mut self, folder: &Folder) -> Result<(), Error> {
        if self.growing.count() == 0 {
            self.number += 1;
            return Ok(());
        }
        self.settle()?;
        self.fill(Some(folder.file(self.number, Kind::Segment)));
        Ok(())
    }

    /// Takes the entries of a log into the growing segment.
    fn replay(&mut self, reading: &Reading, extent: Extent) -> Result<u64, Error> {
        let Header { history, first, .. } = reading.header;
        if history != self.history || first < self.next_number() {
            return Err(foreign(reading.path()));
        }
        self.remember_all(reading, extent)
    }
}

/// A log that was set aside, where its beginning can be read.
fn readable(folder: &Folder, number: u64) -> Option<Reading> {
    Reading::of(&folder.file(number, Kind::LogAside)).ok()?
}

fn missing(path: &Path) -> Error {
    damaged(path, "it is missing")
}

fn foreign(path: &Path) -> Error {
    damaged(path, "it belongs to another index")
}

fn senseless(path: &Path) -> Error {
    damaged(path, "its word counts make no sense")
}
