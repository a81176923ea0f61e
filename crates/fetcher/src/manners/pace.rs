//! Points 6 to 9: when the next poll is.

use super::recorder::{Recorder, Told};
use super::{HOUR, MINUTE, day, feed, fetcher, polls, rss, wait};
use crate::{Feed, FeedState};

#[tokio::test]
async fn point_06_hourly_with_validators_and_daily_without_unless_the_feed_is_busier() {
    // New entries between two polls an hour apart, on and on; the validator; and the least and the
    // most minutes to the next poll in the end.
    for (new, headers, least, most) in [
        (0, vec!["etag: \"1\""], 120, 132),
        (0, vec![], 24 * 60, 24 * 60),
        (1, vec!["etag: \"1\""], 30, 33),
        (1, vec![], 60, 66),
        (50, vec!["etag: \"1\""], 5, 6),
        (50, vec![], 60, 66),
    ] {
        let server = Recorder::start(move |_, number| {
            let titles: Vec<String> = (0..60)
                .map(|age| format!("{}", number * new + age))
                .collect();
            let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
            Told::new(200, &headers, rss(&titles))
        })
        .await;
        let moments: Vec<_> = (0..30).map(|number| day(1) + HOUR * number).collect();
        let polls = polls(&fetcher(), &feed(&server.url("/")), &moments).await;
        let first = wait(&polls[0], moments[0]);
        assert!(first >= HOUR, "{first:?}: its pace is not known yet");
        let wait = wait(&polls[29], moments[29]);
        assert!(
            (MINUTE * least..=MINUTE * most).contains(&wait),
            "{new} new an hour: {wait:?}"
        );
    }
}

#[tokio::test]
async fn point_07_the_next_poll_is_the_latest_of_what_feed_and_server_say() {
    let ttl =
        |minutes: u32| rss(&["a"]).replace("<channel>", &format!("<channel><ttl>{minutes}</ttl>"));
    // Body, headers, and the least and the most minutes until the next poll, jitter included.
    let cases: &[(String, &[&str], i64, i64)] = &[
        (ttl(90), &["etag: \"1\""], 90, 99),
        (ttl(5), &["etag: \"1\""], 60, 66),
        (rss(&["a"]), &["etag: \"1\""], 60, 66),
        (
            ttl(90).replace("<ttl>90</ttl>", "<sy:updatePeriod>hourly</sy:updatePeriod>"),
            &["etag: \"1\""],
            60,
            66,
        ),
        (
            ttl(90).replace("<ttl>90</ttl>", "<sy:updatePeriod>daily</sy:updatePeriod>"),
            &["etag: \"1\""],
            24 * 60,
            24 * 60,
        ),
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
        (rss(&["a"]), &["etag: \"1\"", "expires: 0"], 60, 66),
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
async fn point_07_the_operators_interval_stands_in_place_of_the_feeds() {
    let body = rss(&["a"]).replace("<channel>", "<channel><ttl>600</ttl>");
    let server = Recorder::start(move |_, _| Told::new(200, &[], body.clone())).await;
    let feed = Feed {
        interval: Some(std::time::Duration::from_secs(1800)),
        ..feed(&server.url("/"))
    };
    let polls = polls(&fetcher(), &feed, &[day(1)]).await;
    assert!((MINUTE * 30..MINUTE * 34).contains(&wait(&polls[0], day(1))));
}

#[test]
fn point_07_the_state_survives_a_restart_and_an_older_version() {
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

#[tokio::test]
async fn point_08_skipped_hours_and_days_are_hints() {
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
        (skipping(&format!("<skipHours>{hours}</skipHours>")), 1, 2),
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
async fn point_09_the_pace_follows_the_feeds_own_rhythm() {
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
async fn point_09_a_poll_that_shares_no_entry_with_the_last_one_raises_an_alarm() {
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
