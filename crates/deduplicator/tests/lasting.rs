//! The index on disk: what a crash, a replay, time and damage do to it.

mod generators;

use copydesk_deduplicator::{Config, Error, Judge, Position};
use copydesk_model::{Op, Verdict};
use generators::Dice;
use generators::stream::{judge_one, stream};
use std::path::Path;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// Seals after a few articles and forgets within the test.
fn small() -> Config {
    Config {
        window: 100 * HOUR,
        documents_max: 320,
    }
}

fn open(folder: &Path, position: Option<Position>) -> Judge {
    Judge::open(folder, small(), position).expect("opens")
}

#[test]
fn judges_after_any_crash_as_if_there_had_been_none() {
    let stream = stream(250);
    let mut undisturbed = Judge::in_memory(small());
    let wanted: Vec<Verdict> = (0..stream.len())
        .map(|at| judge_one(&mut undisturbed, at, &stream[at]))
        .collect();
    assert!(
        wanted
            .iter()
            .filter(|verdict| verdict.op == Op::Duplicate)
            .count()
            > 45
    );
    for seed in 0..4 {
        let folder = tempfile::tempdir().expect("a folder");
        let mut dice = Dice::new(seed);
        let mut judge = open(folder.path(), None);
        let mut committed = (judge.sync().expect("syncs"), 0);
        let mut at = 0;
        while at < stream.len() {
            let end = (at + dice.between(1, 12)).min(stream.len());
            let got: Vec<Verdict> = (at..end)
                .map(|at| judge_one(&mut judge, at, &stream[at]))
                .collect();
            assert_eq!(got, wanted[at..end], "seed {seed} from {at}");
            at = end;
            match dice.below(4) {
                // Killed before or after the index was made durable, always before the commit.
                0 => {
                    if dice.happens(50) {
                        judge.sync().expect("syncs");
                    }
                    drop(judge);
                    judge = open(folder.path(), Some(committed.0));
                    at = committed.1;
                }
                _ => committed = (judge.sync().expect("syncs"), at),
            }
        }
    }
}

#[test]
fn forgets_with_the_window_and_keeps_the_folder_small() {
    let stream = stream(600);
    let folder = tempfile::tempdir().expect("a folder");
    let mut judge = open(folder.path(), None);
    let mut sizes = Vec::new();
    for (at, article) in stream.iter().enumerate() {
        judge_one(&mut judge, at, article);
        if at % 100 == 99 {
            judge.sync().expect("syncs");
            let files = std::fs::read_dir(folder.path()).expect("a folder");
            sizes.push(
                files
                    .map(|file| file.expect("a file").metadata().expect("its size").len())
                    .sum::<u64>(),
            );
        }
    }
    assert!(judge.len() < 120, "{}", judge.len());
    let (early, late) = (sizes[2], *sizes.last().expect("sizes"));
    assert!(late < early * 3 / 2, "{sizes:?}");
    assert_eq!(
        judge_one(&mut judge, 600, &("other".to_owned(), stream[0].1.clone())).op,
        Op::New
    );
}

#[test]
fn names_a_damaged_file_and_never_panics() {
    let stream = stream(80);
    let folder = tempfile::tempdir().expect("a folder");
    let mut judge = open(folder.path(), None);
    for (at, article) in stream.iter().enumerate() {
        judge_one(&mut judge, at, article);
        judge.sync().expect("syncs");
    }
    drop(judge);
    let mut dice = Dice::new(1);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|file| file.expect("a file").path())
        .collect();
    let mut noticed = 0;
    for round in 0..30 {
        let path = dice.pick(&names).clone();
        let whole = std::fs::read(&path).expect("reads");
        let mut bytes = whole.clone();
        if round % 3 == 0 {
            bytes.truncate(dice.below(bytes.len()));
        } else {
            // Most of a small segment are word counts, which only the newest one's are read of.
            let at = dice.below(bytes.len().min(30_000));
            bytes[at] ^= 1 << dice.below(8);
        }
        let scratch = tempfile::tempdir().expect("a folder");
        for name in &names {
            std::fs::copy(name, scratch.path().join(name.file_name().expect("a name")))
                .expect("copies");
        }
        std::fs::write(
            scratch.path().join(path.file_name().expect("a name")),
            bytes,
        )
        .expect("writes");
        let result = Judge::open(scratch.path(), small(), None).and_then(|mut judge| {
            (0..30).for_each(|at| drop(judge_one(&mut judge, 80 + at % 10, &stream[at])));
            judge.sync()
        });
        if let Err(error) = result {
            assert!(matches!(error, Error::Damaged { .. }), "{error}");
            assert!(error.to_string().contains("dedup rebuild"), "{error}");
            noticed += 1;
        }
    }
    // A log that ends early looks like one that was being written; all else is noticed.
    assert!(noticed >= 15, "{noticed}");
}
