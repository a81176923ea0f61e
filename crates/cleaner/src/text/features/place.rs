//! Where a block stands on its page, and beside which others.

use super::{Before, Here, Writer};
use crate::text::outline::{Block, Tag};
use crate::text::phrases;

pub(super) fn put(here: &Here, before: &mut Before, row: &mut Writer) {
    put_place(here, before, row);
    put_neighbours(here, row);
    put_heading(here, before, row);
}

fn put_place(here: &Here, before: &mut Before, row: &mut Writer) {
    let Here {
        index,
        block,
        parent,
        own,
        ..
    } = *here;
    let (page, outline) = (&here.on.page, here.on.outline);
    let blocks = &outline.blocks;
    let total = page.total();
    if matches!(parent.tag, Tag::Heading(1)) || here.overlaps.is_title() {
        before.headline = before.headline.or(Some(index));
    }
    row.put(index as f32 / blocks.len() as f32);
    row.put(before.good_words / total);
    row.put((total - before.good_words) / total);
    row.put(before.best_words / page.sums[page.best].good_words.max(1.0));
    row.flag(before.headline.is_some());
    row.put(
        before
            .headline
            .map_or(-1.0, |at| ((index - at) as f32).ln_1p()),
    );
    let last = page.last_good[index];
    let next = page.next_good[index];
    row.put(last.map_or(-1.0, |at| ((index - at) as f32).ln_1p()));
    row.put(next.map_or(-1.0, |at| ((at - index) as f32).ln_1p()));
    row.put(last.map_or(-1.0, |at| page.own[at].words.ln_1p()));
    row.put(next.map_or(-1.0, |at| page.own[at].words.ln_1p()));
    let same = |other: Option<usize>| {
        other.is_some_and(|at| page.container(outline, blocks[at].parent) == here.container)
    };
    row.flag(same(last));
    row.flag(same(next));
    row.put(last.map_or(-1.0, |at| {
        page.apart(outline, block.parent, blocks[at].parent)
    }));
    row.put(next.map_or(-1.0, |at| {
        page.apart(outline, block.parent, blocks[at].parent)
    }));
    if own.is_good {
        before.good_words += own.words;
        if page.is_in(outline, block.parent, page.best) {
            before.best_words += own.words;
        }
    }
}

fn put_neighbours(here: &Here, row: &mut Writer) {
    let Here { index, parent, .. } = *here;
    let (page, outline) = (&here.on.page, here.on.outline);
    let (blocks, boxes) = (&outline.blocks, &outline.boxes);
    let neighbour = |offset: isize| {
        let at = index.checked_add_signed(offset)?;
        page.own.get(at).map(|own| (at, own))
    };
    for (near, far) in [(-1, -2), (1, 2)] {
        match neighbour(near) {
            Some((at, own)) => {
                row.put(own.words.ln_1p());
                row.put(own.density);
                row.flag(own.ends_sentence);
                row.flag(page.container(outline, blocks[at].parent) == here.container);
            }
            None => (0..4).for_each(|_| row.put(-1.0)),
        }
        match neighbour(far) {
            Some((_, own)) => {
                row.put(own.words.ln_1p());
                row.put(own.density);
            }
            None => (0..2).for_each(|_| row.put(-1.0)),
        }
    }
    row.flag(neighbour(-1).is_some_and(|(_, own)| own.is_heading));
    row.flag(neighbour(1).is_some_and(|(_, own)| own.is_heading));
    let alike = |other: &Block| boxes[other.parent].signature == parent.signature;
    let run_before = blocks[..index]
        .iter()
        .rev()
        .take(8)
        .take_while(|b| alike(b))
        .count();
    let run_after = blocks[index + 1..]
        .iter()
        .take(8)
        .take_while(|b| alike(b))
        .count();
    row.put(run_before as f32);
    row.put(run_after as f32);
}

/// The last heading before the block.
fn put_heading(here: &Here, before: &mut Before, row: &mut Writer) {
    let Here {
        index, block, own, ..
    } = *here;
    let (page, outline) = (&here.on.page, here.on.outline);
    let (blocks, phrases_of) = (&outline.blocks, &here.on.phrases);
    match before.heading {
        Some(at) => {
            row.put(((index - at) as f32).ln_1p());
            row.put(f32::from(phrases_of[at].anywhere[phrases::RELATED]));
            row.put(f32::from(phrases_of[at].anywhere[phrases::PROMO]));
            row.put(f32::from(phrases_of[at].anywhere[phrases::COMMENT]));
            row.put(page.apart(outline, block.parent, blocks[at].parent));
        }
        None => (0..5).for_each(|_| row.put(-1.0)),
    }
    if own.is_heading
        || (own.words < 8.0 && !own.ends_sentence && phrases_of[index].at_start[phrases::RELATED])
    {
        before.heading = Some(index);
    }
}
