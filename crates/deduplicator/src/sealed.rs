//! A segment in a file, which is read through a map and never changes.
//!
//! A file is 32-bit little-endian words: a header of `HEADER_LENGTH`, records, folded words, ids,
//! the table, how often the words of its new articles occurred, and last the checksum of each
//! block. A block is checked when it is first read, so that opening costs nothing.

use crate::Error;
use crate::facts::Frequencies;
use crate::folder::{damaged, of_other_format};
use crate::growing::Growing;
use crate::map::Map;
use crate::segment::{Parts, RECORD_LENGTH, Segment, TOUCHED, slot};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};
use zerocopy::IntoBytes;

/// "cdsk" and the format, which changes with that of the log.
const MAGIC: [u32; 2] = [0x6b73_6463, 5];
const HEADER_LENGTH: usize = 24;
/// Words under one checksum: 64 KiB.
const BLOCK_LENGTH: usize = 1 << 14;

/// A segment that is sealed. Shared between the judge and the thread that checks it.
pub(crate) struct Sealed {
    map: Map,
    path: PathBuf,
    history: u64,
    first: u64,
    newest: i64,
    used: usize,
    count: usize,
    parts: Parts<Range<usize>>,
    frequencies: Range<usize>,
    sums: Range<usize>,
    /// A bit for each block that is known to be whole.
    checked: Vec<AtomicU64>,
    /// The first damaged block found, plus one.
    damaged: AtomicUsize,
}

/// Writes a segment. `history` says which index it belongs to, `frequencies` are those of its own
/// new articles.
pub(crate) fn write(
    file: &File,
    history: u64,
    growing: &Growing,
    frequencies: &Frequencies,
) -> std::io::Result<()> {
    let mut header = [0_u32; HEADER_LENGTH];
    header[..2].copy_from_slice(&MAGIC);
    let newest = growing.newest.unwrap_or(i64::MIN).cast_unsigned();
    let frequencies = frequencies.to_words();
    let parts = [
        &growing.parts.records,
        &growing.parts.words,
        &growing.parts.ids,
        &growing.parts.table,
        &frequencies,
    ];
    let lengths = parts.iter().map(|part| part.len() as u64);
    let longs = [history, growing.first(), newest, growing.used as u64]
        .into_iter()
        .chain(lengths);
    for (at, long) in longs.enumerate() {
        header[2 + 2 * at] = long as u32;
        header[3 + 2 * at] = (long >> 32) as u32;
    }
    let sum = xxh3_64(header[..HEADER_LENGTH - 2].as_bytes());
    header[HEADER_LENGTH - 2..].copy_from_slice(&[sum as u32, (sum >> 32) as u32]);
    let mut out = Blocks {
        out: BufWriter::with_capacity(1 << 18, file),
        sum: Xxh3Default::new(),
        length: 0,
        sums: Vec::new(),
    };
    out.put(&header)?;
    for part in parts {
        out.put(part)?;
    }
    out.finish()
}

/// Writes words and the checksum of each block of them.
struct Blocks<'a> {
    out: BufWriter<&'a File>,
    sum: Xxh3Default,
    length: usize,
    sums: Vec<u32>,
}

impl Blocks<'_> {
    fn put(&mut self, mut words: &[u32]) -> std::io::Result<()> {
        while !words.is_empty() {
            let (now, later) = words.split_at(words.len().min(BLOCK_LENGTH - self.length));
            self.out.write_all(now.as_bytes())?;
            self.sum.update(now.as_bytes());
            self.length += now.len();
            if self.length == BLOCK_LENGTH {
                self.close_block();
            }
            words = later;
        }
        Ok(())
    }

    fn close_block(&mut self) {
        let sum = self.sum.digest();
        self.sums.extend([sum as u32, (sum >> 32) as u32]);
        self.sum.reset();
        self.length = 0;
    }

    fn finish(mut self) -> std::io::Result<()> {
        if self.length > 0 {
            self.close_block();
        }
        self.out.write_all(self.sums.as_bytes())?;
        self.out.flush()
    }
}

