use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Every change of the output folder goes through one of these methods, so that tests can stop at
/// the n-th one as a crash would: a write stops half-way, anything else does not happen, and
/// nothing happens after. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Disk(Arc<Stop>);

#[derive(Debug)]
struct Stop {
    /// How many changes are left; `UNLIMITED` in earnest.
    left: AtomicU64,
    has_stopped: AtomicBool,
}

const UNLIMITED: u64 = u64::MAX;

impl Default for Stop {
    fn default() -> Self {
        Self {
            left: AtomicU64::new(UNLIMITED),
            has_stopped: AtomicBool::new(false),
        }
    }
}

impl Disk {
    /// For tests: after so many more changes the next one stops half-way. None lifts it.
    #[doc(hidden)]
    pub fn stop_after(&self, changes: Option<u64>) {
        self.0
            .left
            .store(changes.unwrap_or(UNLIMITED), Ordering::Relaxed);
        self.0.has_stopped.store(false, Ordering::Relaxed);
    }

    /// For tests: whether a change was stopped.
    #[doc(hidden)]
    pub fn has_stopped(&self) -> bool {
        self.0.has_stopped.load(Ordering::Relaxed)
    }

    fn step(&self) -> io::Result<()> {
        let taken =
            self.0
                .left
                .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| match left {
                    UNLIMITED => Some(UNLIMITED),
                    left => left.checked_sub(1),
                });
        taken.map(drop).map_err(|_| {
            self.0.has_stopped.store(true, Ordering::Relaxed);
            io::Error::other("stopped by a test")
        })
    }

    /// Makes an empty file.
    pub(crate) fn create(&self, path: &Path) -> io::Result<File> {
        self.step()?;
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)
    }

    pub(crate) fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        if self.0.left.load(Ordering::Relaxed) == 0 && !self.has_stopped() {
            file.write_all_at(&bytes[..bytes.len() / 2], offset)?;
        }
        self.step()?;
        file.write_all_at(bytes, offset)
    }

    pub(crate) fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        self.step()?;
        file.set_len(length)
    }

    pub(crate) fn sync(&self, file: &File) -> io::Result<()> {
        self.step()?;
        file.sync_data()
    }

    /// After it names made, changed or removed in the folder outlast a power cut.
    pub(crate) fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step()?;
        File::open(folder)?.sync_all()
    }

    pub(crate) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        std::fs::rename(from, to)
    }

    pub(crate) fn unlink(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        std::fs::remove_file(path)
    }

    pub(crate) fn link(&self, target: &str, path: &Path) -> io::Result<()> {
        self.step()?;
        std::os::unix::fs::symlink(target, path)
    }
}
