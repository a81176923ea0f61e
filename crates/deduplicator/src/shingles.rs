//! Word shingles of a text, a table of where they stand, and the few that go into the index.

use crate::words::{GLYPH, Word, sense};

/// Words in a shingle. Three survive edits better than four; alignment takes care of the chance
/// meetings that three bring.
const SHINGLE_WORDS: usize = 3;
/// The same for scripts with a word a character.
const SHINGLE_GLYPHS: usize = 6;
/// Every run of this many shingles gives its smallest hash to the index (winnowing, Schleimer 2003).
const WINDOW: usize = 23;

/// How many words make a shingle of this text.
pub(crate) fn shingle_length(words: &[Word]) -> usize {
    let glyphs = words.iter().filter(|&&word| word & GLYPH != 0).count();
    if glyphs * 2 > words.len() {
        SHINGLE_GLYPHS
    } else {
        SHINGLE_WORDS
    }
}

/// Hash of the shingle that `words` is.
pub(crate) fn shingle(words: &[Word]) -> u32 {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64;
    for &word in words {
        hash = (hash ^ u64::from(sense(word))).wrapping_mul(0xd6e8_feb8_6659_fd93);
        hash ^= hash >> 32;
    }
    hash as u32
}

const NONE: u32 = u32::MAX;
/// So many that nearly all shingles of another text meet an empty slot: which will not is what a
/// processor cannot foresee.
const SLOTS_PER_SHINGLE: usize = 8;

/// Where each shingle of a text stands.
#[derive(Debug, Default)]
pub(crate) struct Shingles {
    /// Words in each.
    pub length: usize,
    /// Hashes in order.
    pub hashes: Vec<u32>,
    heads: Vec<u32>,
    next: Vec<u32>,
}

impl Shingles {
    /// Of a folded text.
    pub fn of(words: &[Word]) -> Self {
        let length = shingle_length(words).min(words.len().max(1));
        let hashes: Vec<u32> = words.windows(length).map(shingle).collect();
        let size = (hashes.len() * SLOTS_PER_SHINGLE).next_power_of_two();
        let mut heads = vec![NONE; size];
        let mut next = vec![NONE; hashes.len()];
        for (place, &hash) in hashes.iter().enumerate().rev() {
            let slot = hash as usize & (size - 1);
            next[place] = heads[slot];
            heads[slot] = place as u32;
        }
        Self {
            length,
            hashes,
            heads,
            next,
        }
    }

    /// Places of a shingle, first to last.
    pub fn places(&self, hash: u32) -> impl Iterator<Item = usize> {
        let mut at = if self.heads.is_empty() {
            NONE
        } else {
            self.heads[hash as usize & (self.heads.len() - 1)]
        };
        std::iter::from_fn(move || {
            while at != NONE {
                let place = at as usize;
                at = self.next[place];
                if self.hashes[place] == hash {
                    return Some(place);
                }
            }
            None
        })
    }

    /// The shingles for the index, each once, in order of place.
    pub fn fingerprints(&self) -> Vec<u32> {
        let mut out: Vec<u32> = Vec::with_capacity(self.hashes.len() / 8 + 4);
        let mut smallest = usize::MAX;
        // A short text gives more of its shingles than one window would.
        let window = WINDOW.min(self.hashes.len() / 6 + 1);
        for end in window..=self.hashes.len() {
            let start = end - window;
            if smallest == usize::MAX || smallest < start {
                smallest = (start..end)
                    .rev()
                    .min_by_key(|&at| scramble(self.hashes[at]))
                    .unwrap_or(start);
            } else if scramble(self.hashes[end - 1]) < scramble(self.hashes[smallest]) {
                smallest = end - 1;
            } else {
                continue;
            }
            out.push(self.hashes[smallest]);
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// Another order of the hashes than the table's.
fn scramble(hash: u32) -> u32 {
    let mixed = hash.wrapping_mul(0x85eb_ca6b);
    mixed ^ mixed >> 15
}
