//! A commit is there wholly or not at all, whatever stops it, and once however often it is tried.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use copydesk_model::Key;
use copydesk_store::{Batch, Config, EntryState, Error, Store};
use jiff::Timestamp;
use serde_json::json;
use std::path::Path;
use std::process::Command;

fn open(directory: &Path) -> Result<Store, Error> {
    Store::open(Config {
        directory: directory.join("state"),
        ..Config::default()
    })
}

/// In memory where that can be had: syncing thousands of times is not what is tested.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// The n-th batch: rows of several pages in several tables.
fn batch(number: u64) -> Batch {
    let state = EntryState {
        article: None,
        fingerprint: number,
        settled: Timestamp::UNIX_EPOCH,
        failure: Some("x".repeat(200)),
        attempts: 1,
        rechecks: 0,
        idle_changes: 0,
        passed_over: false,
    };
    let keys = (0..60).map(|key| Key(u128::from(number) << 64 | key));
    Batch {
        entries: vec![(keys.collect(), state)],
        outbox: (0..3).map(|row| json!([number, row])).collect(),
        outbox_done: (number > 3).then(|| (number - 3) * 3),
        values: vec![("last", json!(number))],
        counters: vec![("batches".to_owned(), 1)],
        ..Batch::default()
    }
}

/// Whether batches 1 to the n-th are there, once each, and nothing else.
fn check(store: &Store, batches: u64) {
    assert_eq!(store.value("last").unwrap(), Some(json!(batches)));
    assert_eq!(store.counters().unwrap(), [("batches".to_owned(), batches)]);
    assert_eq!(store.counts().unwrap().entries, batches * 60);
    let done = batches.saturating_sub(3);
    let rows: Vec<_> = (done * 3..batches * 3)
        .map(|row| (row + 1, json!([row / 3 + 1, row % 3])))
        .collect();
    assert_eq!(store.outbox().unwrap(), rows);
}

const BEFORE: u64 = 4;

fn prepared(folder: &Path) -> Store {
    let store = open(folder).unwrap();
    for number in 1..=BEFORE {
        store.commit(batch(number), Timestamp::UNIX_EPOCH).unwrap();
    }
    store
}

#[test]
fn commit_killed_at_any_change_is_whole_or_absent() {
    for stop in 0.. {
        let folder = folder();
        let store = prepared(folder.path());
        store.stop_after(Some(stop));
        let committed = store.commit(batch(BEFORE + 1), Timestamp::UNIX_EPOCH);
        drop(store);
        let store = open(folder.path()).unwrap();
        match (&committed, store.counts().unwrap().outbox) {
            (Err(_), 9) if store.value("last").unwrap() == Some(json!(BEFORE)) => {
                check(&store, BEFORE);
            }
            _ => check(&store, BEFORE + 1),
        }
        if committed.is_ok() {
            assert!(stop > 10, "{stop} changes were stopped");
            break;
        }
    }
}

#[test]
fn commit_tried_again_after_a_passing_failure_is_carried_out_once() {
    let mut reached_all_the_same = 0;
    for stop in 0.. {
        let folder = folder();
        let store = prepared(folder.path());
        store.stop_after(Some(stop));
        let next = batch(BEFORE + 1);
        let has_failed = store.commit(&next, Timestamp::UNIX_EPOCH).is_err();
        if has_failed {
            store.commit(&next, Timestamp::UNIX_EPOCH).unwrap_err();
            store.stop_after(None);
            // A reader may be the first to open the file again.
            reached_all_the_same += u64::from(store.value("last").unwrap() != Some(json!(BEFORE)));
            let last = store.commit(&next, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(last, (BEFORE + 1) * 3);
        }
        store.stop_after(None);
        check(&store, BEFORE + 1);
        store
            .commit(batch(BEFORE + 2), Timestamp::UNIX_EPOCH)
            .unwrap();
        check(&store, BEFORE + 2);
        if !has_failed {
            break;
        }
    }
    // Else the test would not have met the case that it is for.
    assert!(reached_all_the_same > 0);
}

#[test]
fn full_disk_holds_commits_back_until_there_is_room() {
    let Some(disk) = SmallDisk::mount("16m") else {
        eprintln!("skipped: mounting a tmpfs needs root");
        return;
    };
    let store = open(disk.0.path()).unwrap();
    store.commit(batch(1), Timestamp::UNIX_EPOCH).unwrap();
    let filler = disk.0.path().join("filler");
    let mut number = 1;
    for _ in 0..3 {
        // As much as goes in; the error is the point.
        let _ = std::fs::write(&filler, vec![1; 16 << 20]);
        let error = loop {
            match store.commit(batch(number + 1), Timestamp::UNIX_EPOCH) {
                Ok(_) => number += 1,
                Err(error) => break error,
            }
            assert!(number < 5_000, "the disk never filled");
        };
        assert!(error.to_string().contains("No space left"), "{error}");
        store
            .commit(batch(number + 1), Timestamp::UNIX_EPOCH)
            .unwrap_err();
        std::fs::remove_file(&filler).unwrap();
        number += 1;
        store.commit(batch(number), Timestamp::UNIX_EPOCH).unwrap();
        check(&store, number);
    }
    drop(store);
    check(&open(disk.0.path()).unwrap(), number);
}

/// A filesystem of its own, gone with this value.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Option<Self> {
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
