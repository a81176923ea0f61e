//! Files are a function of the lines and the time alone.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use copydesk_model::Stream;
use copydesk_sink::{Config, Cursor, FileName, Step, plan};
use jiff::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;

const BYTES_MAX: u64 = 100;

fn config(age_s: u64) -> Config {
    Config {
        file_bytes_max: BYTES_MAX,
        file_age_max: Duration::from_secs(age_s),
        ..Config::default()
    }
}

/// What steps make of a folder.
#[derive(Debug, Default, PartialEq)]
struct Folder {
    files: BTreeMap<String, String>,
    closed: Vec<String>,
}

impl Folder {
    fn apply(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Write {
                    file,
                    offset,
                    bytes,
                } => {
                    assert!(bytes.ends_with('\n'), "whole lines");
                    assert!(!self.closed.contains(&file), "{file} is closed");
                    let content = self.files.entry(file).or_default();
                    assert_eq!(content.len() as u64, offset);
                    content.push_str(&bytes);
                }
                Step::Close { file, length } => {
                    assert_eq!(self.files[&file].len() as u64, length);
                    self.closed.push(file);
                }
                Step::Remove { .. } => unreachable!("a plan of lines removes nothing"),
            }
        }
    }
}

fn line() -> impl Strategy<Value = String> {
    "[a-zä€]{0,90}".prop_map(|text| text + "\n")
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

proptest! {
    #[test]
    fn how_lines_come_in_changes_nothing(
        lines in prop::collection::vec(line(), 0..40),
        cuts in prop::collection::vec(0usize..40, 0..10),
    ) {
        let mut whole = Folder::default();
        let mut cursor = Cursor::default();
        whole.apply(plan(&config(3600), &mut cursor, Stream::Articles, &lines, at(0)));

        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(lines.len())).collect();
        cuts.extend([0, lines.len()]);
        cuts.sort_unstable();
        let mut pieces = Folder::default();
        let mut other = Cursor::default();
        for cut in cuts.windows(2) {
            let piece = &lines[cut[0]..cut[1]];
            pieces.apply(plan(&config(3600), &mut other, Stream::Articles, piece, at(0)));
        }
        prop_assert_eq!(pieces, whole);
        prop_assert_eq!(other, cursor);
    }

    #[test]
    fn files_in_the_order_of_their_names_hold_all_lines_in_order(
        batches in prop::collection::vec(
            (prop::collection::vec(line(), 0..6), -5_000i64..20_000),
            0..30,
        ),
        age_s in prop::sample::select(vec![1, 60, 3600, 5000, 86_400, u64::MAX]),
    ) {
        let mut folder = Folder::default();
        let mut cursor = Cursor::default();
        // The clock goes on, and now and then back.
        let mut now = 0;
        for (lines, seconds) in &batches {
            now += seconds;
            folder.apply(plan(&config(age_s), &mut cursor, Stream::Duplicates, lines, at(now)));
        }
        let lines: Vec<&String> = batches.iter().flat_map(|(lines, _)| lines).collect();
        let all: String = lines.iter().map(|line| line.as_str()).collect();
        prop_assert_eq!(folder.files.values().map(String::as_str).collect::<String>(), all);
        let stream = &cursor.streams[Stream::Duplicates as usize];
        prop_assert_eq!(stream.seq, lines.len() as u64);
        let mut first = 1;
        for (name, content) in &folder.files {
            prop_assert_eq!(FileName::parse(name).unwrap().first, first);
            let count = content.lines().count() as u64;
            prop_assert!(count > 0, "no file is empty");
            prop_assert!(content.len() as u64 <= BYTES_MAX || count == 1);
            first += count;
        }
        let open: Vec<&String> =
            folder.files.keys().filter(|file| !folder.closed.contains(file)).collect();
        prop_assert_eq!(open, stream.file.iter().collect::<Vec<_>>());
        prop_assert!(stream.file.is_none() || folder.files[stream.file.as_ref().unwrap()].len() as u64 == stream.length);
    }
}

#[test]
fn file_is_closed_when_its_period_is_over() {
    let config = config(3600);
    let mut cursor = Cursor::default();
    let mut names = |time: &str, lines: &[&str]| -> Vec<String> {
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        let now = time.parse().unwrap();
        let steps = plan(&config, &mut cursor, Stream::Articles, &lines, now);
        let steps = steps.into_iter().map(|step| match step {
            Step::Write { file, .. } => file,
            Step::Close { file, .. } => format!("close {file}"),
            Step::Remove { file } => format!("remove {file}"),
        });
        steps.collect()
    };
    let first = "news-20261121T14-000000001.ndjson";
    assert_eq!(names("2026-11-21T14:59:58Z", &[]), [""; 0]);
    assert_eq!(names("2026-11-21T14:59:58Z", &["1\n"]), [first]);
    assert_eq!(names("2026-11-21T14:59:59Z", &["2\n"]), [first]);
    assert_eq!(
        names("2026-11-21T15:00:00Z", &["3\n"]),
        [
            format!("close {first}"),
            "news-20261121T15-000000003.ndjson".to_owned()
        ]
    );
    // Without lines too, and once.
    let third = ["close news-20261121T15-000000003.ndjson"];
    assert_eq!(names("2026-11-21T16:20:00Z", &[]), third);
    assert_eq!(names("2026-11-21T16:20:00Z", &[]), [""; 0]);
    // A clock set back does not lead to a name that sorts before.
    let fourth = ["news-20261121T15-000000004.ndjson"];
    assert_eq!(names("2026-11-21T09:00:00Z", &["4\n"]), fourth);
}

#[test]
fn streams_do_not_touch_each_other() {
    let mut cursor = Cursor::default();
    let lines = ["1\n".to_owned()];
    for stream in Stream::ALL {
        plan(&config(60), &mut cursor, stream, &lines, at(0));
    }
    for (stream, name) in Stream::ALL.into_iter().zip(["news", "duplicates"]) {
        let found = &cursor.streams[stream as usize];
        assert_eq!((found.seq, found.length), (1, 2));
        assert!(found.file.as_ref().unwrap().starts_with(name));
    }
}
