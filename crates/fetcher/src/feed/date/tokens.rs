//! A text as numbers, words and marks.

use Token::{Mark, Number, Word};

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    /// Value and number of digits.
    Number(u32, usize),
    Word(&'a str),
    Mark(char),
}

/// Cuts a text in lower case into its parts.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
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
