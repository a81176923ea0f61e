use copydesk_model::{Failure, Reason};
use jiff::SignedDuration;

use super::recorder::{Recorder, Told};
use super::{config, day, document, feed, fetcher, polls, rss, wait};
use crate::{Auth, Config, Feed, FeedKind, FeedState, Fetcher, Poll, PollOutcome};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn failed(poll: &Poll) -> &Failure {
    match &poll.outcome {
        PollOutcome::Failed(failure) => failure,
        other => panic!("no failure but {other:?}"),
    }
}

#[tokio::test]
async fn validators_are_sent_back_byte_for_byte() {
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
async fn both_validators_are_renewed_by_200_and_by_304() {
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
async fn validators_belong_to_the_url_and_what_is_sent_with_it() {
    let server = Recorder::start(|_, _| Told::new(200, &["etag: \"1\""], rss(&["a"]))).await;
    let fetcher = fetcher();
    let first = fetcher
        .poll_at(&feed(&server.url("/a")), &FeedState::default(), day(1))
        .await;
    fetcher
        .poll_at(&feed(&server.url("/b")), &first.state, day(2))
        .await;
    let other_agent = Feed {
        user_agent: Some("other/1".into()),
        ..feed(&server.url("/a"))
    };
    fetcher.poll_at(&other_agent, &first.state, day(2)).await;
    fetcher
        .poll_at(&feed(&server.url("/a")), &first.state, day(2))
        .await;
    let sent: Vec<bool> = server
        .asked()
        .iter()
        .map(|asked| asked.header("if-none-match").is_some())
        .collect();
    assert_eq!(sent, [false, false, false, true]);
}

#[tokio::test]
async fn every_few_days_one_request_is_unconditional() {
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
async fn a_server_that_answers_304_for_ever_is_found_out() {
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
async fn a_feed_may_be_polled_without_validators() {
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

#[tokio::test]
async fn the_next_poll_is_the_latest_of_what_feed_and_server_say() {
    let ttl =
        |minutes: u32| rss(&["a"]).replace("<channel>", &format!("<channel><ttl>{minutes}</ttl>"));
    // Body, headers, and the least and the most minutes until the next poll, jitter included.
    let cases: &[(String, &[&str], i64, i64)] = &[
        (ttl(90), &["etag: \"1\""], 90, 99),
        (ttl(5), &["etag: \"1\""], 15, 17),
        (rss(&["a"]), &["etag: \"1\""], 15, 17),
        (rss(&["a"]), &[], 60, 66),
        (
            ttl(90),
            &["etag: \"1\"", "cache-control: public, max-age=7200"],
            120,
            132,
        ),
        (
            ttl(90),
            &["etag: \"1\"", "cache-control: max-age=7200", "age: 3000"],
            90,
            99,
        ),
        (
            rss(&["a"]),
            &["etag: \"1\"", "expires: Sun, 01 Nov 2026 14:00:00 GMT"],
            120,
            132,
        ),
        (rss(&["a"]), &["etag: \"1\"", "expires: 0"], 15, 17),
        (
            rss(&["a"]),
            &["etag: \"1\"", "cache-control: max-age=999999999"],
            24 * 60,
            24 * 60,
        ),
    ];
    for (body, headers, least, most) in cases.iter().cloned() {
        let server = Recorder::start(move |_, _| Told::new(200, headers, body.clone())).await;
        let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1)]).await;
        let wait = wait(&polls[0], day(1));
        assert!(
            (MINUTE * i32::try_from(least).unwrap()) <= wait
                && wait <= MINUTE * i32::try_from(most).unwrap(),
            "{headers:?}: {wait:?}"
        );
    }
}

#[tokio::test]
async fn the_operators_interval_stands_in_place_of_the_feeds() {
    let body = rss(&["a"]).replace("<channel>", "<channel><ttl>600</ttl>");
    let server = Recorder::start(move |_, _| Told::new(200, &[], body.clone())).await;
    let feed = Feed {
        interval: Some(std::time::Duration::from_secs(1800)),
        ..feed(&server.url("/"))
    };
    let polls = polls(&fetcher(), &feed, &[day(1)]).await;
    assert!((MINUTE * 30..MINUTE * 34).contains(&wait(&polls[0], day(1))));
}

#[tokio::test]
async fn skipped_hours_and_days_are_hints() {
    let skipping = |what: &str| rss(&["a"]).replace("<channel>", &format!("<channel>{what}"));
    let hours: String = (0..24).map(|hour| format!("<hour>{hour}</hour>")).collect();
    // Polled on a Sunday at noon, UTC.
    let cases: &[(String, i64, i64)] = &[
        (
            skipping("<skipHours><hour>12</hour><hour>13</hour></skipHours>"),
            2,
            3,
        ),
        (skipping("<skipDays><day>Sunday</day></skipDays>"), 12, 13),
        (skipping(&format!("<skipHours>{hours}</skipHours>")), 0, 1),
    ];
    for (body, least, most) in cases.iter().cloned() {
        let server =
            Recorder::start(move |_, _| Told::new(200, &["etag: \"1\""], body.clone())).await;
        let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1)]).await;
        let wait = wait(&polls[0], day(1)).as_hours();
        assert!((least..most).contains(&wait), "{wait} hours");
    }
}

