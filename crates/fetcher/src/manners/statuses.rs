//! Points 10 to 15: what a status code changes.

use copydesk_model::Reason;
use jiff::SignedDuration;
use std::time::Duration;

use super::recorder::{Recorder, Told};
use super::{
    HOUR, MINUTE, config, day, document, failed, feed, fetcher, page_told, polls, rss, wait,
};
use crate::{Config, FeedState, Fetcher, PollOutcome};

#[tokio::test]
async fn point_10_retry_after_is_read_in_seconds_and_as_a_date_and_capped() {
    let date = jiff::fmt::rfc2822::to_string(&(jiff::Zoned::now() + SignedDuration::from_hours(2)))
        .unwrap();
    let cases: &[(u16, String, i64, i64)] = &[
        (429, "retry-after: 3600".into(), 60, 67),
        (503, "retry-after: 3600".into(), 60, 67),
        (429, format!("retry-after: {date}"), 118, 133),
        (429, "retry-after: 316800".into(), 24 * 60 - 1, 27 * 60),
        (429, "retry-after: soon".into(), 60, 67),
    ];
    for (status, header, least, most) in cases.iter().cloned() {
        let told = header.clone();
        let server = Recorder::start(move |_, _| Told::new(status, &[&told], "")).await;
        let now = jiff::Timestamp::now();
        let polls = polls(&fetcher(), &feed(&server.url("/")), &[now]).await;
        let wait = wait(&polls[0], now).as_mins();
        assert!(
            (least..=most).contains(&wait),
            "{status} {header}: {wait} minutes"
        );
    }
}

#[tokio::test]
async fn point_10_a_host_that_asks_to_slow_down_is_left_alone_by_all_its_feeds() {
    let server = Recorder::start(|_, _| Told::new(429, &["retry-after: 600"], "")).await;
    let fetcher = fetcher();
    fetcher
        .poll_at(&feed(&server.url("/a")), &FeedState::default(), day(1))
        .await;
    let other = fetcher
        .poll_at(&feed(&server.url("/b")), &FeedState::default(), day(1))
        .await;
    assert_eq!(server.paths(), ["/a"]);
    assert_eq!(failed(&other).reason, Reason::SlowDown);
    assert_eq!(other.state.failures, 0, "this one did nothing wrong");
    assert!(wait(&other, day(1)) > MINUTE * 9);
}

#[tokio::test]
async fn point_10_429_and_503_without_a_time_slow_the_host_for_a_time_of_our_own() {
    for (status, least, most) in [(429, 50, 60), (503, 5, 10)] {
        let server = Recorder::start(move |_, _| Told::new(status, &[], "")).await;
        let fetcher = fetcher();
        let poll = |path: &str| {
            let feed = feed(&server.url(path));
            let fetcher = &fetcher;
            async move { fetcher.poll_at(&feed, &FeedState::default(), day(1)).await }
        };
        assert_eq!(failed(&poll("/a").await).reason, Reason::HttpStatus);
        assert_eq!(failed(&poll("/b").await).reason, Reason::SlowDown);
        assert_eq!(server.paths(), ["/a"]);
        let wait = fetcher.wait(&server.base).as_secs();
        assert!((least..=most).contains(&wait), "{status}: {wait} s");
    }
}

#[tokio::test]
async fn point_10_the_feeds_of_a_slow_host_come_back_spread() {
    let server = Recorder::start(|_, _| Told::new(503, &["retry-after: 600"], "")).await;
    let fetcher = fetcher();
    let mut moments = std::collections::BTreeSet::new();
    for number in 0..20 {
        let feed = feed(&server.url(&format!("/{number}")));
        let poll = fetcher.poll_at(&feed, &FeedState::default(), day(1)).await;
        moments.insert(poll.state.next_poll.unwrap());
    }
    let spread = moments
        .last()
        .unwrap()
        .duration_since(*moments.first().unwrap());
    assert!(
        moments.len() == 20 && spread > SignedDuration::from_secs(20),
        "{spread:?}"
    );
}

#[tokio::test]
async fn point_10_a_page_waits_for_a_short_retry_after_and_not_for_a_long_one() {
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

#[tokio::test]
async fn point_11_and_13_errors_back_off_and_never_end_a_feed() {
    for status in [403, 404, 500, 502] {
        let server = Recorder::start(move |_, number| match number {
            12 => Told::new(200, &[], rss(&["a"])),
            _ => Told::new(status, &[], ""),
        })
        .await;
        let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1); 13]).await;
        let waits: Vec<_> = polls.iter().map(|poll| wait(poll, day(1))).collect();
        assert!(
            waits[0] < HOUR * 2 && waits[1] >= HOUR * 2 && waits[3] >= HOUR * 8,
            "{waits:?}"
        );
        assert!(
            waits[11] >= HOUR * 24 * 7 && waits[11] <= HOUR * 24 * 8,
            "{waits:?}"
        );
        assert_eq!(failed(&polls[0]).reason, Reason::HttpStatus);
        assert_eq!(polls[11].state.failures, 12);
        assert_eq!(
            (polls[12].state.failures, polls[12].state.last_error.clone()),
            (0, None),
            "it came back"
        );
    }
}

