//! The log: every article of the growing segment, in order of arrival.
//!
//! A file is a header and frames: length (u32), checksum (u64), body. A torn frame at the end is
//! cut off when the log is opened; a damaged one before the end is an error.

use crate::Error;
use crate::entry::{self, Entry, Owned};
use crate::folder::{damaged, failure, of_other_format};
use crate::map::Map;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// What the file is, and its format, which changes too when words are folded in another way: a new
/// text could not be compared with an old one.
const MAGIC: &[u8; 20] = b"copydesk articles 5\n";
/// Bytes of it that every format has.
const MAGIC_KEPT: usize = 18;
/// The magic, three numbers and their checksum.
const HEADER: usize = MAGIC.len() + 4 * 8;
const FRAME: usize = 12;
/// Bytes that are gathered before a write: few enough that no article waits long for it.
const BUFFER_BYTES: usize = 1 << 16;

/// What a log says of its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// The index that it belongs to.
    pub history: u64,
    /// Number of its first article.
    pub first: u64,
    /// Number of the oldest segment in use with it.
    pub oldest: u64,
}

impl Header {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for number in [self.history, self.first, self.oldest] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(xxh3_64(&bytes).to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let numbers = bytes.get(MAGIC.len()..HEADER)?.as_chunks::<8>().0;
        let [history, first, oldest, sum] = numbers else {
            return None;
        };
        let is_whole =
            bytes.starts_with(MAGIC) && xxh3_64(&bytes[..HEADER - 8]) == u64::from_le_bytes(*sum);
        is_whole.then(|| Self {
            history: u64::from_le_bytes(*history),
            first: u64::from_le_bytes(*first),
            oldest: u64::from_le_bytes(*oldest),
        })
    }
}

/// A log that was read.
pub(crate) struct Reading {
    path: PathBuf,
    map: Map,
    pub header: Header,
}

/// How much of a log counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    /// So many bytes, all of them.
    Committed(u64),
    /// All that is there.
    All,
    /// What was written in full before the process ended.
    Written,
    /// Whatever stands before the first damage.
    Readable,
}

impl Reading {
    /// Reads a file and its header; none where the process ended before that was written.
    pub fn of(path: &Path) -> Result<Option<Self>, Error> {
        let mapped = File::open(path).and_then(|file| Map::of(&file));
        let map = mapped.map_err(failure("reading", path))?;
        let bytes = map.bytes();
        if bytes.len() < HEADER && MAGIC.starts_with(&bytes[..bytes.len().min(MAGIC.len())]) {
            return Ok(None);
        }
        let Some(header) = Header::from_bytes(bytes) else {
            return Err(if bytes.starts_with(&MAGIC[..MAGIC_KEPT]) {
                of_other_format(path)
            } else {
                damaged(path, "no log of articles")
            });
        };
        Ok(Some(Self {
            path: path.to_owned(),
            map,
            header,
        }))
    }

    /// Bytes of the file.
    pub fn length(&self) -> usize {
        self.map.bytes().len()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Hands over the entries; gives back the byte after the last. The same ones each time.
    pub fn entries(&self, extent: Extent, mut take: impl FnMut(&Entry)) -> Result<u64, Error> {
        let end = match extent {
            Extent::Committed(length) => (length as usize).max(HEADER),
            Extent::All | Extent::Written | Extent::Readable => self.length(),
        };
        let Some(bytes) = self.map.bytes().get(..end) else {
            let what = format!("{} bytes, but {end} were committed", self.length());
            return Err(damaged(&self.path, &what));
        };
        let mut at = HEADER;
        let mut entry = Owned::default();
        while at < end {
            match frame(&bytes[at..]) {
                Frame::Whole(body) if entry::decode(body, &mut entry).is_some() => {
                    take(&entry.borrow());
                    at += FRAME + body.len();
                }
                // The process ended while it wrote: nobody has seen that entry.
                Frame::Torn if matches!(extent, Extent::Written) => break,
                _ if matches!(extent, Extent::Readable) => break,
                _ => {
                    let what = format!("the entry at byte {at} is damaged");
                    return Err(damaged(&self.path, &what));
                }
            }
        }
        Ok(at as u64)
    }
}

/// A log that grows.
pub(crate) struct Log {
    path: PathBuf,
    file: File,
    /// Frames not yet written.
    buffer: Vec<u8>,
    /// Bytes written.
    length: u64,
}

impl Log {
    /// Makes an empty one, in place of any of that name.
    pub fn create(path: PathBuf, header: Header) -> Result<Self, Error> {
        let bytes = header.to_bytes();
        let made = File::create(&path).and_then(|mut file| {
            file.write_all(&bytes)?;
            Ok(file)
        });
        match made {
            Ok(file) => Ok(Self {
                file,
                path,
                buffer: Vec::new(),
                length: bytes.len() as u64,
            }),
            Err(source) => Err(Error::Io {
                action: "making",
                path,
                source,
            }),
        }
    }

    /// Goes on with one that was read up to `length`; what comes after is cut off.
    pub fn resume(path: PathBuf, length: u64) -> Result<Self, Error> {
        let opened = OpenOptions::new().write(true).open(&path);
        match opened.and_then(|file| file.set_len(length).map(|()| file)) {
            Ok(file) => Ok(Self {
                file,
                path,
                buffer: Vec::new(),
                length,
            }),
            Err(source) => Err(Error::Io {
                action: "cutting",
                path,
                source,
            }),
        }
    }

    /// Adds an article; it is written at the next `sync` or soon before.
    pub fn append(&mut self, entry: &Entry) -> Result<(), Error> {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(&[0; FRAME]);
        entry::encode(entry, &mut self.buffer);
        let body = &self.buffer[start + FRAME..];
        let (length, sum) = (body.len() as u32, xxh3_64(body));
        self.buffer[start..start + 4].copy_from_slice(&length.to_le_bytes());
        self.buffer[start + 4..start + FRAME].copy_from_slice(&sum.to_le_bytes());
        if self.buffer.len() > BUFFER_BYTES {
            self.write()
        } else {
            Ok(())
        }
    }

    /// Writes what was gathered. After a failure the same bytes are written again to the same
    /// place.
    pub fn write(&mut self) -> Result<(), Error> {
        let written = self
            .file
            .seek(SeekFrom::Start(self.length))
            .and_then(|_| self.file.write_all(&self.buffer));
        written.map_err(|source| self.error(source))?;
        self.length += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Makes all of it durable; its length.
    pub fn sync(&mut self) -> Result<u64, Error> {
        self.write()?;
        self.file.sync_data().map_err(|source| self.error(source))?;
        Ok(self.length)
    }

    fn error(&self, source: std::io::Error) -> Error {
        Error::Io {
            action: "writing",
            path: self.path.clone(),
            source,
        }
    }
}

enum Frame<'a> {
    Whole(&'a [u8]),
    /// The file ends within it.
    Torn,
    /// The checksum differs.
    Wrong,
}

fn frame(bytes: &[u8]) -> Frame<'_> {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else {
        return Frame::Torn;
    };
    let Some((sum, rest)) = rest.split_first_chunk::<8>() else {
        return Frame::Torn;
    };
    match rest.get(..u32::from_le_bytes(*length) as usize) {
        None => Frame::Torn,
        Some(body) if xxh3_64(body) == u64::from_le_bytes(*sum) => Frame::Whole(body),
        Some(_) => Frame::Wrong,
    }
}
