//! What a page's blocks and boxes add up to.

use super::shape::{ends_sentence, words};
use crate::text::outline::{Outline, Tag};
use crate::text::witness::HashedMap;

/// A block that is text for sure, in words. Short stories have few longer ones.
const GOOD_WORDS: f32 = 12.0;
const GOOD_DENSITY: f32 = 0.35;

/// The share of the page's good words from which a box holds the story.
pub(super) const STORY_SHARE: f32 = 0.6;

/// What is summed over a box and all in it.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sum {
    pub words: f32,
    pub chars: f32,
    pub link_chars: f32,
    pub good_words: f32,
    pub blocks: f32,
    pub sentences: f32,
}

impl Sum {
    /// Characters outside of links.
    pub fn text(&self) -> f32 {
        self.chars - self.link_chars
    }

    pub fn density(&self) -> f32 {
        self.link_chars / self.chars.max(1.0)
    }
}

/// The block's own measures, used for its neighbours too.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Own {
    pub words: f32,
    pub density: f32,
    pub ends_sentence: bool,
    pub is_good: bool,
    pub is_heading: bool,
}

/// What the page's blocks add up to.
pub(super) struct Page {
    pub own: Vec<Own>,
    pub sums: Vec<Sum>,
    pub signatures: HashedMap<Sum>,
    pub own_signatures: HashedMap<Sum>,
    /// The box whose paragraphs weigh most, as Readability weighs them.
    pub best: usize,
    /// The smallest box that holds most of the good words.
    pub dominant: usize,
    pub last_good: Vec<Option<usize>>,
    pub next_good: Vec<Option<usize>>,
}

impl Page {
    pub fn of(outline: &Outline) -> Self {
        let Outline { blocks, boxes } = outline;
        let mut own = Vec::with_capacity(blocks.len());
        let mut sums = vec![Sum::default(); boxes.len()];
        let mut weights = vec![0.0_f32; boxes.len()];
        let mut signatures = HashedMap::default();
        let mut own_signatures = HashedMap::default();
        for block in blocks {
            let words = words(&block.text);
            let density = block.link_chars as f32 / (block.chars as f32).max(1.0);
            let ends_sentence = ends_sentence(&block.text);
            let is_good = words >= GOOD_WORDS && density < GOOD_DENSITY;
            let parent = &boxes[block.parent];
            own.push(Own {
                words,
                density,
                ends_sentence,
                is_good,
                is_heading: matches!(parent.tag, Tag::Heading(_)),
            });
            let one = Sum {
                words,
                chars: block.chars as f32,
                link_chars: block.link_chars as f32,
                good_words: if is_good { words } else { 0.0 },
                blocks: 1.0,
                sentences: f32::from(u8::from(ends_sentence)),
            };
            add(&mut sums[block.parent], one);
            add(signatures.entry(parent.signature).or_default(), one);
            add(own_signatures.entry(parent.own_signature).or_default(), one);
            if is_good && ends_sentence {
                let weight = 1.0 + words.min(100.0) / 10.0;
                let mut at = block.parent;
                for share in [1.0, 0.9, 0.5, 0.3, 0.2] {
                    weights[at] += weight * share;
                    if at == 0 {
                        break;
                    }
                    at = boxes[at].parent;
                }
            }
        }
        // Boxes come after their parents, so going backwards adds each to a sum not yet passed on.
        for at in (1..boxes.len()).rev() {
            let sum = sums[at];
            add(&mut sums[boxes[at].parent], sum);
        }
        let best = (0..boxes.len())
            .max_by(|&a, &b| {
                let weigh = |at: usize| weights[at] * (1.0 - sums[at].density());
                weigh(a).total_cmp(&weigh(b)).then(b.cmp(&a))
            })
            .unwrap_or(0);
        let most = sums[0].good_words * STORY_SHARE;
        let dominant = (0..boxes.len())
            .filter(|&at| sums[at].good_words >= most)
            .max_by_key(|&at| boxes[at].depth)
            .unwrap_or(0);
        let mut last_good = vec![None; blocks.len()];
        let mut next_good = vec![None; blocks.len()];
        let is_body = |own: &Own| own.is_good && own.words >= 20.0 && own.ends_sentence;
        let mut last = None;
        for at in 0..blocks.len() {
            last_good[at] = last;
            if is_body(&own[at]) {
                last = Some(at);
            }
        }
        let mut next = None;
        for at in (0..blocks.len()).rev() {
            next_good[at] = next;
            if is_body(&own[at]) {
                next = Some(at);
            }
        }
        Self {
            own,
            sums,
            signatures,
            own_signatures,
            best,
            dominant,
            last_good,
            next_good,
        }
    }

    /// The page's good words, at least one.
    pub fn total(&self) -> f32 {
        self.sums[0].good_words.max(1.0)
    }

    /// The innermost box that holds more than one block: a paragraph alone in wrappers has the
    /// neighbours that its wrappers have.
    pub fn container(&self, outline: &Outline, mut at: usize) -> usize {
        while at != 0 && self.sums[at].blocks <= 1.0 {
            at = outline.boxes[at].parent;
        }
        at
    }

    /// Whether a box around it is not shown; one that holds the story is shown in time.
    pub fn is_unseen(&self, outline: &Outline, mut at: usize) -> bool {
        let most = self.sums[0].good_words * STORY_SHARE;
        while at != 0 && !(outline.boxes[at].is_unseen && self.sums[at].good_words <= most) {
            at = outline.boxes[at].parent;
        }
        at != 0
    }

    pub fn is_in(&self, outline: &Outline, mut at: usize, outer: usize) -> bool {
        while at > outer {
            at = outline.boxes[at].parent;
        }
        at == outer
    }

    /// Steps up from a box to the other one or to what holds both.
    pub fn steps_to(&self, outline: &Outline, at: usize, other: usize) -> f32 {
        steps(outline, at, other).0 as f32
    }

    /// Steps from one box to another through what holds both.
    pub fn apart(&self, outline: &Outline, at: usize, other: usize) -> f32 {
        let (up, down) = steps(outline, at, other);
        (up + down) as f32
    }
}

/// Steps up from each of two boxes to the one that holds both.
fn steps(outline: &Outline, mut at: usize, mut other: usize) -> (usize, usize) {
    let (mut up, mut down) = (0, 0);
    while at != other {
        // A box's number is greater than its parent's.
        if at > other {
            at = outline.boxes[at].parent;
            up += 1;
        } else {
            other = outline.boxes[other].parent;
            down += 1;
        }
    }
    (up, down)
}

fn add(sum: &mut Sum, one: Sum) {
    sum.words += one.words;
    sum.chars += one.chars;
    sum.link_chars += one.link_chars;
    sum.good_words += one.good_words;
    sum.blocks += one.blocks;
    sum.sentences += one.sentences;
}
