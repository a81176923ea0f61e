//! What the writer does when somebody else has been at its folder, and what a check of it finds.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use copydesk_model::Stream;
use copydesk_sink::{Compression, Config, Error, Step, Writer, verify};
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;
use support::{Life, config, folder, line, read, store};

const FILE: &str = "news-20261121T14-000000001.ndjson";

fn write(offset: u64, bytes: &str) -> Step {
    Step::Write {
        file: FILE.to_owned(),
        offset,
        bytes: bytes.to_owned(),
    }
}

fn close(length: u64) -> Step {
    Step::Close {
        file: FILE.to_owned(),
        length,
    }
}

/// Four bytes are written; then somebody comes; then the step.
fn check_conflict(tamper: impl Fn(&Path), step: &Step, wanted: &str) {
    for is_reopened in [false, true] {
        let folder = folder();
        let config = config(folder.path(), Compression::Zstd);
        let path = config.directory.join(FILE);
        let mut writer = Writer::open(config.clone()).unwrap();
        writer.apply(&write(0, "one\n")).unwrap();
        assert!(writer.sync().unwrap());
        tamper(&path);
        let tampered = fs::read(&path).ok();
        if is_reopened {
            drop(writer);
            writer = Writer::open(config).unwrap();
        }
        for _ in 0..2 {
            let error = writer.apply(step).unwrap_err();
            assert!(matches!(error, Error::Conflict { .. }), "{error}");
            let text = error.to_string();
            assert!(text.contains(FILE) && text.contains(wanted), "{text}");
        }
        assert_eq!(fs::read(&path).ok(), tampered, "left as found");
    }
}

#[test]
fn does_not_go_on_over_what_the_log_cannot_explain() {
    let next = write(4, "two\n");
    check_conflict(|path| fs::remove_file(path).unwrap(), &next, "gone");
    check_conflict(|path| fs::write(path, "on").unwrap(), &next, "cut");
    check_conflict(
        |path| fs::write(path, "one\nxxx\n").unwrap(),
        &next,
        "somebody else",
    );
    check_conflict(
        |path| fs::write(path, "one\ntwo\nx").unwrap(),
        &close(8),
        "somebody else",
    );
    check_conflict(|path| fs::remove_file(path).unwrap(), &close(4), "gone");
    check_conflict(|path| fs::write(path, "").unwrap(), &close(4), "cut");
    let other = Step::Write {
        file: "../elsewhere.ndjson".to_owned(),
        offset: 0,
        bytes: "one\n".to_owned(),
    };
    let folder = folder();
    let mut writer = Writer::open(config(folder.path(), Compression::None)).unwrap();
    assert!(matches!(writer.apply(&other), Err(Error::Conflict { .. })));
}

#[test]
fn replaced_file_is_noticed_while_it_is_open() {
    let folder = folder();
    let config = config(folder.path(), Compression::None);
    let path = config.directory.join(FILE);
    let mut writer = Writer::open(config).unwrap();
    writer.apply(&write(0, "one\n")).unwrap();
    // As logrotate does it.
    fs::rename(&path, path.with_extension("1")).unwrap();
    fs::write(&path, "one\n").unwrap();
    assert!(writer.apply(&write(4, "two\n")).is_err());
}

