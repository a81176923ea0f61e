//! The time of day in a date.

use super::tokens::Token::{self, Mark, Number, Word};

/// A time, and the tokens that it takes up.
pub(super) struct Clock {
    pub start: usize,
    pub end: usize,
    pub has_time: bool,
    pub hour: i8,
    pub minute: i8,
    pub second: i8,
    pub nanosecond: i32,
}

/// `15:04`, `15:04:05.678`, or ISO's `T150405`; midnight behind the last token where there is none.
pub(super) fn find_clock(tokens: &[Token<'_>]) -> Option<Clock> {
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
