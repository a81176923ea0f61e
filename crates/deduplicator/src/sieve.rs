//! Which sealed segments may hold a key, so that a look-up opens only those: the others' tables
//! stay out of the caches, and of memory where the index is larger than it.
//!
//! A slot for every other key, a bit for each segment: of twenty segments one or two are opened in
//! vain. A sieve never hides anything, so that verdicts are the same with and without.

use crate::segment::scatter;
use std::sync::atomic::{AtomicU32, Ordering};

/// Read by the judge while another thread enters keys: who hears that a segment's keys are all in
/// may rely on its bit.
pub(crate) struct Sieve {
    /// As many as a power of two.
    slots: Vec<AtomicU32>,
}

const SLOTS_MIN: usize = 1 << 12;
/// Keys to a slot: with more, too many segments are opened in vain; with fewer, more memory is
/// spent than that saves.
const KEYS_PER_SLOT: usize = 2;

impl Sieve {
    pub fn new() -> Self {
        Self::of_zeros(SLOTS_MIN)
    }

    fn of_zeros(size: usize) -> Self {
        Self {
            slots: (0..size).map(|_| AtomicU32::new(0)).collect(),
        }
    }

    /// The bits of the segments that may hold this key.
    pub fn bits(&self, key: u32) -> u32 {
        self.slots[self.slot(key)].load(Ordering::Relaxed)
    }

    /// Enters a key of a segment.
    pub fn enter(&self, key: u32, bit: u32) {
        self.slots[self.slot(key)].fetch_or(bit, Ordering::Relaxed);
    }

    /// Takes out all keys of a segment that is gone.
    pub fn clear(&self, bit: u32) {
        for slot in &self.slots {
            slot.fetch_and(!bit, Ordering::Relaxed);
        }
    }

    /// A sieve large enough for so many keys, with all that is in this one.
    pub fn widened(&self, keys: usize) -> Option<Self> {
        let wanted = (keys / KEYS_PER_SLOT).next_power_of_two();
        let times = wanted / self.slots.len();
        (times > 1).then(|| {
            let old = self.slots.iter().map(|slot| slot.load(Ordering::Relaxed));
            let slots = old.flat_map(|bits| (0..times).map(move |_| AtomicU32::new(bits)));
            Self {
                slots: slots.collect(),
            }
        })
    }

    /// The highest bits of the scattered key: twice as many slots split each in two.
    fn slot(&self, key: u32) -> usize {
        (scatter(key) >> (64 - self.slots.len().trailing_zeros())) as usize
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
