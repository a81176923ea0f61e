//! Dates in the many ways in which publishers write them.
//!
//! One reader: a text becomes numbers, words and marks; the time is found by its colon, what
//! follows it is the zone, what stands before it the day. Tables know the words.

mod clock;
mod day;
mod tail;
mod tokens;
mod words;

use jiff::Timestamp;
use jiff::civil::Time;

use clock::find_clock;
use day::DayParts;
use tail::read_tail;
use tokens::tokens;
use words::{Half, fixed_zone};

/// A longer text is no date.
const DATE_BYTES_MAX: usize = 120;

/// The instant; None where any part is impossible or unknown. No zone means UTC, no time midnight.
pub(super) fn read_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > DATE_BYTES_MAX {
        return None;
    }
    if let Some(moment) = epoch(text) {
        return Some(moment);
    }
    // Year to second without anything between.
    let is_packed = matches!(text.len(), 12 | 14) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_packed {
        return read_date(&format!("{}T{}", &text[..8], &text[8..]));
    }
    let text = text
        .to_lowercase()
        .replace("a.m.", "am")
        .replace("p.m.", "pm");
    let tokens = tokens(&text);
    let clock = find_clock(&tokens)?;
    let mut day = DayParts::default();
    day.read(&tokens[..clock.start])?;
    let tail = read_tail(&tokens[clock.end..], clock.has_time, &mut day)?;
    let hour = match (tail.half.or(day.half), clock.hour) {
        (Some(Half::Morning), 12) => 0,
        (Some(Half::Evening), hour) if hour < 12 => hour + 12,
        (_, hour) => hour,
    };
    // Korean feeds leave out the zone of the whole country.
    let default_s = if day.is_korean { 9 * 3600 } else { 0 };
    let zone = tail.zone.or_else(|| fixed_zone(default_s))?;
    // Midnight at the end of a day.
    let is_next = hour == 24 && clock.minute == 0 && clock.second == 0;
    let hour = if is_next { 0 } else { hour };
    let mut day = day.date()?;
    if is_next {
        day = day.tomorrow().ok()?;
    }
    let time = Time::new(hour, clock.minute, clock.second, clock.nanosecond).ok()?;
    let moment = day.to_datetime(time);
    zone.to_ambiguous_timestamp(moment).compatible().ok()
}

/// Seconds, milliseconds or microseconds since 1970, told apart by their number of digits.
fn epoch(text: &str) -> Option<Timestamp> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match whole.len() {
        9 | 10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        16 => Timestamp::from_microsecond(number).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_form() {
        for (text, wanted) in [
            ("Tue, 03 Mar 2026 08:05:09 +0545", "2026-03-03T02:20:09Z"),
            ("Tue 3 March 2026 08:05 GMT", "2026-03-03T08:05:00Z"),
            ("2026-03-03T08:05:09.25-03:30", "2026-03-03T11:35:09.25Z"),
            ("2026-03-03 08:05:09 +00:00", "2026-03-03T08:05:09Z"),
            ("20260303T080509Z", "2026-03-03T08:05:09Z"),
            ("2026-062", "2026-03-03T00:00:00Z"),
            ("2026/3/3 8:05:09", "2026-03-03T08:05:09Z"),
            ("3/14/26 8:05 p.m.", "2026-03-14T20:05:00Z"),
            ("Sat, 14/03/2026", "2026-03-14T00:00:00Z"),
            ("14.3.2026 20:05 Uhr", "2026-03-14T20:05:00Z"),
            ("Wed, 04/03/2026 - 10:00", "2026-03-04T10:00:00Z"),
            ("March 3rd, 2026 12:30am", "2026-03-03T00:30:00Z"),
            ("Tue Mar  3 08:05:09 2026", "2026-03-03T08:05:09Z"),
            ("Tue Mar  3 08:05:09 PST 2026", "2026-03-03T16:05:09Z"),
            ("mar, 3 mars 2026 08:05:09 +0100", "2026-03-03T07:05:09Z"),
            ("Dienstag, 3. März 2026, 08:05", "2026-03-03T08:05:00Z"),
            ("3 de febrero de 2026", "2026-02-03T00:00:00Z"),
            ("wt., 03 lut 2026 08:05:09 +0100", "2026-02-03T07:05:09Z"),
            ("Вт, 03 мая 2026 08:05:09 +0300", "2026-05-03T05:05:09Z"),
            ("2026년 03월 03일 08:05:09", "2026-03-02T23:05:09Z"),
            ("03 Mar 2026 08:05:09 GMT-07:00", "2026-03-03T15:05:09Z"),
            ("03 Mar 2026 08:05:09 -0800 (PST)", "2026-03-03T16:05:09Z"),
            ("03 Jul 2026 08:05:09 ET", "2026-07-03T12:05:09Z"),
            ("03 Jul 2026 08:05:09 CEST", "2026-07-03T06:05:09Z"),
            (
                "03 Jul 2026 08:05:09 America/Los_Angeles",
                "2026-07-03T15:05:09Z",
            ),
            ("Tue, 03 Mar 2026 24:00:00 GMT", "2026-03-04T00:00:00Z"),
            ("1772525109", "2026-03-03T08:05:09Z"),
            ("1772525109000", "2026-03-03T08:05:09Z"),
            ("20260303080509", "2026-03-03T08:05:09Z"),
            ("2026-03-03T08:05:09:-0700", "2026-03-03T15:05:09Z"),
            ("2026-03-03 오후 08:05", "2026-03-03T11:05:00Z"),
            ("Thursday, 24-Apr-03 10:00:00 EST", "2003-04-24T15:00:00Z"),
            ("03 Mar 99", "1999-03-03T00:00:00Z"),
            ("2026", "2026-01-01T00:00:00Z"),
            ("-2603", "2026-03-01T00:00:00Z"),
            ("-26-03", "2026-03-01T00:00:00Z"),
            ("26-062", "2026-03-03T00:00:00Z"),
        ] {
            let wanted: Timestamp = wanted.parse().expect("a case is RFC 3339");
            assert_eq!(read_date(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "soon, 3 of 4",
            "2026-02-30",
            "32 Mar 2026",
            "03 Mar 2026 25:00:00",
            "03 Mar 2026 08:61:00",
            "03 Mar 2026 1:2:3:4",
            "03 Mar 2026 08:05:09 +zz:00",
            "03 Mar 2026 08:05:09 XYZT",
            "03 Mar 2026 08:05:09 +4500",
            "08:05:09",
            "0000-00-00 00:00:00",
            "99999999999999999999",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[0-9a-zA-Z:/+,. -]{0,40}|.{0,40}") {
            read_date(&text);
        }
    }
}
