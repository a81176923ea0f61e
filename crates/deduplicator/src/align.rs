//! What two texts have in common, run by run, and what stands between the runs.

use crate::facts::{Alphabet, Frequencies};
use crate::shingles::{Shingles, shingle};
use crate::words::{DAY, GLYPH, NAME, NUMBER, SOUND, Word, is_like, sense};
use std::ops::Range;

/// The same words in both texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// First word in the new text.
    pub new: u32,
    /// First word in the old text.
    pub old: u32,
    /// Words.
    pub length: u32,
}

impl Run {
    fn new_end(&self) -> usize {
        (self.new + self.length) as usize
    }
    fn old_end(&self) -> usize {
        (self.old + self.length) as usize
    }
}

/// Words of the new text that stand between two runs where the old text has others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Change {
    /// First of them.
    pub new: u32,
    /// After the last one.
    pub new_end: u32,
    /// Hash of the words of the old text.
    pub old: u32,
    /// They open or end the text.
    pub is_open: bool,
}

/// How a new text X and an old text Y compare.
#[derive(Debug, Clone, Default)]
pub(crate) struct Comparison {
    /// Runs in order of the new text.
    pub runs: Vec<Run>,
    /// What is changed between them, in order.
    pub changes: Vec<Change>,
    /// Words of X that stand in Y.
    pub matched: usize,
    /// Share of X that stands in Y.
    pub new_in_old: f32,
    /// Share of Y that stands in X.
    pub old_in_new: f32,
    /// Share of Y's first words that stand in X.
    pub lead: f32,
    /// Facts in whose place the other text has others, each by how sure it is one.
    pub facts_changed: f32,
    /// How many may be, for a copy.
    pub facts_changed_max: f32,
    /// The same of the stretch that has most of them.
    pub facts_close: f32,
    /// How many a stretch may have, where it has them all.
    pub facts_close_max: f32,
    /// Words that both have, a character of a script without spaces as part of one.
    pub words_kept: f32,
    /// Words in whose place the other text has others.
    pub words_changed: usize,
    /// Words of X that stand where Y has others, in gaps of any length and at the head.
    pub rivalled: usize,
    /// Words of X after its last run.
    pub tail: usize,
    /// Words of X before its first run, and of Y.
    pub heads: (usize, usize),
}

impl Comparison {
    /// Words of X that open Y.
    pub fn opening(&self) -> impl Iterator<Item = Range<u32>> {
        let opening = |run: &Run| run.new..run.new + run.length.min(LEAD_WORDS as u32 - run.old);
        let opens = |run: &&Run| (run.old as usize) < LEAD_WORDS;
        self.runs.iter().filter(opens).map(opening)
    }
}

/// Words of the old text whose presence says that its lead was kept.
const LEAD_WORDS: usize = 40;
/// A gap with more words than this on a side is other text, not an edit.
const GAP_WORDS_MAX: usize = 48;
/// Facts that may be changed in the shortest text.
const FACTS_CHANGED_ALWAYS: f32 = 0.8;
/// A form says its facts close together, however much of what it always says follows: in a stretch
/// of so many shingles' length no more may be changed than in a text of `CLOSE_FACTS_WORDS`.
const STRETCH_SHINGLES: usize = 33;
/// So many that one change, `WEIGHT_MAX` at the most, does not decide.
const CLOSE_FACTS_WORDS: f32 = 220.0;
/// A gap with more than this on a side is no fact for a fact.
const FACT_SHINGLES_MAX: usize = 3;
/// Words that one gap of a form may hold.
const CHANGE_WORDS_MAX: usize = 24;
/// Words that may open or end a text and still be held against each other.
const OPEN_WORDS_MAX: usize = 3;
/// One word in so many must be common to two openings, or endings, that are to be compared.
const OPEN_COMMON: usize = 4;
/// Places of one shingle that are tried.
const PLACES_MAX: usize = 8;