#[tokio::test]
async fn point_13_pages_are_tried_again_where_the_failure_may_pass() {
    let cases = [
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
async fn point_12_a_permanent_redirect_is_believed_after_three_answers_over_three_days() {
    for (status, believed) in [
        (301, true),
        (308, true),
        (302, false),
        (307, false),
        (303, false),
    ] {
        let server = Recorder::start(move |asked, _| match asked.path.as_str() {
            "/old" => Told::new(status, &["location: /new"], ""),
            _ => Told::new(200, &[], rss(&["a"])),
        })
        .await;
        let moments = [day(1), day(1) + HOUR, day(2), day(4), day(5)];
        let polls = polls(&fetcher(), &feed(&server.url("/old")), &moments).await;
        assert_eq!(polls[2].state.moved_to, None, "three answers, but too soon");
        assert_eq!(polls[3].state.moved_to.is_some(), believed, "{status}");
        assert_eq!(server.paths().last().unwrap(), "/new");
        let olds = server.paths().iter().filter(|path| *path == "/old").count();
        assert_eq!(olds, if believed { 4 } else { 5 });
        let ids: Vec<_> = (polls.iter())
            .filter_map(|poll| match &poll.outcome {
                PollOutcome::Document(document) => Some(document.entries[0].id.clone()),
                _ => None,
            })
            .collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "ids stay");
    }
}

#[tokio::test]
async fn point_12_a_redirect_to_a_maintenance_page_moves_nothing() {
    let server = Recorder::start(|asked, _| match asked.path.as_str() {
        "/feed" => Told::new(301, &["location: /maintenance"], ""),
        _ => Told::new(
            200,
            &["content-type: text/html"],
            "<!doctype html><title>Back soon</title>",
        ),
    })
    .await;
    let moments: Vec<_> = (1..9).map(day).collect();
    let polls = polls(&fetcher(), &feed(&server.url("/feed")), &moments).await;
    assert_eq!(polls[7].state.moved_to, None);
    assert_eq!(failed(&polls[7]).reason, Reason::WrongType);
}

#[tokio::test]
async fn point_12_a_moved_feed_that_fails_is_asked_for_at_its_old_place() {
    let server = Recorder::start(|asked, number| match asked.path.as_str() {
        "/old" if number < 10 => Told::new(301, &["location: /new"], ""),
        "/new" if number < 10 => Told::new(200, &[], rss(&["a"])),
        "/old" => Told::new(200, &[], rss(&["b"])),
        _ => Told::new(404, &[], ""),
    })
    .await;
    let moments: Vec<_> = (1..=10).map(day).collect();
    let polls = polls(&fetcher(), &feed(&server.url("/old")), &moments).await;
    assert!(polls[3].state.moved_to.is_some());
    assert_eq!(polls[8].state.moved_to, None);
    assert_eq!(document(&polls[9]).entries.len(), 1);
}

#[tokio::test]
async fn point_12_redirects_are_bounded_and_loops_found() {
    let server = Recorder::start(|asked, number| match asked.path.as_str() {
        "/loop" => Told::new(302, &["location: /loop2"], ""),
        "/loop2" => Told::new(302, &["location: /loop"], ""),
        _ => Told::new(302, &[&format!("location: /{number}")], ""),
    })
    .await;
    let fetcher = fetcher();
    let poll = fetcher
        .poll(&feed(&server.url("/loop")), &FeedState::default())
        .await;
    assert_eq!(failed(&poll).reason, Reason::Redirect);
    assert_eq!(server.asked().len(), 2);
    let poll = fetcher
        .poll(&feed(&server.url("/far")), &FeedState::default())
        .await;
    assert_eq!(failed(&poll).reason, Reason::Redirect);
    assert_eq!(server.asked().len(), 2 + 9, "the first and eight redirects");
}

#[tokio::test]
async fn point_13_gone_twice_stops_the_feed_but_for_a_monthly_probe() {
    let server = Recorder::start(|_, number| match number {
        2 => Told::new(200, &[], rss(&["a"])),
        _ => Told::new(410, &[], ""),
    })
    .await;
    let polls = polls(
        &fetcher(),
        &feed(&server.url("/")),
        &[day(1), day(2), day(3)],
    )
    .await;
    assert!(!polls[0].state.is_gone() && wait(&polls[0], day(1)) < HOUR * 2);
    assert!(polls[1].state.is_gone() && wait(&polls[1], day(2)) >= HOUR * 24 * 30);
    assert!(!polls[2].state.is_gone(), "it came back");
}

#[tokio::test]
async fn point_14_a_web_page_in_place_of_a_feed_has_its_own_reason() {
    let server = Recorder::start(|_, _| {
        Told::new(
            200,
            &["cf-mitigated: challenge"],
            "\n<!-- x --><!DOCTYPE html><p>Are you human?",
        )
    })
    .await;
    let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1)]).await;
    let failure = failed(&polls[0]);
    assert_eq!(failure.reason, Reason::WrongType);
    assert!(
        failure.detail.contains("cf-mitigated: challenge"),
        "{failure}"
    );
}

