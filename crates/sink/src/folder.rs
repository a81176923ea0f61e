//! The files of a stream as they lie in the folder.

use crate::FileName;
use copydesk_model::Stream;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

/// A line longer than this is no record of ours.
pub(crate) const LINE_BYTES_MAX: u64 = 64 << 20;

/// One file of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    /// What its name says.
    pub name: FileName,
    /// Where it lies, compressed or not.
    pub path: PathBuf,
    /// Its size on the disk.
    pub bytes: u64,
    /// The time of its last line.
    pub modified: Timestamp,
}

/// The files of a stream in the order of their `seq`s. A file that is just being compressed lies
/// there twice for a moment; the plain one counts, being whole for as long as it is there. Needs no
/// lock.
pub fn files(directory: &Path, stream: Stream) -> io::Result<Vec<Filed>> {
    let mut files: BTreeMap<u64, Filed> = BTreeMap::new();
    for found in std::fs::read_dir(directory)? {
        let found = found?;
        let path = found.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name
            .and_then(FileName::parse)
            .filter(|name| name.stream == stream)
        else {
            continue;
        };
        let metadata = match found.metadata() {
            // Compressed or removed this moment.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            other => other?,
        };
        let filed = Filed {
            name,
            bytes: metadata.len(),
            modified: Timestamp::try_from(metadata.modified()?).unwrap_or(Timestamp::MAX),
            path,
        };
        if filed.is_plain() || !files.contains_key(&name.first) {
            files.insert(name.first, filed);
        }
    }
    Ok(files.into_values().collect())
}

impl Filed {
    /// Whether it is not compressed.
    pub fn is_plain(&self) -> bool {
        self.path
            .extension()
            .is_some_and(|suffix| suffix == "ndjson")
    }
}

/// A line's `seq`; the error says why it is no record.
pub(crate) fn seq_of(line: &[u8]) -> Result<u64, serde_json::Error> {
    #[derive(Deserialize)]
    struct Numbered {
        seq: u64,
    }
    serde_json::from_slice::<Numbered>(line).map(|numbered| numbered.seq)
}

/// Its lines, unpacked.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let file = File::open(path)?;
    Ok(match path.extension().and_then(|suffix| suffix.to_str()) {
        Some("zst") => Box::new(BufReader::new(zstd::Decoder::new(file)?)),
        Some("gz") => Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file))),
        _ => Box::new(BufReader::new(file)),
    })
}
