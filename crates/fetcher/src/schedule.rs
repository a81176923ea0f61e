//! When to come again: arithmetic on what the feed, the server and the operator say. No clock of
//! its own, no I/O.

use copydesk_model::Reason;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use reqwest::header::{self, HeaderMap};
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::host::SLOWED_FOR_MAX;
use crate::{Config, Feed, FeedState};

/// Failing feeds are asked more and more rarely, down to this; they come back, so never deleted.
const BACKOFF_MAX: Duration = Duration::from_secs(7 * 24 * 3600);
/// Polls in a row that nobody answered after which it is the host's fault: with the default of an
/// hour four days.
const UNANSWERED_MAX: u32 = 100;
/// A feed that said 410 twice is asked this often whether it meant it.
const GONE_PROBE: Duration = Duration::from_secs(30 * 24 * 3600);
/// How many times `Config::interval` lies between two polls of a feed: while its pace is not known,
/// and where it is quiet. With the default of an hour that is hourly, or two hours …
const TIMES: (u32, u32) = (1, 2);
/// … and four hours or a day where the server gives no validators, so that each poll costs it a
/// whole document. Such a feed is never polled more often than `Config::interval` however busy it
/// is.
const UNCONDITIONAL_TIMES: (u32, u32) = (4, 24);
/// Jitter is this part of the interval, and only ever later: what the server asked for is kept.
const JITTER_PART: u32 = 10;

/// The moment of the next poll after a good one. `fresh` is how long the server calls its answer
/// fresh.
///
/// The latest of our floor, the feed's own rhythm, its `ttl` or `sy:` and `fresh`, within
/// `interval_min` and `interval_max`; an interval of the operator stands in place of all these.
pub fn next_poll(
    config: &Config,
    feed: &Feed,
    state: &FeedState,
    now: Timestamp,
    fresh: Option<Duration>,
) -> Timestamp {
    let due = |interval: Duration| jittered(feed, now, interval, interval / JITTER_PART);
    if let Some(interval) = feed.interval {
        return due(clamped(config, interval));
    }
    let ttl = state.hints.interval_s.map(Duration::from_secs);
    let said = ttl.max(fresh).unwrap_or_default();
    let due = due(clamped(config, rhythm(config, state).max(said)));
    outside_skipped(due, state).min(later(now, config.interval_max))
}

/// The interval that the feed's own pace suggests: half the time between two new entries, but not
/// so rare that a short document could turn over unseen.
fn rhythm(config: &Config, state: &FeedState) -> Duration {
    let has_validators = state.etag.is_some() || state.last_modified.is_some();
    let (least, (unknown, quiet)) = match has_validators || state.last_success.is_none() {
        true => (config.interval_min, TIMES),
        false => (config.interval, UNCONDITIONAL_TIMES),
    };
    let pace = state.entries_per_day;
    let Some(per_day) = pace.filter(|pace| pace.is_finite() && *pace >= 0.0) else {
        return config.interval.saturating_mul(unknown);
    };
    // Far more than `quiet` where there is nothing new at all, and finite.
    let between = Duration::from_secs_f32(24.0 * 3600.0 / per_day.max(0.001));
    (between / 2)
        .min(config.interval.saturating_mul(quiet))
        .max(least)
}

/// The moment of the next poll after `state.failures` failures in a row, the last one for this
/// reason: the usual interval, doubled at each; not before `retry_after`. Where nobody answered, the
/// fault may be our own network's, and feeds move on meanwhile: the first wait is then
/// `interval_min`, and the longest for some days `interval`.
pub fn after_failure(
    config: &Config,
    feed: &Feed,
    state: &FeedState,
    now: Timestamp,
    reason: Reason,
    retry_after: Option<Duration>,
) -> Timestamp {
    if state.is_gone() {
        return jittered(feed, now, GONE_PROBE, GONE_PROBE / JITTER_PART);
    }
    let usual = feed.interval.unwrap_or_else(|| rhythm(config, state));
    let usual = clamped(config, usual);
    let is_unanswered = matches!(reason, Reason::Dns | Reason::Connect | Reason::Timeout);
    let (first, most) = match is_unanswered && state.failures < UNANSWERED_MAX {
        true => (usual.min(config.interval_min), usual.max(config.interval)),
        false => (usual, usual.max(BACKOFF_MAX)),
    };
    let doubled = first.saturating_mul(1 << state.failures.saturating_sub(1).min(20));
    let wait = doubled.min(most).max(retry_after.unwrap_or_default());
    jittered(feed, now, wait, wait / JITTER_PART)
}