#[tokio::test]
async fn the_pace_follows_the_feeds_own_rhythm() {
    // A new entry at every poll, five minutes apart; then nothing for a week.
    let server = Recorder::start(|_, number| {
        let newest = number.min(20);
        let titles: Vec<String> = (0..10)
            .map(|age| format!("t{}", newest + 10 - age))
            .collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        Told::new(200, &["etag: \"1\""], rss(&titles))
    })
    .await;
    let mut moments: Vec<_> = (0..20).map(|number| day(1) + MINUTE * 5 * number).collect();
    moments.extend((0..60).map(|number| day(2) + HOUR * 2 * number));
    let polls = polls(&fetcher(), &feed(&server.url("/")), &moments).await;
    let busy = wait(&polls[19], moments[19]);
    let quiet = wait(&polls[79], moments[79]);
    assert!(busy < MINUTE * 6, "{busy:?}: no rarer than the floor");
    assert!(
        quiet > MINUTE * 90 && quiet < HOUR * 3,
        "{quiet:?}: rarer, within bounds"
    );
}

#[tokio::test]
async fn a_poll_that_shares_no_entry_with_the_last_one_raises_an_alarm() {
    let server = Recorder::start(|_, number| {
        Told::new(200, &[], rss(&[["a", "b"], ["b", "c"], ["x", "y"]][number]))
    })
    .await;
    let polls = polls(
        &fetcher(),
        &feed(&server.url("/")),
        &[day(1), day(2), day(3)],
    )
    .await;
    assert_eq!(polls[1].state.last_missed, None);
    assert_eq!(polls[2].state.last_missed, Some(day(3)));
}

