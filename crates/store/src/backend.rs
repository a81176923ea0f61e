use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The database file. Every change of it goes through here, so that tests can stop at the n-th one
/// as a crash would. It is not locked: the folder's lock file is the one lock there is.
#[derive(Debug)]
pub(crate) struct Backend {
    file: File,
    left: Arc<ChangesLeft>,
}

/// How many changes of the file may still happen.
#[derive(Debug)]
pub(crate) struct ChangesLeft(AtomicU64);

impl Backend {
    pub(crate) fn open(path: &Path, left: Arc<ChangesLeft>) -> io::Result<Self> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        Ok(Self { file, left })
    }
}

impl ChangesLeft {
    pub(crate) const fn unlimited() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }

    pub(crate) fn set(&self, changes: Option<u64>) {
        self.0.store(changes.unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn is_unlimited(&self) -> bool {
        self.0.load(Ordering::Relaxed) == u64::MAX
    }

    /// Counts one change down; at zero nothing happens any more.
    fn take(&self) -> io::Result<()> {
        let taken = self
            .0
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| match left {
                u64::MAX => Some(u64::MAX),
                left => left.checked_sub(1),
            });
        taken
            .map(drop)
            .map_err(|_| io::Error::other("stopped by a test"))
    }
}

impl redb::StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(out, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.left.take()?;
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.left.take()?;
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if self.left.is_unlimited() {
            return self.file.write_all_at(data, offset);
        }
        // Two changes, so that a stop can fall into the middle of a write.
        let (head, tail) = data.split_at(data.len() / 2);
        self.left.take()?;
        self.file.write_all_at(head, offset)?;
        self.left.take()?;
        self.file.write_all_at(tail, offset + head.len() as u64)
    }
}
