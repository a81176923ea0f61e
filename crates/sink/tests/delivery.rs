//! Store and sink joined as the daemon joins them, and killed at every change of the disk: no line
//! lost, repeated or torn, and none that a reader saw vanishes.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use copydesk_model::Stream;
use copydesk_sink::{Compression, Config, Durability, Filed, files, verify};
use std::time::Duration;
use support::{Life, config, folder, lines, read, store};

const LINES: u64 = 24;

/// What the reader must have in the end.
fn expected(stream: Stream) -> String {
    let folder = folder();
    let config = config(folder.path(), Compression::None);
    Life::begin(store(folder.path()), &config, None)
        .run(&config, LINES)
        .unwrap();
    read(&config, stream)
}

fn check_sound(config: &Config, wanted: &[String; 2]) {
    for (stream, wanted) in Stream::ALL.into_iter().zip(wanted) {
        assert_eq!(&read(config, stream), wanted);
    }
    let report = verify(&config.directory, |_, _| ()).unwrap();
    assert!(report.is_sound(), "{report:?}");
    let last = report.streams.map(|stream| stream.last);
    assert_eq!(last, [Some(LINES * 2 / 3), Some(LINES / 3)]);
}

/// What is seen now begins with what was seen before.
fn check_nothing_vanished(config: &Config, seen: &mut [String; 2]) {
    for (stream, seen) in Stream::ALL.into_iter().zip(seen) {
        let now = lines(config, stream);
        assert!(now.starts_with(&*seen), "{stream:?}: {seen}\nbecame\n{now}");
        *seen = now;
    }
}

#[test]
fn nothing_is_lost_repeated_or_torn_when_killed_at_any_change() {
    let wanted = Stream::ALL.map(expected);
    for (compression, lag) in [
        (Compression::None, 0),
        (Compression::Zstd, 0),
        (Compression::Zstd, 2),
        (Compression::Gzip, 1),
    ] {
        for first_stop in 0.. {
            let folder = folder();
            let config = config(folder.path(), compression);
            let mut seen = <[String; 2]>::default();
            let mut stopped = 0;
            // The second life dies too, at its start or in the middle of doing again.
            for stop in [Some(first_stop), Some(first_stop % 11), None] {
                let mut life = Life::begin(store(folder.path()), &config, stop);
                life.lag = lag;
                let result = life.run(&config, LINES);
                let has_stopped = life.writer.disk().has_stopped();
                stopped += usize::from(has_stopped);
                assert_eq!(result.is_err(), has_stopped, "{result:?}");
                check_nothing_vanished(&config, &mut seen);
            }
            check_sound(&config, &wanted);
            check_all_closed(&config);
            if stopped == 0 {
                assert!(first_stop > 50, "{first_stop} changes were stopped");
                break;
            }
        }
    }
}

/// Only the last file of a stream may be as it was written.
fn check_all_closed(config: &Config) {
    for stream in Stream::ALL {
        let files = files(&config.directory, stream).unwrap();
        let is_plain = files.iter().map(Filed::is_plain);
        let plain = is_plain.filter(|is_plain| *is_plain).count();
        let wanted = if config.compression == Compression::None {
            files.len()
        } else {
            1
        };
        assert_eq!(plain, wanted, "{files:?}");
    }
}

#[test]
fn goes_on_after_a_passing_failure_at_any_change() {
    let wanted = Stream::ALL.map(expected);
    for failing in 0.. {
        let folder = folder();
        let config = config(folder.path(), Compression::Zstd);
        let mut life = Life::begin(store(folder.path()), &config, Some(failing));
        let mut has_failed = false;
        while life.commit(&config, LINES) {
            if life.write().is_err() {
                has_failed = true;
                life.write().unwrap_err();
                life.writer.disk().stop_after(None);
                life.write().unwrap();
            }
        }
        check_sound(&config, &wanted);
        if !has_failed {
            break;
        }
    }
}

#[test]
fn what_is_kept_ends_with_the_last_line_and_has_no_gap_when_killed_at_any_change() {
    let wanted = Stream::ALL.map(expected);
    for (compression, lag) in [(Compression::None, 0), (Compression::Zstd, 3)] {
        for first_stop in 0.. {
            let folder = folder();
            let config = Config {
                // Some of the files only.
                keep_bytes_max: if compression == Compression::None {
                    9_000
                } else {
                    3_500
                },
                ..config(folder.path(), compression)
            };
            let mut is_through = false;
            for stop in [Some(first_stop), Some(first_stop % 7), None] {
                let mut life = Life::begin(store(folder.path()), &config, stop);
                life.lag = lag;
                let result = life.run(&config, LINES);
                let has_stopped = life.writer.disk().has_stopped();
                is_through |= stop == Some(first_stop) && !has_stopped;
                assert_eq!(result.is_err(), has_stopped, "{result:?}");
            }
            let mut removed = 0;
            for (stream, wanted) in Stream::ALL.into_iter().zip(&wanted) {
                let kept = read(&config, stream);
                assert!(wanted.ends_with(&kept) && !kept.is_empty(), "{kept}");
                removed += wanted.len() - kept.len();
            }
            assert!(removed > 0, "something was removed");
            assert!(verify(&config.directory, |_, _| ()).unwrap().is_sound());
            if is_through {
                break;
            }
        }
    }
}

#[test]
fn lines_come_back_after_a_power_cut_at_any_change() {
    let wanted = Stream::ALL.map(expected);
    for durability in [
        Durability::Commit,
        Durability::Interval(Duration::from_secs(3600)),
    ] {
        for stop in 0.. {
            let folder = folder();
            let config = Config {
                durability,
                ..config(folder.path(), Compression::Zstd)
            };
            let mut life = Life::begin(store(folder.path()), &config, Some(stop));
            let result = life.run(&config, LINES);
            let unsynced = life.writer.unsynced();
            drop(life);
            for (path, start) in unsynced {
                let file = std::fs::File::options().write(true).open(path).unwrap();
                file.set_len(start).unwrap();
            }
            Life::begin(store(folder.path()), &config, None)
                .run(&config, LINES)
                .unwrap();
            check_sound(&config, &wanted);
            if result.is_ok() {
                break;
            }
        }
    }
}