/// Words in the place of as few stand for them, also where the other text has them elsewhere: forms
/// say the same names in other gaps. A new word for one that both have is a misreading of it.
const SWAP_WORDS_MAX: usize = 1;
/// What a change between two runs counts at the most, however many words it has.
const WEIGHT_MAX: f32 = 1.5;
/// What is left of a fact's weight where the other text has it in another spelling.
const LIKE_WEIGHT: f32 = 0.05;
/// Words to a character of Chinese or Japanese, and of Thai with its signs.
const WORDS_PER_GLYPH: f32 = 0.6;
const WORDS_PER_SOUND: f32 = 0.35;

#[derive(Clone, Copy)]
struct Weights<'a> {
    alphabet: Alphabet,
    frequencies: &'a Frequencies,
    fact_words_max: usize,
}

/// Which words a text has: a bit for each hash, so that a hostile text cannot make it slow.
#[derive(Debug, Default)]
struct Vocabulary(Vec<u64>);

const VOCABULARY_BITS: usize = 1 << 15;

impl Vocabulary {
    fn fill(&mut self, words: &[Word]) {
        self.0.clear();
        self.0.resize(VOCABULARY_BITS / 64, 0);
        for &word in words {
            let bit = sense(word) as usize % VOCABULARY_BITS;
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }

    fn has(&self, word: Word) -> bool {
        let bit = sense(word) as usize % VOCABULARY_BITS;
        self.0[bit / 64] & 1 << (bit % 64) != 0
    }
}

impl Weights<'_> {
    /// A word that the other text has elsewhere is no other fact.
    fn of(&self, words: &[Word], at: usize, other: &Vocabulary) -> f32 {
        if words[at] & GLYPH == 0 && other.has(words[at]) {
            return 0.0;
        }
        self.alphabet.weight(words, at, self.frequencies)
    }
}

/// Memory that comparisons share.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    new_taken: Vec<bool>,
    old_taken: Vec<bool>,
    found: Vec<Run>,
    grid: Vec<u8>,
    /// Where facts are changed, and how sure they are facts.
    facts: Vec<(usize, f32)>,
    new_words: Vocabulary,
    old_words: Vocabulary,
}

/// Compares a new text with an old one.
pub(crate) fn compare(
    new: &[Word],
    shingles: &Shingles,
    old: &[Word],
    frequencies: &Frequencies,
    scratch: &mut Scratch,
) -> Comparison {
    let mut out = Comparison::default();
    if new.is_empty() || old.is_empty() {
        return out;
    }
    find_runs(new, shingles, old, &mut scratch.found);
    scratch.facts.clear();
    scratch.new_taken.clear();
    scratch.new_taken.resize(new.len(), false);
    scratch.old_taken.clear();
    scratch.old_taken.resize(old.len(), false);
    let taken = (&mut scratch.new_taken[..], &mut scratch.old_taken[..]);
    claim(&mut scratch.found, shingles.length, taken, &mut out.runs);
    if let (Some(first), Some(last)) = (out.runs.first(), out.runs.last()) {
        out.tail = new.len() - last.new_end();
        let passages: Vec<&[Run]> = passages(&out.runs, PASSAGE_SHINGLES * shingles.length);
        let old_head = passages.iter().copied().flatten().map(|run| run.old).min();
        out.heads = (
            passages.first().map_or(first, |passage| &passage[0]).new as usize,
            old_head.unwrap_or(0) as usize,
        );
        // Both may have an introduction of their own.
        out.rivalled = out.heads.0.min(out.heads.1) / 2;
    }
    let weights = Weights {
        alphabet: Alphabet::of(new),
        frequencies,
        fact_words_max: FACT_SHINGLES_MAX * shingles.length,
    };
    scratch.new_words.fill(new);
    scratch.old_words.fill(old);
    // Before the first run and after the last one stands a gap that is open on one side.
    let end = Run {
        new: new.len() as u32,
        old: old.len() as u32,
        length: 0,
    };
    let mut before = Run {
        new: 0,
        old: 0,
        length: 0,
    };
    for at in 0..=out.runs.len() {
        let after = out.runs.get(at).copied().unwrap_or(end);
        gap(new, old, &before, &after, weights, scratch, &mut out);
        before = after;
    }
    for (place, &word) in new.iter().enumerate() {
        if scratch.new_taken[place] {
            out.matched += 1;
            out.words_kept += match word & SOUND {
                SOUND => WORDS_PER_SOUND,
                GLYPH => WORDS_PER_GLYPH,
                _ => 1.0,
            };
        }
    }
    let old_matched = scratch.old_taken.iter().filter(|&&taken| taken).count();
    let lead = LEAD_WORDS.min(old.len());
    let lead_kept = scratch.old_taken[..lead]
        .iter()
        .filter(|&&taken| taken)
        .count();
    out.facts_changed += scratch.facts.iter().map(|fact| fact.1).sum::<f32>();
    out.facts_changed_max =
        (weights.alphabet.changed_max * out.words_kept).max(FACTS_CHANGED_ALWAYS);
    out.facts_close = closest(&scratch.facts, STRETCH_SHINGLES * shingles.length);
    out.facts_close_max = weights.alphabet.changed_max * CLOSE_FACTS_WORDS;
    out.new_in_old = out.matched as f32 / new.len() as f32;
    out.old_in_new = old_matched as f32 / old.len() as f32;
    out.lead = lead_kept as f32 / lead as f32;
    out
}

