//! copydesk as whoever is on call meets it: its supervisor, its configuration changed while it runs.

mod support;

use copydesk_newsroom::{FeedKind, Newsroom, Site, Story, generate};
use std::collections::BTreeMap;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Output};
use std::time::Duration;
use support::{Desk, check_lines, signal, wait_for};

/// A service manager that only listens.
struct Supervisor {
    socket: UnixDatagram,
    folder: tempfile::TempDir,
}

impl Supervisor {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let socket = UnixDatagram::bind(folder.path().join("notify")).expect("a free path");
        Self { socket, folder }
    }

    fn start(&self, desk: &Desk, watchdog: Duration, wedged: &str) -> Child {
        desk.run()
            .env("NOTIFY_SOCKET", self.folder.path().join("notify"))
            .env("WATCHDOG_USEC", watchdog.as_micros().to_string())
            .env("COPYDESK_WEDGE", wedged)
            .spawn()
            .expect("it runs")
    }

    /// The next message; None when there was none for so long.
    fn next(&self, patience: Duration) -> Option<String> {
        let set = self.socket.set_read_timeout(Some(patience));
        set.expect("a real duration");
        let mut buffer = [0; 4096];
        let length = self.socket.recv(&mut buffer).ok()?;
        Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
    }

    /// Reads up to the message that holds this line, and gives it back.
    fn until(&self, line: &str) -> String {
        loop {
            let message = self.next(Duration::from_secs(60));
            let message = message.unwrap_or_else(|| panic!("no {line} within a minute"));
            if message.lines().any(|found| found.starts_with(line)) {
                return message;
            }
        }
    }
}

/// A story like no other.
fn story(slug: &str) -> Story {
    let seed = slug
        .bytes()
        .fold(7, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte));
    Story {
        slug: slug.to_owned(),
        ..generate(seed, 1).remove(0)
    }
}

