//! Point 19: robots.txt.

use copydesk_model::{Failure, Reason};
use std::time::Duration;

use super::recorder::{Recorder, Told};
use super::{config, day, failed, feed, page_told, rss};
use crate::{Config, FeedState, Fetcher};

async fn under_robots(robots: fn() -> Told, paths: &[&str]) -> (Recorder, Vec<Option<Failure>>) {
    let server = Recorder::start(move |asked, _| match asked.path.as_str() {
        "/robots.txt" => robots(),
        "/away" => Told::new(302, &["location: /closed"], ""),
        _ => page_told(),
    })
    .await;
    let fetcher = Fetcher::new(Config {
        robots: true,
        ..config()
    })
    .unwrap();
    let mut failures = Vec::new();
    for path in paths {
        failures.push(fetcher.page(&server.url(path)).await.err());
    }
    (server, failures)
}

#[tokio::test]
async fn point_19_robots_txt_is_asked_once_and_kept_to() {
    let robots = || Told::new(200, &[], "user-agent: copydesk\ndisallow: /closed\n");
    let (server, failures) = under_robots(robots, &["/open", "/closed", "/away", "/open"]).await;
    assert_eq!(server.paths(), ["/robots.txt", "/open", "/away", "/open"]);
    assert_eq!(failures[1].as_ref().unwrap().reason, Reason::Robots);
    assert_eq!(
        failures[2].as_ref().unwrap().reason,
        Reason::Robots,
        "where a redirect leads too"
    );
    assert!(failures[1].as_ref().unwrap().retry_after.is_none() && failures[0].is_none());
}

#[tokio::test]
async fn point_19_robots_txt_that_is_absent_allows_and_one_that_fails_forbids() {
    let (_, failures) = under_robots(|| Told::new(404, &[], ""), &["/open"]).await;
    assert_eq!(failures, [None]);
    let (_, failures) = under_robots(|| Told::new(403, &[], ""), &["/open"]).await;
    assert_eq!(failures, [None]);
    let (server, failures) = under_robots(|| Told::new(500, &[], ""), &["/open", "/other"]).await;
    assert_eq!(server.paths(), ["/robots.txt"]);
    assert_eq!(failures[1].as_ref().unwrap().reason, Reason::Robots);
    assert!(
        failures[1].as_ref().unwrap().retry_after.is_some(),
        "it may pass"
    );
}

#[tokio::test]
async fn point_19_robots_txt_is_read_through_redirects_and_up_to_its_bound() {
    let long = || {
        Told::new(
            200,
            &[],
            format!(
                "user-agent: *\ndisallow: /closed\n{}",
                "#\n".repeat(400_000)
            ),
        )
    };
    let (_, failures) = under_robots(long, &["/closed"]).await;
    assert_eq!(failures[0].as_ref().unwrap().reason, Reason::Robots);
    let server = Recorder::start(|asked, _| match asked.path.as_str() {
        "/robots.txt" => Told::new(301, &["location: /1"], ""),
        "/5" => Told::new(200, &[], "user-agent: *\ndisallow: /"),
        "/story" => page_told(),
        path => Told::new(
            301,
            &[&format!(
                "location: /{}",
                path[1..].parse::<u32>().unwrap() + 1
            )],
            "",
        ),
    })
    .await;
    let fetcher = Fetcher::new(Config {
        robots: true,
        ..config()
    })
    .unwrap();
    assert_eq!(
        fetcher
            .page(&server.url("/story"))
            .await
            .unwrap_err()
            .reason,
        Reason::Robots
    );
}

#[tokio::test]
async fn point_19_crawl_delay_widens_the_gap() {
    let server = Recorder::start(|asked, _| match asked.path.as_str() {
        "/robots.txt" => Told::new(200, &[], "user-agent: *\ncrawl-delay: 7"),
        _ => page_told(),
    })
    .await;
    let fetcher = Fetcher::new(Config {
        robots: true,
        ..config()
    })
    .unwrap();
    fetcher.page(&server.url("/story")).await.unwrap();
    let wait = fetcher.wait(&server.base);
    assert!(
        wait > Duration::from_secs(6) && wait <= Duration::from_secs(7),
        "{wait:?}"
    );
}

#[tokio::test]
async fn point_19_a_host_whose_robots_txt_cannot_be_reached_is_closed_for_now() {
    let fetcher = Fetcher::new(Config {
        robots: true,
        attempts_max: 1,
        ..config()
    })
    .unwrap();
    // Bound and dropped: nobody listens there.
    let port = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let failure = fetcher
        .page(&format!("http://127.0.0.1:{port}/story"))
        .await
        .unwrap_err();
    assert!(failure.detail.contains("robots.txt"), "{failure}");
    assert!(failure.retry_after.is_some(), "it may pass");
}

#[tokio::test]
async fn point_19_a_feed_is_polled_as_told_unless_its_operator_says_otherwise() {
    for (robots_for_feeds, paths) in [(false, vec!["/feed"]), (true, vec!["/robots.txt"])] {
        let server = Recorder::start(|asked, _| match asked.path.as_str() {
            "/robots.txt" => Told::new(200, &[], "user-agent: *\ndisallow: /"),
            _ => Told::new(200, &[], rss(&["a"])),
        })
        .await;
        let fetcher = Fetcher::new(Config {
            robots: true,
            robots_for_feeds,
            ..config()
        })
        .unwrap();
        let poll = fetcher
            .poll_at(&feed(&server.url("/feed")), &FeedState::default(), day(1))
            .await;
        assert_eq!(server.paths(), paths);
        if robots_for_feeds {
            assert_eq!(failed(&poll).reason, Reason::Robots);
        }
    }
}
