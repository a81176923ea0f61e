use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Every change of the output folder goes through one of these methods, so that tests can stop at
/// the n-th one as a crash would: a write stops half-way, anything else does not happen, and
/// nothing happens after.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// How many changes are left; None in earnest.
    pub(crate) left: Option<u64>,
    pub(crate) has_stopped: bool,
}

impl Disk {
    fn step(&mut self) -> io::Result<()> {
        match &mut self.left {
            None => Ok(()),
            Some(0) => {
                self.has_stopped = true;
                Err(io::Error::other("stopped by a test"))
            }
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    /// Makes an empty file.
    pub(crate) fn create(&mut self, path: &Path) -> io::Result<File> {
        self.step()?;
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)
    }

    pub(crate) fn write_at(&mut self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        if self.left == Some(0) && !self.has_stopped {
            file.write_all_at(&bytes[..bytes.len() / 2], offset)?;
        }
        self.step()?;
        file.write_all_at(bytes, offset)
    }

    pub(crate) fn sync(&mut self, file: &File) -> io::Result<()> {
        self.step()?;
        file.sync_data()
    }

    /// After it names made, changed or removed in the folder outlast a power cut.
    pub(crate) fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        self.step()?;
        File::open(folder)?.sync_all()
    }

    pub(crate) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        std::fs::rename(from, to)
    }

    pub(crate) fn unlink(&mut self, path: &Path) -> io::Result<()> {
        self.step()?;
        std::fs::remove_file(path)
    }

    pub(crate) fn link(&mut self, target: &str, path: &Path) -> io::Result<()> {
        self.step()?;
        std::os::unix::fs::symlink(target, path)
    }
}