impl Sealed {
    /// Maps a file and checks its header and sizes.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|source| Error::Io {
            action: "opening",
            path: path.to_owned(),
            source,
        })?;
        Self::of(&file, path)
    }

    /// The same for a file that is open already.
    pub fn of(file: &File, path: &Path) -> Result<Self, Error> {
        let damaged = |what: &str| damaged(path, what);
        if cfg!(target_endian = "big") {
            return Err(damaged("segments are little-endian, this machine is not"));
        }
        let map = Map::of(file).map_err(|source| Error::Io {
            action: "mapping",
            path: path.to_owned(),
            source,
        })?;
        let header = map
            .words()
            .get(..HEADER_LENGTH)
            .ok_or_else(|| damaged("no segment, too short"))?;
        if header[0] != MAGIC[0] {
            return Err(damaged("no segment of articles"));
        }
        if header[1] != MAGIC[1] {
            return Err(of_other_format(path));
        }
        let long = |at: usize| u64::from(header[2 + 2 * at]) | u64::from(header[3 + 2 * at]) << 32;
        let sum = xxh3_64(header[..HEADER_LENGTH - 2].as_bytes());
        if header[HEADER_LENGTH - 2..] != [sum as u32, (sum >> 32) as u32] {
            return Err(damaged("the header is damaged"));
        }
        let mut end = HEADER_LENGTH;
        let mut part = |at: usize| {
            let start = end;
            end = end.saturating_add(usize::try_from(long(at)).unwrap_or(usize::MAX));
            start..end
        };
        let parts = Parts {
            records: part(4),
            words: part(5),
            ids: part(6),
            table: part(7),
        };
        let frequencies = part(8);
        let sums = end..end.saturating_add(end.div_ceil(BLOCK_LENGTH).saturating_mul(2));
        if sums.end != map.words().len()
            || !(parts.table.len() / 2).is_power_of_two() && !parts.table.is_empty()
        {
            return Err(damaged("the file is cut short or longer than it says"));
        }
        Ok(Self {
            history: long(0),
            first: long(1),
            newest: long(2).cast_signed(),
            used: long(3) as usize,
            count: parts.records.len() / RECORD_LENGTH,
            path: path.to_owned(),
            checked: (0..end.div_ceil(BLOCK_LENGTH).div_ceil(64))
                .map(|_| AtomicU64::new(0))
                .collect(),
            damaged: AtomicUsize::new(0),
            map,
            parts,
            frequencies,
            sums,
        })
    }

    /// The index that it belongs to.
    pub fn history(&self) -> u64 {
        self.history
    }

    /// When the last of its articles was seen, microseconds.
    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// Keys in the table.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Bytes of folded words.
    pub fn text_bytes(&self) -> usize {
        self.parts.words.len() * 4
    }

    /// How often the words of its new articles occurred.
    pub fn frequencies(&self) -> Option<Frequencies> {
        Frequencies::from_words(self.read(&self.frequencies, 0..self.frequencies.len())?)
    }

    /// The keys of all postings, a block at a time; none where the block is damaged.
    pub fn keys(&self) -> impl Iterator<Item = Option<impl Iterator<Item = u32>>> {
        let length = self.parts.table.len();
        (0..length).step_by(BLOCK_LENGTH).map(move |start| {
            let block = self.table(start..length.min(start + BLOCK_LENGTH))?;
            let pairs = block.as_chunks::<2>().0.iter();
            Some(pairs.filter(|&&[_, place]| place != 0).map(|&[key, _]| key))
        })
    }

    /// Checks the next blocks that nobody has read yet; false when all are done or one is damaged.
    pub fn check_blocks(&self) -> impl Iterator<Item = bool> {
        (0..self.sums.start.div_ceil(BLOCK_LENGTH))
            .map(|block| self.is_checked(block) || self.check(block).is_some())
    }

    /// What is wrong with it, if anything that was read so far is.
    pub fn damage(&self) -> Option<Error> {
        let block = self.damaged.load(Ordering::Relaxed).checked_sub(1)?;
        let what = format!("the block at byte {} is damaged", block * BLOCK_LENGTH * 4);
        Some(damaged(&self.path, &what))
    }

    /// Words of a part, once their blocks are known to be whole.
    fn read(&self, part: &Range<usize>, range: Range<usize>) -> Option<&[u32]> {
        let start = part.start.checked_add(range.start)?;
        let end = part.start.checked_add(range.end)?;
        if start > end || end > part.end {
            return None;
        }
        for block in start / BLOCK_LENGTH..end.div_ceil(BLOCK_LENGTH) {
            if !self.is_checked(block) {
                self.check(block)?;
            }
        }
        self.map.words().get(start..end)
    }

    fn is_checked(&self, block: usize) -> bool {
        self.checked[block / 64].load(Ordering::Relaxed) & 1 << (block % 64) != 0
    }

    #[cold]
    fn check(&self, block: usize) -> Option<()> {
        let words = self.map.words();
        let end = ((block + 1) * BLOCK_LENGTH).min(self.sums.start);
        let sum = xxh3_64(words[block * BLOCK_LENGTH..end].as_bytes());
        if words[self.sums.start + 2 * block..][..2] != [sum as u32, (sum >> 32) as u32] {
            // Which of two threads finds it first makes no difference.
            let _ =
                self.damaged
                    .compare_exchange(0, block + 1, Ordering::Relaxed, Ordering::Relaxed);
            return None;
        }
        self.checked[block / 64].fetch_or(1 << (block % 64), Ordering::Relaxed);
        Some(())
    }
}

