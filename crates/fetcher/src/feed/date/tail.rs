//! What stands behind the time of a date: its zone, the half of the day, perhaps the day.

use jiff::tz::TimeZone;

use super::day::DayParts;
use super::tokens::Token::{self, Mark, Number, Word};
use super::words::{FILLERS, Half, fixed_zone, half, month, weekday, zone};

/// The zone and the half of the day, where they are written.
#[derive(Default)]
pub(super) struct Tail {
    pub zone: Option<TimeZone>,
    pub half: Option<Half>,
}

/// The zone and half of the day behind a time; a day that stands there goes to `day`.
pub(super) fn read_tail(tokens: &[Token<'_>], has_time: bool, day: &mut DayParts) -> Option<Tail> {
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
