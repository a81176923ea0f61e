//! The index at scale, on a stream made on the way: `scale DOCS [WORDS [DAYS PER_DAY]]`.
//!
//! DOCS invented articles of about WORDS words (default 110), a third of them copies of one of the
//! last 20,000: cut, with other words here and there, or with furniture around. PER_DAY articles a
//! day are judged with a window of DAYS (default: all in one window) and an index in a temporary
//! folder, made durable every thousand. Prints a row at 10,000, 100,000 … and after each day where
//! there are days: CPU without the making of the stream, time from text to verdict, memory, disk.
//! At the end: how long after it is opened again that index gives its first verdict.

use copydesk_deduplicator::{Config, Document, Judge, prepare};
use copydesk_model::Op;
use cpu_time::{ProcessTime, ThreadTime};
use hdrhistogram::Histogram;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

/// Originals that may be copied.
const RECENT: usize = 20_000;
const BATCH: u64 = 1_000;
const VOCABULARY: u64 = 50_000;

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Result<Vec<u64>, _> = std::env::args().skip(1).map(|text| text.parse()).collect();
    let numbers = numbers?;
    let documents = *numbers
        .first()
        .ok_or("usage: scale DOCS [WORDS [DAYS PER_DAY]]")?;
    let words = numbers.get(1).copied().unwrap_or(110);
    let (days, per_day) = match numbers[..] {
        [_, _, days, per_day] => (days, per_day),
        _ => (30, documents.div_ceil(30)),
    };
    let has_days = numbers.len() == 4;
    let folder = tempfile::tempdir()?;
    let config = Config {
        window: Duration::from_secs(days * 24 * 3600),
        ..Config::default()
    };
    let mut judge = Judge::open(folder.path(), config.clone(), None)?;
    let mut stream = Stream::new(words);
    let mut counts = Counts::default();
    println!(
        "articles  found  lost  articles/CPU s  p50 µs  p99 µs  held  private MiB, B each  mapped MiB  disk MiB"
    );
    for start in (0..documents).step_by(BATCH as usize) {
        let begun = ThreadTime::now();
        let batch: Vec<Made> = (start..start + BATCH)
            .map(|number| stream.next(number))
            .collect();
        counts.making += begun.elapsed();
        for made in &batch {
            let age = made.number as i128 * 24 * 3_600_000_000 / i128::from(per_day);
            let seen = Timestamp::UNIX_EPOCH + SignedDuration::from_micros(i64::try_from(age)?);
            counts.take(made, &mut judge, seen);
        }
        judge.sync()?;
        let done = start + BATCH;
        let is_day = has_days && done % per_day < BATCH;
        if is_day || done.to_string().trim_end_matches('0') == "1" || done >= documents {
            counts.print(done, &judge, folder.path())?;
        }
    }
    let position = judge.sync()?;
    drop(judge);
    let made = stream.next(documents);
    let begun = Instant::now();
    let mut judge = Judge::open(folder.path(), config, Some(position))?;
    let opened = begun.elapsed();
    counts.take(&made, &mut judge, Timestamp::UNIX_EPOCH);
    println!(
        "opened again after {} ms, first verdict after {} ms",
        opened.as_millis(),
        begun.elapsed().as_millis()
    );
    Ok(())
}

/// One article.
struct Made {
    number: u64,
    text: String,
    /// The number of the original.
    copy_of: Option<u64>,
}

/// Articles in an invented language: words are numbers in letters, the low ones frequent.
struct Stream {
    state: u64,
    words: u64,
    recent: VecDeque<(u64, Vec<u32>)>,
}

impl Stream {
    fn new(words: u64) -> Self {
        Self {
            state: 1,
            words,
            recent: VecDeque::new(),
        }
    }

    /// 0 to `end` - 1 (splitmix64).
    fn roll(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % end
    }

    /// As often as its rank is low, like the words of a language.
    fn word(&mut self) -> u32 {
        let share = self.roll(1 << 32) as f64 / (1_u64 << 32) as f64;
        (VOCABULARY as f64).powf(share) as u32
    }

