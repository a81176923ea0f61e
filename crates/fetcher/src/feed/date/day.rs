//! The day in a date, by what its numbers and words can mean.

use jiff::civil::{Date, Weekday};

use super::tokens::Token::{self, Mark, Number, Word};
use super::words::{Half, half, month, weekday};

/// What a day was written with, in order.
#[derive(Default)]
pub(super) struct DayParts {
    /// Value and number of digits.
    numbers: Vec<(u32, usize)>,
    /// From 1.
    month: Option<u32>,
    weekday: Option<Weekday>,
    pub half: Option<Half>,
    pub is_korean: bool,
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
    pub fn read(&mut self, tokens: &[Token<'_>]) -> Option<()> {
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

    pub fn date(&self) -> Option<Date> {
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
