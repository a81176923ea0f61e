//! Feeds in, lines out: the whole daemon on a newsroom of its own.

mod support;

use copydesk_newsroom::{FeedKind, Misbehaviour, Newsroom, Site, Story, generate};
use std::time::{Duration, Instant};
use support::{Desk, check_lines, signal, wait_for};

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

fn text(slug: &str) -> String {
    story(slug).text()
}

fn site(name: &str, slugs: &[&str]) -> Site {
    Site {
        stories: slugs.iter().map(|slug| story(slug)).collect(),
        ..Site::new(name, &format!("The {name} Gazette"))
    }
}

async fn newsroom(sites: Vec<Site>) -> Newsroom {
    Newsroom::start(sites)
        .await
        .expect("loopback addresses are free")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn second_run_adds_no_line_and_a_correction_adds_an_update() {
    let newsroom = newsroom(vec![
        site("harbour", &["ferries", "bridges"]),
        site("valley", &["orchards"]),
    ])
    .await;
    let (harbour, valley) = (newsroom.site("harbour"), newsroom.site("valley"));
    // The same site through two of its feeds is fetched and written once.
    let feeds = [
        harbour.feed_url(FeedKind::Rss),
        harbour.feed_url(FeedKind::Json),
        valley.feed_url(FeedKind::Atom),
    ];
    let desk = Desk::new(&feeds, "");
    let (sums, _) = desk.once();
    assert_eq!((sums.entries, sums.new, sums.failed), (3, 3, 0));
    assert_eq!(
        harbour.requests_for("/ferries").len(),
        1,
        "nothing is fetched twice"
    );

    let (sums, _) = desk.once();
    assert_eq!(sums.entries, 0);
    assert_eq!(desk.lines("news").len(), 3);

    harbour.correct("ferries", |story| {
        *story = Story {
            title: "Ferries to sail again, says council".into(),
            ..story.clone()
        }
    });
    let (sums, _) = desk.once();
    assert_eq!(
        (sums.updated, sums.new, sums.duplicates),
        (1, 0, 0),
        "{sums:?}"
    );
    let lines = desk.lines("news");
    check_lines(&lines);
    let update = lines.last().expect("a line");
    assert_eq!(
        (&update["op"], &update["version"]),
        (&"update".into(), &2.into())
    );
    let changed = update["changed"].as_array().expect("a list");
    assert!(changed.contains(&"title".into()), "{changed:?}");
    assert!(
        lines
            .iter()
            .any(|line| line["op"] == "new" && line["id"] == update["id"])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bad_feeds_leave_the_others_untouched_and_are_named() {
    let mut sites: Vec<Site> = ["html", "missing", "garbage", "huge", "silent"]
        .map(|name| site(name, &[name]))
        .into();
    sites.push(site("good", &["lighthouses"]));
    let newsroom = newsroom(sites).await;
    let rss = FeedKind::Rss.path();
    newsroom.site("html").misbehave(rss, Misbehaviour::Html);
    newsroom
        .site("missing")
        .misbehave(rss, Misbehaviour::status(404));
    newsroom
        .site("garbage")
        .misbehave(rss, Misbehaviour::Garbage);
    newsroom
        .site("huge")
        .misbehave(rss, Misbehaviour::Huge { bytes: 1 << 30 });
    newsroom.site("silent").misbehave(rss, Misbehaviour::Hang);
    let feeds: Vec<String> = newsroom
        .sites()
        .iter()
        .map(|site| site.feed_url(FeedKind::Rss))
        .collect();
    let desk = Desk::new(&feeds, "timeout = \"3s\"\n");
    let (sums, output) = desk.once();
    assert_eq!((sums.entries, sums.new), (1, 1));
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    let (log, table): (Vec<&str>, Vec<&str>) =
        printed.lines().partition(|line| line.starts_with('{'));
    for (name, reason) in [
        ("html", "wrong_type"),
        ("missing", "http_status"),
        ("garbage", "bad_feed"),
        ("huge", "too_large"),
        ("silent", "timeout"),
    ] {
        let url = newsroom.site(name).feed_url(FeedKind::Rss);
        let row = table
            .iter()
            .find(|row| row.starts_with(&url))
            .expect("a row for each feed");
        assert!(row.contains("FAILED") && row.contains(reason), "{row}");
        let is_logged = log.iter().any(|line| {
            line.contains(&url) && line.contains(reason) && line.contains("poll failed")
        });
        assert!(is_logged, "{name} is in the log");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn failed_page_is_recorded_with_its_reason_and_not_asked_for_again_at_once() {
    let newsroom = newsroom(vec![site("harbour", &["ferries", "bridges"])]).await;
    let harbour = newsroom.site("harbour");
    harbour.misbehave("/ferries", Misbehaviour::status(404));
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Atom)], "");
    let (sums, output) = desk.once();
    assert_eq!((sums.entries, sums.new, sums.failed), (2, 1, 1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("http_status"));
    let (sums, _) = desk.once();
    assert_eq!(sums.entries, 0);
    assert_eq!(harbour.requests_for("/ferries").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn story_in_the_feed_stands_in_for_a_page_that_cannot_be_had() {
    let full = Site {
        is_full_text: true,
        ..site("full", &["ferries"])
    };
    // An index in place of a page is no story either, but the feed's summary is.
    let items: String = (0..60)
        .map(|number| format!("<li><a href=/{number}>Headline number {number} of the day</a>"))
        .collect();
    let index = Story {
        summary: text("quays"),
        ..Story::from_html(
            "quays",
            "Quays",
            format!("<ul>{items}</ul>"),
            story("quays").published,
        )
    };
    let listing = Site {
        stories: vec![index],
        ..site("listing", &[])
    };
    let newsroom = newsroom(vec![full, site("short", &["bridges"]), listing]).await;
    newsroom
        .site("full")
        .misbehave("/ferries", Misbehaviour::status(403));
    newsroom
        .site("short")
        .misbehave("/bridges", Misbehaviour::status(403));
    let feeds: Vec<String> = newsroom
        .sites()
        .iter()
        .map(|site| site.feed_url(FeedKind::Atom))
        .collect();
    let desk = Desk::new(&feeds, "");
    let (sums, _) = desk.once();
    assert_eq!((sums.new, sums.failed), (2, 1), "{sums:?}");
    let lines = desk.lines("news");
    check_lines(&lines);
    for (site, path) in [("full", "/ferries"), ("listing", "/quays")] {
        let url = newsroom.site(site).url(path);
        let line = lines.iter().find(|line| line["url"] == url);
        assert_eq!(line.expect("its line")["fetch"]["from"], "feed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn feed_that_has_proved_to_hold_whole_articles_saves_its_pages() {
    let full = Site {
        is_full_text: true,
        ..site("full", &["ferries", "bridges", "tunnels"])
    };
    let newsroom = newsroom(vec![full, site("short", &["quays", "locks", "weirs"])]).await;
    let feeds: Vec<String> = (newsroom.sites().iter())
        .map(|site| site.feed_url(FeedKind::Rss))
        .collect();
    let desk = Desk::new(&feeds, "");
    let mut daemon = desk.spawn();
    wait_for(|| desk.lines("news").len() == 6);
    for site in newsroom.sites() {
        site.publish(story(&format!("{}-later", site.name())));
    }
    wait_for(|| desk.lines("news").len() == 8);
    signal(&daemon, "TERM");
    daemon.wait().expect("it ends");
    for site in newsroom.sites() {
        let path = format!("/{}-later", site.name());
        let is_full = site.name() == "full";
        assert_eq!(site.requests_for(&path).is_empty(), is_full, "{path}");
        let lines = desk.lines("news");
        let line = lines.iter().find(|line| line["url"] == site.url(&path));
        let line = line.expect("its line");
        let from = if is_full { "feed" } else { "page" };
        assert_eq!(line["fetch"]["from"], from);
        let title = story(&path[1..]).title;
        assert_eq!(line["title"], title);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stop_settles_what_was_fetched_and_the_next_run_takes_the_rest() {
    let slugs = [
        "ferries", "bridges", "tunnels", "cranes", "dredgers", "pilots", "buoys", "quays",
    ];
    let newsroom = newsroom(vec![site("harbour", &slugs)]).await;
    let harbour = newsroom.site("harbour");
    for slug in &slugs[4..] {
        harbour.misbehave(&format!("/{slug}"), Misbehaviour::Hang);
    }
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Rss)], "");
    let mut daemon = desk.spawn();
    wait_for(|| desk.lines("news").len() == 4);
    signal(&daemon, "TERM");
    let stopped = Instant::now();
    assert!(daemon.wait().expect("it ends").success(), "{}", desk.log());
    assert!(
        stopped.elapsed() < Duration::from_secs(10),
        "hanging pages do not hold up a stop"
    );
    for slug in slugs {
        harbour.behave(&format!("/{slug}"));
    }
    let (sums, _) = desk.once();
    assert_eq!(
        (sums.entries, sums.new),
        (4, 4),
        "the validators of an unsettled poll were not kept"
    );
    check_lines(&desk.lines("news"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn entry_taken_in_comes_to_its_line_though_its_feed_lists_it_no_more() {
    let short = Site {
        feed_entries_max: 2,
        ..site("harbour", &["ferries", "bridges"])
    };
    let newsroom = newsroom(vec![short]).await;
    let harbour = newsroom.site("harbour");
    for path in ["/ferries", "/bridges"] {
        harbour.misbehave(path, Misbehaviour::Hang);
    }
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Rss)], "");
    let mut daemon = desk.spawn();
    wait_for(|| {
        ["/ferries", "/bridges"]
            .iter()
            .all(|path| !harbour.requests_for(path).is_empty())
    });
    // Many times as long as an entry waits for its commit.
    std::thread::sleep(Duration::from_secs(2));
    daemon.kill().expect("it is ours");
    daemon.wait().expect("it is ours");
    for path in ["/ferries", "/bridges"] {
        harbour.behave(path);
    }
    harbour.publish(story("tunnels"));
    harbour.publish(story("cranes"));
    let (sums, _) = desk.once();
    assert_eq!((sums.entries, sums.new), (4, 4), "{}", desk.log());
    let (sums, _) = desk.once();
    assert_eq!(sums.entries, 0, "none is come back to twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn second_owner_of_a_folder_is_refused_with_the_first_ones_name() {
    let newsroom = newsroom(vec![site("harbour", &["ferries"])]).await;
    let desk = Desk::new(&[newsroom.site("harbour").feed_url(FeedKind::Rss)], "");
    let mut daemon = desk.spawn();
    wait_for(|| desk.lines("news").len() == 1);
    let second = desk.command("run").arg("--once").output().expect("it runs");
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains(&daemon.id().to_string()), "{said}");
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lines_go_to_standard_output_when_asked() {
    let newsroom = newsroom(vec![site("harbour", &["ferries", "bridges"])]).await;
    let desk = Desk::new(&[newsroom.site("harbour").feed_url(FeedKind::Rss)], "");
    let output = desk
        .command("run")
        .args(["--once", "--stdout"])
        .output()
        .expect("it runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 2);
    check_lines(&lines);
    assert!(desk.lines("news").is_empty());
}

#[test]
fn configuration_with_five_mistakes_names_all_five_and_nothing_starts() {
    let desk = Desk::new(
        &[
            "https://a.example/feed",
            "https://a.example/feed",
            "gopher://a.example/",
        ],
        "rbots = true\nhttp2 = 2\ntimeout = \"later\"\n",
    );
    for action in ["check", "run"] {
        let output = desk.command(action).output().expect("it runs");
        assert_eq!(output.status.code(), Some(78));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        for mistake in [
            "did you mean robots?",
            "fetch.http2",
            "fetch.timeout",
            "the same feed twice",
            "scheme gopher",
        ] {
            assert!(said.contains(mistake), "{mistake} is not in {said}");
        }
    }
    assert!(!desk.output().exists());
}

#[test]
fn filters_answer_every_line_in_order() {
    use std::io::Write;
    let pages: String = (0..40)
        .map(|number| {
            let html = format!(
                "<html><body><article><h1>T</h1><p>{}</p></article></body></html>",
                text(&format!("n{number}"))
            );
            let html = if number % 7 == 0 {
                "<html></html>".to_owned()
            } else {
                html
            };
            format!(
                "{}\n",
                serde_json::json!({"id": number, "url": "", "html": html})
            )
        })
        .collect();
    let lines = |action: &str, input: &str| -> Vec<serde_json::Value> {
        let mut command = support::copydesk();
        let mut child = command
            .arg(action)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("it runs");
        let (mut stdin, input) = (child.stdin.take().expect("piped"), input.to_owned());
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("it ends");
        writer.join().expect("no panic").expect("all was read");
        String::from_utf8(output.stdout)
            .expect("UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    };
    let articles = lines("clean", &pages);
    assert_eq!(articles.len(), 40);
    for (number, article) in articles.iter().enumerate() {
        assert_eq!(article["id"], number);
        assert_eq!(article["text"].is_null(), number % 7 == 0, "{article}");
        assert_eq!(article["error"].is_null(), number % 7 != 0);
    }
    let stories: String = [0, 1, 0]
        .iter()
        .enumerate()
        .map(|(place, number)| {
            format!("{}\n", serde_json::json!({"id": place.to_string(), "url": format!("https://a.example/{place}"), "title": "T", "text": text(&format!("n{number}"))}))
        })
        .collect();
    let verdicts = lines("dedup", &stories);
    let ops: Vec<&str> = verdicts
        .iter()
        .filter_map(|verdict| verdict["op"].as_str())
        .collect();
    assert_eq!(ops, ["new", "new", "duplicate"]);
    assert_eq!(verdicts[2]["duplicate_of"]["id"], "0");
}