/// The moment for a feed whose host asked to be left alone for `left`, with a spread so that its
/// feeds do not come back all at once.
pub fn after_slow_down(feed: &Feed, now: Timestamp, left: Duration) -> Timestamp {
    jittered(
        feed,
        now,
        left,
        (left / JITTER_PART).max(Duration::from_secs(30)),
    )
}

/// No feed is put off for longer than this.
pub fn put_off_max(config: &Config) -> Duration {
    let most = GONE_PROBE.max(BACKOFF_MAX).max(config.interval_max);
    most.saturating_add(most / JITTER_PART)
}

/// When to poll a feed for the first time, so that a start does not ask for all feeds at once.
pub fn first_poll(feed_url: &str, start: Timestamp, window: Duration) -> Timestamp {
    later(start, jitter(feed_url, 0, window))
}

/// A time under `span`, always the same for the same text and salt.
pub fn jitter(text: &str, salt: i64, span: Duration) -> Duration {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX).max(1);
    Duration::from_millis(xxh3_64_with_seed(text.as_bytes(), salt.cast_unsigned()) % millis)
}

/// What the header says, capped at a day; `None` where it is absent or unreadable.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(SLOWED_FOR_MAX),
        Err(_) => from_now_to(http_date(text)?, now),
    };
    Some(wait.min(SLOWED_FOR_MAX))
}

/// How long the answer is fresh: Cache-Control's max-age less Age, or else Expires.
pub fn freshness(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let directives: Vec<String> = (headers.get_all(header::CACHE_CONTROL).iter())
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .collect();
    if directives
        .iter()
        .any(|directive| directive == "no-cache" || directive == "no-store")
    {
        return None;
    }
    let seconds = |text: &str| text.trim().trim_matches('"').parse::<u64>().ok();
    let max_age = directives.iter().find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        (name.trim() == "max-age").then(|| seconds(value))?
    });
    if let Some(max_age) = max_age {
        let age = headers
            .get(header::AGE)
            .and_then(|value| seconds(value.to_str().ok()?));
        return Some(Duration::from_secs(
            max_age.saturating_sub(age.unwrap_or(0)),
        ));
    }
    let expires = http_date(headers.get(header::EXPIRES)?.to_str().ok()?)?;
    // By the server's own clock where it tells it.
    let date = headers
        .get(header::DATE)
        .and_then(|date| http_date(date.to_str().ok()?));
    Some(from_now_to(expires, date.unwrap_or(now)))
}

/// The three forms of RFC 9110, 5.6.7: the one in use, and the two that are obsolete and read.
fn http_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let obsolete = |form| {
        jiff::fmt::strtime::parse(form, text)
            .ok()?
            .to_datetime()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()
    };
    parser.parse_timestamp(text).ok().or_else(|| {
        let moment =
            obsolete("%A, %d-%b-%y %H:%M:%S GMT").or_else(|| obsolete("%a %b %e %H:%M:%S %Y"));
        moment.map(|moment| moment.timestamp())
    })
}

fn from_now_to(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}

fn clamped(config: &Config, interval: Duration) -> Duration {
    interval.min(config.interval_max).max(config.interval_min)
}

