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