#[test]
fn start_checks_the_open_files_against_the_log() {
    type Tamper = fn(&Path);
    let tampers: [(&str, Tamper); 3] = [
        ("somebody else", |path| {
            let text = fs::read_to_string(path).unwrap();
            fs::write(path, text + "x").unwrap();
        }),
        ("cut", |path| fs::write(path, "").unwrap()),
        ("gone", |path| fs::remove_file(path).unwrap()),
    ];
    for (wanted, tamper) in tampers {
        let folder = folder();
        let config = config(folder.path(), Compression::None);
        let mut life = Life::begin(store(folder.path()), &config, None);
        life.run(&config, 3).unwrap();
        // So that no outbox row is left to mend it.
        assert!(life.commit(&config, 6));
        life.write().unwrap();
        let open = life.cursor().streams[0].file.clone().unwrap();
        let cursor = life.cursor().clone();
        life.writer.check(&cursor).unwrap();
        tamper(&config.directory.join(open));
        let error = life.writer.check(&cursor).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
}

#[test]
fn link_leads_to_the_latest_file_and_never_back() {
    let folder = folder();
    let config = config(folder.path(), Compression::None);
    let mut writer = Writer::open(config.clone()).unwrap();
    let link = config.directory.join("news.current");
    let later = "news-20261121T15-000000002.ndjson";
    let second = Step::Write {
        file: later.to_owned(),
        offset: 0,
        bytes: "two\n".to_owned(),
    };
    writer.apply(&write(0, "one\n")).unwrap();
    assert_eq!(fs::read_to_string(&link).unwrap(), "one\n");
    writer.apply(&second).unwrap();
    assert_eq!(fs::read_to_string(&link).unwrap(), "two\n");
    drop(writer);
    let mut writer = Writer::open(config).unwrap();
    writer.apply(&write(0, "one\n")).unwrap();
    assert_eq!(fs::read_link(&link).unwrap().to_str(), Some(later));
}

#[test]
fn bytes_that_a_failed_sync_dropped_are_written_again() {
    let folder = folder();
    let config = config(folder.path(), Compression::None);
    let path = config.directory.join(FILE);
    let mut writer = Writer::open(config).unwrap();
    writer.apply(&write(0, "one\n")).unwrap();
    writer.sync().unwrap();
    writer.apply(&write(4, "two\n")).unwrap();
    writer.disk().stop_after(Some(0));
    writer.sync().unwrap_err();
    // The kernel may forget dirty pages after telling once that it could not write them.
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .write_all_at(&[0; 4], 4)
        .unwrap();
    writer.disk().stop_after(None);
    assert!(writer.sync().unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
}

#[test]
fn large_file_is_compressed_whole() {
    // Digits that do not repeat: the compressed file takes several writes.
    let numbers = (0u64..100_000).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let text: String = numbers.map(|number| format!("{number}\n")).collect();
    for (compression, suffix) in [(Compression::Zstd, ".zst"), (Compression::Gzip, ".gz")] {
        let folder = folder();
        let config = config(folder.path(), compression);
        let mut writer = Writer::open(config.clone()).unwrap();
        writer.apply(&write(0, &text)).unwrap();
        let close = close(text.len() as u64);
        writer.apply(&close).unwrap();
        writer.closer().apply(&close).unwrap();
        let packed = config.directory.join(format!("{FILE}{suffix}"));
        assert!(fs::metadata(&packed).unwrap().len() > 600_000);
        assert!(!config.directory.join(FILE).exists());
        assert!(read(&config, Stream::Articles) == text, "{suffix}");
    }
}

#[test]
fn second_owner_is_told_who_has_the_folder() {
    let folder = folder();
    let config = config(folder.path(), Compression::None);
    let _first = Writer::open(config.clone()).unwrap();
    let Err(Error::InUse { process, .. }) = Writer::open(config) else {
        panic!("opened twice");
    };
    assert_eq!(process, std::process::id().to_string());
}

#[test]
fn verify_finds_gaps_repeats_invalid_lines_and_torn_ends() {
    let lines = |seqs: &[u64]| -> String { seqs.iter().map(|&seq| line(seq, "text")).collect() };
    let folder = folder();
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let packed = zstd::encode_all(lines(&[3, 4]).as_bytes(), 1).unwrap();
    put("news-20261121T14-000000003.ndjson.zst", &packed);
    put(
        "news-20261121T14-000000005.ndjson",
        (lines(&[5, 8, 8, 9]) + "{}\n").as_bytes(),
    );
    // Closed, but not yet taken away.
    put("news-20261121T14-000000005.ndjson.zst", b"unreadable");
    put(
        "news-20261121T15-000000010.ndjson",
        &lines(&[10, 11]).as_bytes()[..800],
    );
    put("duplicates-20261121T15-000000001.ndjson.gz", b"unreadable");
    put("news-20261121T15-000000012.ndjson.zst.tmp", b"unreadable");
    put("notes.txt", b"unreadable");
    let mut files = Vec::new();
    let report = verify(folder.path(), |path, _| files.push(path.to_owned())).unwrap();
    assert_eq!(files.len(), 4, "{files:?}");
    let [news, duplicates] = &report.streams;
    assert_eq!((news.first, news.last, news.files), (Some(3), Some(10), 3));
    assert_eq!(
        (news.gaps, news.repeats, news.invalid, news.is_torn),
        (2, 1, 1, true)
    );
    let found: Vec<_> = news.findings.iter().map(|finding| finding.line).collect();
    assert_eq!(found, [2, 3, 5, 2], "{:?}", news.findings);
    assert_eq!((duplicates.lines, duplicates.invalid), (0, 1));
    assert!(!report.is_sound());
}

#[test]
fn full_disk_holds_lines_back_until_there_is_room() {
    let Some(disk) = support::SmallDisk::mount("1m") else {
        eprintln!("skipped: mounting a tmpfs needs root");
        return;
    };
    let state = folder();
    let config = Config {
        file_bytes_max: 20_000,
        ..config(disk.0.path(), Compression::Zstd)
    };
    let mut life = Life::begin(store(state.path()), &config, None);
    let filler = disk.0.path().join("filler");
    let mut failures = 0;
    let total = 300;
    for round in 0.. {
        if round % 20 == 5 {
            // As much as goes in; the error is the point.
            let _ = fs::write(&filler, vec![1; 1 << 20]);
        }
        if !life.commit(&config, total) {
            break;
        }
        if let Err(error) = life.write() {
            assert!(error.to_string().contains("No space left"), "{error}");
            failures += 1;
            life.write().unwrap_err();
            fs::remove_file(&filler).unwrap();
            life.write().unwrap();
        }
    }
    assert!(failures > 2, "{failures}");
    let report = verify(&config.directory, |_, _| ()).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(read(&config, Stream::Articles).lines().count(), 200);
    assert_eq!(read(&config, Stream::Duplicates).lines().count(), 100);
}
