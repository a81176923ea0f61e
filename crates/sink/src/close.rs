//! What becomes of a complete file.

use crate::disk::Disk;
use crate::{Compression, Error};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// How much goes to the disk in one write while compressing.
const PIECE_BYTES: usize = 256 << 10;

impl Compression {
    pub(crate) fn suffix(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Zstd => Some(".zst"),
            Self::Gzip => Some(".gz"),
        }
    }
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The file under one of its compressed names, where it lies there already.
pub(crate) fn compressed(path: &Path) -> Option<PathBuf> {
    [Compression::Zstd, Compression::Gzip]
        .into_iter()
        .filter_map(Compression::suffix)
        .map(|suffix| with_suffix(path, suffix))
        .find(|path| path.exists())
}

/// Puts the compressed file in the place of the synced one. At any moment one of the two is whole,
/// so that a crash at any point is mended by doing it again.
pub(crate) fn compress(
    disk: &mut Disk,
    compression: Compression,
    path: &Path,
    folder: &Path,
) -> Result<(), Error> {
    let Some(suffix) = compression.suffix() else {
        return Ok(());
    };
    let target = with_suffix(path, suffix);
    let unfinished = with_suffix(&target, ".tmp");
    let written = write_compressed(disk, compression, path, &unfinished);
    if let Err(source) = written {
        // On a full disk the lines to come need the room more.
        let _ = disk.unlink(&unfinished);
        return Err(Error::io("compressing", path)(source));
    }
    disk.rename(&unfinished, &target)
        .map_err(Error::io("renaming", &unfinished))?;
    disk.sync_folder(folder)
        .map_err(Error::io("syncing", folder))?;
    disk.unlink(path).map_err(Error::io("removing", path))?;
    disk.sync_folder(folder)
        .map_err(Error::io("syncing", folder))
}

fn write_compressed(
    disk: &mut Disk,
    compression: Compression,
    path: &Path,
    unfinished: &Path,
) -> io::Result<()> {
    let mut lines = File::open(path)?;
    let file = disk.create(unfinished)?;
    let mut pieces = BufWriter::with_capacity(
        PIECE_BYTES,
        Pieces {
            disk: &mut *disk,
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
    disk.sync(&file)
}

/// Writes that count as changes of the disk.
struct Pieces<'a> {
    disk: &'a mut Disk,
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
