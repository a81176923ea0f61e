//! Dates in the many ways in which publishers write them.
//!
//! One reader: a text becomes numbers, words and marks; the time is found by its colon, what
//! follows it is the zone, what stands before it the day. Tables know the words.

mod words;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use words::{FILLERS, Half, fixed_zone, half, month, weekday, zone};

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

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    Number(u32, usize),
    Word(&'a str),
    Mark(char),
}
use Token::{Mark, Number, Word};

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let same = |kind: fn(char) -> bool| rest.find(|char| !kind(char)).unwrap_or(rest.len());
        let (token, length) = if first.is_ascii_digit() {
            let length = same(|char| char.is_ascii_digit());
            // Too long for a number is too long for any part of a date.
            (
                Number(rest[..length].parse().unwrap_or(u32::MAX), length),
                length,
            )
        } else if is_letter(first) {
            let length = same(is_letter);
            (Word(&rest[..length]), length)
        } else {
            (Mark(first), first.len_utf8())
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Zone names hold `/` and `_` between letters; the others are left out of words.
fn is_letter(char: char) -> bool {
    char.is_alphabetic() || char == '_' || ('\u{300}'..'\u{370}').contains(&char)
}

struct Clock {
    start: usize,
    end: usize,
    has_time: bool,
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
}

/// `15:04`, `15:04:05.678`, or ISO's `T150405`; midnight behind the last token where there is none.
fn find_clock(tokens: &[Token<'_>]) -> Option<Clock> {
    let part = |value: u32| i8::try_from(value).ok();
    for start in 0..tokens.len() {
        match tokens[start..] {
            [
                Number(hour, _),
                Mark(':'),
                Number(minute, 1..=2),
                ref rest @ ..,
            ] => {
                let (second, rest) = match *rest {
                    [Mark(':'), Number(second, 1..=2), ref rest @ ..] => (second, rest),
                    _ => (0, rest),
                };
                let (nanosecond, rest) = match *rest {
                    [
                        Mark('.' | ','),
                        Number(value, digits @ 1..=9),
                        ref rest @ ..,
                    ] => {
                        let power = 10u32.pow(9 - u32::try_from(digits).ok()?);
                        (value.checked_mul(power)?, rest)
                    }
                    _ => (0, rest),
                };
                return Some(Clock {
                    start,
                    end: tokens.len() - rest.len(),
                    has_time: true,
                    hour: part(hour)?,
                    minute: part(minute)?,
                    second: part(second)?,
                    nanosecond: i32::try_from(nanosecond).ok()?,
                });
            }
            [
                Word("t"),
                Number(value, digits @ (2 | 4 | 6)),
                ref rest @ ..,
            ] if rest.first() != Some(&Mark(':')) => {
                let value = value * 100u32.pow((6 - u32::try_from(digits).ok()?) / 2);
                return Some(Clock {
                    start,
                    end: start + 2,
                    has_time: true,
                    hour: part(value / 10_000)?,
                    minute: part(value / 100 % 100)?,
                    second: part(value % 100)?,
                    nanosecond: 0,
                });
            }
            _ => {}
        }
    }
    Some(Clock {
        start: tokens.len(),
        end: tokens.len(),
        has_time: false,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
    })
}

#[derive(Default)]
struct Tail {
    zone: Option<TimeZone>,
    half: Option<Half>,
}

/// The zone and half of the day behind a time; a day that stands there goes to `day`.
fn read_tail(tokens: &[Token<'_>], has_time: bool, day: &mut DayParts) -> Option<Tail> {
    let mut tail = Tail::default();
    let mut rest = tokens;
    let mut has_offset = false;
    if !has_time {
        return Some(tail);
    }
    loop {
        rest = match *rest {
            [] => return Some(tail),
            // A comment, which repeats or explains the zone.
            [Mark('('), ..] if tail.zone.is_some() => return Some(tail),
            [
                Mark(sign @ ('+' | '-' | '−')),
                Number(hours, 1..=2),
                Mark(':'),
                Number(minutes, 2),
                ref rest @ ..,
            ] => {
                tail.zone = Some(offset(sign, hours, minutes)?);
                has_offset = true;
                rest
            }
            [
                Mark(sign @ ('+' | '-' | '−')),
                Number(value, digits @ 1..=4),
                ref rest @ ..,
            ] => {
                let (hours, minutes) = if digits > 2 {
                    (value / 100, value % 100)
                } else {
                    (value, 0)
                };
                tail.zone = Some(offset(sign, hours, minutes)?);
                has_offset = true;
                rest
            }
            [Mark('+'), ..] => return None,
            [Word(area), Mark('/'), Word(city), ref rest @ ..] => {
                tail.zone = Some(TimeZone::get(&format!("{area}/{city}")).ok()?);
                rest
            }
            [Word(word), ref rest @ ..] => {
                if let Some(found) = half(word) {
                    tail.half = Some(found);
                } else if let Some(zone) = zone(word) {
                    if !has_offset {
                        tail.zone = Some(zone);
                    }
                } else if month(word).is_some() || weekday(word).is_some() {
                    day.read(&[Word(word)])?;
                } else if !FILLERS.contains(&word) && !has_offset {
                    return None;
                }
                rest
            }
            [number @ Number(..), ref rest @ ..] => {
                day.read(&[number])?;
                rest
            }
            [Mark(':'), Mark('+' | '-'), ..] => &rest[1..],
            [Mark(':'), ..] => return None,
            [mark @ Mark(_), ref rest @ ..] => {
                day.read(&[mark])?;
                rest
            }
        };
    }
}

fn offset(sign: char, hours: u32, minutes: u32) -> Option<TimeZone> {
    if hours > 15 || minutes > 59 {
        return None;
    }
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    fixed_zone(if sign == '+' { seconds } else { -seconds })
}

/// What a day was written with, in order.
#[derive(Default)]
struct DayParts {
    /// Value and number of digits.
    numbers: Vec<(u32, usize)>,
    /// From 1.
    month: Option<u32>,
    weekday: Option<Weekday>,
    half: Option<Half>,
    is_korean: bool,
    /// What stands behind the first number.
    mark: Option<char>,
    /// It begins with a dash in place of the century.
    is_short: bool,
    words: usize,
}

/// More words are prose.
const DAY_WORDS_MAX: usize = 6;

impl DayParts {
    /// None where it cannot be a day.
    fn read(&mut self, tokens: &[Token<'_>]) -> Option<()> {
        for token in tokens {
            match *token {
                Number(value, digits) => self.numbers.push((value, digits)),
                Mark('-') if self.numbers.is_empty() && self.words == 0 => self.is_short = true,
                Mark(mark) if !self.numbers.is_empty() => {
                    self.mark.get_or_insert(mark);
                }
                Mark(_) => {}
                Word(word) => self.read_word(word),
            }
        }
        (self.numbers.len() <= 3 && self.words <= DAY_WORDS_MAX).then_some(())
    }

    fn read_word(&mut self, word: &str) {
        self.words += 1;
        self.is_korean |= word.starts_with(|char| ('가'..='힣').contains(&char));
        if let Some(found) = half(word) {
            self.half = Some(found);
        } else if let Some(month) = month(word) {
            // The last one: "mar" is also Tuesday, in front of the month.
            self.month = Some(month);
        } else if let Some(weekday) = weekday(word) {
            self.weekday = Some(weekday);
        }
    }

    fn date(&self) -> Option<Date> {
        let day = match (self.month, self.numbers.as_slice()) {
            (Some(month), [year @ (_, 4)]) => civil(*year, month, 1),
            (Some(month), [year, day]) if year.1 >= 3 || year.0 > 31 => civil(*year, month, day.0),
            (Some(month), [day, year]) => civil(*year, month, day.0),
            (None, [year @ (_, 4), month, day]) => civil(*year, month.0, day.0),
            (None, [first, second, year @ (_, 4)]) => self.by_custom(*first, *second, *year),
            (None, [first @ (_, 1..=2), second, third @ (_, 1..=2)]) => match self.mark {
                Some('/' | '.') => self.by_custom(*first, *second, *third),
                _ => civil(*first, second.0, third.0)
                    .or_else(|| self.by_custom(*first, *second, *third)),
            },
            (None, [year @ (_, 2 | 4), (ordinal, 3)]) => by_ordinal(*year, *ordinal),
            (None, [year @ (_, 4), month]) => civil(*year, month.0, 1),
            // ISO 8601 without the century: "-0312", "-03-12".
            (None, [(number, 4)]) if self.is_short => civil((number / 100, 2), number % 100, 1),
            (None, [year @ (_, 2), month]) if self.is_short => civil(*year, month.0, 1),
            (None, [(number, digits)]) => compact(*number, *digits),
            _ => None,
        }?;
        Some(day)
    }

    /// Day and month in the order in which they fit the weekday; else America's with slashes and
    /// the world's without.
    fn by_custom(
        &self,
        first: (u32, usize),
        second: (u32, usize),
        year: (u32, usize),
    ) -> Option<Date> {
        let day_first = civil(year, second.0, first.0);
        let month_first = civil(year, first.0, second.0);
        let fits = |day: &Option<Date>| day.is_some_and(|day| Some(day.weekday()) == self.weekday);
        let is_american = self.mark == Some('/');
        match (fits(&day_first), fits(&month_first)) {
            (true, false) => day_first,
            (false, true) => month_first,
            _ if is_american => month_first.or(day_first),
            _ => day_first.or(month_first),
        }
    }
}

/// Numbers without anything between them.
fn compact(number: u32, digits: usize) -> Option<Date> {
    match digits {
        8 => civil((number / 10_000, 4), number / 100 % 100, number % 100),
        7 => by_ordinal((number / 1_000, 4), number % 1_000),
        6 => civil((number / 10_000, 2), number / 100 % 100, number % 100),
        5 => by_ordinal((number / 1_000, 2), number % 1_000),
        4 => civil((number, 4), 1, 1),
        _ => None,
    }
}

fn by_ordinal(year: (u32, usize), ordinal: u32) -> Option<Date> {
    let first = civil(year, 1, 1)?;
    let days = i64::from(ordinal.checked_sub(1)?);
    let day = first
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()?;
    (day.year() == first.year()).then_some(day)
}

/// Two-digit years are of this century up to 68, as POSIX has it. The year 1 is how Go's programs
/// write that there is no date.
fn civil((year, digits): (u32, usize), month: u32, day: u32) -> Option<Date> {
    let year = match digits {
        1 | 2 if year < 69 => year + 2000,
        1 | 2 => year + 1900,
        _ => year,
    };
    if year < 2 {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
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
