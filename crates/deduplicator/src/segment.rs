//! Articles of a stretch of time with the table that finds them, wherever they lie: growing in
//! memory (`growing.rs`), or sealed in a file that never changes (`sealed.rs`).
//!
//! Everything is 32-bit words, in parts: a record of fixed length for each article, folded words,
//! ids (four bytes a word), and the table, which has a key and an article's place plus one in each
//! slot.

use crate::entry::{FACTS_LENGTH, Facts};
use crate::words::Word;
use std::ops::Range;

/// Facts, start (two words) and length of the folded words, start and length of the id.
pub(crate) const RECORD_LENGTH: usize = FACTS_LENGTH + 5;
/// Postings of one key in a segment; what more articles share finds nothing.
pub(crate) const POSTINGS_MAX: usize = 24;

/// The parts of a segment.
#[derive(Default)]
pub(crate) struct Parts<T> {
    pub records: T,
    pub words: T,
    pub ids: T,
    pub table: T,
}

/// A segment to read from. What cannot be read (a damaged block) is none.
pub(crate) trait Segment {
    /// Number of its first article.
    fn first(&self) -> u64;
    /// Articles.
    fn count(&self) -> usize;
    fn records(&self, range: Range<usize>) -> Option<&[u32]>;
    fn words(&self, range: Range<usize>) -> Option<&[u32]>;
    fn ids(&self, range: Range<usize>) -> Option<&[u32]>;
    fn table(&self, range: Range<usize>) -> Option<&[u32]>;
    fn table_length(&self) -> usize;
    /// Fetches the slots where a key's begin, two lines of the cache of them; what is given back is
    /// not checked and means nothing.
    fn touch(&self, key: u32) -> u32;

    fn record(&self, index: usize) -> Option<&[u32]> {
        let start = index.checked_mul(RECORD_LENGTH)?;
        self.records(start..start.checked_add(RECORD_LENGTH)?)
    }

    fn facts(&self, index: usize) -> Option<Facts> {
        Facts::from_words(self.record(index)?)
    }

    fn text(&self, index: usize) -> Option<&[Word]> {
        let record = self.record(index)?;
        let start = usize::try_from(
            u64::from(record[FACTS_LENGTH]) | u64::from(record[FACTS_LENGTH + 1]) << 32,
        )
        .ok()?;
        self.words(start..start.checked_add(record[FACTS_LENGTH + 2] as usize)?)
    }

    fn id(&self, index: usize) -> Option<String> {
        let record = self.record(index)?;
        let (start, length) = (
            record[FACTS_LENGTH + 3] as usize,
            record[FACTS_LENGTH + 4] as usize,
        );
        let words = self.ids(start..start.checked_add(length.div_ceil(4))?)?;
        let bytes: Vec<u8> = words
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .take(length)
            .collect();
        String::from_utf8(bytes).ok()
    }

    /// Calls `take` with the place of each article under this key, first to last, until it says
    /// no.
    fn find(&self, key: u32, mut take: impl FnMut(usize) -> bool)
    where
        Self: Sized,
    {
        let size = self.table_length() / 2;
        if size == 0 {
            return;
        }
        let mut slot = slot(key, size);
        let mut left = size;
        while left > 0 {
            let end = size.min(slot + left.min(SLOTS_READ));
            let Some(slots) = self.table(2 * slot..2 * end) else {
                return;
            };
            for &[found, place] in slots.as_chunks::<2>().0 {
                if place == 0 || found == key && !take(place as usize - 1) {
                    return;
                }
            }
            left -= end - slot;
            slot = end & (size - 1);
        }
    }
}

/// Slots of the table that are read at once.
const SLOTS_READ: usize = 32;
/// Words from a key's first slot that are fetched with it: most runs of slots end there.
pub(crate) const TOUCHED: [usize; 2] = [1, 17];

/// Where a key's slots begin in a table of `size` slots, a power of two or none.
pub(crate) fn slot(key: u32, size: usize) -> usize {
    (scatter(key) >> 20) as usize & size.saturating_sub(1)
}

/// Spreads keys over all bits, the highest best.
pub(crate) fn scatter(key: u32) -> u64 {
    u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
