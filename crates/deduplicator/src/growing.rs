//! A segment that grows in memory, until it is written to a file.

use crate::entry::Entry;
use crate::segment::{POSTINGS_MAX, Parts, RECORD_LENGTH, Segment, TOUCHED, slot};
use std::ops::Range;

/// A segment that grows.
#[derive(Default)]
pub(crate) struct Growing {
    first: u64,
    pub(crate) parts: Parts<Vec<u32>>,
    /// When its oldest article was seen.
    pub oldest: Option<i64>,
    pub(crate) newest: Option<i64>,
    /// Slots of the table in use.
    pub(crate) used: usize,
}

impl Segment for Growing {
    fn first(&self) -> u64 {
        self.first
    }
    fn count(&self) -> usize {
        self.parts.records.len() / RECORD_LENGTH
    }
    fn records(&self, range: Range<usize>) -> Option<&[u32]> {
        self.parts.records.get(range)
    }
    fn words(&self, range: Range<usize>) -> Option<&[u32]> {
        self.parts.words.get(range)
    }
    fn ids(&self, range: Range<usize>) -> Option<&[u32]> {
        self.parts.ids.get(range)
    }
    fn table(&self, range: Range<usize>) -> Option<&[u32]> {
        self.parts.table.get(range)
    }
    fn table_length(&self) -> usize {
        self.parts.table.len()
    }
    fn touch(&self, key: u32) -> u32 {
        let table = &self.parts.table;
        let at = 2 * slot(key, table.len() / 2);
        let words = TOUCHED.map(|word| table.get(at + word).copied().unwrap_or(0));
        words[0] ^ words[1]
    }
}

impl Growing {
    /// An empty segment that follows this one and expects about as much.
    pub fn next(&self) -> Self {
        let parts = &self.parts;
        Self {
            first: self.first + self.count() as u64,
            parts: Parts {
                records: Vec::with_capacity(parts.records.len()),
                words: Vec::with_capacity(parts.words.len()),
                ids: Vec::with_capacity(parts.ids.len()),
                table: vec![0; parts.table.len()],
            },
            ..Self::default()
        }
    }

    /// An empty segment whose first article has this number.
    pub fn starting_at(first: u64) -> Self {
        Self {
            first,
            ..Self::default()
        }
    }

    /// Makes room for what a log of so many bytes holds: nearly all of it are words, and of a dozen
    /// one is a key.
    pub fn expect(&mut self, bytes: usize) {
        let words = bytes / 4;
        self.parts.words.reserve(words);
        let size = (words / 8).next_power_of_two().max(512);
        if self.used == 0 {
            self.parts.table = vec![0; 2 * size];
        }
    }

    /// Takes the next article. `identity` finds the newest of its articles, each of `keys` the
    /// oldest few.
    pub fn add(&mut self, entry: &Entry, identity: Option<u32>, keys: impl Iterator<Item = u32>) {
        let place = self.count() as u32 + 1;
        let start = self.parts.words.len() as u64;
        self.parts.records.extend(entry.facts.to_words());
        self.parts.records.extend([
            start as u32,
            (start >> 32) as u32,
            entry.words.len() as u32,
            self.parts.ids.len() as u32,
            entry.id.len() as u32,
        ]);
        self.parts.words.extend_from_slice(entry.words);
        for four in entry.id.as_bytes().chunks(4) {
            let mut bytes = [0; 4];
            bytes[..four.len()].copy_from_slice(four);
            self.parts.ids.push(u32::from_le_bytes(bytes));
        }
        self.oldest.get_or_insert(entry.facts.seen);
        self.newest = self.newest.max(Some(entry.facts.seen));
        if let Some(key) = identity
            && let Some(last) = self.insert(key, place)
        {
            self.parts.table[2 * last + 1] = place;
        }
        for key in keys {
            self.insert(key, place);
        }
    }

    /// Puts a posting into the table. Where the key has as many as it may, the slot of the last.
    fn insert(&mut self, key: u32, place: u32) -> Option<usize> {
        if (self.used + 1) * 10 > self.parts.table.len() / 2 * 7 {
            self.widen();
        }
        let size = self.parts.table.len() / 2;
        let mut slot = slot(key, size);
        let mut postings = 0;
        while self.parts.table[2 * slot + 1] != 0 {
            if self.parts.table[2 * slot] == key {
                postings += 1;
                if postings == POSTINGS_MAX {
                    return Some(slot);
                }
            }
            slot = (slot + 1) & (size - 1);
        }
        self.parts.table[2 * slot..2 * slot + 2].copy_from_slice(&[key, place]);
        self.used += 1;
        None
    }

    fn widen(&mut self) {
        let size = (self.parts.table.len() / 2).max(512) * 2;
        let old = std::mem::replace(&mut self.parts.table, vec![0; 2 * size]);
        self.used = 0;
        // Postings of one key keep their order: the walk starts behind an empty slot.
        let pairs = old.as_chunks::<2>().0;
        let start = pairs.iter().position(|&[_, place]| place == 0).unwrap_or(0);
        for &[key, place] in pairs[start..].iter().chain(&pairs[..start]) {
            if place != 0 {
                self.insert(key, place);
            }
        }
    }

    /// Bytes of folded words, which are most of it.
    pub fn bytes(&self) -> usize {
        self.parts.words.len() * 4
    }
}
