//! The log: every judged article, in order, so that the index can be made again.
//!
//! A file is a header line and entries: length (u32), checksum (u64), body. A torn entry at the
//! end is cut off when the log is opened; a damaged one before the end is an error.

use crate::index::Remembered;
use crate::{Error, Position};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// Says what the file is and in which version.
const HEADER: &[u8; 20] = b"copydesk articles 1\n";
const FRAME: usize = 12;

pub(crate) struct Log {
    path: PathBuf,
    file: File,
    /// Entries not yet written.
    buffer: Vec<u8>,
    /// Bytes written.
    length: u64,
    failed: Option<std::io::Error>,
}

/// Bytes that are gathered before a write.
const BUFFER_BYTES: usize = 1 << 20;

impl Log {
    /// Opens the log and hands over what it holds up to `position`.
    pub fn open(
        folder: &Path,
        position: Option<Position>,
        mut take: impl FnMut(Remembered, &[u32]),
    ) -> Result<Self, Error> {
        let io = |action, path: &Path| {
            let path = path.to_owned();
            move |source| Error::Io {
                action,
                path,
                source,
            }
        };
        std::fs::create_dir_all(folder).map_err(io("making folder", folder))?;
        let path = folder.join("articles-0.log");
        let damaged = |what: String| Error::Damaged {
            path: path.clone(),
            what,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(io("opening", &path))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io("reading", &path))?;
        let wanted = position.map_or(0, |position| position.length);
        if bytes.len() < HEADER.len() && HEADER.starts_with(&bytes) && wanted == 0 {
            bytes = HEADER.to_vec();
            file.seek(SeekFrom::Start(0))
                .map_err(io("writing", &path))?;
            file.write_all(HEADER).map_err(io("writing", &path))?;
        }
        if !bytes.starts_with(HEADER) {
            return Err(damaged(
                "not an index of this version; move it away to start without it".to_owned(),
            ));
        }
        if (bytes.len() as u64) < wanted {
            return Err(damaged(format!(
                "{} bytes, but {wanted} were committed; restore it, or move it away to start without it",
                bytes.len()
            )));
        }
        let end = match position {
            Some(position) => (position.length as usize).max(HEADER.len()),
            None => bytes.len(),
        };
        let mut at = HEADER.len();
        while at < end {
            match entry(&bytes[at..end]) {
                Entry::Whole(body, length) => {
                    let (article, fingerprints) = decode(body).ok_or_else(|| {
                        damaged(format!(
                            "entry at byte {at} makes no sense; move it away to start without it"
                        ))
                    })?;
                    take(article, &fingerprints);
                    at += length;
                }
                // The process was killed while it wrote: nobody has seen that entry.
                Entry::Torn if position.is_none() => break,
                Entry::Torn | Entry::Wrong => {
                    return Err(damaged(format!(
                        "entry at byte {at} is damaged; restore it, or move it away to start without it"
                    )));
                }
            }
        }
        file.set_len(at as u64).map_err(io("cutting", &path))?;
        file.seek(SeekFrom::End(0)).map_err(io("writing", &path))?;
        Ok(Self {
            path,
            file,
            buffer: Vec::new(),
            length: at as u64,
            failed: None,
        })
    }

    /// Adds an article; a failure shows at the next `sync`.
    pub fn append(&mut self, article: &Remembered, fingerprints: &[u32]) {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(&[0; FRAME]);
        encode(article, fingerprints, &mut self.buffer);
        let body = &self.buffer[start + FRAME..];
        let (length, sum) = (body.len() as u32, xxh3_64(body));
        self.buffer[start..start + 4].copy_from_slice(&length.to_le_bytes());
        self.buffer[start + 4..start + FRAME].copy_from_slice(&sum.to_le_bytes());
        if self.buffer.len() > BUFFER_BYTES {
            self.write();
        }
    }

    fn write(&mut self) {
        if self.failed.is_none() {
            match self.file.write_all(&self.buffer) {
                Ok(()) => self.length += self.buffer.len() as u64,
                Err(error) => self.failed = Some(error),
            }
        }
        self.buffer.clear();
    }

    pub fn sync(&mut self) -> Result<Position, Error> {
        self.write();
        let synced = match self.failed.take() {
            Some(error) => Err(error),
            None => self.file.sync_data(),
        };
        synced.map_err(|source| Error::Io {
            action: "writing",
            path: self.path.clone(),
            source,
        })?;
        Ok(Position {
            segment: 0,
            length: self.length,
        })
    }
}

enum Entry<'a> {
    /// Its body and its length with the frame.
    Whole(&'a [u8], usize),
    /// The file ends within it.
    Torn,
    /// The checksum differs.
    Wrong,
}

fn entry(bytes: &[u8]) -> Entry<'_> {
    let mut reader = Reader(bytes);
    let (Some(length), Some(sum)) = (reader.u32(), reader.u64()) else {
        return Entry::Torn;
    };
    match reader.bytes(length as usize) {
        None => Entry::Torn,
        Some(body) if xxh3_64(body) == sum => Entry::Whole(body, FRAME + body.len()),
        Some(_) => Entry::Wrong,
    }
}

fn encode(article: &Remembered, fingerprints: &[u32], out: &mut Vec<u8>) {
    for number in [
        article.seen as u64,
        article.cluster,
        article.identity_hash,
        article.title_hash,
        article.text_hash,
        u64::from(article.is_source),
    ] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&(article.id.len() as u32).to_le_bytes());
    out.extend_from_slice(article.id.as_bytes());
    for list in [fingerprints, &article.words] {
        out.extend_from_slice(&(list.len() as u32).to_le_bytes());
        for number in list {
            out.extend_from_slice(&number.to_le_bytes());
        }
    }
}

fn decode(body: &[u8]) -> Option<(Remembered, Vec<u32>)> {
    let mut reader = Reader(body);
    let (seen, cluster) = (reader.u64()? as i64, reader.u64()?);
    let (identity_hash, title_hash, text_hash) = (reader.u64()?, reader.u64()?, reader.u64()?);
    let is_source = reader.u64()? != 0;
    let length = reader.u32()? as usize;
    let id = std::str::from_utf8(reader.bytes(length)?).ok()?.into();
    let fingerprints = reader.numbers()?;
    let words = reader.numbers()?.into();
    let article = Remembered {
        id,
        seen,
        cluster,
        identity_hash,
        title_hash,
        text_hash,
        is_source,
        words,
    };
    Some((article, fingerprints))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }
    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?))
    }
    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.bytes(8)?.try_into().ok()?))
    }
    fn numbers(&mut self) -> Option<Vec<u32>> {
        let count = self.u32()? as usize;
        let bytes = self.bytes(count.checked_mul(4)?)?;
        Some(
            bytes
                .chunks_exact(4)
                .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
                .collect(),
        )
    }
}