    fn next(&mut self, number: u64) -> Made {
        if self.recent.len() > 100 && self.roll(10) < 3 {
            let place = self.roll(self.recent.len() as u64) as usize;
            let (original, words) = self.recent[place].clone();
            let words = self.edit(words);
            return Made {
                number,
                text: text(&words),
                copy_of: Some(original),
            };
        }
        let length = self.words * 3 / 4 + self.roll(self.words / 2);
        let words: Vec<u32> = (0..length).map(|_| self.word()).collect();
        let text = text(&words);
        self.recent.push_back((number, words));
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        Made {
            number,
            text,
            copy_of: None,
        }
    }

    fn edit(&mut self, mut words: Vec<u32>) -> Vec<u32> {
        match self.roll(3) {
            0 => words.truncate(words.len() * 3 / 5),
            1 => {
                for at in (0..words.len()).rev() {
                    if self.roll(20) == 0 {
                        words[at] = self.word();
                    }
                }
            }
            _ => {
                let around: Vec<u32> = (0..20).map(|_| self.word()).collect();
                words.splice(0..0, around[..8].iter().copied());
                words.extend(&around[8..]);
            }
        }
        words
    }
}

fn text(words: &[u32]) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu",
        "va",
    ];
    let mut text = String::with_capacity(words.len() * 8);
    for (at, &word) in words.iter().enumerate() {
        let mut rest = word;
        while rest > 0 {
            text.push_str(SYLLABLES[(rest & 15) as usize]);
            rest >>= 4;
        }
        text.push_str(if at % 17 == 16 { ".\n\n" } else { " " });
    }
    text
}

struct Counts {
    copies: u64,
    found: u64,
    lost: u64,
    making: Duration,
    times: Histogram<u64>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            copies: 0,
            found: 0,
            lost: 0,
            making: Duration::ZERO,
            times: Histogram::new_with_bounds(1, 60_000_000_000, 2)
                .expect("two digits are possible"),
        }
    }
}

impl Counts {
    fn take(&mut self, made: &Made, judge: &mut Judge, seen: Timestamp) {
        let id = made.number.to_string();
        let document = Document {
            id: &id,
            identity: None,
            title: None,
            text: &made.text,
            language: None,
            seen,
        };
        let begun = Instant::now();
        let verdict = judge.judge(&document, prepare(&document));
        self.times
            .saturating_record(begun.elapsed().as_nanos() as u64);
        self.copies += u64::from(made.copy_of.is_some());
        match (verdict.op, made.copy_of) {
            (Op::Duplicate, Some(_)) => self.found += 1,
            (Op::Duplicate, None) => self.lost += 1,
            _ => {}
        }
    }

    /// Times are those since the row before.
    fn print(&mut self, done: u64, judge: &Judge, folder: &Path) -> Result<(), Box<dyn Error>> {
        let cpu = ProcessTime::now().as_duration().saturating_sub(self.making);
        let status = std::fs::read_to_string("/proc/self/status")?;
        let kilobytes = |name: &str| -> Option<u64> {
            let row = status.lines().find_map(|line| line.strip_prefix(name))?;
            row.trim().strip_suffix(" kB")?.parse().ok()
        };
        let private = kilobytes("RssAnon:").ok_or("no RssAnon")? << 10;
        let mapped = kilobytes("RssFile:").ok_or("no RssFile")? >> 10;
        let files = std::fs::read_dir(folder)?.map(|file| Ok(file?.metadata()?.len()));
        let disk: u64 = files.sum::<std::io::Result<u64>>()?;
        let quantile = |at| self.times.value_at_quantile(at) as f64 / 1e3;
        println!(
            "{done:>8}  {:.4}  {:>4}  {:>14.0}  {:>6.0}  {:>6.0}  {:>8}  {:>11}  {:>6}  {mapped:>10}  {:>8}",
            self.found as f64 / self.copies.max(1) as f64,
            self.lost,
            done as f64 / cpu.as_secs_f64(),
            quantile(0.5),
            quantile(0.99),
            judge.len(),
            private >> 20,
            private / judge.len() as u64,
            disk >> 20,
        );
        self.times.reset();
        Ok(())
    }
}
