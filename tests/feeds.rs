//! What the daemon knows of its feeds, and how it is asked.

mod support;

use copydesk_newsroom::{FeedKind, Misbehaviour, Newsroom, Site, Story, generate};
use serde_json::Value;
use support::{Desk, signal, wait_for};

fn site(name: &str, stories: u64) -> Site {
    Site {
        stories: (0..stories)
            .map(|number| Story {
                slug: format!("{name}{number}"),
                ..generate(number + 1, 1).remove(0)
            })
            .collect(),
        ..Site::new(name, &format!("The {name} Gazette"))
    }
}

async fn newsroom(sites: Vec<Site>) -> Newsroom {
    Newsroom::start(sites)
        .await
        .expect("loopback addresses are free")
}

fn status(desk: &Desk) -> Value {
    let output = desk.command("status").arg("--json").output();
    let output = output.expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn status_is_told_by_the_daemon_and_by_the_state_it_leaves() {
    let newsroom = newsroom(vec![site("harbour", 2), site("valley", 1)]).await;
    let (harbour, valley) = (newsroom.site("harbour"), newsroom.site("valley"));
    valley.misbehave(FeedKind::Rss.path(), Misbehaviour::status(404));
    let feeds = [harbour, valley].map(|site| site.feed_url(FeedKind::Rss));
    let desk = Desk::new(&feeds, "");
    let before = status(&desk);
    assert_eq!(before["feeds"][0]["condition"], "new");

    let mut daemon = desk.spawn();
    wait_for(|| desk.state().join("control.sock").exists());
    let is_polled = |report: &Value| {
        // That a feed answered is known before its entries are settled, its next poll after.
        report["feeds"][0]["condition"] == "good"
            && report["feeds"][0]["next_poll"].is_string()
            && report["feeds"][1]["condition"] == "failing"
    };
    wait_for(|| {
        let report = status(&desk);
        !report["started"].is_null() && is_polled(&report)
    });
    // Its socket stays behind and leads nowhere.
    signal(&daemon, "KILL");
    daemon.wait().expect("it ends");
    let left = status(&desk);
    assert!(left["started"].is_null() && is_polled(&left), "{left}");
    assert_eq!(left["feeds"][0]["title"], "The harbour Gazette");
    assert!(left["feeds"][0]["next_poll"].is_string());
    let error = &left["feeds"][1]["last_error"];
    assert_eq!(error["reason"], "http_status");
    assert!(
        error["detail"]
            .as_str()
            .is_some_and(|words| words.contains("status 404"))
    );
    let table = desk.command("status").output().expect("it runs");
    let table = String::from_utf8_lossy(&table.stdout).into_owned();
    assert!(table.contains("no daemon runs") && table.contains("1 good, 1 failing"));
    for url in &feeds {
        assert!(table.contains(url.as_str()), "{table}");
    }

    let mut daemon = desk.spawn();
    wait_for(|| desk.log().matches("\"started\"").count() == 2);
    assert!(status(&desk)["started"].is_string());
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());
    assert!(status(&desk)["started"].is_null());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn feeds_are_found_listed_and_carried_to_other_readers() {
    let newsroom = newsroom(vec![site("harbour", 2)]).await;
    let harbour = newsroom.site("harbour");
    let run = |arguments: &[&str]| {
        let output = support::copydesk().arg("feeds").args(arguments).output();
        let output = output.expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        (String::from_utf8(output.stdout).expect("UTF-8"), said)
    };
    let (table, _) = run(&["find", &harbour.url("/"), "--allow-private-addresses"]);
    let rss = harbour.feed_url(FeedKind::Rss);
    let row = table.lines().find(|row| row.starts_with(&rss));
    let row = row.expect("a row for the feed");
    assert!(row.contains("rss2") && row.contains("The harbour Gazette"));

    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(
        path("list.opml"),
        format!("<opml><body><outline text='Ports'><outline text='H' xmlUrl='{rss}'/><outline xmlUrl='{rss}#x'/></outline></body></opml>"),
    )
    .expect("the test's own folder");
    let state = path("state");
    let mine = format!("# mine\n[state]\ndirectory = {state:?} # here\n");
    std::fs::write(path("c.toml"), &mine).expect("the test's own folder");
    let (_, said) = run(&["import", &path("list.opml"), "--into", &path("c.toml")]);
    assert!(said.contains("1 feed, 1 left out"), "{said}");
    let (_, said) = run(&["import", &path("list.opml"), "--into", &path("c.toml")]);
    assert!(said.contains("0 feeds, 2 left out"), "{said}");
    let text = std::fs::read_to_string(path("c.toml")).expect("it is there");
    assert!(text.starts_with(&mine));
    let (opml, _) = run(&["export", "--config", &path("c.toml")]);
    assert!(opml.contains("<outline text=\"Ports\"") && opml.contains(&rss));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn site_in_place_of_a_feed_is_followed_to_its_feed() {
    let newsroom = newsroom(vec![site("harbour", 2)]).await;
    let harbour = newsroom.site("harbour");
    let desk = Desk::new(&[harbour.url("/")], "");
    let (sums, _) = desk.once();
    assert_eq!((sums.entries, sums.new), (2, 2));
    assert_eq!(
        status(&desk)["feeds"][0]["moved_to"],
        harbour.feed_url(FeedKind::Rss)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_poll_takes_what_backfill_says_and_the_rest_never_comes() {
    let newsroom = newsroom(vec![site("harbour", 5)]).await;
    let harbour = newsroom.site("harbour");
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Atom)], "backfill = 2\n");
    let (sums, _) = desk.once();
    assert_eq!((sums.entries, sums.new), (2, 2));
    let lines = desk.lines("news");
    let taken = |slug: &str| {
        lines
            .iter()
            .any(|line| line["url"] == harbour.url(&format!("/{slug}")))
    };
    let slugs: Vec<String> = (0..5).map(|number| format!("harbour{number}")).collect();
    let (taken, passed): (Vec<&str>, Vec<&str>) = slugs
        .iter()
        .map(String::as_str)
        .partition(|slug| taken(slug));
    assert_eq!((taken.len(), passed.len()), (2, 3));
    for slug in [taken[0], passed[0]] {
        harbour.correct(slug, |story| story.title.push_str(" again"));
    }
    harbour.publish(Story {
        slug: "late".into(),
        ..generate(99, 1).remove(0)
    });
    let (sums, _) = desk.once();
    assert_eq!((sums.entries, sums.new, sums.updated), (2, 1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_restart_asks_for_no_feed_before_its_time() {
    let unhurried = Site {
        feed_headers: vec![("cache-control".into(), "max-age=7200".into())],
        ..site("harbour", 1)
    };
    let newsroom = newsroom(vec![unhurried, site("valley", 1)]).await;
    let feeds = ["harbour", "valley"].map(|name| newsroom.site(name).feed_url(FeedKind::Rss));
    let desk = Desk::new(&feeds[..1], "");
    desk.once();
    let next = status(&desk)["feeds"][0]["next_poll"].clone();
    desk.configure(&feeds, "");
    let mut daemon = desk.spawn();
    wait_for(|| status(&desk)["feeds"][1]["condition"] == "good");
    assert_eq!(status(&desk)["feeds"][0]["next_poll"], next);
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());
    let harbour = newsroom.site("harbour");
    assert_eq!(harbour.requests_for(FeedKind::Rss.path()).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_feed_that_is_gone_is_asked_again_in_a_month() {
    let newsroom = newsroom(vec![site("harbour", 1)]).await;
    let harbour = newsroom.site("harbour");
    harbour.misbehave(FeedKind::Rss.path(), Misbehaviour::status(410));
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Rss)], "");
    desk.once();
    desk.once();
    let feed = status(&desk)["feeds"][0].clone();
    assert_eq!(feed["condition"], "gone");
    let next: jiff::Timestamp = serde_json::from_value(feed["next_poll"].clone()).expect("a time");
    let days = next.duration_since(jiff::Timestamp::now()).as_hours() / 24;
    assert!((29..=33).contains(&days), "in {days} days");
}
