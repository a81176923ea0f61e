//! The boxes around a block: what their names suggest, and how much text is in them.

use super::page::STORY_SHARE;
use super::{Before, Here, Writer};
use crate::text::cues::Cue;
use crate::text::outline::Tag;

pub(super) fn put(here: &Here, before: &mut Before, row: &mut Writer) {
    let article = put_nearness(here, row);
    put_sums(here, article, before, row);
}

/// Places behind those of the cues: a box that is both article and body, and one that is not shown.
const ARTICLE_BODY: usize = Cue::ALL.len();
const UNSEEN: usize = ARTICLE_BODY + 1;

/// How near each cue and each element is; the outermost article around the block.
fn put_nearness(here: &Here, row: &mut Writer) -> Option<usize> {
    let (page, boxes) = (&here.on.page, &here.on.outline.boxes);
    let mut cue_nearness = [0.0_f32; UNSEEN + 1];
    let mut tag_nearness = [0.0_f32; 11];
    let total = page.total();
    let mut at = here.block.parent;
    let mut distance = 0;
    let mut article = None;
    loop {
        let around = &boxes[at];
        let nearness = 1.0 / (1.0 + distance as f32);
        // What is said of a box that holds the story is not said of one of its blocks.
        let holds_story = page.sums[at].good_words > STORY_SHARE * total;
        for cue in Cue::ALL.into_iter().filter(|_| !around.cues.is_empty()) {
            if holds_story && !cue.is_of_story() {
                continue;
            }
            let slot = &mut cue_nearness[cue as usize];
            if *slot == 0.0 && around.cues.has(cue) {
                *slot = nearness;
            }
        }
        if around.is_unseen && !holds_story && cue_nearness[UNSEEN] == 0.0 {
            cue_nearness[UNSEEN] = nearness;
        }
        if cue_nearness[ARTICLE_BODY] == 0.0
            && around.cues.has(Cue::Article)
            && around.cues.has(Cue::Body)
        {
            cue_nearness[ARTICLE_BODY] = nearness;
        }
        let slot = match around.tag {
            Tag::Article => Some(0),
            Tag::Main => Some(1),
            Tag::Aside => Some(2),
            Tag::Header => Some(3),
            Tag::Footer => Some(4),
            Tag::Figure => Some(5),
            Tag::Form => Some(6),
            Tag::List => Some(7),
            Tag::Table => Some(8),
            Tag::Section => Some(9),
            Tag::Details => Some(10),
            _ => None,
        };
        if let Some(slot) = slot
            && tag_nearness[slot] == 0.0
        {
            tag_nearness[slot] = nearness;
        }
        if around.tag == Tag::Article {
            article = Some(at);
        }
        if at == 0 {
            break;
        }
        at = around.parent;
        distance += 1;
    }
    for nearness in cue_nearness.into_iter().chain(tag_nearness) {
        row.put(nearness);
    }
    row.put(here.parent.depth as f32);
    article
}

fn put_sums(here: &Here, article: Option<usize>, before: &mut Before, row: &mut Writer) {
    let Here { block, parent, .. } = *here;
    let (page, outline) = (&here.on.page, here.on.outline);
    let boxes = &outline.boxes;
    let up1 = here.container;
    let total = page.total();
    let up2 = boxes[up1].parent;
    let up3 = boxes[up2].parent;
    let up4 = boxes[up3].parent;
    let sum = |at: usize| page.sums[at];
    row.put(sum(up1).words.ln_1p());
    row.put(sum(up1).density());
    row.put(sum(up1).blocks.ln_1p());
    row.put(sum(up1).sentences / sum(up1).blocks.max(1.0));
    row.put(sum(up2).words.ln_1p());
    row.put(sum(up2).density());
    row.put(sum(up2).blocks.ln_1p());
    row.put(sum(up3).words.ln_1p());
    row.put(sum(up3).density());
    row.put(sum(up4).words.ln_1p());
    row.put(sum(up4).density());
    row.put(sum(up1).good_words / total);
    row.put(sum(up2).good_words / total);
    row.put(sum(up3).good_words / total);
    let signature = page.signatures[&parent.signature];
    row.put(signature.good_words / total);
    row.put(page.own_signatures[&parent.own_signature].good_words / total);
    row.put(signature.blocks.ln_1p());
    row.put(signature.density());
    row.flag(page.is_in(outline, block.parent, page.best));
    row.put(page.steps_to(outline, block.parent, page.best));
    row.put(sum(page.best).good_words / total);
    row.put(sum(page.best).density());
    row.flag(page.is_in(outline, block.parent, page.dominant));
    row.put(page.steps_to(outline, block.parent, page.dominant));
    row.put(article.map_or(-1.0, |at| sum(at).good_words / total));
    row.put(match article {
        Some(at) => {
            let earlier = before.articles.len() - usize::from(before.articles.contains(&at));
            if page.sums[at].good_words > 60.0 {
                before.articles.insert(at);
            }
            earlier as f32
        }
        None => -1.0,
    });
    let text = sum(0).text().max(1.0);
    row.put(sum(up1).text() / text);
    row.put(sum(up2).text() / text);
    row.put(sum(up3).text() / text);
    row.put(signature.text() / text);
    row.put(page.own_signatures[&parent.own_signature].text() / text);
    row.put(text.ln_1p());
}
