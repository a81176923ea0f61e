//! Points 1 to 5: conditional requests.

use super::recorder::{Recorder, Told};
use super::{day, document, feed, fetcher, polls, rss};
use crate::{Auth, Feed, FeedState, PollOutcome};

#[tokio::test]
async fn point_01_validators_are_sent_back_byte_for_byte() {
    let (etag, modified) = ("W/\"a \u{e9}\"x'", "Sunday, yesterday or so");
    let headers = [
        format!("ETag: {etag}"),
        format!("Last-Modified: {modified}"),
    ];
    let server = Recorder::start(move |_, number| match number {
        0 => Told(200, headers.to_vec(), rss(&["a"]).into()),
        _ => Told::new(304, &[], ""),
    })
    .await;
    let polls = polls(&fetcher(), &feed(&server.url("/feed")), &[day(1), day(2)]).await;
    let asked = server.asked();
    assert_eq!(
        asked[0].header("if-none-match"),
        None,
        "never an invented one"
    );
    assert_eq!(asked[1].header("if-none-match"), Some(etag));
    assert_eq!(asked[1].header("if-modified-since"), Some(modified));
    assert_eq!(document(&polls[0]).entries.len(), 1);
    assert_eq!(polls[1].outcome, PollOutcome::NotModified);
    assert_eq!(
        polls[1].state.etag.as_deref(),
        Some(etag),
        "a 304 without one keeps it"
    );
}

#[tokio::test]
async fn point_02_both_validators_are_renewed_by_200_and_by_304() {
    let server = Recorder::start(|_, number| match number {
        0 => Told::new(200, &["etag: \"1\"", "last-modified: one"], rss(&["a"])),
        1 => Told::new(304, &["etag: \"2\"", "last-modified: two"], ""),
        2 => Told::new(200, &["last-modified: three"], rss(&["b"])),
        _ => Told::new(304, &[], ""),
    })
    .await;
    polls(
        &fetcher(),
        &feed(&server.url("/")),
        &[day(1), day(2), day(3), day(4)],
    )
    .await;
    let sent = |number: usize| {
        let asked = &server.asked()[number];
        let header = |name| asked.header(name).map(str::to_owned);
        (header("if-none-match"), header("if-modified-since"))
    };
    assert_eq!(sent(2), (Some("\"2\"".into()), Some("two".into())));
    assert_eq!(
        sent(3),
        (None, Some("three".into())),
        "what a 200 leaves out is gone"
    );
}

#[tokio::test]
async fn point_02_validators_are_renewed_even_where_the_document_is_the_same() {
    let server =
        Recorder::start(|_, number| Told::new(200, &[&format!("etag: \"{number}\"")], rss(&["a"])))
            .await;
    let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1), day(2)]).await;
    assert_eq!(polls[1].outcome, PollOutcome::NotModified);
    assert_eq!(polls[1].state.etag.as_deref(), Some("\"1\""));
}

#[tokio::test]
async fn point_03_both_conditions_are_sent_and_the_date_alone_where_there_is_no_etag() {
    const DATE: &str = "Sun, 01 Nov 2026 12:00:00 GMT";
    for (headers, none_match, modified_since) in [
        (vec!["etag: \"1\""], Some("\"1\""), None),
        (
            vec!["last-modified: Sun, 01 Nov 2026 12:00:00 GMT"],
            None,
            Some(DATE),
        ),
        (
            vec![
                "etag: \"1\"",
                "last-modified: Sun, 01 Nov 2026 12:00:00 GMT",
            ],
            Some("\"1\""),
            Some(DATE),
        ),
        (vec![], None, None),
    ] {
        let server = Recorder::start(move |_, _| Told::new(200, &headers, rss(&["a"]))).await;
        polls(&fetcher(), &feed(&server.url("/")), &[day(1), day(2)]).await;
        let asked = &server.asked()[1];
        assert_eq!(asked.header("if-none-match"), none_match);
        assert_eq!(asked.header("if-modified-since"), modified_since);
    }
}

