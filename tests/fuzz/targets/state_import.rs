//! Any lines are imported whole or refused and change nothing; what was imported comes out again
//! as it went in, and the store goes on from there.

#![no_main]

use copydesk_store::{Batch, Config, Store};
use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use std::path::Path;
use tempfile::TempDir;

/// A store in memory where the system has a folder there.
struct Empty {
    store: Store,
    _folder: TempDir,
}

fn empty() -> Empty {
    let base = Path::new("/dev/shm");
    let base = if base.is_dir() {
        base
    } else {
        Path::new("/tmp")
    };
    let folder = TempDir::with_prefix_in("copydesk-fuzz-", base).expect("a folder");
    let config = Config {
        directory: folder.path().to_owned(),
        ..Config::default()
    };
    let store = Store::open(config).expect("opens");
    let _folder = folder;
    Empty { store, _folder }
}

fn exported(store: &Store) -> Vec<u8> {
    let mut lines = Vec::new();
    store
        .export(&mut lines)
        .expect("what was taken in can be given out");
    lines
}

fn go_on(store: &Store) -> u64 {
    let batch = Batch {
        outbox: vec!["next".into()],
        counters: vec![("polls".to_owned(), 1)],
        ..Batch::default()
    };
    let rows = store.outbox().expect("reads").len();
    let now = jiff::Timestamp::from_second(1_800_000_000).expect("a time");
    let last = store.commit(batch, now).expect("commits");
    let outbox = store.outbox().expect("reads");
    assert_eq!(outbox.len(), rows + 1);
    assert_eq!(outbox.last().map(|(number, _)| *number), Some(last));
    last
}

thread_local! {
    /// Lines that are refused leave it empty: making one takes longer than all else.
    static TARGET: RefCell<Option<Empty>> = const { RefCell::new(None) };
}

fuzz_target!(|bytes: &[u8]| {
    TARGET.with_borrow_mut(|target| {
        let Empty { store, .. } = target.get_or_insert_with(empty);
        if store.import(bytes, &[]).is_err() {
            let counts = store.counts().expect("reads");
            assert_eq!(counts.entries + counts.articles + counts.outbox, 0);
            return;
        }
        let lines = exported(store);
        let again = empty();
        (again.store.import(lines.as_slice(), &[])).expect("what we write can be read");
        assert_eq!(exported(&again.store), lines);
        assert_eq!(go_on(&again.store), go_on(store));
        *target = None;
    });
});
