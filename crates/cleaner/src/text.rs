//! Which blocks of a page are the story.

mod cues;
mod features;
mod forest;
pub(crate) mod outline;
mod phrases;
mod witness;

use crate::Input;
pub(crate) use features::words;
use outline::Outline;
use witness::Witness;

/// One block of a page and what was thought of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// White space collapsed, never empty.
    pub text: String,
    /// How surely it belongs to the story, 0 to 1.
    pub score: f32,
    /// Whether it was kept.
    pub is_kept: bool,
    /// What it was judged by, in the order of [`feature_names`].
    pub features: Vec<f32>,
}

/// The names of [`Judged::features`].
pub fn feature_names() -> &'static [&'static str] {
    features::NAMES
}

/// Judges blocks by another table than the built-in one: `training/train.py` measures with it what a
/// table is worth on pages that it was not grown on. False where the text is no table or where a
/// page was judged before.
#[doc(hidden)]
pub fn judge_by(table: &str) -> bool {
    forest::plant(table)
}

/// The story's paragraphs in reading order, headings and list items among them.
pub(crate) fn extract(outline: Outline, input: &Input) -> Vec<String> {
    let rows = features::rows(&outline, &Witness::of(input));
    outline
        .blocks
        .into_iter()
        .zip(&rows)
        .filter(|(_, row)| forest::is_story(row))
        .map(|(block, _)| block.text)
        .collect()
}

/// Every block of the page with its score.
pub(crate) fn judge(outline: Outline, input: &Input) -> Vec<Judged> {
    let rows = features::rows(&outline, &Witness::of(input));
    let judged = |(block, row): (outline::Block, &features::Row)| Judged {
        text: block.text,
        score: forest::score(row),
        is_kept: forest::is_story(row),
        features: row.to_vec(),
    };
    outline.blocks.into_iter().zip(&rows).map(judged).collect()
}
