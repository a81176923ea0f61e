//! The clock is set forward and back, by days and by decades, while the daemon runs and while it is
//! down: no line is lost or comes twice, and polling goes on.

mod support;

use copydesk_newsroom::{FeedKind, Newsroom, Site, generate};
use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Child;
use std::time::Instant;
use support::{Desk, check_lines, signal, wait_for};

/// Each relative to the true time: what the clock says, and whether the daemon is killed before.
const CLOCKS: [(&str, bool); 8] = [
    ("+0", false),
    ("+400d", false),
    ("-20d", false),
    ("+14000d", true),
    ("+0", true),
    ("-9000d", false),
    ("+2d", true),
    ("+0", false),
];
/// Stories published while a clock says so.
const STORIES: usize = 6;

/// The library that tells a process another time, of Debian's package libfaketime.
fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
    let libraries = folders.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    libraries.into_iter().find(|library| library.exists())
}

fn spawn(desk: &Desk, library: &PathBuf, clock: &PathBuf) -> Child {
    let mut command = desk.run();
    command
        .env("LD_PRELOAD", library)
        .env("FAKETIME_TIMESTAMP_FILE", clock)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("DONT_FAKE_MONOTONIC", "1");
    command.spawn().expect("it runs")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_repeated_when_the_clock_is_set() {
    let Some(library) = faketime() else {
        eprintln!("SKIPPED: needs libfaketime (apt install faketime)");
        return;
    };
    let newsroom = Newsroom::start(vec![Site::new("harbour", "The Harbour Ledger")]).await;
    let newsroom = newsroom.expect("loopback addresses are free");
    let harbour = newsroom.site("harbour");
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Rss)], "");
    let clock = desk.output().with_file_name("clock");
    let mut stories = generate(3, STORIES * CLOCKS.len()).into_iter();
    let mut daemon: Option<Child> = None;
    let mut published = 0;
    for (time, is_killed) in CLOCKS {
        if let Some(child) = daemon.as_mut().filter(|_| is_killed) {
            child.kill().expect("it is ours");
            child.wait().expect("it is ours");
            daemon = None;
        }
        // In one step: the library reads it at any moment.
        std::fs::write(clock.with_extension("new"), time).expect("the test's own folder");
        std::fs::rename(clock.with_extension("new"), &clock).expect("the test's own folder");
        daemon = daemon.or_else(|| Some(spawn(&desk, &library, &clock)));
        for story in stories.by_ref().take(STORIES) {
            harbour.publish(story);
        }
        published += STORIES;
        let start = Instant::now();
        wait_for(|| desk.lines("news").len() >= published);
        // What was forgotten would come again with one of the next polls.
        eprintln!(
            "{time}: all lines after {:.1} s",
            start.elapsed().as_secs_f32()
        );
        let polls = || harbour.requests_for(FeedKind::Rss.path()).len();
        let so_far = polls();
        wait_for(|| polls() > so_far + 1);
    }
    let mut daemon = daemon.expect("started above");
    signal(&daemon, "TERM");
    assert!(
        daemon.wait().expect("it is ours").success(),
        "{}",
        desk.log()
    );

    let lines = desk.lines("news");
    let urls: HashSet<&str> = lines
        .iter()
        .filter_map(|line| line["url"].as_str())
        .collect();
    assert_eq!((lines.len(), urls.len()), (published, published));
    assert_eq!(desk.lines("duplicates").len(), 0);
    check_lines(&lines);
}
