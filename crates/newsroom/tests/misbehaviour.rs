//! Each misbehaviour does what it says, and ends when told.

#![allow(clippy::unwrap_used)] // Helpers of integration tests do not count as tests.

mod client;

use client::{get, try_get};
use copydesk_newsroom::{Misbehaviour, Newsroom, RunningSite, Site, Story};
use flate2::read::GzDecoder;
use futures_util::StreamExt;
use std::io::Read;
use std::time::{Duration, Instant};

const PATH: &str = "/ferry";
const MOMENT: Duration = Duration::from_millis(100);

/// A site whose one page was told to misbehave.
async fn told(misbehaviour: Misbehaviour) -> (Newsroom, RunningSite, String) {
    let site = Site {
        stories: vec![Story::new("ferry", "Ferry", "Die Fähre kam zurück.")],
        ..Site::new("ledger", "The Harbour Ledger")
    };
    let newsroom = Newsroom::start(vec![site]).await.unwrap();
    let ledger = newsroom.site("ledger").clone();
    ledger.misbehave(PATH, misbehaviour);
    let url = ledger.url(PATH);
    (newsroom, ledger, url)
}

#[tokio::test]
async fn slow_answers_well_but_late() {
    let (_newsroom, _, url) = told(Misbehaviour::Slow(MOMENT)).await;
    let start = Instant::now();
    assert_eq!(get(&url).await.status, 200);
    assert!(start.elapsed() >= MOMENT);
}

#[tokio::test]
async fn hang_takes_the_request_and_is_silent() {
    let (_newsroom, ledger, url) = told(Misbehaviour::Hang).await;
    assert!(tokio::time::timeout(MOMENT, get(&url)).await.is_err());
    assert_eq!(ledger.requests_for(PATH).len(), 1);
}

#[tokio::test]
async fn drop_closes_the_connection() {
    let (_newsroom, ledger, url) = told(Misbehaviour::Drop).await;
    assert!(try_get(&url, &[]).await.is_err());
    assert!(!ledger.requests_for(PATH).is_empty());
    ledger.behave(PATH);
    assert_eq!(get(&url).await.status, 200);
}

#[tokio::test]
async fn status_comes_with_retry_after() {
    for (misbehaviour, code, retry_after) in [
        (Misbehaviour::status(503), 503, None),
        (Misbehaviour::status(410), 410, None),
        (Misbehaviour::slow_down(7), 429, Some("7")),
    ] {
        let (_newsroom, _, url) = told(misbehaviour).await;
        let answer = get(&url).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (code, retry_after)
        );
    }
}

#[tokio::test]
async fn it_ends_after_so_many_times() {
    let (_newsroom, ledger, url) = told(Misbehaviour::Hang).await;
    ledger.misbehave_times(PATH, Misbehaviour::status(500), 2);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get(&url).await.status);
    }
    assert_eq!(statuses, [500, 500, 200]);
}

#[tokio::test]
async fn the_most_exact_path_decides() {
    let (_newsroom, ledger, url) = told(Misbehaviour::status(500)).await;
    ledger.misbehave("*", Misbehaviour::status(502));
    ledger.misbehave("/ferry?n=1", Misbehaviour::status(501));
    assert_eq!(get(&ledger.url("/feed.rss")).await.status, 502);
    assert_eq!(get(&url).await.status, 500);
    assert_eq!(get(&format!("{url}?n=1")).await.status, 501);
}

#[tokio::test]
async fn redirects_point_on_chain_and_loop() {
    let to = "http://127.0.0.9/x".to_owned();
    let (_newsroom, ledger, url) = told(Misbehaviour::Redirect { code: 301, to }).await;
    let answer = get(&url).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (301, Some("http://127.0.0.9/x"))
    );

    ledger.misbehave(PATH, Misbehaviour::RedirectChain { code: 308, hops: 2 });
    let mut path = PATH.to_owned();
    for hop in ["/ferry?hop=1", "/ferry?hop=2"] {
        let answer = get(&ledger.url(&path)).await;
        assert_eq!((answer.status, answer.header("location")), (308, Some(hop)));
        path = hop.to_owned();
    }
    assert_eq!(get(&ledger.url(&path)).await.status, 200);

    ledger.misbehave(PATH, Misbehaviour::RedirectLoop);
    for (path, next) in [("?loop=1", "/ferry?loop=2"), ("?loop=2", "/ferry?loop=1")] {
        let answer = get(&format!("{url}{path}")).await;
        assert_eq!(answer.header("location"), Some(next));
    }
}

#[tokio::test]
async fn charset_and_header_disagree() {
    let (_newsroom, _, url) = told(Misbehaviour::Charset {
        sent: "windows-1252".into(),
        declared: Some("utf-8".into()),
    })
    .await;
    let answer = get(&url).await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(String::from_utf8(answer.body.clone()).is_err());
    assert!(answer.body.windows(5).any(|bytes| bytes == b"F\xe4hre"));
}

#[tokio::test]
async fn truncated_breaks_on_the_wire_and_half_document_does_not() {
    let (_newsroom, ledger, url) = told(Misbehaviour::Truncated).await;
    assert!(try_get(&url, &[]).await.is_err());
    ledger.misbehave(PATH, Misbehaviour::HalfDocument);
    let half = get(&url).await.body.len();
    ledger.behave(PATH);
    assert_eq!(half, get(&url).await.body.len() / 2);
}

#[tokio::test]
async fn drip_sends_all_in_the_end() {
    let (_newsroom, ledger, url) = told(Misbehaviour::Drip {
        bytes: 1000,
        gap: Duration::from_millis(5),
    })
    .await;
    let dripped = get(&url).await.body;
    ledger.behave(PATH);
    assert_eq!(dripped, get(&url).await.body);
}

#[tokio::test]
async fn huge_is_as_long_as_told_and_can_be_left() {
    let (_newsroom, ledger, url) = told(Misbehaviour::Huge { bytes: 300_001 }).await;
    let answer = get(&url).await;
    assert_eq!(answer.body.len(), 300_001);
    assert!(answer.body.starts_with(b"<!DOCTYPE html>"));
    ledger.misbehave(PATH, Misbehaviour::Huge { bytes: 1 << 30 });
    let response = client::client().get(&url).send().await.unwrap();
    let read = response.bytes_stream().take(3).count().await;
    assert_eq!(read, 3);
}

#[tokio::test]
async fn gzip_bomb_is_small_on_the_wire() {
    let bytes = 8 << 20;
    let (_newsroom, _, url) = told(Misbehaviour::GzipBomb { bytes }).await;
    let answer = get(&url).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert!((answer.body.len() as u64) < bytes / 100);
    let mut decoded = Vec::new();
    GzDecoder::new(&answer.body[..])
        .read_to_end(&mut decoded)
        .unwrap();
    assert_eq!(decoded.len() as u64, bytes);
}

#[tokio::test]
async fn garbage_and_html_come_in_place_of_the_feed() {
    let (_newsroom, ledger, _) = told(Misbehaviour::Hang).await;
    let url = ledger.url("/feed.rss");
    ledger.misbehave("/feed.rss", Misbehaviour::Garbage);
    let answer = get(&url).await;
    assert!(answer.header("content-type").unwrap().contains("rss"));
    assert!(feed_rs::parser::parse(&answer.body[..]).is_err());
    ledger.misbehave("/feed.rss", Misbehaviour::Html);
    let answer = get(&url).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
}
