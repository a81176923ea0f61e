//! The documents made to hurt, through the running daemon beside normal traffic: each is settled,
//! and nobody else waits for it.
//!
//! `COPYDESK_ROUNDS` makes it longer than one round over all of them; it prints how long normal
//! stories took from publication to line, without and with the hostile ones, and the peak memory.

mod support;

use copydesk_newsroom::{FeedKind, Newsroom, RunningSite, Site, generate, hostile_site};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::{Desk, signal, wait_for};

/// The daemon's own figures of a running process, from `/proc`.
fn peak_mib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

const BODIES_MIB: u64 = 32;

/// As the README computes it, with the defaults of all other keys.
fn memory_bound_mib() -> u64 {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let (feed, nodes, batch) = (16, 250_000 / 1024, 8);
    let feeds = BODIES_MIB + cores * 4 * feed;
    let pages = 15 * BODIES_MIB + cores * nodes;
    200 + feeds + pages + 18 * batch
}

/// Normal traffic: a story every so often, and how long each took to its line.
struct Traffic {
    published: Vec<(String, Instant)>,
    lines: Arc<Mutex<HashMap<String, Instant>>>,
    reader: Child,
}

const STORY_EVERY: Duration = Duration::from_millis(300);

#[derive(Deserialize)]
struct Line {
    fetch: Fetch,
}

#[derive(Deserialize)]
struct Fetch {
    url: Option<String>,
}

impl Traffic {
    /// Reads along with `copydesk tail`, as reading all of the output again and again would keep the
    /// cores busy.
    fn on(desk: &Desk) -> Self {
        let mut command = support::copydesk();
        command.arg("tail").arg(desk.output()).arg("--follow");
        let mut reader = command.stdout(Stdio::piped()).spawn().expect("it runs");
        let stdout = BufReader::new(reader.stdout.take().expect("piped"));
        let lines = Arc::new(Mutex::new(HashMap::new()));
        let seen = lines.clone();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let line: Line = serde_json::from_str(&line).expect("a record");
                let mut seen = seen.lock().expect("no holder of this lock panics");
                seen.insert(line.fetch.url.unwrap_or_default(), Instant::now());
            }
        });
        Self {
            published: Vec::new(),
            lines,
            reader,
        }
    }

    fn publish(&mut self, site: &RunningSite) {
        let number = site.stories().len();
        let mut story = generate(1000 + number as u64, 1).remove(0);
        story.slug = format!("normal-{}-{number}", self.reader.id());
        self.published
            .push((site.url(&story.path()), Instant::now()));
        site.publish(story);
        std::thread::sleep(STORY_EVERY);
    }

    /// Seconds, sorted, once all are there.
    fn end(mut self) -> Vec<f64> {
        let lines = || self.lines.lock().expect("no holder of this lock panics");
        wait_for(|| {
            let mut urls = self.published.iter().map(|(url, _)| url);
            urls.all(|url| lines().contains_key(url))
        });
        let seconds = |(url, at): &(String, Instant)| (lines()[url] - *at).as_secs_f64();
        let mut delays: Vec<f64> = self.published.iter().map(seconds).collect();
        delays.sort_by(f64::total_cmp);
        self.reader.kill().expect("it is ours");
        self.reader.wait().expect("it is ours");
        delays
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_documents_are_settled_each_and_delay_nobody() {
    let rounds = std::env::var("COPYDESK_ROUNDS");
    let rounds: usize = rounds.map_or(1, |text| text.parse().expect("a number"));
    let hostile = (0..rounds).map(|round| hostile_site(&format!("hostile{round}")));
    let mut sites: Vec<Site> = hostile.collect();
    sites.push(Site::new("normal", "The Normal Times"));
    let newsroom = Newsroom::start(sites).await;
    let newsroom = newsroom.expect("loopback addresses are free");
    let normal = newsroom.site("normal");
    let quiet = Desk::new(&[normal.feed_url(FeedKind::Rss)], "");
    let mut daemon = quiet.spawn();
    let mut traffic = Traffic::on(&quiet);
    for _ in 0..20 * rounds {
        traffic.publish(normal);
    }
    let alone = traffic.end();
    signal(&daemon, "TERM");
    daemon.wait().expect("it ends");
    let stories: Vec<String> = normal
        .stories()
        .iter()
        .map(|story| story.slug.clone())
        .collect();
    for slug in stories {
        normal.remove(&slug);
    }

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
    let desk = Desk::new(&feeds, &format!("bodies_bytes_max = \"{BODIES_MIB}MiB\""));
    let mut daemon = desk.spawn_with_log("info,copydesk::desk=debug");
    let mut traffic = Traffic::on(&desk);
    // Until each page has its outcome and each feed its poll.
    let (mut outcomes, mut polled) = (BTreeMap::new(), HashSet::new());
    let started = Instant::now();
    loop {
        traffic.publish(normal);
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
    let beside = traffic.end();
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
    for (delays, how) in [(&alone, "alone"), (&beside, "beside them")] {
        let (count, last) = (delays.len(), delays.last().copied().unwrap_or(0.0));
        let median = delays[count / 2];
        println!("{count} normal stories {how}: p50 {median:.1} s, longest {last:.1} s");
    }
    let bound = memory_bound_mib();
    println!("peak memory {peak} MiB, at most {bound} MiB by the configuration");
    assert!(peak <= bound);
    let settled =
        sums.get("new").copied().unwrap_or(0) + sums.get("duplicate").copied().unwrap_or(0);
    assert!(settled > 0, "most hold the readable story: {sums:?}");
    assert!(
        !outcomes.values().any(|outcome| outcome == "panic"),
        "{outcomes:?}"
    );
}

/// Room for one page over 512 KiB and for one below: nothing waits for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_pages_of_many_hosts_at_once_wait_for_each_other_and_settle() {
    let sites = (0..9_u64).map(|number| {
        let mut site = Site::new(&format!("s{number}"), "The Long Read");
        site.stories = generate(500 + number, 4);
        for story in site.stories.iter_mut().filter(|_| number > 0) {
            let paragraphs = story.text().replace("\n\n", "</p><p>");
            let (title, padding) = (&story.title, "x".repeat(3 << 20));
            let html = format!(
                "<title>{title}</title><article><h1>{title}</h1><p>{paragraphs}</p></article>\
                 <!-- {padding} -->"
            );
            story.body = copydesk_newsroom::Body::Page(copydesk_newsroom::File::html(html));
        }
        site
    });
    let newsroom = Newsroom::start(sites.collect()).await;
    let newsroom = newsroom.expect("loopback addresses are free");
    let feeds: Vec<String> = (newsroom.sites().iter())
        .map(|site| site.feed_url(FeedKind::Rss))
        .collect();
    let desk = Desk::new(
        &feeds,
        "page_bytes_max = \"4MiB\"\nbodies_bytes_max = \"1MiB\"",
    );
    let (sums, _) = tokio::task::spawn_blocking(move || desk.once())
        .await
        .expect("it ends");
    assert_eq!((sums.entries, sums.failed), (36, 0), "{sums:?}");
}
