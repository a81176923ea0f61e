//! What two texts have in common, for people to see.

use crate::align::{Scratch, compare};
use crate::facts::Frequencies;
use crate::shingles::Shingles;
use crate::words::fold;
use std::ops::Range;

/// How one text copies another.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Share of the new text that stands in the old one, 0 to 1.
    pub new_in_old: f32,
    /// Share of the old text that stands in the new one, 0 to 1.
    pub old_in_new: f32,
    /// The passages that both have, in order of the new text.
    pub copied: Vec<Passage>,
}

/// The same words in both texts, but for what the comparison folds: case, quotes, spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Bytes of the new text.
    pub new: Range<usize>,
    /// Bytes of the old text.
    pub old: Range<usize>,
}

/// Compares two texts as the judge does.
pub fn explain(new: &str, old: &str) -> Explanation {
    let (new, old) = (fold(new), fold(old));
    let shingles = Shingles::of(&new.words);
    let found = compare(
        &new.words,
        &shingles,
        &old.words,
        &Frequencies::new(),
        &mut Scratch::default(),
    );
    let bytes = |places: &[(u32, u32)], first: u32, length: u32| {
        let (first, last) = (first as usize, (first + length - 1) as usize);
        places[first].0 as usize..places[last].1 as usize
    };
    let passage = |run: &crate::align::Run| Passage {
        new: bytes(&new.places, run.new, run.length),
        old: bytes(&old.places, run.old, run.length),
    };
    Explanation {
        new_in_old: found.new_in_old,
        old_in_new: found.old_in_new,
        copied: found.runs.iter().map(passage).collect(),
    }
}

/// Copied passages in a verdict at the most.
const COPIED_MAX: usize = 32;

/// Bytes of the text that stand in passages, each first and after the last, from runs of words.
pub(crate) fn passages(
    places: &[(u32, u32)],
    runs: impl Iterator<Item = Range<u32>>,
) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = Vec::new();
    let mut last_word = 0;
    for run in runs {
        let words = &places[run.start as usize..run.end as usize];
        // Words of the headline are no part of the text.
        let Some(first) = words.iter().find(|place| place.1 > 0) else {
            continue;
        };
        let end = words[words.len() - 1].1;
        match out.last_mut() {
            Some(before) if last_word == run.start => before.1 = end,
            _ => out.push((first.0, end)),
        }
        last_word = run.end;
    }
    out
}

/// The longest of these passages in order, in characters.
pub(crate) fn characters(text: &str, passages: &[(u32, u32)]) -> Vec<[u32; 2]> {
    let mut longest = passages.to_vec();
    longest.sort_by_key(|&(start, end)| (std::cmp::Reverse(end - start), start));
    longest.truncate(COPIED_MAX);
    longest.sort_unstable();
    let (mut byte, mut character) = (0, 0);
    let mut count = |to: u32| {
        let to = to as usize;
        character += text.get(byte..to).map_or(0, |part| part.chars().count());
        byte = to;
        character as u32
    };
    let longest = longest.into_iter();
    longest
        .map(|(start, end)| [count(start), count(end)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_copied_passage_in_both_texts() {
        let old = "The pier closes today. Divers found “cracked” piles under the deck, she said.";
        let new = "Bad news: divers found \"cracked\" piles under the deck, says the board.";
        let explained = explain(new, old);
        let [passage] = &explained.copied[..] else {
            panic!("{explained:?}")
        };
        assert_eq!(
            &new[passage.new.clone()],
            "divers found \"cracked\" piles under the deck"
        );
        assert_eq!(
            &old[passage.old.clone()],
            "Divers found “cracked” piles under the deck"
        );
        assert!(explained.new_in_old > 0.5 && explained.old_in_new < explained.new_in_old);
    }

    #[test]
    fn finds_nothing_in_nothing() {
        assert_eq!(explain("", "a b c").copied, []);
        assert_eq!(explain("a b c", "").new_in_old, 0.0);
    }
}
