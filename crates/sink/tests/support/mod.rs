//! A desk cut down to its last room: lines are planned, committed, written and synced as the daemon
//! does it, by a process that dies when told.

#![allow(dead_code, reason = "no one test file needs all of it")]

use copydesk_model::{FeedOrigin, Fetch, FetchedFrom, Op, Record, SCHEMA, Stream};
use copydesk_sink::{
    Closer, Compression, Config, Cursor, Error, FileName, Log, Step, Writer, files, needed, plan,
    retain,
};
use copydesk_store::{Batch, Store};
use jiff::{Timestamp, ToSpan};
use std::collections::VecDeque;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// In memory where that can be had: syncing thousands of times is not what is tested.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

pub fn line(seq: u64, text: &str) -> String {
    let record = Record {
        schema: SCHEMA.to_owned(),
        seq,
        op: Op::New,
        id: format!("{seq:016}"),
        version: 1,
        changed: Vec::new(),
        url: None,
        source: "a.example".to_owned(),
        site_name: None,
        title: None,
        description: None,
        text: Some(text.to_owned()),
        authors: Vec::new(),
        agency: None,
        dateline: None,
        published: None,
        published_from: None,
        modified: None,
        fetched: Timestamp::UNIX_EPOCH,
        language: None,
        section: None,
        tags: Vec::new(),
        image: None,
        image_credit: None,
        paywalled: None,
        word_count: 1,
        duplicate_of: None,
        copies_of: Vec::new(),
        feed: FeedOrigin::default(),
        fetch: Fetch {
            status: None,
            url: None,
            bytes: 0,
            ms: 0,
            from: FetchedFrom::Feed,
        },
    };
    serde_json::to_string(&record).unwrap() + "\n"
}

pub fn config(folder: &Path, compression: Compression) -> Config {
    Config {
        directory: folder.join("out"),
        // Three lines: a commit of two then often has one for the old file and one for the new.
        file_bytes_max: 7 * line(1, "text").len() as u64 / 2,
        file_age_max: Duration::from_secs(2 * 3600),
        compression,
        ..Config::default()
    }
}

pub fn store(folder: &Path) -> Store {
    Store::open(copydesk_store::Config {
        directory: folder.join("state"),
        ..copydesk_store::Config::default()
    })
    .unwrap()
}

/// A filesystem of its own, gone with this value.
pub struct SmallDisk(pub tempfile::TempDir);

impl SmallDisk {
    pub fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={size}"),
                "copydesk-test",
            ])
            .arg(folder.path())
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// One process: from the replay at its start until all lines are out or it dies.
pub struct Life {
    pub store: Store,
    pub writer: Writer,
    /// So many files are complete before the first of them is closed.
    pub lag: usize,
    closer: Closer,
    cursor: Cursor,
    /// Steps committed and not yet applied by the writer, and by the closer.
    waiting: VecDeque<(u64, Step)>,
    closing: VecDeque<(u64, Step)>,
    last: u64,
    done: Option<u64>,
}

impl Life {
    pub fn begin(store: Store, config: &Config, stop_after: Option<u64>) -> Self {
        let writer = Writer::open(config.clone()).unwrap();
        writer.disk().stop_after(stop_after);
        let log = log(&store);
        Self {
            lag: 0,
            closer: writer.closer(),
            last: log.steps.last().map_or(0, |(number, _)| *number),
            waiting: needed(log.steps).into(),
            closing: VecDeque::new(),
            cursor: log.cursor,
            writer,
            store,
            done: None,
        }
    }

    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Carries out what waits. May be called again after an error.
    pub fn write(&mut self) -> Result<(), Error> {
        while let Some((_, step)) = self.waiting.front() {
            self.writer.apply(step)?;
            let applied = self.waiting.pop_front().unwrap();
            self.closing
                .extend(Some(applied).filter(|(_, step)| step.is_closing()));
        }
        if self.writer.sync()? {
            self.done = Some(self.last);
        }
        while self.closing.len() > self.lag {
            self.closer.apply(&self.closing[0].1)?;
            self.closing.pop_front();
        }
        Ok(())
    }

