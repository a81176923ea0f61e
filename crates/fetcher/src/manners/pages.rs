use copydesk_model::{Failure, FetchedFrom, Reason};
use std::io::Write;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

use super::recorder::{Recorder, Told};
use super::{config, fetcher};
use crate::{Config, Fetcher};

const STORY: &str = "<!doctype html><p>The storm hit.";
const HTML: &str = "content-type: text/html; charset=utf-8";

fn page_told() -> Told {
    Told::new(200, &[HTML], STORY)
}

async fn fails(told: fn() -> Told) -> Failure {
    let server = Recorder::start(move |_, _| told()).await;
    let fetcher = Fetcher::new(Config {
        page_bytes_max: 100_000,
        attempts_max: 1,
        ..config()
    })
    .unwrap();
    fetcher.page(&server.url("/story")).await.unwrap_err()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

async fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = async_compression::tokio::write::BrotliEncoder::new(Vec::new());
    encoder.write_all(bytes).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

async fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = async_compression::tokio::write::ZstdEncoder::new(Vec::new());
    encoder.write_all(bytes).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

#[tokio::test]
async fn a_page_is_fetched_with_its_redirects() {
    let server = Recorder::start(|asked, _| match asked.path.as_str() {
        "/old" => Told::new(301, &["location: /new#part"], ""),
        _ => page_told(),
    })
    .await;
    let page = fetcher().page(&server.url("/old")).await.unwrap();
    assert_eq!(
        (page.url, page.requested),
        (server.url("/new#part"), server.url("/old"))
    );
    assert_eq!(
        (page.status, page.from, page.html.as_str()),
        (200, FetchedFrom::Page, STORY)
    );
    assert_eq!(page.bytes, STORY.len() as u64);
}

#[tokio::test]
async fn bodies_are_decoded_from_what_we_accept() {
    for (encoding, body) in [
        ("gzip", gzip(STORY.as_bytes())),
        ("x-gzip", gzip(STORY.as_bytes())),
        ("gzip, gzip", gzip(&gzip(STORY.as_bytes()))),
        ("gzip", STORY.into()),
        ("identity", STORY.into()),
        ("br", brotli(STORY.as_bytes()).await),
        ("zstd", zstd(STORY.as_bytes()).await),
        (
            "gzip",
            [gzip(&STORY.as_bytes()[..9]), gzip(&STORY.as_bytes()[9..])].concat(),
        ),
    ] {
        let server = Recorder::start(move |_, _| {
            Told::new(
                200,
                &[HTML, &format!("content-encoding: {encoding}")],
                body.clone(),
            )
        })
        .await;
        assert_eq!(
            fetcher().page(&server.url("/")).await.unwrap().html,
            STORY,
            "{encoding}"
        );
    }
}

#[tokio::test]
async fn bodies_are_bounded_on_the_wire_and_decoded() {
    let failure = fails(|| Told::new(200, &[HTML], vec![b'x'; 100_001])).await;
    assert_eq!(failure.reason, Reason::TooLarge);
    let failure = fails(|| {
        Told::new(
            200,
            &[HTML, "content-encoding: gzip"],
            gzip(&vec![b'x'; 8 << 20]),
        )
    })
    .await;
    assert_eq!(failure.reason, Reason::TooLarge, "a bomb");
    let failure = fails(|| {
        Told::new(
            200,
            &[HTML, "content-encoding: gzip"],
            gzip(&[0; 0]).repeat(100_000),
        )
    })
    .await;
    assert_eq!(
        failure.reason,
        Reason::TooLarge,
        "two megabytes that decode to nothing"
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_page() {
    let failure = fails(|| Told::new(200, &[HTML, "content-length: 1000"], STORY)).await;
    assert_eq!(failure.reason, Reason::Body);
    assert!(failure.retry_after.is_some(), "it may pass");
    let failure = fails(|| {
        Told::new(
            200,
            &[HTML, "content-encoding: gzip"],
            &gzip(STORY.as_bytes())[..20],
        )
    })
    .await;
    assert_eq!(failure.reason, Reason::Body);
    let failure = fails(|| Told::new(200, &[HTML, "content-encoding: rot13"], STORY)).await;
    assert_eq!(failure.reason, Reason::Body);
}

#[tokio::test]
async fn what_is_no_page_is_not_taken_for_one() {
    let failure = fails(|| Told::new(200, &["content-type: application/pdf"], "%PDF")).await;
    assert_eq!(failure.reason, Reason::WrongType);
    assert!(
        failure
            .detail
            .ends_with("application/pdf in place of a page"),
        "{failure}"
    );
    assert_eq!(
        fails(|| Told::new(200, &[], "{}")).await.reason,
        Reason::WrongType
    );
    let server = Recorder::start(|_, _| Told::new(200, &["content-type: text/plain"], STORY)).await;
    assert!(
        fetcher().page(&server.url("/")).await.is_ok(),
        "a page under a wrong label"
    );
}

#[tokio::test]
async fn failures_that_pass_are_tried_again_and_others_not() {
    let cases = [
        (503, 2),
        (500, 2),
        (502, 2),
        (408, 2),
        (404, 1),
        (403, 1),
        (410, 1),
        (501, 1),
    ];
    for (status, tries) in cases {
        let server = Recorder::start(move |_, _| Told::new(status, &[], "")).await;
        let fetcher = Fetcher::new(Config {
            attempts_max: 2,
            retry_wait_max: Duration::from_millis(1),
            ..config()
        })
        .unwrap();
        let failure = fetcher.page(&server.url("/story")).await.unwrap_err();
        assert_eq!(server.asked().len(), tries, "{status}");
        assert_eq!(failure.reason, Reason::HttpStatus);
        assert_eq!(failure.retry_after.is_some(), tries > 1, "{status}");
        assert_eq!(
            failure.detail,
            format!("fetching page {}: status {status}", server.url("/story"))
        );
    }
}

#[tokio::test]
async fn a_short_retry_after_is_waited_for_and_a_long_one_not() {
    let server = Recorder::start(|asked, number| match (asked.path.as_str(), number) {
        ("/short", 0) => Told::new(503, &["retry-after: 0"], ""),
        ("/long", _) => Told::new(429, &["retry-after: 3600"], ""),
        _ => page_told(),
    })
    .await;
    let fetcher = fetcher();
    assert!(fetcher.page(&server.url("/short")).await.is_ok());
    let failure = fetcher.page(&server.url("/long")).await.unwrap_err();
    assert_eq!(
        (failure.reason, failure.retry_after),
        (Reason::SlowDown, Some(Duration::from_secs(3600)))
    );
    let other = fetcher.page(&server.url("/other")).await.unwrap_err();
    assert_eq!(other.reason, Reason::SlowDown, "the whole host");
    assert_eq!(server.paths(), ["/short", "/short", "/long"]);
    assert!(fetcher.wait(&server.base) > Duration::from_secs(3500));
}

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
async fn robots_txt_is_asked_once_and_kept_to() {
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
async fn robots_txt_that_is_absent_allows_and_one_that_fails_forbids() {
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
async fn robots_txt_is_read_through_redirects_and_up_to_its_bound() {
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
async fn crawl_delay_widens_the_gap() {
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
