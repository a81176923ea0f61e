//! A state taken out and taken in is the same state; lines that are wrong change nothing.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use copydesk_model::{Entry, Key};
use copydesk_store::{ArticleState, Batch, Config, EntryState, ImportError, Revisit, Store};
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use std::path::Path;

fn open(directory: &Path) -> Store {
    Store::open(Config {
        directory: directory.to_owned(),
        ..Config::default()
    })
    .unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

/// In memory where that can be had: syncing thousands of times is not what is tested.
fn in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// A bit of everything.
fn filled(directory: &Path) -> Store {
    let store = open(directory);
    let key = |number: u128| Key(number << 64 | 7);
    let entry = EntryState {
        article: Some("a1".to_owned()),
        fingerprint: u64::MAX,
        settled: now(),
        failure: None,
        attempts: 0,
        rechecks: 1,
        idle_changes: 2,
        ..serde_json::from_value(json!({
            "article": null, "fingerprint": 0, "settled": now(), "failure": null, "attempts": 0
        }))
        .unwrap()
    };
    let article = ArticleState {
        version: 3,
        url: Some("https://a.example/ü\n".to_owned()),
        duplicate_of: None,
        published: Some(now()),
        content: 5,
        values: vec![("title".to_owned(), 9)],
        settled: now(),
    };
    let batch = Batch {
        entries: vec![(vec![key(1), key(2)], entry)],
        articles: vec![("a1".to_owned(), article)],
        names: vec![(key(1), "a1".to_owned())],
        feeds: vec![("https://a.example/feed".to_owned(), json!({"etag": "x"}))],
        revisits: vec![Revisit {
            due: now() + 1.hour(),
            feed: "https://a.example/feed".to_owned(),
            feed_title: None,
            entry: Entry {
                keys: vec![key(2)],
                ..Entry::default()
            },
        }],
        outbox: (0..4).map(|row| json!({"row": row})).collect(),
        values: vec![("cursor", json!({"seq": 4})), ("position", json!([1]))],
        counters: vec![("polls".to_owned(), 12)],
        ..Batch::default()
    };
    store.commit(batch, now()).unwrap();
    let done = Batch {
        outbox_done: Some(3),
        outbox_kept: [2].into(),
        ..Batch::default()
    };
    store.commit(done, now()).unwrap();
    store
}

fn exported(store: &Store) -> String {
    let mut lines = Vec::new();
    store.export(&mut lines).unwrap();
    String::from_utf8(lines).unwrap()
}

#[test]
fn what_was_exported_is_imported_as_it_was() {
    let folders = [0, 1].map(|_| tempfile::tempdir().unwrap());
    let store = filled(folders[0].path());
    let lines = exported(&store);
    assert!(
        lines.starts_with("{\"table\":\"state\",\"version\":"),
        "{lines}"
    );
    let copy = open(folders[1].path());
    let rows = copy
        .import(lines.as_bytes(), &[("position", json!([0]))])
        .unwrap();
    assert_eq!(rows, lines.lines().count() as u64 - 2);
    assert_eq!(
        exported(&copy),
        lines.replace("\"value\":[1]", "\"value\":[0]")
    );
    assert_eq!(copy.counts().unwrap(), store.counts().unwrap());
    assert_eq!(copy.outbox().unwrap(), store.outbox().unwrap());
    assert_eq!(copy.revisit_next().unwrap(), Some(now() + 1.hour()));
    // Numbers go on where they were, and rows expire as they would have.
    let more = |store: &Store| {
        let outbox = vec![json!("next")];
        let batch = Batch {
            outbox,
            ..Batch::default()
        };
        for days in 1..400 {
            let now = now() + (24 * days).hours();
            store.commit(Batch::default(), now).unwrap();
        }
        store.commit(batch, now() + (24 * 400).hours()).unwrap()
    };
    assert_eq!(more(&copy), more(&store));
    assert_eq!(copy.counts().unwrap(), store.counts().unwrap());
    assert_eq!(copy.counts().unwrap().articles, 0);
}

#[test]
fn wrong_lines_are_named_by_number_and_change_nothing() {
    let (source, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lines = exported(&filled(source.path()));
    let all: Vec<&str> = lines.lines().collect();
    let without = |place: usize| [&all[..place], &all[place + 1..]].concat().join("\n");
    let with = |place: usize, line: &str| {
        let mut changed = all.clone();
        changed[place] = line;
        changed.join("\n")
    };
    let end = all.len() - 1;
    let outbox = all.iter().rposition(|line| line.contains("\"outbox\""));
    let outbox = outbox.unwrap();
    let empty = all.len() + 1;
    for (lines, line, wanted) in [
        (String::new(), 1, "ends without its last line"),
        (all[..end].join("\n") + "\n", end + 1, "the rest is missing"),
        (without(0), 1, "not the beginning"),
        (without(2), end, "rows were exported"),
        (with(2, all[1]), 3, "a row of this key came before"),
        (
            with(3, "{\"table\":\"entries\",\"key\":\"zz\"}"),
            4,
            "digit",
        ),
        (with(1, "{\"table\":\"tables\"}"), 2, "unknown variant"),
        (with(1, "\u{fffd}"), 2, "expected value"),
        (
            with(0, "{\"table\":\"state\",\"version\":99,\"outbox_last\":0}"),
            1,
            "version 99",
        ),
        (with(4, all[0]), 5, "a second beginning"),
        (
            with(0, &all[0].replace("\"outbox_last\":4", "\"outbox_last\":3")),
            outbox + 1,
            "row 4 of the outbox, of which 3 was the last",
        ),
        (
            with(0, &all[0].replace(":4}", ":18446744073709551615}")),
            1,
            "leaves no number",
        ),
        (with(end, "no end") + "\n", empty - 1, "expected"),
    ] {
        let store = open(target.path());
        let error = store.import(lines.as_bytes(), &[]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(wanted), "{text}");
        assert!(text.starts_with(&format!("line {line}: ")), "{text}");
        assert_eq!(store.counts().unwrap().entries, 0);
    }
    let store = open(target.path());
    store.import(lines.as_bytes(), &[]).unwrap();
    let again = store.import(lines.as_bytes(), &[]).unwrap_err();
    assert!(matches!(again, ImportError::NotEmpty(_)), "{again}");
}

#[test]
fn import_killed_at_any_change_is_whole_or_absent() {
    let source = tempfile::tempdir().unwrap();
    let lines = exported(&filled(source.path()));
    for stop in 0.. {
        let target = in_memory();
        let store = open(target.path());
        let nothing = exported(&store);
        store.stop_after(Some(stop));
        let imported = store.import(lines.as_bytes(), &[]);
        drop(store);
        let store = open(target.path());
        if exported(&store) == nothing {
            imported.as_ref().unwrap_err();
            store.import(lines.as_bytes(), &[]).unwrap();
        }
        assert_eq!(exported(&store), lines, "stopped after {stop} changes");
        if imported.is_ok() {
            assert!(stop > 10, "{stop} changes were stopped");
            break;
        }
    }
}

#[test]
fn compacting_killed_at_any_change_keeps_every_row() {
    let sound = in_memory();
    let store = filled(sound.path());
    // Rows behind a hole: what was before them is gone.
    for outbox in [vec![json!("x".repeat(400_000))], Vec::new()] {
        let more = Batch {
            outbox,
            outbox_done: Some(u64::MAX),
            counters: (0..400).map(|row| (format!("row {row}"), 1)).collect(),
            ..Batch::default()
        };
        store.commit(more, now()).unwrap();
    }
    let rows = exported(&store);
    drop(store);
    let file = std::fs::read(sound.path().join("state.redb")).unwrap();
    for stop in 0.. {
        let target = in_memory();
        std::fs::write(target.path().join("state.redb"), &file).unwrap();
        let mut store = open(target.path());
        store.stop_after(Some(stop));
        let compacted = store.compact();
        drop(store);
        let store = open(target.path());
        assert_eq!(exported(&store), rows, "stopped after {stop} changes");
        store.commit(Batch::default(), now()).unwrap();
        if let Ok((before, after)) = compacted {
            assert!(after < before, "{after} of {before}");
            assert!(stop > 10, "{stop} changes were stopped");
            break;
        }
    }
}

#[test]
fn compacting_gives_room_back_and_keeps_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = filled(folder.path());
    let large = |outbox| Batch {
        outbox,
        outbox_done: Some(u64::MAX),
        ..Batch::default()
    };
    for _ in 0..4 {
        let rows = (0..40).map(|_| json!("x".repeat(50_000))).collect();
        store.commit(large(rows), now()).unwrap();
    }
    store.commit(large(Vec::new()), now()).unwrap();
    let before = exported(&store);
    let (large, small) = store.compact().unwrap();
    assert!(small < large, "{small} of {large}");
    assert_eq!(exported(&store), before);
    store.commit(Batch::default(), now()).unwrap();
}
