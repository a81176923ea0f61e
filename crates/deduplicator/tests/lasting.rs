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

/// Sixty days with a window of seven: what is kept after the seventh is what is kept ever after.
#[test]
fn forgets_with_the_window_and_keeps_the_folder_small() {
    const A_DAY: usize = 12;
    let stream = stream(60 * A_DAY);
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config {
        window: Duration::from_secs(7 * A_DAY as u64 * 3600),
        ..Config::default()
    };
    let mut judge = Judge::open(folder.path(), config, None).expect("opens");
    let mut sizes = Vec::new();
    for (at, article) in stream.iter().enumerate() {
        judge_one(&mut judge, at, article);
        if at % A_DAY == A_DAY - 1 {
            judge.sync().expect("syncs");
            let files = std::fs::read_dir(folder.path()).expect("a folder");
            // Files come and go beside the judging.
            let size = |file: std::fs::DirEntry| file.metadata().map_or(0, |file| file.len());
            let bytes = files.map(|file| size(file.expect("a file")));
            sizes.push((bytes.sum::<u64>(), judge.len()));
        }
    }
    let most = |days: &[(u64, usize)]| {
        let bytes = days.iter().map(|&(bytes, _)| bytes).max();
        (
            bytes.expect("days"),
            days.iter()
                .map(|&(_, articles)| articles)
                .max()
                .expect("days"),
        )
    };
    let ((early_bytes, early), (late_bytes, late)) = (most(&sizes[7..14]), most(&sizes[53..]));
    assert!(late_bytes < early_bytes * 6 / 5, "{sizes:?}");
    assert!(late < early * 6 / 5 && late < 10 * A_DAY, "{sizes:?}");
    assert_eq!(
        judge_one(
            &mut judge,
            stream.len(),
            &("other".to_owned(), stream[0].1.clone())
        )
        .op,
        Op::New
    );
}

/// An index whose words mean something else finds nothing, and says nothing of it either.
#[test]
fn names_a_file_of_an_older_format() {
    let stream = stream(60);
    for suffix in ["log", "segment"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut judge = open(folder.path(), None);
        (0..50).for_each(|at| drop(judge_one(&mut judge, at, &stream[at])));
        let position = judge.sync().expect("syncs");
        drop(judge);
        let files = std::fs::read_dir(folder.path()).expect("a folder");
        let mut names: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        names.retain(|name| name.extension().is_some_and(|found| found == suffix));
        names.sort();
        let older = names.last().expect("one of each kind");
        let mut bytes = std::fs::read(older).expect("reads");
        let format = if suffix == "log" { 18 } else { 4 };
        bytes[format] -= 1;
        std::fs::write(older, bytes).expect("writes");

        let refused = Judge::open(folder.path(), small(), Some(position)).map(drop);
        let text = refused.expect_err("it is of another format").to_string();
        assert!(text.contains(&*older.to_string_lossy()), "{text}");
        assert!(text.contains("another version of copydesk"), "{text}");
        assert!(text.contains("copydesk dedup rebuild"), "{text}");
        let opened = Judge::open_without_damage(folder.path(), small(), position);
        let (mut judge, aside) = opened.expect("opens");
        let name = older.file_name().expect("a name").to_string_lossy();
        assert_eq!(aside, [older.with_file_name(format!("{name}.damaged"))]);
        (50..60).for_each(|at| drop(judge_one(&mut judge, at, &stream[at])));
        judge.sync().expect("syncs");
    }
}

#[test]
fn names_a_damaged_file_and_goes_on_without_it_when_told() {
    let stream = stream(120);
    let folder = tempfile::tempdir().expect("a folder");
    let mut judge = open(folder.path(), None);
    let mut position = Position::default();
    for (at, article) in stream[..80].iter().enumerate() {
        judge_one(&mut judge, at, article);
        position = judge.sync().expect("syncs");
    }
    drop(judge);
    let mut dice = Dice::new(1);
    let mut names: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|file| file.expect("a file").path())
        .collect();
    names.sort();
    // The log of a sealed segment may be there a while longer; nobody reads it.
    let segments = names.clone();
    names.retain(|name| {
        name.extension().is_some_and(|suffix| suffix == "segment")
            || !segments.contains(&name.with_extension("segment"))
    });
    for round in 0..30 {
        let damaged = dice.pick(&names).clone();
        let mut bytes = std::fs::read(&damaged).expect("reads");
        let is_log = damaged.extension().is_some_and(|suffix| suffix == "log");
        match round % 4 {
            0 => bytes.truncate(dice.below(bytes.len())),
            1 if !is_log => {
                // Another index's, whole in itself.
                let other = tempfile::tempdir().expect("a folder");
                let mut judge = open(other.path(), None);
                (0..80).for_each(|at| drop(judge_one(&mut judge, at, &stream[at])));
                judge.sync().expect("syncs");
                let name = damaged.file_name().expect("a name");
                bytes = std::fs::read(other.path().join(name)).expect("reads");
            }
            _ => {
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
            }
        }
        let scratch = tempfile::tempdir().expect("a folder");
        for name in &names {
            std::fs::copy(name, scratch.path().join(name.file_name().expect("a name")))
                .expect("copies");
        }
        let name = damaged
            .file_name()
            .expect("a name")
            .to_str()
            .expect("UTF-8");
        std::fs::write(scratch.path().join(name), bytes).expect("writes");

        // A damaged block may be found beside the judging, and is at the latest by the next start.
        let result = Judge::open(scratch.path(), small(), Some(position)).and_then(|mut judge| {
            (80..110).for_each(|at| drop(judge_one(&mut judge, at, &stream[at])));
            judge.sync()
        });
        if let Err(error) = result {
            assert!(matches!(error, Error::Damaged { .. }), "{error}");
            let text = error.to_string();
            assert!(text.contains(name), "{name} is damaged, but: {text}");
            assert!(text.contains("dedup rebuild"), "{text}");
        }
        let (mut judge, aside) =
            Judge::open_without_damage(scratch.path(), small(), position).expect("opens");
        assert_eq!(aside, [scratch.path().join(format!("{name}.damaged"))]);
        (80..110).for_each(|at| drop(judge_one(&mut judge, at, &stream[at])));
        let position = judge.sync().expect("syncs");
        drop(judge);
        // What was set aside stays so.
        let mut judge = open(scratch.path(), Some(position));
        judge_one(&mut judge, 110, &stream[110]);
        judge.sync().expect("syncs");
    }
}
