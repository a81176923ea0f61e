//! What somebody else did to the files is named, and mended so that the writing goes on; stopping
//! the mending anywhere does no harm.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use copydesk_model::Stream;
use copydesk_sink::{Compression, Config, Writer, verify};
use copydesk_store::{Batch, Store};
use jiff::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};
use support::{Life, config, folder, lines, log, read, store};

/// What somebody does to the open file of the articles.
type Tamper = fn(&Path);

fn append(path: &Path) {
    fs::write(path, fs::read_to_string(path).unwrap() + "x\n").unwrap();
}

fn cut_a_line_in_two(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, &text[..text.len() - 10]).unwrap();
}

fn empty(path: &Path) {
    fs::write(path, "").unwrap();
}

fn overwrite_the_end(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let place = bytes.len() - 10;
    bytes[place..].fill(b'x');
    fs::write(path, bytes).unwrap();
}

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

/// A life that was killed with `is_logged` lines still in the outbox or not; gives back the open
/// file of the articles.
fn killed(folder: &Path, config: &Config, is_logged: bool) -> PathBuf {
    let mut life = Life::begin(store(folder), config, None);
    life.run(config, 6).unwrap();
    assert!(life.commit(config, 9));
    life.write().unwrap();
    if !is_logged {
        let batch = Batch {
            outbox_done: Some(u64::MAX),
            ..Batch::default()
        };
        life.store.commit(batch, Timestamp::UNIX_EPOCH).unwrap();
    }
    let name = life.cursor().streams[0].file.clone().unwrap();
    config.directory.join(name)
}

/// Gives back what is said; whether all was done but for the commit, where it is to die, or all.
fn mend(store: &Store, config: &Config, stop_after: Option<u64>) -> (String, bool) {
    let writer = Writer::open(config.clone()).unwrap();
    writer.disk().stop_after(stop_after);
    let log = log(store);
    let damages = writer.inspect(&log).unwrap();
    let said = damages
        .iter()
        .map(|damage| format!("{}; {}", damage.what, damage.remedy));
    let said = said.collect();
    let last = log.steps.last().map(|(number, _)| *number);
    let Ok(mended) = writer.mend(&damages, log) else {
        return (said, false);
    };
    let rows = mended.steps.iter().map(|(_, step)| step);
    let batch = Batch {
        outbox_done: last,
        outbox: rows
            .map(|step| serde_json::to_value(step).unwrap())
            .collect(),
        values: vec![("cursor", serde_json::to_value(&mended.cursor).unwrap())],
        ..Batch::default()
    };
    if stop_after.is_none() {
        store.commit(batch, Timestamp::UNIX_EPOCH).unwrap();
    }
    (said, true)
}

/// What is said of the tampering contains `wanted`; afterwards the lines of `lost` are missing and
/// all others there, whatever stopped the first try.
fn check(tamper: Tamper, is_logged: bool, wanted: &str, lost: u64) {
    for stop in 0.. {
        let folder = folder();
        let config = config(folder.path(), Compression::Zstd);
        let open = killed(folder.path(), &config, is_logged);
        tamper(&open);
        let tampered = fs::read(&open).ok();
        let store = store(folder.path());
        let (said, is_through) = mend(&store, &config, Some(stop));
        mend(&store, &config, None);
        assert!(said.contains(wanted), "{said}");
        let kept = fs::read(open.with_extension("ndjson.cut")).unwrap_or_default();
        let tampered = tampered.unwrap_or_default();
        assert!(tampered.ends_with(&kept), "what was cut off is kept");

        let mut life = Life::begin(store, &config, None);
        life.run(&config, 24).unwrap();
        let articles = lines(&config, Stream::Articles);
        assert_eq!(articles.lines().count() as u64, 16 - lost, "{wanted}");
        assert_eq!(read(&config, Stream::Duplicates).lines().count(), 8);
        let report = verify(&config.directory, |_, _| ()).unwrap();
        let [found, _] = &report.streams;
        assert_eq!(found.gaps, if found.first == Some(1) { lost } else { 0 });
        assert_eq!((found.repeats, found.invalid, found.is_torn), (0, 0, false));
        assert_eq!(found.last, Some(16));
        if is_through {
            break;
        }
    }
}

#[test]
fn what_was_appended_is_cut_off_and_kept() {
    check(append, true, "somebody else wrote to it", 0);
    check(append, false, "somebody else wrote to it", 0);
}

#[test]
fn what_the_log_still_holds_is_written_again() {
    check(overwrite_the_end, true, "not what the log says", 0);
}

#[test]
fn what_is_gone_for_good_leaves_a_gap_and_the_writing_goes_on() {
    // The open file holds seq 4 to 6 by then; the log, where it is there, the last two of them.
    let after_5 = "in or before the line after seq 5";
    check(cut_a_line_in_two, false, after_5, 1);
    check(empty, false, "its first line", 3);
    check(empty, true, "its first line", 1);
    check(remove, false, "gone", 3);
    check(remove, true, "gone", 1);
}
