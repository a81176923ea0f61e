//! The log: every article judged since the last segment was sealed, in order.
//!
//! A file is a header line and frames: length (u32), checksum (u64), body. A torn frame at the
//! end is cut off when the log is opened; a damaged one before the end is an error.

use crate::Error;
use crate::entry::{self, Entry, Owned};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// Says what the file is and in which version.
const HEADER: &[u8; 20] = b"copydesk articles 2\n";
const FRAME: usize = 12;
/// Bytes that are gathered before a write.
const BUFFER_BYTES: usize = 1 << 18;

pub(crate) struct Log {
    path: PathBuf,
    file: File,
    /// Frames not yet written.
    buffer: Vec<u8>,
    /// Bytes written.
    length: u64,
}

impl Log {
    /// Opens or makes the log and hands over what it holds up to `committed` bytes, or all whole
    /// frames without that. What comes after is cut off.
    pub fn open(
        path: PathBuf,
        committed: Option<u64>,
        mut take: impl FnMut(Owned),
    ) -> Result<Self, Error> {
        let io = |action| {
            let path = path.clone();
            move |source| Error::Io {
                action,
                path,
                source,
            }
        };
        let damaged = |what| Error::Damaged {
            path: path.clone(),
            what,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(io("opening"))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io("reading"))?;
        let wanted = committed.unwrap_or(0);
        if bytes.len() < HEADER.len() && HEADER.starts_with(&bytes) && wanted == 0 {
            bytes = HEADER.to_vec();
            file.seek(SeekFrom::Start(0)).map_err(io("writing"))?;
            file.write_all(HEADER).map_err(io("writing"))?;
        }
        if !bytes.starts_with(HEADER) {
            return Err(damaged(format!("not a log of this version; {ADVICE}")));
        }
        if (bytes.len() as u64) < wanted {
            return Err(damaged(format!(
                "{} bytes, but {wanted} were committed; {ADVICE}",
                bytes.len()
            )));
        }
        let end = committed.map_or(bytes.len(), |bytes| (bytes as usize).max(HEADER.len()));
        let mut at = HEADER.len();
        while at < end {
            match frame(&bytes[at..end]) {
                Frame::Whole(body) => {
                    let entry = entry::decode(body).ok_or_else(|| {
                        damaged(format!("the entry at byte {at} makes no sense; {ADVICE}"))
                    })?;
                    take(entry);
                    at += FRAME + body.len();
                }
                // The process ended while it wrote: nobody has seen that entry.
                Frame::Torn if committed.is_none() => break,
                Frame::Torn | Frame::Wrong => {
                    return Err(damaged(format!(
                        "the entry at byte {at} is damaged; {ADVICE}"
                    )));
                }
            }
        }
        file.set_len(at as u64).map_err(io("cutting"))?;
        file.seek(SeekFrom::End(0)).map_err(io("writing"))?;
        Ok(Self {
            path,
            file,
            buffer: Vec::new(),
            length: at as u64,
        })
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
    fn write(&mut self) -> Result<(), Error> {
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

    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }
}

pub(crate) const ADVICE: &str = "restore the folder, or move it away to start without it";

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
