//! What is committed is known, and what is not seen for long is forgotten.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use copydesk_model::{Entry, Key};
use copydesk_store::{ArticleState, Batch, Config, Counts, EntryState, Error, Revisit, Store};
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

fn open(directory: &Path) -> Store {
    Store::open(Config {
        directory: directory.to_owned(),
        remember: 100 * HOUR,
    })
    .unwrap()
}

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + (500_000 + hours).hours()
}

fn entry_state(article: Option<&str>) -> EntryState {
    EntryState {
        article: article.map(str::to_owned),
        fingerprint: u64::MAX,
        settled: at(0),
        failure: None,
        attempts: 0,
        rechecks: 0,
        idle_changes: 0,
        passed_over: false,
    }
}

fn article_state() -> ArticleState {
    ArticleState {
        version: 2,
        url: Some("https://a.example/1".to_owned()),
        duplicate_of: None,
        published: None,
        content: u64::MAX,
        values: vec![("title".to_owned(), 1)],
        settled: at(0),
    }
}

fn revisit(key: u128, hours: i64) -> Revisit {
    Revisit {
        due: at(hours),
        feed: "https://a.example/feed".to_owned(),
        feed_title: None,
        entry: Entry {
            keys: vec![Key(key), Key(99)],
            ..Entry::default()
        },
    }
}

#[test]
fn knows_after_reopening_what_was_committed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let batch = Batch {
        entries: vec![(vec![Key(1), Key(u128::MAX)], entry_state(Some("a")))],
        articles: vec![("a".to_owned(), article_state())],
        names: vec![(Key(3), "a".to_owned())],
        feeds: vec![("https://a.example/feed".to_owned(), json!({"etag": "x"}))],
        revisits: vec![revisit(1, 1)],
        outbox: vec![json!("one"), json!("two")],
        values: vec![("cursor", json!([1]))],
        counters: vec![("polls".to_owned(), 2), ("polls".to_owned(), 3)],
        ..Batch::default()
    };
    assert_eq!(store.commit(&batch, at(0)).unwrap(), 2);
    drop(store);

    let store = open(folder.path());
    let unknown = Key(7);
    assert_eq!(store.entry(&[unknown]).unwrap(), None);
    for key in [Key(1), Key(u128::MAX)] {
        assert_eq!(
            store.entry(&[unknown, key]).unwrap(),
            Some(entry_state(Some("a")))
        );
    }
    assert_eq!(
        store.named(&[unknown, Key(3)]).unwrap().as_deref(),
        Some("a")
    );
    assert_eq!(store.article("a").unwrap(), Some(article_state()));
    assert_eq!(
        store.feeds().unwrap(),
        [("https://a.example/feed".to_owned(), json!({"etag": "x"}))]
    );
    assert_eq!(
        store.feed("https://a.example/feed").unwrap(),
        Some(json!({"etag": "x"}))
    );
    assert_eq!(
        store.outbox().unwrap(),
        [(1, json!("one")), (2, json!("two"))]
    );
    assert_eq!(store.value("cursor").unwrap(), Some(json!([1])));
    assert_eq!(store.counters().unwrap(), [("polls".to_owned(), 5)]);
    assert_eq!(
        store.counts().unwrap(),
        Counts {
            entries: 2,
            names: 1,
            articles: 1,
            feeds: 1,
            revisits: 1,
            outbox: 2
        }
    );
    assert!(store.file_bytes().unwrap() > 0);
}

#[test]
fn outbox_numbers_go_on_after_it_was_emptied() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let row = || Batch {
        outbox: vec![json!(1)],
        ..Batch::default()
    };
    assert_eq!(store.commit(row(), at(0)).unwrap(), 1);
    let done = Batch {
        outbox_done: Some(1),
        ..Batch::default()
    };
    assert_eq!(store.commit(done, at(0)).unwrap(), 1);
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.outbox().unwrap(), []);
    assert_eq!(store.commit(row(), at(0)).unwrap(), 2);
}

#[test]
fn revisits_come_when_due_the_longest_due_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let batch = Batch {
        revisits: vec![revisit(1, 3), revisit(2, 1), revisit(3, 9)],
        ..Batch::default()
    };
    store.commit(batch, at(0)).unwrap();
    let due = |hours, most| -> Vec<u128> {
        let due = store.revisits_due(at(hours), most).unwrap();
        due.iter().map(|revisit| revisit.entry.keys[0].0).collect()
    };
    assert_eq!(due(0, 9), []);
    assert_eq!(due(3, 9), [2, 1]);
    assert_eq!(due(3, 1), [2]);
    assert_eq!(store.revisit_next().unwrap(), Some(at(1)));
    // The later one of a key wins, and one carried out may come again at once.
    let batch = Batch {
        revisits: vec![revisit(1, 5), revisit(2, 6)],
        revisited: vec![Key(2), Key(8)],
        ..Batch::default()
    };
    store.commit(batch, at(3)).unwrap();
    assert_eq!(due(4, 9), []);
    assert_eq!(due(9, 9), [1, 2, 3]);
    let batch = Batch {
        revisited: vec![Key(1), Key(2), Key(3)],
        ..Batch::default()
    };
    store.commit(batch, at(9)).unwrap();
    assert_eq!(due(9, 9), []);
    assert_eq!(store.revisit_next().unwrap(), None);
}

