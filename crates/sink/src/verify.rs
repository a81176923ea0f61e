use crate::folder::{Filed, LINE_BYTES_MAX, files, open};
use copydesk_model::{Record, SCHEMA, Stream};
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

/// Findings kept in words; all are counted.
const FINDINGS_MAX: usize = 100;

/// What the files of an output folder hold.
#[derive(Debug, Default)]
pub struct Report {
    /// By stream: articles, duplicates.
    pub streams: [StreamReport; 2],
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.streams.iter().all(|stream| {
            stream.gaps == 0 && stream.repeats == 0 && stream.invalid == 0 && !stream.is_torn
        })
    }
}

/// What one stream's files hold.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct StreamReport {
    /// Files read.
    pub files: u64,
    /// Their size on the disk.
    pub bytes: u64,
    /// Whole lines.
    pub lines: u64,
    /// The first `seq`; above 1 where older files were taken away.
    pub first: Option<u64>,
    /// The last `seq`.
    pub last: Option<u64>,
    /// `seq`s that are missing between the first and the last.
    pub gaps: u64,
    /// Lines whose `seq` came before.
    pub repeats: u64,
    /// Lines that are no valid record.
    pub invalid: u64,
    /// Whether a file ends inside a line; the open file may, for a moment, while it is written.
    pub is_torn: bool,
    /// The first of what is wrong, in file order.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The file.
    pub path: PathBuf,
    /// The line in it, from 1.
    pub line: u64,
    /// What is wrong, in words.
    pub what: String,
}

/// Reads every file of both streams, compressed ones too, in the order of their `seq`s. `progress`
/// is told each file as it is begun, and its bytes. Changes nothing and needs no lock.
pub fn verify(directory: &Path, mut progress: impl FnMut(&Path, u64)) -> io::Result<Report> {
    let mut report = Report::default();
    for stream in Stream::ALL {
        let files = files(directory, stream)?;
        let report = &mut report.streams[stream as usize];
        for Filed { path, bytes, .. } in &files {
            progress(path, *bytes);
            report.files += 1;
            report.bytes += bytes;
            verify_file(path, report)?;
        }
    }
    Ok(report)
}

fn verify_file(path: &Path, report: &mut StreamReport) -> io::Result<()> {
    let mut lines = open(path)?;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = (&mut lines)
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut line);
        let mut find = |what: String| {
            if report.findings.len() < FINDINGS_MAX {
                let path = path.to_owned();
                let line = number;
                report.findings.push(Finding { path, line, what });
            }
        };
        if let Err(error) = read {
            // A closed file that cannot be unpacked.
            find(error.to_string());
            report.invalid += 1;
            break;
        }
        if line.is_empty() {
            break;
        }
        if line.pop() != Some(b'\n') {
            find("ends inside a line".to_owned());
            report.is_torn = true;
            break;
        }
        report.lines += 1;
        let seq = match seq_of(&line) {
            Ok(seq) => seq,
            Err(what) => {
                find(what);
                report.invalid += 1;
                continue;
            }
        };
        report.first.get_or_insert(seq);
        let last = report.last.unwrap_or(seq.saturating_sub(1));
        if seq <= last {
            find(format!("seq {seq} comes again, after {last}"));
            report.repeats += 1;
            continue;
        }
        if seq - last > 1 {
            find(format!("seq {} to {} are missing", last + 1, seq - 1));
            report.gaps += seq - last - 1;
        }
        report.last = Some(seq);
    }
    Ok(())
}

fn seq_of(line: &[u8]) -> Result<u64, String> {
    let record: Record = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    if record.schema != SCHEMA {
        return Err(format!("schema is {:?}, not {SCHEMA:?}", record.schema));
    }
    Ok(record.seq)
}

/// The index of a stream in reports and cursors.
const _: () = assert!(Stream::Articles as usize == 0 && Stream::Duplicates as usize == 1);
