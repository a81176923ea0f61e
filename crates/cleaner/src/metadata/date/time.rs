//! The time of day in a date.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::words::Word;
use super::zone::zone;

/// A time of day within the next few words, and the zone after it.
pub(super) fn time_and_zone(words: &[Word], from: usize) -> (Option<Time>, Option<Offset>) {
    const GAP: usize = 6;
    let number = |at: usize| match words.get(at) {
        Some(Word::Number { value, .. }) => i8::try_from(*value).ok(),
        _ => None,
    };
    let mark =
        |at: usize, marks: &str| matches!(words.get(at), Some(Word::Mark(c)) if marks.contains(*c));
    let name = |at: usize| match words.get(at) {
        Some(Word::Name(name)) => name.as_str(),
        _ => "",
    };
    for at in from..words.len().min(from + GAP) {
        let Some(hour) = number(at) else { continue };
        let half = match name(at.wrapping_sub(1)) {
            "後" | "오후" => Some(true),
            _ => None,
        };
        let (minute, mut next) = if mark(at + 1, ":.")
            || matches!(name(at + 1), "h" | "時" | "시")
            || name(at + 1) == "点"
        {
            match number(at + 2) {
                Some(minute) => (minute, at + 3),
                None if name(at + 1).is_empty() => continue,
                None => (0, at + 2),
            }
        } else if matches!(name(at + 1), "am" | "pm" | "uhr" | "a" | "p") {
            (0, at + 1)
        } else {
            continue;
        };
        let mut second = 0;
        if mark(next, ":")
            && let Some(value) = number(next + 1)
        {
            second = value;
            next += 2;
            // Fractions.
            if mark(next, ".,") && matches!(words.get(next + 1), Some(Word::Number { .. })) {
                next += 2;
            }
        }
        if matches!(name(next), "分" | "분") {
            next += 1;
        }
        let (half, next) = match (name(next), name(next + 2)) {
            ("pm", _) => (Some(true), next + 1),
            ("am", _) => (Some(false), next + 1),
            ("p", "m") => (Some(true), next + 4),
            ("a", "m") => (Some(false), next + 4),
            _ => (half, next),
        };
        let hour = match half {
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            _ => hour,
        };
        let Ok(time) = Time::new(hour, minute, second.min(59), 0) else {
            continue;
        };
        return (Some(time), zone(words, next));
    }
    (None, None)
}
