//! SIGKILL at random moments: no line lost, repeated, torn, or seen to vanish.
//!
//! `COPYDESK_KILLS` and `COPYDESK_STORIES` make it longer than the 25 kills over 2,000 entries
//! that it is by default.

mod support;

use copydesk_newsroom::{Newsroom, Site, generate};
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use support::{Desk, check_lines, feeds_of_all_kinds, files};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_lose_repeat_tear_and_take_back_nothing() {
    let (kills, stories) = (
        setting("COPYDESK_KILLS", 25),
        setting("COPYDESK_STORIES", 2000),
    );
    let mut generated = generate(7, stories);
    let mut sites = Vec::new();
    while !generated.is_empty() {
        let number = sites.len();
        let rest = generated.split_off(generated.len().min(100));
        let stories = std::mem::replace(&mut generated, rest);
        sites.push(Site {
            stories,
            feed_entries_max: 100,
            ..Site::new(&format!("s{number}"), &format!("Paper {number}"))
        });
    }
    let newsroom = Newsroom::start(sites)
        .await
        .expect("loopback addresses are free");
    let desk = Desk::new(&feeds_of_all_kinds(&newsroom), "");

    let is_over = Arc::new(AtomicBool::new(false));
    let reader = std::thread::spawn({
        let (output, is_over) = (desk.output(), is_over.clone());
        move || tail(output, &is_over)
    });
    let mut started = 0;
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..kills {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut daemon = desk.spawn();
        // One in four dies while it starts and replays, the others at work.
        let is_starting = random.is_multiple_of(4);
        while !is_starting && desk.log().matches("\"started\"").count() <= started {
            let ended = daemon.try_wait().expect("it is ours");
            assert!(ended.is_none(), "it ended by itself: {}", desk.log());
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(random % 1000));
        let ended = daemon.try_wait().expect("it is ours");
        assert!(ended.is_none(), "it ended by itself: {}", desk.log());
        started = desk.log().matches("\"started\"").count();
        daemon.kill().expect("it is ours");
        daemon.wait().expect("it is ours");
    }
    let (before, (sums, _)) = (desk.lines("news").len(), desk.once());
    is_over.store(true, Ordering::Relaxed);
    let seen = reader.join().expect("no line vanished");
    println!(
        "{kills} kills, {before} lines when they were over, {} lines seen by the reader, {sums:?}",
        seen
    );

    let lines = desk.lines("news");
    check_lines(&lines);
    let ids: HashSet<&str> = lines
        .iter()
        .filter_map(|line| line["id"].as_str())
        .collect();
    assert_eq!(ids.len(), lines.len(), "no article twice");
    let settled = lines.len() + desk.lines("duplicates").len();
    assert_eq!(settled, stories, "every entry has its line");
    let urls: HashSet<&str> = lines
        .iter()
        .filter_map(|line| line["fetch"]["url"].as_str())
        .collect();
    assert_eq!(urls.len(), lines.len());
}

/// Reads along until it is over; panics when a line that it saw is changed or gone.
fn tail(output: PathBuf, is_over: &AtomicBool) -> usize {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let is_last = is_over.load(Ordering::Relaxed);
        let now = files(&output, "news");
        for (name, before) in &seen {
            let after = now.get(name).map(String::as_str).unwrap_or_default();
            assert!(
                after.starts_with(before.as_str()),
                "{name}: a line that was seen has changed"
            );
        }
        seen = now;
        if is_last {
            return seen.values().map(|text| text.lines().count()).sum();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}