/// The most that is changed within a stretch of the text. `facts` come in order.
fn closest(facts: &[(usize, f32)], stretch: usize) -> f32 {
    let (mut first, mut sum, mut most) = (0, 0.0, 0.0_f32);
    for &(at, weight) in facts {
        sum += weight;
        while facts[first].0 + stretch < at {
            sum -= facts[first].1;
            first += 1;
        }
        most = most.max(sum);
    }
    most
}

/// Longest runs of equal words that begin with a shared shingle, in order of the old text.
fn find_runs(new: &[Word], shingles: &Shingles, old: &[Word], out: &mut Vec<Run>) {
    out.clear();
    let length = shingles.length;
    let mut at = 0;
    while at + length <= old.len() {
        let best = shingles
            .places(shingle(&old[at..at + length]))
            .take(PLACES_MAX)
            .map(|place| (common_prefix(&new[place..], &old[at..]), place))
            .max_by_key(|&(common, place)| (common, std::cmp::Reverse(place)));
        match best {
            Some((common, place)) if common >= length => {
                out.push(Run {
                    new: place as u32,
                    old: at as u32,
                    length: common as u32,
                });
                at += common;
            }
            _ => at += 1,
        }
    }
}

fn common_prefix(a: &[Word], b: &[Word]) -> usize {
    a.iter()
        .zip(b)
        .take_while(|(a, b)| sense(**a) == sense(**b))
        .count()
}

/// Gives each word of the new text to the longest run over it.
fn claim(
    found: &mut [Run],
    length_min: usize,
    taken: (&mut [bool], &mut [bool]),
    out: &mut Vec<Run>,
) {
    let (new_taken, old_taken) = taken;
    found.sort_by_key(|run| (std::cmp::Reverse(run.length), run.new, run.old));
    for run in found {
        let mut run = *run;
        while run.length > 0 && new_taken[run.new as usize] {
            run = Run {
                new: run.new + 1,
                old: run.old + 1,
                length: run.length - 1,
            };
        }
        run.length = (0..run.length)
            .take_while(|&step| !new_taken[(run.new + step) as usize])
            .count() as u32;
        if (run.length as usize) < length_min {
            continue;
        }
        new_taken[run.new as usize..run.new_end()].fill(true);
        old_taken[run.old as usize..run.old_end()].fill(true);
        out.push(run);
    }
    out.sort_by_key(|run| run.new);
    drop_strays(length_min, new_taken, old_taken, out);
}

