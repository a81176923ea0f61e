//! Articles of a stretch of time with the table that finds them: growing in memory, then sealed
//! in a file that never changes and is read through a map.
//!
//! A file is 32-bit little-endian words: a header of `HEADER_LENGTH`, records, folded words, ids
//! (four bytes a word), the table, the frequencies at the time of sealing, and last the checksum
//! of each block. A block is checked when it is first read, so that opening costs nothing.

use crate::Error;
use crate::entry::{Entry, FACTS_LENGTH, Facts};
use crate::facts::Frequencies;
use crate::log::ADVICE;
use crate::map::Map;
use crate::words::Word;
use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

/// "cdsk" and the version.
const MAGIC: [u32; 2] = [0x6b73_6463, 2];
const HEADER_LENGTH: usize = 24;
/// Facts, start (two words) and length of the folded words, start and length of the id.
const RECORD_LENGTH: usize = FACTS_LENGTH + 5;
const BLOCK_LENGTH: usize = 1 << 14;
/// Postings of one fingerprint in a segment; what more articles share finds nothing.
pub(crate) const POSTINGS_MAX: usize = 24;

/// The parts of a segment wherever they lie.
#[derive(Default)]
struct Parts<T> {
    records: T,
    words: T,
    ids: T,
    table: T,
}

/// A segment that grows.
#[derive(Default)]
pub(crate) struct Growing {
    /// Number of its first article.
    pub first: u64,
    parts: Parts<Vec<u32>>,
    /// Of its articles.
    pub oldest: Option<i64>,
    newest: Option<i64>,
    used: usize,
}

/// One that is sealed.
pub(crate) struct Sealed {
    map: Map,
    path: PathBuf,
    first: u64,
    count: usize,
    newest: i64,
    oldest_number: u64,
    parts: Parts<Range<usize>>,
    frequencies: Range<usize>,
    sums: Range<usize>,
    checked: RefCell<Vec<u64>>,
    damaged: Cell<Option<usize>>,
}

/// Either, to read from.
pub(crate) trait Segment {
    fn first(&self) -> u64;
    fn count(&self) -> usize;
    fn records(&self, range: Range<usize>) -> Option<&[u32]>;
    fn words(&self, range: Range<usize>) -> Option<&[u32]>;
    fn ids(&self, range: Range<usize>) -> Option<&[u32]>;
    fn table(&self, range: Range<usize>) -> Option<&[u32]>;
    fn table_length(&self) -> usize;

    fn record(&self, index: usize) -> Option<&[u32]> {
        let start = index.checked_mul(RECORD_LENGTH)?;
        self.records(start..start + RECORD_LENGTH)
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
        let words = self.ids(start..start + length.div_ceil(4))?;
        let bytes: Vec<u8> = words
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .take(length)
            .collect();
        String::from_utf8(bytes).ok()
    }

    /// Calls `take` with the index of each article under this key, first to last, until it says
    /// no.
    fn find(&self, key: u32, mut take: impl FnMut(usize) -> bool) {
        let size = self.table_length() / 2;
        if size == 0 {
            return;
        }
        let mut slot = place(key) & (size - 1);
        for _ in 0..size {
            match self.table(2 * slot..2 * slot + 2) {
                Some(&[_, 0]) | None => return,
                Some(&[found, index]) if found == key && !take(index as usize - 1) => return,
                Some(_) => slot = (slot + 1) & (size - 1),
            }
        }
    }
}

fn place(key: u32) -> usize {
    (u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) as usize
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
}

impl Growing {
    /// Takes the next article. `keys` find it.
    pub fn add(&mut self, entry: &Entry, keys: impl Iterator<Item = u32>) {
        let index = self.count() as u32;
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
        for key in keys {
            self.insert(key, index + 1);
        }
    }

    fn insert(&mut self, key: u32, value: u32) {
        if (self.used + 1) * 10 > self.parts.table.len() / 2 * 7 {
            let size = (self.parts.table.len() / 2).max(512) * 2;
            let old = std::mem::replace(&mut self.parts.table, vec![0; 2 * size]);
            self.used = 0;
            // Postings of one key keep their order: the walk starts behind an empty slot.
            let pairs = old.as_chunks::<2>().0;
            let start = pairs.iter().position(|&[_, value]| value == 0).unwrap_or(0);
            for &[key, value] in pairs[start..].iter().chain(&pairs[..start]) {
                if value != 0 {
                    self.insert(key, value);
                }
            }
        }
        let size = self.parts.table.len() / 2;
        let mut slot = place(key) & (size - 1);
        let mut postings = 0;
        while self.parts.table[2 * slot + 1] != 0 {
            postings += usize::from(self.parts.table[2 * slot] == key);
            if postings == POSTINGS_MAX {
                return;
            }
            slot = (slot + 1) & (size - 1);
        }
        self.parts.table[2 * slot] = key;
        self.parts.table[2 * slot + 1] = value;
        self.used += 1;
    }

    /// Bytes of folded words, which are most of it.
    pub fn bytes(&self) -> usize {
        self.parts.words.len() * 4
    }