#[test]
fn forgets_what_no_feed_lists_and_keeps_what_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let settled = |number: u128| {
        let id = format!("article {number}");
        (
            (vec![Key(number)], entry_state(Some(&id))),
            (id.clone(), article_state()),
            (Key(1000 + number), id),
        )
    };
    let (entries, rest): (Vec<_>, Vec<_>) = (0..2)
        .map(settled)
        .map(|(entry, article, name)| (entry, (article, name)))
        .unzip();
    let (articles, names) = rest.into_iter().unzip();
    let batch = Batch {
        entries,
        articles,
        names,
        ..Batch::default()
    };
    store.commit(batch, at(0)).unwrap();
    for hours in 1..300 {
        let batch = Batch {
            seen: vec![Key(0), Key(77)],
            ..Batch::default()
        };
        store.commit(batch, at(hours)).unwrap();
    }
    assert!(store.entry(&[Key(0)]).unwrap().is_some());
    assert!(store.article("article 0").unwrap().is_some());
    assert_eq!(
        store.named(&[Key(1000)]).unwrap().as_deref(),
        Some("article 0"),
        "a name lives as long as its article"
    );
    assert_eq!(store.entry(&[Key(1)]).unwrap(), None);
    assert_eq!(store.article("article 1").unwrap(), None);
    assert_eq!(store.named(&[Key(1001)]).unwrap(), None);
    assert_eq!(store.entry(&[Key(77)]).unwrap(), None, "seen makes nothing");
}

#[test]
fn forgetting_is_bounded_in_a_commit_and_keeps_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let entries = |range: std::ops::Range<u128>| Batch {
        entries: range
            .map(|key| (vec![Key(key)], entry_state(None)))
            .collect(),
        ..Batch::default()
    };
    store.commit(entries(0..1000), at(0)).unwrap();
    for hours in 1..=101 {
        store.commit(Batch::default(), at(hours)).unwrap();
    }
    assert_eq!(store.counts().unwrap().entries, 1000);
    store.commit(Batch::default(), at(102)).unwrap();
    assert_eq!(store.counts().unwrap().entries, 1000 - 64);
    store.commit(entries(1000..1200), at(102)).unwrap();
    assert_eq!(store.counts().unwrap().entries, 1000 - 64 + 200 - 400);
}

#[test]
fn neither_downtime_nor_a_wrong_clock_makes_it_forget() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let entries = vec![(vec![Key(1)], entry_state(None))];
    let batch = Batch {
        entries,
        revisits: vec![revisit(5, 100_000)],
        ..Batch::default()
    };
    store.commit(batch, at(0)).unwrap();
    for hours in [5_000, 5_001, 100_000, -400_000, -400_001, 3] {
        store.commit(Batch::default(), at(hours)).unwrap();
        store.commit(Batch::default(), at(hours)).unwrap();
        assert!(store.entry(&[Key(1)]).unwrap().is_some(), "at {hours}");
    }
    let due = store.revisits_due(at(3), 9).unwrap();
    assert_eq!(due.len(), 1, "put off while the clock was wrong");
    for hours in 4..104 {
        store.commit(Batch::default(), at(hours)).unwrap();
    }
    assert_eq!(store.entry(&[Key(1)]).unwrap(), None, "time goes on");
}

#[test]
fn second_owner_is_told_who_has_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let second = Store::open(Config {
        directory: folder.path().to_owned(),
        ..Config::default()
    });
    let Err(Error::InUse { process, .. }) = second else {
        panic!("{second:?}");
    };
    assert_eq!(process, std::process::id().to_string());
    drop(store);
    open(folder.path());
}

#[test]
fn damaged_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("state.redb"),
        "not a database".repeat(999),
    )
    .unwrap();
    let opened = Store::open(Config {
        directory: folder.path().to_owned(),
        ..Config::default()
    });
    let error = opened.unwrap_err().to_string();
    assert!(
        error.contains("state.redb") && error.contains("damaged"),
        "{error}"
    );
}

#[test]
fn store_that_was_taken_away_is_named_and_no_empty_one_put_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.commit(Batch::default(), at(0)).unwrap();
    let (file, moved) = (
        folder.path().join("state.redb"),
        folder.path().join("moved"),
    );
    std::fs::rename(&file, &moved).unwrap();
    for _ in 0..2 {
        let gone = store.commit(Batch::default(), at(1)).unwrap_err();
        assert!(matches!(gone, Error::Gone { .. }), "{gone}");
        assert!(!file.exists());
    }
    std::fs::rename(&moved, &file).unwrap();
    store.commit(Batch::default(), at(1)).unwrap();
}
