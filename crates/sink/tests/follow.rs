//! A reader gets every line once, whatever becomes of the files meanwhile.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use copydesk_model::Stream;
use copydesk_sink::{Compression, FollowError, Follower};
use std::fs;
use std::io::Write;
use support::{Life, config, folder, line, read, store};

const LINES: u64 = 60;

fn drain(follower: &mut Follower) -> Result<String, FollowError> {
    let (mut all, mut line) = (String::new(), Vec::new());
    while follower.read(&mut line)? {
        all.push_str(std::str::from_utf8(&line).unwrap());
    }
    Ok(all)
}

#[test]
fn every_seq_comes_once_across_rotation_compression_and_kills() {
    for compression in [Compression::None, Compression::Zstd, Compression::Gzip] {
        for stop in (0..300).step_by(7) {
            let folder = folder();
            let config = config(folder.path(), compression);
            let mut followers =
                Stream::ALL.map(|stream| Follower::new(&config.directory, stream, None));
            let mut seen = <[String; 2]>::default();
            for stop in [Some(stop), Some(stop / 3), None] {
                let mut life = Life::begin(store(folder.path()), &config, stop);
                life.lag = 1;
                let mut is_well = life.write().is_ok();
                while is_well && life.commit(&config, LINES) {
                    is_well = life.write().is_ok();
                    for (follower, seen) in followers.iter_mut().zip(&mut seen) {
                        *seen += &drain(follower).unwrap();
                    }
                }
            }
            for (follower, seen) in followers.iter_mut().zip(&mut seen) {
                *seen += &drain(follower).unwrap();
            }
            for ((stream, seen), share) in Stream::ALL.into_iter().zip(&seen).zip([2, 1]) {
                assert!(*seen == read(&config, stream), "stopped at {stop}");
                assert_eq!(seen.lines().count() as u64, LINES * share / 3);
            }
        }
    }
}

#[test]
fn reader_begins_anywhere_and_is_told_what_is_gone() {
    let folder = folder();
    let config = config(folder.path(), Compression::Zstd);
    Life::begin(store(folder.path()), &config, None)
        .run(&config, LINES)
        .unwrap();
    let all = read(&config, Stream::Articles);
    for from in 1..=41 {
        let mut follower = Follower::new(&config.directory, Stream::Articles, Some(from));
        let wanted = all.split_inclusive('\n').skip(from as usize - 1);
        assert!(drain(&mut follower).unwrap() == wanted.collect::<String>());
    }
    let mut early = Follower::new(&config.directory, Stream::Articles, None);
    assert!(early.read(&mut Vec::new()).unwrap());
    for file in &copydesk_sink::files(&config.directory, Stream::Articles).unwrap()[..4] {
        fs::remove_file(&file.path).unwrap();
    }
    let first = copydesk_sink::files(&config.directory, Stream::Articles).unwrap()[0]
        .name
        .first;
    // The one who has the first file open reads it to its end, and then knows what it missed.
    let error = drain(&mut early).unwrap_err();
    assert!(matches!(error, FollowError::Gone { first: 2.., last } if last == first - 1));
    let mut from = Follower::new(&config.directory, Stream::Articles, Some(2));
    let error = from.read(&mut Vec::new()).unwrap_err().to_string();
    let wanted = format!("seq 2 to {} are gone; go on with --from {first}", first - 1);
    assert_eq!(error, wanted);
    let mut rest = Follower::new(&config.directory, Stream::Articles, None);
    assert!(all.ends_with(&drain(&mut rest).unwrap()));
}

#[test]
fn half_a_line_is_not_given_and_half_a_line_for_ever_is_damage() {
    let folder = folder();
    let name = |first: u64| {
        folder
            .path()
            .join(format!("news-20261121T14-{first:09}.ndjson"))
    };
    let first = line(1, "text");
    let mut follower = Follower::new(folder.path(), Stream::Articles, None);
    assert_eq!(drain(&mut follower).unwrap(), "");
    let mut file = fs::File::create(name(1)).unwrap();
    file.write_all(&first.as_bytes()[..50]).unwrap();
    assert_eq!(drain(&mut follower).unwrap(), "");
    file.write_all(&first.as_bytes()[50..]).unwrap();
    assert_eq!(drain(&mut follower).unwrap(), first);
    file.write_all(b"{\"seq\":2").unwrap();
    fs::write(name(3), line(3, "text")).unwrap();
    let error = drain(&mut follower).unwrap_err().to_string();
    assert!(error.ends_with("ends inside a line"), "{error}");
    fs::write(name(1), "no record\n").unwrap();
    let mut follower = Follower::new(folder.path(), Stream::Articles, None);
    let error = drain(&mut follower).unwrap_err().to_string();
    assert!(error.contains("a line that is no record"), "{error}");
}
