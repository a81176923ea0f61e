//! Visible texts that sign: a word like "By", and the names after it.

use super::words::{JOINERS, SIGNERS};
use super::{read, starts_with_ignoring_case, without_openers};

/// How signers in ASCII start.
#[rustfmt::skip]
const STARTS: &[&[u8; 2]] = &[
    b"by", b"wr", b"wo", b"st", b"po", b"pa", b"au", b"av", b"af", b"vo", b"di", b"do", b"ya",
];

/// Whether a text may open with one of the signers, by its first bytes: this is asked of every text
/// of a page.
fn may_sign(text: &str) -> bool {
    match text.as_bytes() {
        [first, ..] if !first.is_ascii() => true,
        [first, second, ..] => STARTS.contains(&&[first | 0x20, second | 0x20]),
        _ => false,
    }
}

/// Whether a text is the word before a name.
pub(crate) fn is_opener(text: &str) -> bool {
    SIGNERS
        .iter()
        .any(|signer| text.len() == signer.len() && starts_with_ignoring_case(text, signer))
}

/// Whether a text is what stands between two names.
pub(crate) fn joins(text: &str) -> bool {
    JOINERS.contains(&text)
}

/// Whether a text opens with such a word.
pub(crate) fn opens(text: &str) -> bool {
    let ends = |signer: &&str| matches!(text.as_bytes().get(signer.len()), Some(b' ' | b':'));
    may_sign(text)
        && SIGNERS
            .iter()
            .filter(|signer| ends(signer))
            .any(|signer| starts_with_ignoring_case(text, signer))
}

/// The people of a line that is a byline and no more: a word like "By", then names with capitals.
pub(crate) fn signed(line: &str) -> Option<Vec<String>> {
    const WORDS_MAX: usize = 16;
    let line = line
        .trim()
        .trim_start_matches(|c: char| !c.is_alphanumeric());
    let opened = without_openers(line);
    let is_signed = opened.len() < line.len()
        && line.len() <= 160
        && line.split_whitespace().count() <= WORDS_MAX
        && !line.ends_with(['.', '!', '?', ':', '"', '”']);
    if !is_signed {
        return None;
    }
    let people = read(line, &[]).people;
    let is_name = |name: &String| {
        name.split_whitespace().count() >= 2
            && name.split_whitespace().all(|word| {
                word.chars().next().is_some_and(|c| !c.is_lowercase()) || word.len() <= 3
            })
    };
    (!people.is_empty() && people.iter().all(is_name)).then_some(people)
}

/// The people of a line of names that no word like "By" opens, as small papers set it above a story.
pub(crate) fn bare(line: &str) -> Option<Vec<String>> {
    const WORDS: std::ops::RangeInclusive<usize> = 2..=6;
    let is_word = |word: &str| {
        let letters = || {
            word.chars()
                .filter(|c| !matches!(c, '-' | '\'' | '’' | '.'))
        };
        word.chars().next().is_some_and(char::is_uppercase)
            && letters().count() >= 2
            && letters().all(char::is_alphabetic)
    };
    let words = line.split([' ', '/', ',']).filter(|word| !word.is_empty());
    let is_names = WORDS.contains(&words.clone().count()) && words.clone().all(is_word);
    is_names.then(|| signed(&format!("By {line}"))).flatten()
}
