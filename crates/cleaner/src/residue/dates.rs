//! Lines that are a date or a time of day and no more.

use crate::metadata;

/// Whether a text is a date, perhaps with a time, and little more: a sentence about a date has other
/// words.
pub(super) fn is_all_date(text: &str) -> bool {
    is_mostly_digits(text) && metadata::holds_date(text)
}

/// Whether a line is a time of day and nothing else, as above each entry of a live blog.
pub(super) fn is_clock(line: &str) -> bool {
    line.len() <= 8
        && line
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'.' || byte == b'h')
        && is_all_time(line)
}

/// Whether a text is a time of day with few words around it.
pub(super) fn is_all_time(text: &str) -> bool {
    let is_time = |window: &[u8]| matches!(window, [a, b':' | b'.' | b'h', c, d] if [a, c, d].iter().all(|digit| digit.is_ascii_digit()));
    is_mostly_digits(text) && text.as_bytes().windows(4).any(is_time)
}

fn is_mostly_digits(text: &str) -> bool {
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits >= 2 && letters <= digits * 3 + 4 && text.len() <= 120
}