impl Segment for Sealed {
    fn first(&self) -> u64 {
        self.first
    }
    fn count(&self) -> usize {
        self.count
    }
    fn records(&self, range: Range<usize>) -> Option<&[u32]> {
        self.read(&self.parts.records, range)
    }
    fn words(&self, range: Range<usize>) -> Option<&[u32]> {
        self.read(&self.parts.words, range)
    }
    fn ids(&self, range: Range<usize>) -> Option<&[u32]> {
        self.read(&self.parts.ids, range)
    }
    fn table(&self, range: Range<usize>) -> Option<&[u32]> {
        self.read(&self.parts.table, range)
    }
    fn table_length(&self) -> usize {
        self.parts.table.len()
    }
    fn touch(&self, key: u32) -> u32 {
        let table = &self.parts.table;
        let at = table.start + 2 * slot(key, table.len() / 2);
        let words = TOUCHED.map(|word| self.map.words().get(at + word).copied().unwrap_or(0));
        words[0] ^ words[1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Entry, Facts};
    use proptest::prelude::*;

    /// The 32-bit words of a file with forty articles.
    fn file() -> Vec<u32> {
        let mut growing = Growing::starting_at(7);
        for number in 0..40_u64 {
            let facts = Facts {
                cluster: number,
                is_source: true,
                ..Facts::default()
            };
            let words: Vec<u32> = (0..50 + number as u32).collect();
            let id = "x".repeat(number as usize);
            let entry = Entry {
                id: &id,
                facts,
                words: &words,
                fingerprints: &[],
            };
            growing.add(&entry, Some(number as u32), 3..9);
        }
        let file = tempfile::NamedTempFile::new().expect("a file");
        write(file.as_file(), 5, &growing, &Frequencies::new()).expect("writes");
        let bytes = std::fs::read(file.path()).expect("reads");
        let fours = bytes.as_chunks().0.iter();
        fours.map(|four| u32::from_le_bytes(*four)).collect()
    }

    /// Reads all that can be asked for, and more.
    fn read_all(words: &[u32], cut: usize) -> Result<(), Error> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let mut bytes = words.as_bytes().to_vec();
        bytes.truncate(bytes.len() - cut);
        std::fs::write(file.path(), bytes).expect("writes");
        let segment = Sealed::open(file.path())?;
        for place in 0..segment.count().min(100) + 2 {
            let _ = (segment.facts(place), segment.text(place), segment.id(place));
        }
        for key in 0..50 {
            segment.touch(key);
            segment.find(key, |place| segment.facts(place).is_some());
        }
        let keys = segment.keys().flatten().flatten().count();
        assert!(keys <= words.len());
        let _ = segment.frequencies();
        let _ = segment.check_blocks().all(|is_whole| is_whole);
        segment.damage().map_or(Ok(()), Err)
    }

    fn is_damaged(result: Result<(), Error>) -> bool {
        matches!(result, Err(Error::Damaged { .. }))
    }

    /// Makes the checksums right, as in a file that was written so.
    fn sign(words: &mut [u32]) {
        let sum = xxh3_64(words[..HEADER_LENGTH - 2].as_bytes());
        words[HEADER_LENGTH - 2..HEADER_LENGTH].copy_from_slice(&[sum as u32, (sum >> 32) as u32]);
        let blocks =
            (0..).find(|blocks| (words.len() - 2 * blocks).div_ceil(BLOCK_LENGTH) == *blocks);
        let blocks = blocks.expect("a file has a sum for each block");
        let (parts, sums) = words.split_at_mut(words.len() - 2 * blocks);
        for (block, sum) in parts.chunks(BLOCK_LENGTH).zip(sums.as_chunks_mut::<2>().0) {
            let now = xxh3_64(block.as_bytes());
            *sum = [now as u32, (now >> 32) as u32];
        }
    }

    #[test]
    fn reads_what_it_wrote() {
        assert!(read_all(&file(), 0).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn finds_every_change(at: proptest::sample::Index, change in 1_u32.., cut in 1_usize..999) {
            let mut words = file();
            prop_assert!(is_damaged(read_all(&words, cut)));
            let at = at.index(words.len());
            words[at] ^= change;
            prop_assert!(is_damaged(read_all(&words, 0)));
        }

        /// Whatever a file says of itself, with checksums that are right.
        #[test]
        fn reads_nothing_out_of_bounds(
            changes: Vec<(proptest::sample::Index, u32)>,
            (from, to, shift) in (4_usize..9, 4_usize..9, any::<u32>()),
        ) {
            let mut words = file();
            let lengths = |part: usize| 2 + 2 * part;
            let records = HEADER_LENGTH + 40 * RECORD_LENGTH;
            for (at, value) in changes {
                // Most of the file is counts: the records and the header tell where to look.
                let at = 2 + at.index(records - 2);
                words[at] = value;
            }
            let whole = file();
            words[lengths(4)..lengths(9)].copy_from_slice(&whole[lengths(4)..lengths(9)]);
            // One part longer at the cost of another.
            let shift = shift % (words[lengths(from)] + 1);
            words[lengths(from)] -= shift;
            words[lengths(to)] += shift;
            sign(&mut words);
            let _ = read_all(&words, 0);
        }
    }
}
