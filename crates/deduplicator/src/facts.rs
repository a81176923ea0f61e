//! How much it means that a word stands where the other text has another one.
//!
//! Figures are facts in every script, and names where capitals tell them. Elsewhere any word may
//! be one, unless it is common in what was read before: editors swap common words, forms rare ones.

use crate::words::{DAY, GLYPH, NAME, NUMBER, SOUND, Word, sense};

/// How often words occurred in the articles that were new; a sketch, so that it stays small.
#[derive(Clone)]
pub(crate) struct Frequencies {
    counts: Vec<u32>,
    total: u64,
}

const COUNTERS: usize = 1 << 18;
/// Occurrences below which a word cannot be called common.
const COMMON_MIN: u64 = 25;
/// One word in so many is common.
const COMMON_SHARE: u64 = 50_000;
/// What is left of a common word's weight.
const COMMON_WEIGHT: f32 = 0.15;

impl Frequencies {
    pub fn new() -> Self {
        Self {
            counts: vec![0; COUNTERS],
            total: 0,
        }
    }

    pub fn add(&mut self, words: &[Word]) {
        self.total += words.len() as u64;
        for at in 0..words.len() {
            let count = &mut self.counts[counter(words, at)];
            *count = count.saturating_add(1);
        }
    }

    /// Adds what a segment's new articles had.
    pub fn add_all(&mut self, other: &Self) {
        self.total += other.total;
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*other);
        }
    }

    /// Takes back what a segment's new articles had.
    pub fn remove_all(&mut self, other: &Self) {
        self.total = self.total.saturating_sub(other.total);
        for (count, other) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_sub(*other);
        }
    }

    /// The total in two words, then the counts.
    pub fn to_words(&self) -> Vec<u32> {
        let mut out = Vec::with_capacity(2 + COUNTERS);
        out.extend([self.total as u32, (self.total >> 32) as u32]);
        out.extend_from_slice(&self.counts);
        out
    }

    pub fn from_words(words: &[u32]) -> Option<Self> {
        let ([low, high], counts) = words.split_first_chunk()?;
        let total = u64::from(*low) | u64::from(*high) << 32;
        (counts.len() == COUNTERS).then(|| Self {
            counts: counts.to_vec(),
            total,
        })
    }

    fn is_common(&self, words: &[Word], at: usize) -> bool {
        let count = u64::from(self.counts[counter(words, at)]);
        count >= COMMON_MIN && count * COMMON_SHARE >= self.total
    }
}

/// A character of a script without spaces says little alone: it counts with the next one, or two
/// where it writes a sound.
fn counter(words: &[Word], at: usize) -> usize {
    let following = match words[at] & SOUND {
        SOUND => 2,
        GLYPH => 1,
        _ => 0,
    };
    let end = words.len().min(at + 1 + following);
    let hash = words[at..end].iter().fold(0_u32, |hash, &word| {
        hash.wrapping_mul(0x9e37_79b1).rotate_left(9) ^ sense(word)
    });
    hash as usize % COUNTERS
}

/// A figure for another outweighs the change that a short text is allowed.
const FIGURE_WEIGHT: f32 = 1.2;
/// So does a day for another, but not where a text is of some length: a masthead that prints it a
/// day later may say so.
const DAY_WEIGHT: f32 = 1.0;

/// How a text tells its names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alphabet {
    name: f32,
    word: f32,
    /// What figures count: they are no less sure where more may be changed.
    figure: f32,
    /// Facts changed for each word kept, above which two texts are fillings of one form. On the
    /// development set copies lie below .007 (99 of 100), forms above .03. Where any word may be
    /// a fact, an editor's changes count too.
    pub changed_max: f32,
}

/// Share of words with a capital in an English text full of names; where more have one (German nouns), a
/// capital says less.
const CAPITALS_USUAL: f32 = 0.15;

impl Alphabet {
    pub fn of(words: &[Word]) -> Self {
        let capitals = words.iter().filter(|&&word| word & SOUND == NAME).count();
        let share = capitals as f32 / words.len().max(1) as f32;
        if share < 0.01 {
            Self {
                name: 1.0,
                word: 0.6,
                figure: 2.0,
                changed_max: 0.014,
            }
        } else {
            Self {
                name: (CAPITALS_USUAL / share).min(1.0),
                word: 0.15,
                figure: 1.0,
                changed_max: 0.007,
            }
        }
    }

    /// From 0, a word like any other, to 1, surely a name; figures are surer still.
    pub fn weight(self, words: &[Word], at: usize, frequencies: &Frequencies) -> f32 {
        let word = words[at];
        let certainty = match word & (NUMBER | GLYPH | NAME) {
            DAY => return DAY_WEIGHT * self.figure,
            flags if flags & NUMBER != 0 && flags & GLYPH == 0 => {
                return FIGURE_WEIGHT * self.figure;
            }
            flags if flags & NUMBER != 0 => 0.5,
            SOUND => 0.25,
            flags if flags & GLYPH != 0 => 0.15,
            flags if flags & NAME != 0 => self.name,
            _ => self.word,
        };
        if frequencies.is_common(words, at) {
            certainty * COMMON_WEIGHT
        } else {
            certainty
        }
    }
}