#[tokio::test]
async fn retry_after_is_read_in_seconds_and_as_a_date_and_capped() {
    let date = jiff::fmt::rfc2822::to_string(&(jiff::Zoned::now() + SignedDuration::from_hours(2)))
        .unwrap();
    let cases: &[(u16, String, i64, i64)] = &[
        (429, "retry-after: 3600".into(), 60, 67),
        (503, "retry-after: 3600".into(), 60, 67),
        (429, format!("retry-after: {date}"), 118, 133),
        (429, "retry-after: 316800".into(), 24 * 60 - 1, 27 * 60),
        (429, "retry-after: soon".into(), 15, 17),
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
async fn a_host_that_asks_to_slow_down_is_left_alone_by_all_its_feeds() {
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
async fn errors_back_off_and_never_end_a_feed() {
    for status in [403, 404, 500, 502] {
        let server = Recorder::start(move |_, number| match number {
            12 => Told::new(200, &[], rss(&["a"])),
            _ => Told::new(status, &[], ""),
        })
        .await;
        let polls = polls(&fetcher(), &feed(&server.url("/")), &[day(1); 13]).await;
        let waits: Vec<_> = polls.iter().map(|poll| wait(poll, day(1))).collect();
        assert!(
            waits[0] < MINUTE * 17 && waits[1] >= MINUTE * 30 && waits[3] >= HOUR * 2,
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
async fn a_permanent_redirect_is_believed_after_three_answers_over_three_days() {
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
    }
}

#[tokio::test]
async fn a_sites_page_leads_to_the_feed_that_it_names() {
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
async fn a_page_in_place_of_a_feed_that_was_one_is_a_failure_that_names_what_the_page_does() {
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

#[tokio::test]
async fn a_redirect_to_a_maintenance_page_moves_nothing() {
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
async fn a_moved_feed_that_fails_is_asked_for_at_its_old_place() {
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
async fn redirects_are_bounded_and_loops_found() {
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
async fn gone_twice_stops_the_feed_but_for_a_monthly_probe() {
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
    assert!(!polls[0].state.is_gone() && wait(&polls[0], day(1)) < HOUR);
    assert!(polls[1].state.is_gone() && wait(&polls[1], day(2)) >= HOUR * 24 * 30);
    assert!(!polls[2].state.is_gone(), "it came back");
}

#[tokio::test]
async fn a_web_page_in_place_of_a_feed_has_its_own_reason() {
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
async fn requests_say_who_we_are_and_nothing_of_others() {
    let server = Recorder::start(|_, _| Told::new(200, &["set-cookie: id=1"], rss(&["a"]))).await;
    polls(
        &fetcher(),
        &feed(&server.url("/feed?x=1")),
        &[day(1), day(2)],
    )
    .await;
    for asked in server.asked() {
        assert_eq!(asked.path, "/feed?x=1", "no parameter is added");
        assert_eq!(
            asked.header("user-agent"),
            Some(Config::default().user_agent.as_str())
        );
        assert!(
            asked.header("user-agent").unwrap().contains("(+http"),
            "a contact"
        );
        assert!(
            asked
                .header("accept")
                .unwrap()
                .starts_with("application/rss+xml, application/atom+xml")
        );
        assert_eq!(asked.header("accept-encoding"), Some("gzip, br, zstd"));
        for absent in ["cookie", "referer", "a-im", "authorization"] {
            assert_eq!(asked.header(absent), None);
        }
    }
}

#[tokio::test]
async fn a_feeds_own_headers_and_credentials_are_sent() {
    let server = Recorder::start(|_, _| Told::new(200, &[], rss(&["a"]))).await;
    let own = Feed {
        headers: vec![("X-Key".into(), "k".into())],
        cookies: Some("session=1".into()),
        auth: Some(Auth::Bearer("t".into())),
        user_agent: Some("mine/2".into()),
        ..feed(&server.url("/"))
    };
    polls(&fetcher(), &own, &[day(1)]).await;
    let userinfo = feed(&server.url("/").replace("http://", "http://u:p%40@"));
    polls(&fetcher(), &userinfo, &[day(1)]).await;
    let asked = server.asked();
    let sent = ["x-key", "cookie", "authorization", "user-agent"].map(|name| asked[0].header(name));
    assert_eq!(
        sent,
        [
            Some("k"),
            Some("session=1"),
            Some("Bearer t"),
            Some("mine/2")
        ]
    );
    assert_eq!(asked[1].header("authorization"), Some("Basic dTpwQA=="));
}

#[tokio::test]
async fn credentials_are_dropped_across_origins() {
    let other = Recorder::on("127.0.0.2", |_, _| Told::new(200, &[], rss(&["a"]))).await;
    let to = format!("location: {}", other.url("/"));
    let server = Recorder::start(move |_, _| Told::new(302, &[&to], "")).await;
    let own = Feed {
        headers: vec![("X-Key".into(), "k".into())],
        cookies: Some("session=1".into()),
        ..feed(&server.url("/").replace("http://", "http://u:p@"))
    };
    polls(&fetcher(), &own, &[day(1)]).await;
    assert_eq!(server.asked()[0].header("x-key"), Some("k"));
    for absent in ["x-key", "cookie", "authorization"] {
        assert_eq!(other.asked()[0].header(absent), None);
    }
}

#[tokio::test]
async fn failures_hold_no_secret() {
    let server = Recorder::start(|_, _| Told::new(500, &[], "")).await;
    let own = Feed {
        headers: vec![("X-Key".into(), "hunter2".into())],
        cookies: Some("hunter2".into()),
        auth: Some(Auth::Bearer("hunter2".into())),
        ..feed(
            &server
                .url("/?token=hunter2")
                .replace("http://", "http://hunter2:hunter2@"),
        )
    };
    let unsendable = Feed {
        auth: Some(Auth::Bearer("hunter2\n".into())),
        ..own.clone()
    };
    let unreadable = feed("http://hunter2:hunter2@[/?token=hunter2");
    for feed in [own, unsendable, unreadable] {
        let polls = polls(&fetcher(), &feed, &[day(1)]).await;
        let said = format!("{:?} {:?} {feed:?}", polls[0].outcome, polls[0].state);
        assert!(!said.contains("hunter2"), "{said}");
        assert!(
            !serde_json::to_string(&polls[0].state)
                .unwrap()
                .contains("hunter2")
        );
    }
}

#[tokio::test]
async fn a_sitemap_index_and_a_page_of_links_are_sources() {
    let server = Recorder::start(|asked, _| {
        let base = format!("http://{}", asked.header("host").unwrap());
        let url = |path: &str| format!("<url><loc>{base}{path}</loc></url>");
        match asked.path.as_str() {
            "/index.xml" => Told::new(
                200,
                &[],
                format!("<sitemapindex><sitemap><loc>{base}/1.xml</loc></sitemap></sitemapindex>"),
            ),
            "/1.xml" => Told::new(
                200,
                &[],
                format!("<urlset>{}{}</urlset>", url("/a"), url("/b")),
            ),
            _ => Told::new(
                200,
                &["content-type: text/html"],
                "<!doctype html><h2><a href=/a>A</a></h2>",
            ),
        }
    })
    .await;
    for (path, kind, count) in [
        ("/index.xml", FeedKind::Sitemap, 2),
        ("/page", FeedKind::Page, 1),
    ] {
        let feed = Feed {
            kind,
            ..feed(&server.url(path))
        };
        let polls = polls(&fetcher(), &feed, &[day(1), day(2)]).await;
        assert_eq!(document(&polls[0]).entries.len(), count);
        assert_eq!(
            polls[1].outcome,
            PollOutcome::NotModified,
            "the same links as before"
        );
    }
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let server = Recorder::start(|_, _| Told::new(0, &[], "")).await;
    let fetcher = Fetcher::new(Config {
        timeout: std::time::Duration::from_millis(30),
        ..config()
    })
    .unwrap();
    let drip = Recorder::start(|_, _| {
        Told::new(200, &["content-length: 9999", "x-then: silence"], "<rss>")
    })
    .await;
    for server in [server, drip] {
        let polls = polls(&fetcher, &feed(&server.url("/")), &[day(1)]).await;
        assert_eq!(failed(&polls[0]).reason, Reason::Timeout);
    }
}

#[test]
fn the_state_survives_a_restart_and_an_older_version() {
    let state = FeedState {
        etag: Some("\"\u{e9}\"".into()),
        next_poll: Some(day(3)),
        body_hash: Some(u64::MAX),
        ..FeedState::default()
    };
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<FeedState>(&text).unwrap(), state);
    assert!(state.is_due(day(3)) && !state.is_due(day(2)));
    assert_eq!(
        serde_json::from_str::<FeedState>("{}").unwrap(),
        FeedState::default()
    );
}
