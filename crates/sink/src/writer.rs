use crate::close::{Closer, compressed, with_suffix};
use crate::conflict::{missing, unknown, wrong_bytes, wrong_length};
use crate::disk::Disk;
use crate::{Config, Cursor, Durability, Error, FileName, Step, files};
use copydesk_model::Stream;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A killed process may hold its lock until the kernel has taken it apart.
const LOCK_WAIT_MAX: Duration = Duration::from_secs(5);
const LOCK_WAIT_STEP: Duration = Duration::from_millis(50);

/// Carries out steps; owns the output folder.
#[derive(Debug)]
pub struct Writer {
    config: Config,
    disk: Disk,
    /// By name; one a stream, but while steps are done again.
    open: BTreeMap<String, OpenFile>,
    synced: Instant,
    _lock: File,
}

#[derive(Debug)]
struct OpenFile {
    file: File,
    /// What was written and not yet synced: offsets and bytes.
    unsynced: Vec<(u64, String)>,
    /// After a failed sync the kernel may have dropped the bytes and call the next sync a success,
    /// so they must be written again first (see "fsyncgate", PostgreSQL 2018).
    has_failed: bool,
}

impl Writer {
    /// Locks the folder (a second owner gets an error naming the first) and makes it if absent.
    pub fn open(config: Config) -> Result<Self, Error> {
        let directory = &config.directory;
        std::fs::create_dir_all(directory).map_err(Error::io("making", directory))?;
        Ok(Self {
            disk: Disk::default(),
            open: BTreeMap::new(),
            synced: Instant::now(),
            _lock: lock(&directory.join(".lock"))?,
            config,
        })
    }

    /// What carries out the slow part of closing, on a thread of its own where that is wanted.
    pub fn closer(&self) -> Closer {
        Closer {
            config: self.config.clone(),
            disk: self.disk.clone(),
        }
    }

    /// For tests: where to stop as a crash would.
    #[doc(hidden)]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// For tests: the files with bytes that a power cut may take, and where those begin.
    #[doc(hidden)]
    pub fn unsynced(&self) -> Vec<(PathBuf, u64)> {
        let unsynced = self.open.iter().filter_map(|(name, open)| {
            let start = open.unsynced.iter().map(|(offset, _)| *offset).min()?;
            Some((self.config.directory.join(name), start))
        });
        unsynced.collect()
    }

    /// Carries out one step, less the slow part, which is the [`Closer`]'s. Doing a step again is
    /// doing it once: bytes already there are compared, missing ones appended. After an error of the
    /// passing kind the same step may be tried again.
    pub fn apply(&mut self, step: &Step) -> Result<(), Error> {
        match step {
            Step::Write {
                file,
                offset,
                bytes,
            } => self.write(file, *offset, bytes),
            Step::Close { file, length } => self.close(file, *length),
            Step::Remove { file } => {
                self.open.remove(file);
                Ok(())
            }
        }
    }

    /// Forces all applied steps to the disk (as `durability` asks). True when everything applied so
    /// far is durable, so that its outbox rows may go.
    pub fn sync(&mut self) -> Result<bool, Error> {
        if self.open.values().all(|open| open.unsynced.is_empty()) {
            return Ok(true);
        }
        if let Durability::Interval(interval) = self.config.durability
            && self.synced.elapsed() < interval
        {
            return Ok(false);
        }
        for (name, open) in &mut self.open {
            open.sync(&self.disk)
                .map_err(Error::io("syncing", &self.config.directory.join(name)))?;
        }
        self.synced = Instant::now();
        Ok(true)
    }

