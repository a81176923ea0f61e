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
/// F1 +.002, fundus_tests unchanged, scrapinghub F1 −.001.
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

/// Rows of a table, its head among them, from which they stand or fall together.
const TABLE_ROWS_MIN: usize = 3;

/// The share of a table's text in links from which it is a list of links.
const TABLE_DENSITY_MAX: f32 = 0.3;

/// Which blocks are kept. Rows of figures look like nothing of a story, but a table whose head is
/// kept is kept: by folds, twelve of the pages that this changes get better and two worse.
fn kept(outline: &Outline, scores: &[f32], score_min: f32) -> Vec<bool> {
    let mut kept: Vec<bool> = scores.iter().map(|score| *score >= score_min).collect();
    let mut from = 0;
    for rows in outline
        .blocks
        .chunk_by(|one, other| outline.table_of(one) == outline.table_of(other))
    {
        let chars: usize = rows.iter().map(|row| row.chars).sum();
        let link_chars: usize = rows.iter().map(|row| row.link_chars).sum();
        if kept[from]
            && rows.len() >= TABLE_ROWS_MIN
            && outline.table_of(&rows[0]).is_some()
            && (link_chars as f32) < TABLE_DENSITY_MAX * chars as f32
        {
            kept[from..from + rows.len()].fill(true);
        }
        from += rows.len();
    }
    kept
}

/// The story's paragraphs in reading order, headings and list items among them.
pub(crate) fn extract(outline: Outline, input: &Input) -> Vec<String> {
    let rows = features::rows(&outline, &Witness::of(input));
    let scores: Vec<f32> = rows.iter().map(forest::score).collect();
    let kept = kept(&outline, &scores, score_min(&rows, &scores));
    let blocks = outline.blocks.into_iter().zip(kept);
    blocks
        .filter(|(_, is_kept)| *is_kept)
        .map(|(block, _)| block.text)
        .collect()
}

/// Every block of the page with its score.
pub(crate) fn judge(outline: Outline, input: &Input) -> Vec<Judged> {
    let rows = features::rows(&outline, &Witness::of(input));
    let scores: Vec<f32> = rows.iter().map(forest::score).collect();
    let kept = kept(&outline, &scores, score_min(&rows, &scores));
    let judged = |(at, block): (usize, outline::Block)| Judged {
        text: block.text,
        score: scores[at],
        is_kept: kept[at],
        reasons: forest::reasons(&rows[at]),
        features: rows[at].to_vec(),
    };
    outline.blocks.into_iter().enumerate().map(judged).collect()
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

    #[test]
    fn a_table_is_kept_with_its_head() {
        let page = "<p>Before</p><table><tr><td>Place<td>Name<tr><td>1<td>Ada Low<tr><td>2<td>Bo Ek</table><p>After</p>";
        let outline = crate::nesting::read(page, &crate::Config::default()).outline;
        let check = |scores: [f32; 5], wanted: [bool; 5]| {
            assert_eq!(kept(&outline, &scores, 0.5), wanted);
        };
        check([0.9, 0.9, 0.1, 0.1, 0.1], [true, true, true, true, false]);
        check([0.9, 0.1, 0.9, 0.1, 0.1], [true, false, true, false, false]);
    }
}
