//! The documents made to hurt, through the running daemon beside normal traffic: each is settled,
//! and nobody else waits for it.
//!
//! `COPYDESK_ROUNDS` makes it longer than one round over all of them; it prints how long normal
//! stories took from publication to line, without and with the hostile ones, and the peak memory.

mod support;

use copydesk_newsroom::{FeedKind, Newsroom, RunningSite, Site, generate, hostile_site};
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};
use support::{Desk, signal, wait_for};

/// The daemon's own figures of a running process, from `/proc`.
fn peak_mib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

/// Publishes a story and waits for its line.
fn delay(desk: &Desk, site: &RunningSite, number: u64) -> Duration {
    let mut story = generate(1000 + number, 1).remove(0);
    story.slug = format!("normal-{number}");
    let path = story.path();
    site.publish(story);
    let published = Instant::now();
    wait_for(|| {
        desk.lines("news")
            .iter()
            .any(|line| line["fetch"]["url"].to_string().contains(&path))
    });
    published.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_documents_are_settled_each_and_delay_nobody() {
    let rounds: usize =
        std::env::var("COPYDESK_ROUNDS").map_or(1, |text| text.parse().expect("a number"));
    let hostile = (0..rounds).map(|round| hostile_site(&format!("hostile{round}")));
    let mut sites: Vec<Site> = hostile.collect();
    sites.push(Site::new("normal", "The Normal Times"));
    let newsroom = Newsroom::start(sites)
        .await
        .expect("loopback addresses are free");
    let normal = newsroom.site("normal");
    let quiet = Desk::new(&[normal.feed_url(FeedKind::Rss)], "");
    let mut daemon = quiet.spawn();
    let alone: Vec<Duration> = (0..5).map(|number| delay(&quiet, normal, number)).collect();
    signal(&daemon, "TERM");
    daemon.wait().expect("it ends");

    let mut feeds = vec![normal.feed_url(FeedKind::Rss)];
    let mut pages = HashSet::new();
    for site in newsroom
        .sites()
        .iter()
        .filter(|site| site.name() != "normal")
    {
        feeds.push(site.feed_url(FeedKind::Rss));
        pages.extend(site.stories().iter().map(|story| site.url(&story.path())));
        let mut paths = Vec::new();
        site.change(|site| {
            paths.extend(
                site.files
                    .keys()
                    .filter(|path| path.starts_with("/feed/"))
                    .cloned(),
            )
        });
        feeds.extend(paths.iter().map(|path| site.url(path)));
    }
    assert!(pages.len() + feeds.len() > 60 * rounds);
    let desk = Desk::new(&feeds, "");
    let mut daemon = desk.spawn_with_log("info,copydesk::desk=debug");
    let mut beside = Vec::new();
    // Until each page has its outcome and each feed its poll.
    let (mut outcomes, mut polled) = (BTreeMap::new(), HashSet::new());
    let started = Instant::now();
    for number in 100.. {
        beside.push(delay(&desk, normal, number));
        for line in desk.log().lines() {
            let Ok(line) = serde_json::from_str::<serde_json::Value>(line) else {
                continue;
            };
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            match line["message"].as_str() {
                Some("settled") => drop(outcomes.insert(text("entry"), text("outcome"))),
                Some("entry failed") => drop(outcomes.insert(text("entry"), text("reason"))),
                Some("polled" | "poll failed") => drop(polled.insert(text("feed"))),
                _ => {}
            }
        }
        let is_done = pages.iter().all(|page| outcomes.contains_key(page))
            && feeds.iter().all(|feed| polled.contains(feed));
        if is_done {
            break;
        }
        let unsettled: Vec<_> = pages
            .iter()
            .filter(|page| !outcomes.contains_key(*page))
            .collect();
        let unpolled: Vec<_> = feeds
            .iter()
            .filter(|feed| !polled.contains(*feed))
            .collect();
        assert!(
            started.elapsed() < Duration::from_secs(180),
            "{unsettled:?} {unpolled:?}"
        );
    }
    let ended = daemon.try_wait().expect("it is ours");
    assert!(ended.is_none(), "it lives: {}", desk.log());
    let peak = peak_mib(daemon.id());
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());
    let mut sums: BTreeMap<&str, usize> = BTreeMap::new();
    for page in &pages {
        *sums.entry(&outcomes[page]).or_default() += 1;
    }
    println!("{} pages: {sums:?}", pages.len());
    let worst = |delays: &[Duration]| delays.iter().max().map_or(0.0, Duration::as_secs_f64);
    println!(
        "normal stories took {:.1} s at the most alone and {:.1} s beside them ({} stories); peak memory {peak} MiB",
        worst(&alone),
        worst(&beside),
        beside.len(),
    );
    let settled =
        sums.get("new").copied().unwrap_or(0) + sums.get("duplicate").copied().unwrap_or(0);
    assert!(settled > 0, "most hold the readable story: {sums:?}");
    assert!(
        !outcomes.values().any(|outcome| outcome == "panic"),
        "{outcomes:?}"
    );
}