    /// Whether the open files are exactly as the log left them, and none is past it: to be asked once
    /// all steps of an earlier life were done again. Says so where somebody else wrote to a file, cut
    /// it or took it, and where the log is not the one that the files were written by.
    pub fn check(&self, cursor: &Cursor) -> Result<(), Error> {
        for stream in Stream::ALL {
            let given_out = cursor.streams[stream as usize].seq;
            let found = files(self.directory(), stream);
            let last = found.map_err(Error::io("reading", self.directory()))?.pop();
            if let Some(last) = last.filter(|last| last.name.first > given_out) {
                return Err(unknown(last.path, last.name.first, given_out));
            }
        }
        for stream in &cursor.streams {
            let Some(name) = &stream.file else { continue };
            let path = self.path(name)?;
            let length = match std::fs::metadata(&path) {
                Ok(metadata) => metadata.len(),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return Err(missing(path, stream.length));
                }
                Err(error) => return Err(Error::io("reading", &path)(error)),
            };
            if length != stream.length {
                return Err(wrong_length(path, length, stream.length));
            }
        }
        Ok(())
    }

    /// The output folder.
    pub fn directory(&self) -> &Path {
        &self.config.directory
    }

    fn path(&self, name: &str) -> Result<PathBuf, Error> {
        let path = self.config.directory.join(name);
        if FileName::parse(name).is_none() {
            let what = "the log names it as an output file, which it is not".to_owned();
            return Err(Error::Conflict { path, what });
        }
        Ok(path)
    }

    fn write(&mut self, name: &str, offset: u64, bytes: &str) -> Result<(), Error> {
        let path = self.path(name)?;
        if !self.open.contains_key(name) {
            if !path.exists() && compressed(&path).is_some() {
                return Ok(()); // Written and closed in an earlier life.
            }
            self.open_file(name, &path, offset)?;
        }
        let open = self.open.get_mut(name).expect("opened just now");
        let reading = Error::io("reading", &path);
        let metadata = open.file.metadata();
        let (length, inode) = metadata
            .map(|metadata| (metadata.len(), metadata.ino()))
            .map_err(reading)?;
        if !std::fs::metadata(&path).is_ok_and(|found| found.ino() == inode) {
            self.open.remove(name);
            return Err(missing(path, offset));
        }
        if length < offset {
            return Err(wrong_length(path, length, offset));
        }
        let present = usize::try_from(length - offset)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        let mut found = vec![0; present];
        open.file
            .read_exact_at(&mut found, offset)
            .map_err(Error::io("reading", &path))?;
        let (written, rest) = bytes.as_bytes().split_at(present);
        if found != written {
            return Err(wrong_bytes(path, offset, present));
        }
        if !rest.is_empty() {
            self.disk
                .write_at(&open.file, rest, offset + present as u64)
                .map_err(Error::io("writing", &path))?;
        }
        // Also where all was there: an earlier life may not have come to syncing it.
        open.unsynced.push((offset, bytes.to_owned()));
        Ok(())
    }

    /// Opens a file that exists, or makes it for its first line.
    fn open_file(&mut self, name: &str, path: &Path, offset: u64) -> Result<(), Error> {
        let opened = OpenOptions::new().read(true).write(true).open(path);
        let file = match opened {
            Err(error) if error.kind() == ErrorKind::NotFound && offset > 0 => {
                return Err(missing(path.to_owned(), offset));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => self.disk.create(path),
            other => other,
        }
        .map_err(Error::io("opening", path))?;
        // Also where it existed: we may have died before this point.
        self.disk
            .sync_folder(&self.config.directory)
            .map_err(Error::io("syncing", &self.config.directory))?;
        if let Err(error) = self.point_current(name) {
            // A convenience: some filesystems know no links.
            tracing::warn!(file = name, %error, "link to the current file not set");
        }
        let open = OpenFile {
            file,
            unsynced: Vec::new(),
            has_failed: false,
        };
        self.open.insert(name.to_owned(), open);
        Ok(())
    }

    /// Lets `news.current` lead to the stream's latest file, for `tail -F`. The name ends otherwise
    /// than the files', so that nobody who reads `*.ndjson` reads a line twice.
    fn point_current(&mut self, name: &str) -> io::Result<()> {
        let Some(file) = FileName::parse(name) else {
            return Ok(());
        };
        let link = self
            .config
            .directory
            .join(format!("{}.current", file.stream.file_prefix()));
        let target = std::fs::read_link(&link).ok();
        let target = target
            .as_deref()
            .and_then(Path::to_str)
            .and_then(FileName::parse);
        // Steps done again must not lead a reader back.
        if target.is_some_and(|target| target.first >= file.first) {
            return Ok(());
        }
        let new = with_suffix(&link, ".tmp");
        if new.symlink_metadata().is_ok() {
            self.disk.unlink(&new)?;
        }
        self.disk.link(name, &new)?;
        self.disk.rename(&new, &link)
    }

    fn close(&mut self, name: &str, length: u64) -> Result<(), Error> {
        let path = self.path(name)?;
        let folder = self.config.directory.clone();
        if !path.exists() {
            self.open.remove(name);
            if compressed(&path).is_none() {
                return Err(missing(path, length));
            }
            return self
                .disk
                .sync_folder(&folder)
                .map_err(Error::io("syncing", &folder));
        }
        if !self.open.contains_key(name) {
            self.open_file(name, &path, length)?;
        }
        let open = self.open.get_mut(name).expect("opened just now");
        let found = std::fs::metadata(&path)
            .map_err(Error::io("reading", &path))?
            .len();
        if found != length {
            return Err(wrong_length(path, found, length));
        }
        open.sync(&self.disk).map_err(Error::io("syncing", &path))?;
        self.open.remove(name);
        Ok(())
    }
}

impl OpenFile {
    fn sync(&mut self, disk: &Disk) -> io::Result<()> {
        if self.has_failed {
            for (offset, bytes) in &self.unsynced {
                disk.write_at(&self.file, bytes.as_bytes(), *offset)?;
            }
        }
        self.has_failed = true;
        disk.sync(&self.file)?;
        self.has_failed = false;
        self.unsynced.clear();
        Ok(())
    }
}

/// The lock file, held while this value lives. It stays on disk when released: removing it would
/// let two processes lock two files of one name.
fn lock(path: &Path) -> Result<File, Error> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(Error::io("opening", path))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(source)) => return Err(Error::io("locking", path)(source)),
            Err(TryLockError::WouldBlock) if started.elapsed() < LOCK_WAIT_MAX => {
                std::thread::sleep(LOCK_WAIT_STEP);
            }
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                let _ = file.take(32).read_to_string(&mut owner);
                return Err(Error::InUse {
                    path: path.to_owned(),
                    process: owner.trim().to_owned(),
                });
            }
        }
    }
    // Only a help for people: on a full disk the lock holds without it.
    let _ = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(file)
}