/// Gives up short runs that stand elsewhere in the old text while their neighbours follow each
/// other: words met by chance, which would hide what stands between those two.
fn drop_strays(
    length_min: usize,
    new_taken: &mut [bool],
    old_taken: &mut [bool],
    runs: &mut Vec<Run>,
) {
    let mut at = 1;
    while at + 1 < runs.len() {
        let (before, run, after) = (runs[at - 1], runs[at], runs[at + 1]);
        let is_in_order =
            before.old_end() <= run.old as usize && run.old_end() <= after.old as usize;
        if (run.length as usize) < 2 * length_min
            && !is_in_order
            && before.old_end() <= after.old as usize
        {
            new_taken[run.new as usize..run.new_end()].fill(false);
            old_taken[run.old as usize..run.old_end()].fill(false);
            runs.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Shingles in what two texts do not share by chance.
const PASSAGE_SHINGLES: usize = 3;

/// Runs that go on from each other in both texts, where they are this long together.
fn passages(runs: &[Run], length_min: usize) -> Vec<&[Run]> {
    let goes_on = |end: usize, next: u32| (end..=end + GAP_WORDS_MAX).contains(&(next as usize));
    let length = |passage: &&[Run]| passage.iter().map(|run| run.length as usize).sum::<usize>();
    runs.chunk_by(|one, next| goes_on(one.new_end(), next.new) && goes_on(one.old_end(), next.old))
        .filter(|passage| length(passage) >= length_min)
        .collect()
}

/// Compares what stands between two neighbouring runs: the words that both have there are matched
/// too, and of the rest only what stands against something else is a change. Words on one side
/// alone are an insertion or a cut, which copying mastheads do all the time.
fn gap(
    new: &[Word],
    old: &[Word],
    before: &Run,
    after: &Run,
    weights: Weights,
    scratch: &mut Scratch,
    out: &mut Comparison,
) {
    let (new_start, new_end) = (before.new_end(), after.new as usize);
    let (old_start, old_end) = (before.old_end(), after.old as usize);
    if new_start >= new_end || old_start >= old_end {
        return;
    }
    let (mut a, mut b) = (&new[new_start..new_end], &old[old_start..old_end]);
    let is_open_before = before.length == 0;
    let is_open_after = after.length == 0;
    if a.len() > GAP_WORDS_MAX || b.len() > GAP_WORDS_MAX {
        if is_open_before || is_open_after {
            return;
        }
        let others = scratch.old_taken[old_start..old_end]
            .iter()
            .filter(|&&taken| !taken);
        out.rivalled += a.len().min(others.count());
        return;
    }
    // The next run began where a whole shingle was shared; words just before it may be too.
    while let ([a_rest @ .., a_last], [b_rest @ .., b_last]) = (a, b)
        && sense(*a_last) == sense(*b_last)
        && !scratch.old_taken[old_start + b_rest.len()]
    {
        scratch.new_taken[new_start + a_rest.len()] = true;
        scratch.old_taken[old_start + b_rest.len()] = true;
        (a, b) = (a_rest, b_rest);
    }
    fill_grid(a, b, &mut scratch.grid);
    // What opens or ends a text is often furniture, which meets by chance.
    let common = usize::from(scratch.grid[0]);
    if (is_open_before || is_open_after) && common * OPEN_COMMON < a.len().min(b.len()) {
        if a.len().max(b.len()) <= CHANGE_WORDS_MAX {
            // A name or figure that ends both texts stands in a sentence; a credit begins one.
            let is_fact = is_open_after
                && [a[0], b[0]]
                    .iter()
                    .all(|&word| word & SOUND == NAME || word & (NUMBER | GLYPH) == NUMBER);
            if is_fact && a.len().max(b.len()) <= OPEN_WORDS_MAX {
                let weight = |text: &[Word], start: usize, length: usize, other: &Vocabulary| {
                    (start..start + length)
                        .map(|at| weights.of(text, at, other))
                        .sum::<f32>()
                };
                let weight = weight(new, new_start, a.len(), &scratch.old_words)
                    .min(weight(old, old_start, b.len(), &scratch.new_words))
                    .min(WEIGHT_MAX);
                scratch.facts.push((new_start, weight));
            }
            out.changes.push(Change {
                new: new_start as u32,
                new_end: (new_start + a.len()) as u32,
                old: b
                    .iter()
                    .fold(0, |hash: u32, &word| hash.rotate_left(5) ^ sense(word)),
                is_open: true,
            });
        }
        return;
    }
    let width = b.len() + 1;
    let (mut i, mut j) = (0, 0);
    let (mut changed_new, mut changed_old) = (Side::default(), Side::default());
    // What opens or ends a text counts half where it is a few words, and no more: datelines and
    // credits come and go.
    let mut is_between = !is_open_before;
    loop {
        let is_end = i == a.len() && j == b.len();
        let is_match = !is_end && meets(a, i, b, j) && !scratch.old_taken[old_start + j];
        if is_match || is_end {
            let words = changed_new.words.min(changed_old.words);
            let is_swap = changed_new.words.max(changed_old.words) <= SWAP_WORDS_MAX
                && changed_new.weight < changed_new.sure;
            let weight = |side: &Side| if is_swap { side.sure } else { side.weight };
            let weight = weight(&changed_new)
                .min(weight(&changed_old))
                .min(WEIGHT_MAX);
            if is_between && !(is_end && is_open_after) {
                out.words_changed += words;
                out.rivalled += words;
                if changed_new.words.max(changed_old.words) <= weights.fact_words_max {
                    scratch.facts.push((new_start + i, weight));
                } else {
                    out.facts_changed += weight;
                }
            } else if changed_new.words.max(changed_old.words) <= OPEN_WORDS_MAX {
                scratch.facts.push((new_start + i, weight / 2.0));
            }
            if words > 0 && changed_new.words.max(changed_old.words) <= CHANGE_WORDS_MAX {
                out.changes.push(Change {
                    new: (new_start + i - changed_new.words) as u32,
                    new_end: (new_start + i) as u32,
                    old: changed_old.hash,
                    is_open: !is_between || (is_end && is_open_after),
                });
            }
            (changed_new, changed_old) = (Side::default(), Side::default());
            is_between = true;
        }
        if is_end {
            return;
        }
        if is_match {
            if sense(a[i]) != sense(b[j]) {
                let weight = LIKE_WEIGHT
                    * weights
                        .of(new, new_start + i, &scratch.old_words)
                        .min(weights.of(old, old_start + j, &scratch.new_words));
                scratch.facts.push((new_start + i, weight));
            }
            scratch.new_taken[new_start + i] = true;
            scratch.old_taken[old_start + j] = true;
            i += 1;
            j += 1;
        } else if j == b.len()
            || (i < a.len() && scratch.grid[(i + 1) * width + j] >= scratch.grid[i * width + j + 1])
        {
            changed_new.add(weights, new, new_start + i, &scratch.old_words);
            i += 1;
        } else {
            changed_old.add(weights, old, old_start + j, &scratch.new_words);
            j += 1;
        }
    }
}

/// Whether two words of a gap are the same, or one is the other misspelt. What meets by chance,
/// single characters and like words, must have a neighbour that is the same too.
fn meets(a: &[Word], i: usize, b: &[Word], j: usize) -> bool {
    let (Some(&one), Some(&other)) = (a.get(i), b.get(j)) else {
        return false;
    };
    if sense(one) == sense(other) && one & GLYPH == 0 {
        return true;
    }
    let is_same = |i: usize, j: usize| matches!((a.get(i), b.get(j)), (Some(a), Some(b)) if sense(*a) == sense(*b));
    let has_neighbour = || is_same(i + 1, j + 1) || (i > 0 && j > 0 && is_same(i - 1, j - 1));
    if sense(one) == sense(other) {
        return has_neighbour();
    }
    let is_edge = (i == 0 && j == 0) || (i + 1 == a.len() && j + 1 == b.len());
    is_like(one, other) && (is_edge || has_neighbour())
}

/// One side of what stands between two matches.
#[derive(Default)]
struct Side {
    words: usize,
    weight: f32,
    /// The same with what the other text has elsewhere.
    sure: f32,
    hash: u32,
}

impl Side {
    fn add(&mut self, weights: Weights, words: &[Word], at: usize, other: &Vocabulary) {
        self.words += 1;
        self.hash = self.hash.rotate_left(5) ^ sense(words[at]);
        let weight = weights.of(words, at, other);
        self.weight += weight;
        self.sure += match words[at] & DAY {
            DAY => weight,
            _ => weights.alphabet.weight(words, at, weights.frequencies),
        };
    }
}

/// Lengths of the longest common subsequences of all pairs of tails.
fn fill_grid(a: &[Word], b: &[Word], grid: &mut Vec<u8>) {
    let width = b.len() + 1;
    grid.clear();
    grid.resize((a.len() + 1) * width, 0);
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            grid[i * width + j] = if meets(a, i, b, j) {
                grid[(i + 1) * width + j + 1] + 1
            } else {
                grid[(i + 1) * width + j].max(grid[i * width + j + 1])
            };
        }
    }
}