#[tokio::test]
async fn point_04_validators_are_sent_to_the_url_that_gave_them_and_to_no_other_hop() {
    let server = Recorder::start(|asked, number| match asked.path.as_str() {
        "/feed" if number < 4 => Told::new(302, &["location: /one"], ""),
        "/feed" => Told::new(302, &["location: /two"], ""),
        path => Told::new(200, &[&format!("etag: \"{path}\"")], rss(&["a"])),
    })
    .await;
    let moments = [day(1), day(2), day(3), day(3)];
    polls(&fetcher(), &feed(&server.url("/feed")), &moments).await;
    let sent: Vec<(String, Option<String>)> = (server.asked().iter())
        .map(|asked| {
            let tag = asked.header("if-none-match").map(str::to_owned);
            (asked.path.clone(), tag)
        })
        .collect();
    let hop = |path: &str, tag: Option<&str>| (path.to_owned(), tag.map(str::to_owned));
    let wanted = [
        hop("/feed", None),
        hop("/one", None),
        hop("/feed", None),
        hop("/one", Some("\"/one\"")),
        hop("/feed", None),
        hop("/two", None),
        hop("/feed", None),
        hop("/two", Some("\"/two\"")),
    ];
    assert_eq!(sent, wanted);
}

#[tokio::test]
async fn point_04_validators_belong_to_the_url_and_what_is_sent_with_it() {
    let server = Recorder::start(|_, _| Told::new(200, &["etag: \"1\""], rss(&["a"]))).await;
    let fetcher = fetcher();
    let first = fetcher
        .poll_at(&feed(&server.url("/a")), &FeedState::default(), day(1))
        .await;
    fetcher
        .poll_at(&feed(&server.url("/b")), &first.state, day(2))
        .await;
    let a = || feed(&server.url("/a"));
    let others = [
        Feed {
            user_agent: Some("other/1".into()),
            ..a()
        },
        Feed {
            headers: vec![("X-Edition".into(), "intl".into())],
            ..a()
        },
        Feed {
            cookies: Some("edition=intl".into()),
            ..a()
        },
        Feed {
            auth: Some(Auth::Bearer("t".into())),
            ..a()
        },
    ];
    for other in others {
        fetcher.poll_at(&other, &first.state, day(2)).await;
    }
    fetcher
        .poll_at(&feed(&server.url("/a")), &first.state, day(2))
        .await;
    let sent: Vec<bool> = server
        .asked()
        .iter()
        .map(|asked| asked.header("if-none-match").is_some())
        .collect();
    let unchanged_only = [false, false, false, false, false, false, true];
    assert_eq!(sent, unchanged_only);
}

#[tokio::test]
async fn point_05_every_few_days_one_request_is_unconditional() {
    let server = Recorder::start(|asked, _| match asked.header("if-none-match") {
        Some(_) => Told::new(304, &[], ""),
        None => Told::new(200, &["etag: \"1\""], rss(&["a"])),
    })
    .await;
    let moments: Vec<_> = (1..=9).map(day).collect();
    polls(&fetcher(), &feed(&server.url("/")), &moments).await;
    let full = server
        .asked()
        .iter()
        .filter(|asked| asked.header("if-none-match").is_none())
        .count();
    assert!(
        (2..=3).contains(&full),
        "{full} whole documents in nine days"
    );
}

#[tokio::test]
async fn point_05_a_server_that_answers_304_for_ever_is_found_out() {
    let server = Recorder::start(|asked, number| match asked.header("if-none-match") {
        Some(_) => Told::new(304, &[], ""),
        None => Told::new(
            200,
            &["etag: \"always\""],
            rss(&[if number == 0 { "a" } else { "b" }]),
        ),
    })
    .await;
    let polls = polls(
        &fetcher(),
        &feed(&server.url("/")),
        &[day(1), day(2), day(8), day(9)],
    )
    .await;
    assert!(polls[2].state.distrusts_validators);
    assert_eq!(server.asked()[3].header("if-none-match"), None);
}

#[tokio::test]
async fn point_05_a_feed_may_be_polled_without_validators() {
    let server = Recorder::start(|_, _| Told::new(200, &["etag: \"1\""], rss(&["a"]))).await;
    let feed = Feed {
        unconditional: true,
        ..feed(&server.url("/"))
    };
    let polls = polls(&fetcher(), &feed, &[day(1), day(2)]).await;
    assert_eq!(server.asked()[1].header("if-none-match"), None);
    assert_eq!(
        polls[1].outcome,
        PollOutcome::NotModified,
        "the same bytes as before"
    );
}
