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
    /// The numbers that moved the score most, by name: how far, in log odds.
    pub reasons: Vec<(&'static str, f32)>,
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

/// The score from which a block is kept, for a page whose blocks tell story from furniture.
const SCORE_MIN: f32 = 0.5;

/// The F1 that such a page may expect.
const CLEAR_F1: f32 = 0.9;

/// The score below which a block is kept on no page.
const UNSURE_SCORE_MIN: f32 = 0.2;

/// The score from which this page's blocks are kept. The F1 that a text may expect is highest when all
/// is kept whose chance is over half that F1 (Lipton and others, "Optimal thresholding of classifiers
/// to maximize F1 measure", 2014): where no block is sure, as in tables or on odd templates, an
/// unsure one is worth having. Five folds by domain: wcxb_dev word F1 +.001, trafilatura_eval segment
/// F1 +.002, scrapinghub and fundus_tests unchanged.
fn score_min(rows: &[features::Row], scores: &[f32]) -> f32 {
    let mut blocks: Vec<(f32, f32)> = rows
        .iter()
        .zip(scores)
        .map(|(row, score)| (*score, features::words_in(row)))
        .collect();
    blocks.sort_unstable_by(|(one, _), (other, _)| other.total_cmp(one));
    let story: f32 = blocks.iter().map(|(score, words)| score * words).sum();
    let (mut kept, mut kept_story, mut best) = (0.0, 0.0, 0.0_f32);
    for (score, words) in blocks {
        kept += words;
        kept_story += score * words;
        best = best.max(2.0 * kept_story / (kept + story));
    }
    (SCORE_MIN * best / CLEAR_F1).clamp(UNSURE_SCORE_MIN, SCORE_MIN)
}

/// The story's paragraphs in reading order, headings and list items among them.
pub(crate) fn extract(outline: Outline, input: &Input) -> Vec<String> {
    let rows = features::rows(&outline, &Witness::of(input));
    let scores: Vec<f32> = rows.iter().map(forest::score).collect();
    let score_min = score_min(&rows, &scores);
    let Outline { blocks, .. } = outline;
    blocks
        .into_iter()
        .zip(scores)
        .filter(|(_, score)| *score >= score_min)
        .map(|(block, _)| block.text)
        .collect()
}

/// Every block of the page with its score.
pub(crate) fn judge(outline: Outline, input: &Input) -> Vec<Judged> {
    let rows = features::rows(&outline, &Witness::of(input));
    let scores: Vec<f32> = rows.iter().map(forest::score).collect();
    let score_min = score_min(&rows, &scores);
    let judged = |((block, row), score): ((outline::Block, &features::Row), f32)| Judged {
        text: block.text,
        score,
        is_kept: score >= score_min,
        reasons: forest::reasons(row),
        features: row.to_vec(),
    };
    let rows = outline.blocks.into_iter().zip(&rows);
    rows.zip(scores).map(judged).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsure_pages_keep_unsure_blocks() {
        let row = |words: f32| {
            let mut row = [0.0; features::COUNT];
            row[0] = words.ln_1p();
            row
        };
        let rows = [row(100.0), row(100.0), row(20.0)];
        assert_eq!(score_min(&rows, &[0.99, 0.98, 0.4]), SCORE_MIN);
        let unsure = score_min(&rows, &[0.45, 0.4, 0.01]);
        assert!((UNSURE_SCORE_MIN..0.4).contains(&unsure), "{unsure}");
        assert_eq!(score_min(&rows, &[0.01, 0.01, 0.01]), UNSURE_SCORE_MIN);
    }
}
