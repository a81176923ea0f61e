//! Points 16 and 18: encodings, caps and deadlines of bodies.

use copydesk_model::{Failure, FetchedFrom, Reason};
use std::io::Write;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

use super::recorder::{Recorder, Told};
use super::{HTML, STORY, config, day, document, failed, feed, fetcher, page_told, polls, rss};
use crate::{Config, Fetcher};

async fn fails(told: impl Fn() -> Told + Send + Sync + 'static) -> Failure {
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

async fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = async_compression::tokio::write::ZlibEncoder::new(Vec::new());
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
async fn point_16_bodies_are_decoded_from_what_we_accept() {
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
async fn point_18_bodies_are_bounded_on_the_wire_and_decoded() {
    let failure = fails(|| Told::new(200, &[HTML], vec![b'x'; 100_001])).await;
    assert_eq!(failure.reason, Reason::TooLarge);
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
async fn point_18_bombs_are_cut_at_the_cap_on_decoded_bytes_in_every_encoding() {
    let nothing = vec![b' '; 8 << 20];
    for (encoding, bomb) in [
        ("gzip", gzip(&nothing)),
        ("br", brotli(&nothing).await),
        ("zstd", zstd(&nothing).await),
        ("deflate", deflate(&nothing).await),
        ("gzip, gzip", gzip(&gzip(&nothing))),
        ("zstd, br", brotli(&zstd(&nothing).await).await),
    ] {
        assert!(bomb.len() < 20_000, "{encoding}: it is small on the wire");
        let header = format!("content-encoding: {encoding}");
        let failure = fails(move || Told::new(200, &[HTML, &header], bomb.clone())).await;
        assert_eq!(failure.reason, Reason::TooLarge, "{encoding}: {failure}");
        assert!(
            failure.detail.ends_with("body over 100000 bytes"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn point_18_a_body_that_grows_out_of_proportion_is_a_bomb_below_its_cap_too() {
    let bomb = gzip(&vec![b' '; 4 << 20]);
    let server =
        Recorder::start(move |_, _| Told::new(200, &["content-encoding: gzip"], bomb.clone()))
            .await;
    let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1)]).await;
    let failure = failed(&polls[0]);
    assert_eq!(failure.reason, Reason::TooLarge);
    assert!(
        failure.detail.contains("grows more than 300 times"),
        "{failure}"
    );
}

#[tokio::test]
async fn point_18_an_encoding_upon_too_many_others_is_refused() {
    let failure = fails(|| Told::new(200, &[HTML, "content-encoding: br, br, br, br"], "")).await;
    assert_eq!(failure.reason, Reason::Body);
}

/// The reason and detail of a poll under these deadlines, in milliseconds: total, and between reads.
async fn times_out(total: u64, idle: u64, told: Told) -> String {
    let server = Recorder::start(move |_, _| told.clone()).await;
    let fetcher = Fetcher::new(Config {
        timeout: Duration::from_millis(total),
        read_timeout: Duration::from_millis(idle),
        ..config()
    })
    .unwrap();
    let polls = polls(&fetcher, &feed(&server.url("/")), &[day(1)]).await;
    assert_eq!(failed(&polls[0]).reason, Reason::Timeout);
    failed(&polls[0]).detail.clone()
}

#[tokio::test]
async fn point_18_silence_ends_at_the_idle_deadline_and_a_drip_at_the_total_one() {
    const LONG: u64 = 60_000;
    let begun = |then: &str| Told::new(200, &["content-length: 999999", then], "<rss>");
    for (total, idle, told, wanted) in [
        (30, LONG, Told::new(0, &[], ""), "no answer in time"),
        (LONG, 30, Told::new(0, &[], ""), "no answer in time"),
        (
            LONG,
            30,
            begun("x-then: silence"),
            "no byte of the body for too long",
        ),
        (
            60,
            LONG,
            begun("x-then: drip"),
            "the whole answer took too long",
        ),
        (
            60,
            LONG,
            begun("x-then: silence"),
            "the whole answer took too long",
        ),
    ] {
        let detail = times_out(total, idle, told).await;
        assert!(detail.contains(wanted), "{detail}");
    }
}

#[tokio::test]
async fn point_18_nothing_that_a_document_names_is_fetched() {
    let server = Recorder::start(|asked, _| {
        let base = format!("http://{}", asked.header("host").unwrap());
        let doctype = format!(
            "<?xml version='1.0'?><?xml-stylesheet href='{base}/style.xsl'?><!DOCTYPE rss SYSTEM \
             '{base}/rss.dtd' [<!ENTITY % p SYSTEM '{base}/p'> %p; <!ENTITY e SYSTEM '{base}/e'>]>"
        );
        let body = rss(&["a"]).replace("Daily", "Daily &e; <xi:include href='/x'/>");
        Told::new(200, &[], doctype + &body)
    })
    .await;
    let polls = polls(&fetcher(), &feed(&server.url("/feed")), &[day(1)]).await;
    assert_eq!(document(&polls[0]).entries.len(), 1);
    assert_eq!(server.paths(), ["/feed"]);
}
