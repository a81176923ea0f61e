//! Which sealed segments may hold a key, so that a look-up opens only those: the others' tables
//! stay out of the caches, and of memory where the index is larger than it.
//!
//! A slot for every other key, a bit for each segment. A key has its bit in three slots of one line
//! of the cache (a blocked Bloom filter; Putze, Sanders and Singler, "Cache-, hash- and
//! space-efficient Bloom filters", 2009): of twenty segments one is opened in vain for every second
//! or third key. A sieve never hides anything, so that verdicts are the same with and without.

use crate::segment::scatter;
use std::sync::atomic::{AtomicU32, Ordering};

/// Read by the judge while another thread enters keys: who hears that a segment's keys are all in
/// may rely on its bit.
pub(crate) struct Sieve {
    /// As many as a power of two.
    lines: Vec<Line>,
}

/// A line of the cache.
#[repr(align(64))]
struct Line([AtomicU32; LINE_SLOTS]);

const LINE_SLOTS: usize = 16;
const LINES_MIN: usize = 1 << 8;
/// Keys to a slot: with more, too many segments are opened in vain; with fewer, more memory is
/// spent than that saves.
const KEYS_PER_SLOT: usize = 2;
/// Bits of a key's hash that name its slots in a line, four for each.
const SLOT_SHIFTS: [u32; 3] = [0, 4, 8];

impl Sieve {
    pub fn new() -> Self {
        let empty = || Line(std::array::from_fn(|_| AtomicU32::new(0)));
        Self {
            lines: std::iter::repeat_with(empty).take(LINES_MIN).collect(),
        }
    }

    /// The bits of the segments that may hold this key.
    pub fn bits(&self, key: u32) -> u32 {
        let slots = self.slots(key).map(|slot| slot.load(Ordering::Relaxed));
        slots.fold(u32::MAX, |all, bits| all & bits)
    }

    /// Enters a key of a segment.
    pub fn enter(&self, key: u32, bit: u32) {
        for slot in self.slots(key) {
            slot.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Takes out all keys of a segment that is gone.
    pub fn clear(&self, bit: u32) {
        for slot in self.lines.iter().flat_map(|line| &line.0) {
            slot.fetch_and(!bit, Ordering::Relaxed);
        }
    }

    /// A sieve large enough for so many keys, with all that is in this one.
    pub fn widened(&self, keys: usize) -> Option<Self> {
        let wanted = (keys / KEYS_PER_SLOT / LINE_SLOTS).next_power_of_two();
        let times = wanted / self.lines.len();
        let copy = |line: &Line| {
            let bits = |slot: usize| line.0[slot].load(Ordering::Relaxed);
            Line(std::array::from_fn(|slot| AtomicU32::new(bits(slot))))
        };
        (times > 1).then(|| {
            let lines = self.lines.iter();
            let lines = lines.flat_map(|line| (0..times).map(move |_| copy(line)));
            Self {
                lines: lines.collect(),
            }
        })
    }

    /// Where a key has its bit. The highest bits of its hash name the line: twice as many lines
    /// split each in two.
    fn slots(&self, key: u32) -> impl Iterator<Item = &AtomicU32> {
        let hash = scatter(key);
        let line = hash >> (64 - self.lines.len().trailing_zeros());
        let line = &self.lines[line as usize];
        let slots = SLOT_SHIFTS.iter();
        slots.map(move |shift| &line.0[(hash >> shift) as usize % LINE_SLOTS])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hides_no_key_however_it_is_widened_and_cleared(
            early: Vec<u32>, late: Vec<u32>, keys in 0_usize..100_000,
        ) {
            let sieve = Sieve::new();
            early.iter().for_each(|&key| sieve.enter(key, 1));
            late.iter().for_each(|&key| sieve.enter(key, 2));
            let sieve = sieve.widened(keys).unwrap_or(sieve);
            prop_assert!(early.iter().all(|&key| sieve.bits(key) & 1 != 0));
            sieve.clear(1);
            prop_assert!(early.iter().all(|&key| sieve.bits(key) & 1 == 0));
            prop_assert!(late.iter().all(|&key| sieve.bits(key) & 2 != 0));
        }
    }
}