    /// Replays, then takes in lines, three a commit, until `lines` are out in both streams; every
    /// third is a duplicate.
    pub fn run(&mut self, config: &Config, lines: u64) -> Result<(), Error> {
        self.write()?;
        self.writer.check(&self.cursor)?;
        while self.commit(config, lines) {
            self.write()?;
        }
        self.lag = 0;
        self.write()
    }

    /// False when all are out.
    pub fn commit(&mut self, config: &Config, lines: u64) -> bool {
        let [news, duplicates] = &self.cursor.streams;
        let (news, duplicates) = (news.seq, duplicates.seq);
        let sum = news + duplicates;
        if sum >= lines {
            return false;
        }
        let now = Timestamp::UNIX_EPOCH + (sum as i64 * 7).minutes();
        let mut steps = Vec::new();
        let texts = ["text", "ein größerer Text", ""];
        let made = |from: u64, count: u64| -> Vec<String> {
            (from + 1..=from + count)
                .map(|seq| line(seq, texts[seq as usize % 3]))
                .collect()
        };
        for (stream, lines) in Stream::ALL
            .into_iter()
            .zip([made(news, 2), made(duplicates, 1)])
        {
            steps.extend(plan(config, &mut self.cursor, stream, &lines, now));
        }
        let filed = Stream::ALL.map(|stream| files(&config.directory, stream).unwrap());
        steps.extend(retain(config, &mut self.cursor, &filed, now));
        let batch = Batch {
            outbox: steps
                .iter()
                .map(|step| serde_json::to_value(step).unwrap())
                .collect(),
            outbox_done: self.done,
            outbox_kept: self.closing.iter().map(|(number, _)| *number).collect(),
            values: vec![("cursor", serde_json::to_value(&self.cursor).unwrap())],
            ..Batch::default()
        };
        self.last = self.store.commit(&batch, now).unwrap();
        self.waiting = (self.last + 1 - steps.len() as u64..).zip(steps).collect();
        true
    }
}

/// What the store says the writing goes on from.
pub fn log(store: &Store) -> Log {
    let cursor = store.value("cursor").unwrap();
    let steps = store.outbox().unwrap().into_iter();
    Log {
        cursor: cursor.map_or_else(Cursor::default, |value| {
            serde_json::from_value(value).unwrap()
        }),
        steps: steps
            .map(|(number, row)| (number, serde_json::from_value(row).unwrap()))
            .collect(),
    }
}

/// All that a reader sees of a stream, files in the order of their names, compressed or not.
pub fn read(config: &Config, stream: Stream) -> String {
    let mut names: Vec<String> = std::fs::read_dir(&config.directory)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| FileName::parse(name).is_some_and(|name| name.stream == stream))
        .collect();
    names.sort();
    // While a file is being closed it lies there twice.
    let plain = names.clone();
    names.retain(|name| match name.rsplit_once(".ndjson") {
        Some((base, "")) => !base.is_empty(),
        Some((base, _)) => !plain.contains(&format!("{base}.ndjson")),
        None => false,
    });
    let mut all = String::new();
    for name in names {
        let bytes = std::fs::read(config.directory.join(&name)).unwrap();
        if name.ends_with(".zst") {
            all += &String::from_utf8(zstd::decode_all(&bytes[..]).unwrap()).unwrap();
        } else if name.ends_with(".gz") {
            flate2::read::GzDecoder::new(&bytes[..])
                .read_to_string(&mut all)
                .unwrap();
        } else {
            all += &String::from_utf8_lossy(&bytes);
        }
    }
    all
}

/// The whole lines of it.
pub fn lines(config: &Config, stream: Stream) -> String {
    let mut all = read(config, stream);
    all.truncate(all.rfind('\n').map_or(0, |end| end + 1));
    all
}
