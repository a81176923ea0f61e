//! What becomes of a complete file: compressed, and one day removed.

use crate::conflict::wrong_length;
use crate::disk::Disk;
use crate::{Compression, Config, Error, Step};
use std::fs::{File, FileTimes};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// How much goes to the disk in one write while compressing.
const PIECE_BYTES: usize = 256 << 10;

/// Carries out what is slow and can wait, beside the [`crate::Writer`], which it is made from: the
/// lines to come do not wait for the compressing of those before.
#[derive(Debug)]
pub struct Closer {
    pub(crate) config: Config,
    pub(crate) disk: Disk,
}

impl Closer {
    /// Carries out the closer's part of a step that the writer has applied. Doing it again is doing
    /// it once. At any moment the file lies there whole under one of its names, so that a crash at
    /// any point is mended by doing it again.
    pub fn apply(&self, step: &Step) -> Result<(), Error> {
        match step {
            Step::Write { .. } => Ok(()),
            Step::Close { file, length } => self.compress(file, *length),
            Step::Remove { file } => self.remove(file),
        }
    }

    fn compress(&self, file: &str, length: u64) -> Result<(), Error> {
        let path = self.config.directory.join(file);
        let Some(suffix) = self.config.compression.suffix() else {
            return Ok(());
        };
        let found = match std::fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            // Done before but for the last sync, or somebody has taken the closed file, as they may.
            Err(error) if error.kind() == ErrorKind::NotFound => return self.sync_folder(),
            Err(error) => return Err(Error::io("reading", &path)(error)),
        };
        if found != length {
            return Err(wrong_length(path, found, length));
        }
        let target = with_suffix(&path, suffix);
        let unfinished = with_suffix(&target, ".tmp");
        let written = write_compressed(&self.disk, self.config.compression, &path, &unfinished);
        if let Err(source) = written {
            // On a full disk the lines to come need the room more.
            let _ = self.disk.unlink(&unfinished);
            return Err(Error::io("compressing", &path)(source));
        }
        self.disk
            .rename(&unfinished, &target)
            .map_err(Error::io("renaming", &unfinished))?;
        self.sync_folder()?;
        self.disk
            .unlink(&path)
            .map_err(Error::io("removing", &path))?;
        self.sync_folder()
    }

    fn remove(&self, file: &str) -> Result<(), Error> {
        let path = self.config.directory.join(file);
        let mut names = vec![path.clone()];
        for suffix in SUFFIXES {
            names.push(with_suffix(&path, suffix));
        }
        for name in names {
            match self.disk.unlink(&name) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                other => other.map_err(Error::io("removing", &name))?,
            }
        }
        self.sync_folder()
    }

    fn sync_folder(&self) -> Result<(), Error> {
        let folder = &self.config.directory;
        self.disk
            .sync_folder(folder)
            .map_err(Error::io("syncing", folder))
    }
}

impl Compression {
    fn suffix(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Zstd => Some(".zst"),
            Self::Gzip => Some(".gz"),
        }
    }
}

/// Of every compressed name, whatever is configured now.
const SUFFIXES: [&str; 2] = [".zst", ".gz"];

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The file under one of its compressed names, where it lies there already.
pub(crate) fn compressed(path: &Path) -> Option<PathBuf> {
    SUFFIXES
        .into_iter()
        .map(|suffix| with_suffix(path, suffix))
        .find(|path| path.exists())
}

fn write_compressed(
    disk: &Disk,
    compression: Compression,
    path: &Path,
    unfinished: &Path,
) -> io::Result<()> {
    let mut lines = File::open(path)?;
    let modified = lines.metadata()?.modified()?;
    let file = disk.create(unfinished)?;
    let mut pieces = BufWriter::with_capacity(
        PIECE_BYTES,
        Pieces {
            disk,
            file: &file,
            offset: 0,
        },
    );
    if compression == Compression::Gzip {
        let mut encoder =
            flate2::write::GzEncoder::new(&mut pieces, flate2::Compression::default());
        io::copy(&mut lines, &mut encoder)?;
        encoder.finish()?;
    } else {
        let mut encoder = zstd::Encoder::new(&mut pieces, zstd::DEFAULT_COMPRESSION_LEVEL)?;
        // A bit rotten on the disk is then found by whoever reads the file.
        encoder.include_checksum(true)?;
        io::copy(&mut lines, &mut encoder)?;
        encoder.finish()?;
    }
    pieces.flush()?;
    drop(pieces);
    // The time of the last line, which is what a file's age is counted from.
    file.set_times(FileTimes::new().set_modified(modified))?;
    disk.sync(&file)
}

/// Writes that count as changes of the disk.
struct Pieces<'a> {
    disk: &'a Disk,
    file: &'a File,
    offset: u64,
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.write_at(self.file, bytes, self.offset)?;
        self.offset += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
