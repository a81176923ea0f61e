//! The block's own words, and its element.

use super::{Before, Here, Writer};
use crate::text::outline::Tag;
use crate::text::phrases;

/// The share of a hidden block's words that stand elsewhere too from which it is a copy.
const HIDDEN_ECHO_MIN: f32 = 0.8;

pub(super) fn put(here: &Here, before: &mut Before, row: &mut Writer) {
    put_words(here, before, row);
    put_element(here, row);
}

fn put_words(here: &Here, before: &mut Before, row: &mut Writer) {
    let Here {
        index,
        block,
        own,
        ref shape,
        ..
    } = *here;
    let (page, echoes) = (&here.on.page, &here.on.echoes);
    let text = here.on.texts[index];
    let chars = block.chars as f32;
    row.put(own.words.ln_1p());
    row.put(own.density);
    row.put((block.links as f32).ln_1p());
    row.flag(own.ends_sentence);
    row.put(shape.sentences);
    row.put(shape.commas / own.words.max(1.0));
    row.put(shape.capitals / shape.letters.max(1.0));
    row.put(shape.digits / chars.max(1.0));
    row.put(chars / own.words.max(1.0));
    row.flag(shape.starts_lower);
    row.put(block.bold_chars as f32 / chars.max(1.0));
    row.put(shape.marks);
    row.flag(shape.has_year_or_time);
    row.flag(shape.quotes);
    row.flag(shape.colon_end);
    row.put(shape.capitalised / own.words.max(1.0));
    let found = &here.on.phrases[index];
    for count in found.anywhere {
        row.put(f32::from(count));
    }
    row.flag(found.at_start[phrases::PROMO]);
    row.flag(found.at_start[phrases::RELATED]);
    row.flag(found.at_start[phrases::CREDIT]);
    row.flag(found.at_start[phrases::DATED]);
    row.flag(found.at_start[phrases::ACT]);
    row.flag(!before.texts.insert(text));
    row.flag(here.on.counts[&text] > 1);
    row.flag(shape.exclaims);
    row.put(echoes.before[index]);
    row.put(echoes.after[index]);
    row.flag(own.words < 1.5 && (shape.digits > 3.0 || block.text.contains("://")));
    row.flag(block.text.ends_with(['…', '>', '»', '›', '→']) || block.text.ends_with("..."));
    row.put(shape.prices / own.words.max(1.0));
    let echo = echoes.before[index].max(echoes.after[index]);
    row.flag(echo >= HIDDEN_ECHO_MIN && page.is_unseen(here.on.outline, block.parent));
}

fn put_element(here: &Here, row: &mut Writer) {
    let Here { block, parent, .. } = *here;
    let page = &here.on.page;
    row.flag(parent.tag == Tag::P);
    row.put(match parent.tag {
        Tag::Heading(level) => 7.0 - f32::from(level),
        _ => 0.0,
    });
    row.flag(parent.tag == Tag::Item);
    row.flag(parent.tag == Tag::Cell);
    row.flag(parent.tag == Tag::Caption);
    row.flag(parent.tag == Tag::Quote);
    row.flag(parent.tag == Tag::Div);
    row.flag(parent.tag == Tag::Definition);
    row.flag(page.sums[block.parent].blocks <= 1.0);
    row.flag(parent.tag == Tag::Pre);
}