async fn newsroom(names: impl Iterator<Item = String>) -> Newsroom {
    let sites = names.map(|name| Site {
        stories: vec![story(&format!("{name}-first"))],
        ..Site::new(&name, &format!("The {name} Gazette"))
    });
    Newsroom::start(sites.collect())
        .await
        .expect("loopback addresses are free")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn supervisor_hears_of_start_progress_reload_and_stop() {
    let newsroom = newsroom(["harbour".to_owned()].into_iter()).await;
    let site = newsroom.site("harbour");
    let desk = Desk::new(&[site.feed_url(FeedKind::Rss)], "");
    let supervisor = Supervisor::new();
    let mut daemon = supervisor.start(&desk, Duration::from_secs(2), "");
    let first = supervisor.next(Duration::from_secs(60)).expect("a message");
    assert!(
        first.starts_with("READY=1\n"),
        "nothing comes before: {first}"
    );
    wait_for(|| !site.requests_for(FeedKind::Rss.path()).is_empty());
    for _ in 0..3 {
        supervisor.until("WATCHDOG=1");
    }
    let status = supervisor.until("STATUS=");
    assert!(status.contains("1 feed, 0 failing; "), "{status}");
    assert!(status.contains("lines a second"), "{status}");
    signal(&daemon, "HUP");
    let reloading = supervisor.until("RELOADING=1");
    let clock = reloading
        .lines()
        .find_map(|line| line.strip_prefix("MONOTONIC_USEC="));
    assert!(
        clock.is_some_and(|clock| clock.parse::<u64>().is_ok_and(|usec| usec > 0)),
        "{reloading}"
    );
    supervisor.until("READY=1");
    signal(&daemon, "TERM");
    supervisor.until("STOPPING=1");
    assert!(daemon.wait().expect("it ends").success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watchdog_is_fed_by_progress_and_a_stage_that_stands_still_is_named() {
    let newsroom = newsroom(["harbour".to_owned()].into_iter()).await;
    for wedged in ["schedule", "clean", "desk", "writer"] {
        let desk = Desk::new(&[newsroom.site("harbour").feed_url(FeedKind::Rss)], "");
        let supervisor = Supervisor::new();
        let watchdog = Duration::from_secs(1);
        let mut daemon = supervisor.start(&desk, watchdog, wedged);
        supervisor.until("READY=1");
        while let Some(message) = supervisor.next(3 * watchdog) {
            assert!(message.contains("WATCHDOG=1"), "{wedged}: {message}");
        }
        let health = |desk: &Desk| {
            desk.command("status")
                .arg("--health")
                .output()
                .expect("it runs")
        };
        wait_for(|| health(&desk).status.code() == Some(69));
        let said = String::from_utf8_lossy(&health(&desk).stderr).into_owned();
        assert!(said.lines().any(|line| line == wedged), "{wedged}: {said}");
        let alive = desk.get("/livez");
        assert!(alive.starts_with("HTTP/1.0 503"), "{wedged}: {alive}");
        assert!(alive.ends_with(&format!("\n{wedged}\n")), "{alive}");
        assert!(desk.log().contains("no progress"), "{}", desk.log());
        signal(&daemon, "KILL");
        daemon.wait().expect("it ends");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_entry_is_found_in_the_log_across_the_stages() {
    let newsroom = newsroom(["harbour".to_owned()].into_iter()).await;
    let site = newsroom.site("harbour");
    let desk = Desk::new(&[site.feed_url(FeedKind::Rss)], "");
    let mut daemon = desk.spawn_with_log("info,copydesk=debug");
    wait_for(|| desk.lines("news").len() == 1);
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());
    let line = desk.lines("news").remove(0);
    let log = desk.log();
    let log = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let of_entry: Vec<_> = log
        .filter(|told| told["span"]["url"] == line["fetch"]["url"])
        .collect();
    let told: Vec<_> = of_entry.iter().map(|told| &told["message"]).collect();
    assert_eq!(told, ["fetched", "cleaned", "settled"], "{of_entry:?}");
    assert_eq!(of_entry[2]["span"]["id"], line["id"]);
    assert_eq!(of_entry[0]["span"]["feed"], line["feed"]["url"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn page_and_metrics_know_after_a_restart_what_was_before() {
    let newsroom = newsroom(["harbour".to_owned()].into_iter()).await;
    let desk = Desk::new(&[newsroom.site("harbour").feed_url(FeedKind::Rss)], "");
    let (sums, _) = desk.once();
    assert_eq!(sums.new, 1);
    let mut daemon = desk.spawn();
    wait_for(|| desk.state().join("control.sock").exists());
    let page = || desk.get("/");
    wait_for(|| page().contains("entries an hour, the most 1"));
    let page = page();
    assert!(
        page.contains("Last 24 hours: 1 article, 0 duplicates, 0 failures"),
        "{page}"
    );
    let metrics = desk.get("/metrics");
    assert!(
        metrics.contains("\ncopydesk_index_articles 1\n"),
        "{metrics}"
    );
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());
}

/// The configuration with these feeds, each with a tag.
fn configure(desk: &Desk, feeds: &[(String, &str)]) {
    desk.configure::<&str>(&[], "");
    let mut text = std::fs::read_to_string(desk.config()).expect("written");
    for (url, tag) in feeds {
        text += &format!("[[feed]]\nurl = {url:?}\ntags = [{tag:?}]\n");
    }
    // As editors do it: whoever reads meanwhile sees the old file or the new one.
    let new = desk.config().with_extension("new");
    std::fs::write(&new, text).expect("the test's own folder");
    std::fs::rename(new, desk.config()).expect("the test's own folder");
}

fn reload(desk: &Desk) -> Output {
    desk.command("reload").output().expect("it runs")
}

fn report(desk: &Desk) -> serde_json::Value {
    let output = desk
        .command("status")
        .arg("--json")
        .output()
        .expect("it runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Site and slug of each line, with the tag of its feed.
fn written(desk: &Desk) -> Vec<(String, String)> {
    let lines = desk
        .lines("news")
        .into_iter()
        .chain(desk.lines("duplicates"));
    let told = lines.map(|line| {
        let url = line["url"].as_str().unwrap_or_default();
        let slug = url.rsplit('/').next().unwrap_or_default();
        (
            slug.to_owned(),
            line["feed"]["tags"][0]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn feeds_come_change_and_go_under_traffic_and_nothing_is_lost_or_repeated() {
    let newsroom = newsroom((0..240).map(|number| format!("paper{number}"))).await;
    let site = |number: usize| newsroom.site(&format!("paper{number}"));
    let feeds = |followed: &BTreeMap<usize, &'static str>| -> Vec<(String, &'static str)> {
        let feeds = followed.iter();
        feeds
            .map(|(&number, &tag)| (site(number).feed_url(FeedKind::Rss), tag))
            .collect()
    };
    let publish = |followed: &BTreeMap<usize, &'static str>, round: &str| {
        for &number in followed.keys() {
            site(number).publish(story(&format!("paper{number}-{round}")));
        }
    };
    let mut followed: BTreeMap<usize, &'static str> =
        (0..200).map(|number| (number, "a")).collect();
    let mut wanted: Vec<String> = Vec::new();

    let desk = Desk::new::<&str>(&[], "");
    configure(&desk, &feeds(&followed));
    let mut daemon = desk.spawn();
    for (round, tag, first) in [("second", "b", 0), ("third", "c", 70)] {
        // In the middle of the first polls, and again in the middle of what the last round brought.
        let lines = written(&desk).len();
        wait_for(|| written(&desk).len() > lines + 20);
        followed.retain(|number, _| !(first..first + 20).contains(number));
        (first + 20..first + 70).for_each(|number| {
            followed.insert(number, tag);
        });
        let added = followed.keys().max().expect("some") + 1;
        (added..added + 20).for_each(|number| {
            followed.insert(number, tag);
        });
        configure(&desk, &feeds(&followed));
        let output = reload(&desk);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}");
        assert!(
            said.contains("20 feeds added, 50 changed, 20 removed"),
            "{said}"
        );
        let status = report(&desk);
        assert_eq!(status["feeds"].as_array().map(Vec::len), Some(200));
        assert!(
            status["reload"]["applied"]
                .as_str()
                .is_some_and(|text| text.contains("50 changed"))
        );
        publish(&followed, round);
        wanted.extend(
            followed
                .keys()
                .map(|number| format!("paper{number}-{round}")),
        );
    }
    // A feed that went owes what it had listed when it was asked.
    let asked =
        (0..240).filter(|&number| !site(number).requests_for(FeedKind::Rss.path()).is_empty());
    wanted.extend(asked.map(|number| format!("paper{number}-first")));
    // One that went right after a story came may never have been asked again.
    let gone: Vec<String> = (70..90)
        .map(|number| format!("paper{number}-second"))
        .collect();
    wanted.retain(|slug| !gone.contains(slug));
    let is_there = |wanted: &[String]| {
        let written: BTreeMap<String, String> = written(&desk).into_iter().collect();
        wanted.iter().all(|slug| written.contains_key(slug))
    };
    wait_for(|| is_there(&wanted));

    let good = std::fs::read_to_string(desk.config()).expect("written");
    let mistake = "outptu: unknown key; did you mean output?";
    std::fs::write(desk.config(), good + "\n[outptu]\n").expect("the test's own folder");
    signal(&daemon, "HUP");
    wait_for(|| desk.log().contains("configuration refused") && desk.log().contains(mistake));
    let status = report(&desk);
    let refused = status["reload"]["refused"].as_str().unwrap_or_default();
    assert!(refused.contains(mistake), "{status}");
    assert_eq!(status["feeds"].as_array().map(Vec::len), Some(200));
    let output = reload(&desk);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains(mistake), "{said}");

    site(239).publish(story("paper239-last"));
    wanted.push("paper239-last".to_owned());
    wait_for(|| is_there(&wanted));
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());

    check_lines(&desk.lines("news"));
    check_lines(&desk.lines("duplicates"));
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (slug, _) in written(&desk) {
        *times.entry(slug).or_default() += 1;
    }
    assert!(times.values().all(|&count| count == 1), "{times:?}");
    for (slug, tag) in written(&desk) {
        let number: usize = slug["paper".len()..]
            .split('-')
            .next()
            .expect("a number")
            .parse()
            .expect("a number");
        if slug.ends_with("third") {
            assert_eq!(followed.get(&number), Some(&tag.as_str()), "{slug}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watched_file_is_taken_over_and_what_wants_a_restart_is_named() {
    let newsroom = newsroom(["harbour", "valley"].into_iter().map(str::to_owned)).await;
    let feed = |name: &str| newsroom.site(name).feed_url(FeedKind::Rss);
    let desk = Desk::new(&[feed("harbour")], "");
    let text = std::fs::read_to_string(desk.config()).expect("written");
    std::fs::write(desk.config(), format!("watch_config = true\n{text}"))
        .expect("the test's own folder");
    let mut daemon = desk.spawn();
    wait_for(|| written(&desk).len() == 1);
    let more = format!("[[feed]]\nurl = {:?}\n", feed("valley"));
    let text = text.replace("host_concurrency = 8", "host_concurrency = 4");
    std::fs::write(
        desk.config(),
        format!("watch_config = true\n{text}\n{more}"),
    )
    .expect("the test's own folder");
    wait_for(|| written(&desk).len() == 2);
    let applied = report(&desk)["reload"]["applied"].clone();
    assert_eq!(
        applied,
        "1 feed added, 0 changed, 0 removed; only after a restart: fetch.host_concurrency"
    );
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());
}
