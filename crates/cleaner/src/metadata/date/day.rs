//! The day in a date: its parts in the orders of many languages.

use jiff::civil::Date;

use super::months::month;
use super::words::Word;

/// The day written from this word on, and the word after it.
pub(super) fn day(words: &[Word], first: usize) -> Option<(Date, usize)> {
    let number = |at: usize| match words.get(at) {
        Some(Word::Number { value, digits }) => Some((*value, *digits)),
        _ => None,
    };
    let mark =
        |at: usize, marks: &str| matches!(words.get(at), Some(Word::Mark(c)) if marks.contains(*c));
    let name = |at: usize| match words.get(at) {
        Some(Word::Name(name)) => Some(name.as_str()),
        _ => None,
    };
    // 20240425, 20240425T101500
    if let Some((value, 8)) = number(first) {
        return date(value / 10_000, value / 100 % 100, value % 100).map(|day| (day, first + 1));
    }
    if let Some((a, digits)) = number(first) {
        // 2024-04-25, 2024/4/25, 2024.4.25, 2024年4月25日, 2024년 4월 25일
        if digits == 4 && (mark(first + 1, "-/.–") || matches!(name(first + 1), Some("年" | "년")))
        {
            let (month, _) = number(first + 2)?;
            if mark(first + 3, "-/.–") || matches!(name(first + 3), Some("月" | "월")) {
                let (day, _) = number(first + 4)?;
                return date(a, month, day).map(|day| (day, first + 5));
            }
            // 2024-Apr-25
            return None;
        }
        if digits == 4
            && let Some(month) = name(first + 1)
                .and_then(month)
                .or_else(|| name(first + 2).and_then(month))
        {
            let at = if name(first + 1).and_then(super::months::month).is_some() {
                first + 2
            } else {
                first + 3
            };
            let at = if mark(at, "-,.") { at + 1 } else { at };
            let (day, 1 | 2) = number(at)? else {
                return None;
            };
            return date(a, month, day).map(|day| (day, at + 1));
        }
        if digits <= 2
            && (mark(first + 1, "./-"))
            && number(first + 2).is_some()
            && mark(first + 3, "./-")
        {
            // 25.04.2024, 25/04/2024, 4/25/2024 and, ambiguous, 04/05/2024: day first but for slashes
            // (the American form), unless only the other order is a date.
            let (b, _) = number(first + 2)?;
            let (year, year_digits) = number(first + 4)?;
            let year = match year_digits {
                4 => year,
                2 => 2000 + year,
                _ => return None,
            };
            let american = mark(first + 1, "/");
            let (day, month) = if american { (b, a) } else { (a, b) };
            return date(year, month, day)
                .or_else(|| date(year, day, month))
                .map(|day| (day, first + 5));
        }
        // 25 April 2024, 25. April 2024, 25 de abril de 2024, 25th of April, 2024, 25-Apr-2024
        if digits <= 2 {
            let mut at = skip_filler(words, first + 1);
            if let Some(found) = name(at).and_then(month) {
                at = skip_filler(words, at + 1);
                let (year, year_digits) = number(at)?;
                let year = if year_digits == 2 { 2000 + year } else { year };
                return date(year, found, a).map(|day| (day, at + 1));
            }
        }
        return None;
    }
    // April 25, 2024; Apr. 25th 2024; April 25 at 9:15 p.m. has no year and is none.
    let found = name(first).and_then(month)?;
    let mut at = skip_filler(words, first + 1);
    let (day, digits) = number(at)?;
    if digits > 2 {
        return None;
    }
    at = skip_filler(words, at + 1);
    let (year, 4) = number(at)? else { return None };
    date(year, found, day).map(|day| (day, at + 1))
}

fn skip_filler(words: &[Word], mut at: usize) -> usize {
    const FILLERS: &[&str] = &[
        "de", "del", "of", "st", "nd", "rd", "th", "er", "º", "ª", "di", "г", "року", "le", "ngày",
    ];
    let end = at + 3;
    while at < end {
        match words.get(at) {
            Some(Word::Mark('.' | ',' | '-' | '/' | '،' | '\'')) => at += 1,
            Some(Word::Name(name)) if FILLERS.contains(&name.as_str()) => at += 1,
            _ => break,
        }
    }
    at
}

pub(super) fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    if !(1990..2100).contains(&year) {
        return None;
    }
    Date::new(
        year as i16,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}