    /// Writes it to a file. `oldest_number` is the number of the oldest segment still in use.
    pub fn write(
        &self,
        path: &Path,
        frequencies: &Frequencies,
        oldest_number: u64,
    ) -> std::io::Result<()> {
        let mut header = [0_u32; HEADER_LENGTH];
        header[..2].copy_from_slice(&MAGIC);
        let newest = self.newest.unwrap_or(i64::MIN).cast_unsigned();
        let frequencies = frequencies.to_words();
        let parts = [
            &self.parts.records,
            &self.parts.words,
            &self.parts.ids,
            &self.parts.table,
            &frequencies,
        ];
        let lengths = parts.iter().map(|part| part.len() as u64);
        let longs = [self.first, newest, oldest_number]
            .into_iter()
            .chain(lengths);
        for (at, long) in longs.enumerate() {
            header[2 + 2 * at] = long as u32;
            header[3 + 2 * at] = (long >> 32) as u32;
        }
        let sum = xxh3_64(&bytes_of(&header[..HEADER_LENGTH - 2]));
        header[HEADER_LENGTH - 2..].copy_from_slice(&[sum as u32, (sum >> 32) as u32]);
        let mut out = Blocks {
            out: BufWriter::with_capacity(1 << 20, File::create(path)?),
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
}

/// Writes words and the checksum of each block of them.
struct Blocks {
    out: BufWriter<File>,
    sum: Xxh3Default,
    length: usize,
    sums: Vec<u32>,
}

impl Blocks {
    fn put(&mut self, mut words: &[u32]) -> std::io::Result<()> {
        while !words.is_empty() {
            let (now, later) = words.split_at(words.len().min(BLOCK_LENGTH - self.length));
            let bytes = bytes_of(now);
            self.out.write_all(&bytes)?;
            self.sum.update(&bytes);
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
        self.out.write_all(&bytes_of(&self.sums))?;
        self.out.into_inner()?.sync_all()
    }
}

fn bytes_of(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

impl Sealed {
    /// Maps a file and checks its header and sizes.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let io = |source| Error::Io {
            action: "opening",
            path: path.to_owned(),
            source,
        };
        let damaged = |what: &str| Error::Damaged {
            path: path.to_owned(),
            what: format!("{what}; {ADVICE}"),
        };
        if cfg!(target_endian = "big") {
            return Err(damaged("segments are little-endian, this machine is not"));
        }
        let map = Map::of(&File::open(path).map_err(io)?).map_err(io)?;
        let header = map
            .words()
            .get(..HEADER_LENGTH)
            .ok_or_else(|| damaged("no segment, too short"))?;
        if header[..2] != MAGIC {
            return Err(damaged("no segment of this version"));
        }
        let long = |at: usize| u64::from(header[2 + 2 * at]) | u64::from(header[3 + 2 * at]) << 32;
        let sum = xxh3_64(&bytes_of(&header[..HEADER_LENGTH - 2]));
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
            records: part(3),
            words: part(4),
            ids: part(5),
            table: part(6),
        };
        let frequencies = part(7);
        let sums = end..end.saturating_add(end.div_ceil(BLOCK_LENGTH).saturating_mul(2));
        if sums.end != map.words().len()
            || !(parts.table.len() / 2).is_power_of_two() && !parts.table.is_empty()
        {
            return Err(damaged("the file is cut short or longer than it says"));
        }
        Ok(Self {
            first: long(0),
            newest: long(1).cast_signed(),
            oldest_number: long(2),
            count: parts.records.len() / RECORD_LENGTH,
            path: path.to_owned(),
            checked: RefCell::new(vec![0; end.div_ceil(BLOCK_LENGTH).div_ceil(64)]),
            damaged: Cell::new(None),
            map,
            parts,
            frequencies,
            sums,
        })
    }

    /// Seen last of all its articles, microseconds.
    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// The oldest segment that was in use when this one was sealed.
    pub fn oldest_number(&self) -> u64 {
        self.oldest_number
    }

    /// Bytes of folded words.
    pub fn text_bytes(&self) -> usize {
        self.parts.words.len() * 4
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn frequencies(&self) -> Option<Frequencies> {
        Frequencies::from_words(self.read(&self.frequencies, 0..self.frequencies.len())?)
    }

    /// What is wrong with it, if anything that was read so far is.
    pub fn damage(&self) -> Option<Error> {
        let block = self.damaged.get()?;
        let what = format!(
            "the block at byte {} is damaged; {ADVICE}",
            block * BLOCK_LENGTH * 4
        );
        Some(Error::Damaged {
            path: self.path.clone(),
            what,
        })
    }

    /// Words of a part, once their blocks are known to be whole.
    fn read(&self, part: &Range<usize>, range: Range<usize>) -> Option<&[u32]> {
        let start = part.start.checked_add(range.start)?;
        let end = part.start.checked_add(range.end)?;
        if start > end || end > part.end {
            return None;
        }
        for block in start / BLOCK_LENGTH..end.div_ceil(BLOCK_LENGTH) {
            if self.checked.borrow()[block / 64] & 1 << (block % 64) == 0 {
                self.check(block)?;
            }
        }
        self.map.words().get(start..end)
    }

    #[cold]
    fn check(&self, block: usize) -> Option<()> {
        let words = self.map.words();
        let end = ((block + 1) * BLOCK_LENGTH).min(self.sums.start);
        let sum = xxh3_64(&bytes_of(&words[block * BLOCK_LENGTH..end]));
        if words[self.sums.start + 2 * block..][..2] != [sum as u32, (sum >> 32) as u32] {
            self.damaged.set(self.damaged.get().or(Some(block)));
            return None;
        }
        self.checked.borrow_mut()[block / 64] |= 1 << (block % 64);
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
}