#[tokio::test]
async fn point_14_a_challenge_is_named_with_its_status() {
    let server =
        Recorder::start(|_, _| Told::new(403, &["cf-mitigated: challenge"], "<html>")).await;
    let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1)]).await;
    let detail = &failed(&polls[0]).detail;
    assert!(
        detail.ends_with("status 403 (cf-mitigated: challenge)"),
        "{detail}"
    );
}

#[tokio::test]
async fn point_15_a_delta_that_was_not_asked_for_is_no_feed() {
    for status in [226, 206] {
        let server = Recorder::start(move |_, number| match number {
            0 => Told::new(200, &["etag: \"1\""], rss(&["a", "b"])),
            _ => Told::new(status, &["etag: \"2\"", "im: feed"], rss(&["c"])),
        })
        .await;
        let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1), day(2)]).await;
        assert!(
            server
                .asked()
                .iter()
                .all(|asked| asked.header("a-im").is_none())
        );
        assert_eq!(failed(&polls[1]).reason, Reason::HttpStatus);
        assert_eq!(
            polls[1].state.etag.as_deref(),
            Some("\"1\""),
            "nothing is taken from it"
        );
    }
}

#[tokio::test]
async fn point_14_a_sites_page_leads_to_the_feed_that_it_names() {
    let page = "<!doctype html><link rel=alternate type='application/rss+xml' href='/comments/feed'>\
        <link rel=alternate type='application/rss+xml' href='";
    let server = Recorder::start(move |asked, number| match asked.path.as_str() {
        "/" => Told::new(
            200,
            &[],
            format!("{page}{}'>", if number < 4 { "/one" } else { "/two" }),
        ),
        "/one" if number < 3 => Told::new(200, &["etag: 1"], rss(&["a"])),
        "/two" => Told::new(200, &[], rss(&["b"])),
        _ => Told::new(404, &[], ""),
    })
    .await;
    let moments: Vec<_> = (1..=7).map(day).collect();
    let polls = polls(&fetcher(), &feed(&server.url("/")), &moments).await;
    assert_eq!(document(&polls[0]).entries.len(), 1);
    assert_eq!(polls[0].state.moved_to, Some(server.url("/one")));
    assert_eq!(
        server.paths(),
        [
            "/", "/one", "/one", "/one", "/one", "/one", "/", "/two", "/two"
        ],
        "once it is known, and again when it fails"
    );
    assert_eq!(server.asked()[2].header("if-none-match"), Some("1"));
    assert_eq!(polls[5].state.moved_to, Some(server.url("/two")));
}

#[tokio::test]
async fn point_14_a_page_in_place_of_a_feed_that_was_one_is_a_failure_that_names_what_the_page_does()
 {
    let server = Recorder::start(|_, number| match number {
        0 => Told::new(200, &[], rss(&["a"])),
        1 => Told::new(
            200,
            &[],
            "<html><link rel=alternate type='application/rss+xml' href='/ads'>",
        ),
        _ => Told::new(200, &[], "<html><p>Back soon"),
    })
    .await;
    let moments = [day(1), day(2), day(3)];
    let polls = polls(&fetcher(), &feed(&server.url("/feed")), &moments).await;
    let named = failed(&polls[1]);
    assert_eq!(named.reason, Reason::WrongType);
    assert!(
        named.detail.contains("names the feed http") && named.detail.ends_with("/ads"),
        "{named}"
    );
    assert!(failed(&polls[2]).detail.contains("copydesk feeds find"));
    assert_eq!(server.asked().len(), 3, "it is not followed");
}