/// Past the hours and days that the feed asks to leave out; they are hints, so a feed that leaves
/// out every hour is taken as saying nothing.
fn outside_skipped(due: Timestamp, state: &FeedState) -> Timestamp {
    let hints = &state.hints;
    if hints.skip_hours.is_empty() && hints.skip_days.is_empty() {
        return due;
    }
    const HOUR: i64 = 3600;
    let is_skipped = |moment: Timestamp| {
        let moment = moment.to_zoned(TimeZone::UTC);
        let (hour, day) = (
            moment.hour().cast_unsigned(),
            moment.weekday().to_monday_zero_offset().cast_unsigned(),
        );
        hints.skip_hours.contains(&hour) || hints.skip_days.contains(&day)
    };
    let hours = (0..7 * 24).map(|hour| match hour {
        0 => Some(due),
        // Within an hour that is open, the same minute and second: they hold the jitter.
        _ => due.checked_add(SignedDuration::from_secs(hour * HOUR)).ok(),
    });
    hours
        .flatten()
        .find(|&moment| !is_skipped(moment))
        .unwrap_or(due)
}

fn jittered(feed: &Feed, now: Timestamp, wait: Duration, spread: Duration) -> Timestamp {
    later(
        now,
        wait.saturating_add(jitter(&feed.url, now.as_second(), spread)),
    )
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| now.checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_dates_are_read_in_all_three_forms() {
        let moment: Timestamp = "1994-11-06T08:49:37Z".parse().unwrap();
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(http_date(text), Some(moment), "{text}");
        }
        for text in ["0", "-1", "", "soon", "Sun, 06 Nov"] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_start_is_spread_over_its_window_and_the_same_at_each_start() {
        let start = Timestamp::UNIX_EPOCH;
        let window = Duration::from_secs(600);
        let firsts: Vec<i64> = (0..1000)
            .map(|number| {
                first_poll(&format!("https://a.example/{number}"), start, window).as_second()
            })
            .collect();
        let early = firsts.iter().filter(|&&first| first < 300).count();
        assert!((400..600).contains(&early) && firsts.iter().all(|first| (0..600).contains(first)));
        assert_eq!(
            firsts[7],
            first_poll("https://a.example/7", start, window).as_second()
        );
    }

    #[test]
    fn nobody_is_waited_for_long_where_the_network_may_be_down() {
        let waits = |reason, failures| {
            let state = FeedState {
                failures,
                ..FeedState::default()
            };
            let start = Timestamp::UNIX_EPOCH;
            let (config, feed) = (Config::default(), Feed::default());
            let next = after_failure(&config, &feed, &state, start, reason, None);
            next.as_second() as f32 / 60.0
        };
        for (failures, unanswered, answered) in
            [(1, 5.0, 60.0), (2, 10.0, 120.0), (7, 60.0, 3840.0)]
        {
            for (reason, wanted) in [
                (Reason::Connect, unanswered),
                (Reason::Dns, unanswered),
                (Reason::HttpStatus, answered),
            ] {
                let jittered = wanted..wanted * 1.1;
                assert!(jittered.contains(&waits(reason, failures)));
            }
        }
        assert!(waits(Reason::Connect, UNANSWERED_MAX) > 24.0 * 60.0);
    }

    #[test]
    fn no_wait_overflows() {
        let state = FeedState {
            failures: u32::MAX,
            ..FeedState::default()
        };
        let config = Config {
            interval: Duration::MAX,
            interval_max: Duration::MAX,
            ..Config::default()
        };
        let next = after_failure(
            &config,
            &Feed::default(),
            &state,
            Timestamp::MAX,
            Reason::HttpStatus,
            Some(Duration::from_secs(u64::MAX / 2)),
        );
        assert_eq!(next, Timestamp::MAX);
        let state = FeedState {
            entries_per_day: Some(f32::NAN),
            ..FeedState::default()
        };
        next_poll(
            &Config::default(),
            &Feed::default(),
            &state,
            Timestamp::UNIX_EPOCH,
            Some(Duration::from_secs(u64::MAX)),
        );
    }
}
