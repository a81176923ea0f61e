//! Finds turns of phrase in a block, all in one pass.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::cues::PHRASES;

/// How often each group of [`PHRASES`] occurs.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Found {
    /// In the whole block, at most 9.
    pub anywhere: [u8; PHRASES.len()],
    /// Whether one stands within the first characters.
    pub at_start: [bool; PHRASES.len()],
}

/// A phrase begins a block when it starts before this byte: a bullet or an arrow may come first.
const START_BYTES: usize = 4;

struct Finder {
    automaton: AhoCorasick,
    group_of: Vec<usize>,
}

static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let phrases = || {
        PHRASES
            .iter()
            .enumerate()
            .flat_map(|(group, list)| list.iter().map(move |phrase| (group, *phrase)))
    };
    Finder {
        automaton: AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(phrases().map(|(_, phrase)| phrase))
            .expect("the table is small"),
        group_of: phrases().map(|(group, _)| group).collect(),
    }
});

/// Counts the phrases of a block. A phrase that begins with a letter must begin a word.
pub(crate) fn count(text: &str) -> Found {
    let lower = text.to_lowercase();
    let mut found = Found::default();
    for hit in FINDER.automaton.find_iter(&lower) {
        let is_inside_word = lower[..hit.start()]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
            && lower[hit.start()..].starts_with(|c: char| c.is_alphabetic() && (c as u32) < 0x3000);
        if is_inside_word {
            continue;
        }
        let group = FINDER.group_of[hit.pattern().as_usize()];
        found.anywhere[group] = (found.anywhere[group] + 1).min(9);
        found.at_start[group] |= hit.start() < START_BYTES;
    }
    found
}
