//! Damage is named, and the file does not grow at steady state.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use copydesk_model::Key;
use copydesk_store::{ArticleState, Batch, Config, EntryState, Error, Store};
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const WINDOW_S: u64 = 300;

fn open(directory: &Path) -> Result<Store, Error> {
    Store::open(Config {
        directory: directory.to_owned(),
        remember: Duration::from_secs(WINDOW_S),
    })
}

/// In memory where that can be had: syncing thousands of times is not what is tested.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// What a busy second brings: 10 articles, their entries, names and lines.
fn batch(second: u64) -> Batch {
    let now = at(second);
    let mut batch = Batch {
        feeds: vec![(
            "https://a.example/feed".to_owned(),
            json!({"second": second}),
        )],
        values: vec![("cursor", json!({"seq": second * 10}))],
        outbox_done: second.checked_sub(1),
        outbox: vec![json!("x".repeat(20_000))],
        ..Batch::default()
    };
    for number in second * 10..second * 10 + 10 {
        let keys = [0, 1].map(|half| Key(u128::from(number) << 64 | half));
        let id = format!("{number:016}");
        let entry = EntryState {
            article: Some(id.clone()),
            fingerprint: number,
            settled: now,
            failure: None,
            attempts: 0,
            rechecks: 0,
            idle_changes: 0,
            passed_over: false,
        };
        let article = ArticleState {
            version: 1,
            url: Some(format!("https://a.example/{number}")),
            duplicate_of: None,
            published: None,
            content: number,
            values: vec![("title".to_owned(), number)],
            settled: now,
        };
        batch.names.extend(keys.map(|key| (key, id.clone())));
        batch.entries.push((keys.to_vec(), entry));
        batch.articles.push((id, article));
    }
    batch
}

fn at(second: u64) -> Timestamp {
    Timestamp::UNIX_EPOCH + (1_800_000_000 + second as i64).seconds()
}

#[test]
fn file_stays_as_it_is_at_steady_state() {
    let folder = folder();
    let store = open(folder.path()).unwrap();
    let mut sizes = Vec::new();
    for second in 0..WINDOW_S * 4 {
        store.commit(batch(second), at(second)).unwrap();
        if (second + 1) % WINDOW_S == 0 {
            sizes.push(store.file_bytes().unwrap());
        }
    }
    assert!(sizes[3] <= sizes[1] + sizes[1] / 10, "{sizes:?}");
    let articles = store.counts().unwrap().articles;
    let wanted = WINDOW_S * 10;
    assert!(
        (wanted..wanted + wanted / 20).contains(&articles),
        "{articles}"
    );
}

#[test]
fn damage_anywhere_is_an_error_or_harmless_but_no_panic() {
    let folder = folder();
    let store = open(folder.path()).unwrap();
    for second in 0..20 {
        store.commit(batch(second), at(second)).unwrap();
    }
    drop(store);
    let path = folder.path().join("state.redb");
    let sound = std::fs::read(&path).unwrap();
    let mut refused = 0;
    for place in (0..sound.len()).step_by(sound.len() / 500) {
        let mut damaged = sound.clone();
        let end = (place + 64).min(damaged.len());
        damaged[place..end].fill(0xa5);
        std::fs::write(&path, damaged).unwrap();
        let result = open(folder.path()).and_then(|store| {
            store.entry(&[Key(5 << 64)])?;
            store.feeds()?;
            store.outbox()?;
            store.counts()?;
            store.commit(batch(20), at(20))
        });
        if let Err(error) = result {
            refused += 1;
            assert!(error.to_string().contains("state.redb"), "{error}");
        }
    }
    assert!(refused > 10, "{refused}");
}

#[test]
fn cut_file_is_an_error() {
    let folder = folder();
    let store = open(folder.path()).unwrap();
    store.commit(batch(0), at(0)).unwrap();
    drop(store);
    let path = folder.path().join("state.redb");
    let sound = std::fs::read(&path).unwrap();
    for length in [1, 100, 4096, sound.len() / 2, sound.len() - 1] {
        std::fs::write(&path, &sound[..length]).unwrap();
        let error = open(folder.path()).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{length}: {error}");
    }
}
