//! A block as numbers: its own words, the boxes around it, its neighbours, the page's witnesses.

mod boxes;
mod echoes;
mod own;
mod page;
mod place;
mod shape;

use std::collections::HashSet;

use super::outline::{Block, Box, Outline};
use super::phrases::{self, Found};
use super::witness::{HashedMap, HashedSet, Overlaps, Witness, hash};
use echoes::Echoes;
use page::{Own, Page};
use shape::Shape;
pub(crate) use shape::words;

/// How many numbers describe a block.
pub(crate) const COUNT: usize = NAMES.len();

/// The numbers of one block, in the order of [`NAMES`].
pub(crate) type Row = [f32; COUNT];

/// What the numbers are, for the training script and for `explain`.
#[rustfmt::skip]
pub(crate) const NAMES: &[&str] = &[
    // The block's own words.
    "words", "link_density", "links", "ends_sentence", "sentences", "commas", "capitals", "digits", "word_length",
    "starts_lower", "bold", "marks", "has_year_or_time", "quotes", "colon_end", "capitalised_words",
    "promo", "related", "credit", "copyright", "consent", "comment", "dated", "act",
    "starts_promo", "starts_related", "starts_credit", "starts_dated", "starts_act",
    "repeated", "repeated_later", "exclaims", "echo_before", "echo_after", "is_machine", "ends_cut", "prices",
    "hidden_echo",
    // Its element.
    "is_p", "heading", "is_item", "is_cell", "is_caption", "is_quote", "is_div", "is_definition", "is_alone", "is_code",
    // Its boxes: nearness of each cue, 1 on its own element, 1/2 one up …
    "in_article", "in_body", "in_lead", "in_title", "in_related", "in_teaser", "in_share", "in_comment", "in_promo",
    "in_advert", "in_media", "in_author", "in_meta", "in_chrome", "in_hidden", "in_quote", "in_info", "in_live",
    "in_dialog", "in_paywall", "in_article_body", "in_unseen",
    "tag_article", "tag_main", "tag_aside", "tag_header", "tag_footer", "tag_figure", "tag_form", "tag_list",
    "tag_table", "tag_section", "tag_details", "depth",
    // Text in the boxes.
    "parent_words", "parent_density", "parent_blocks", "parent_sentences", "grand_words", "grand_density", "grand_blocks",
    "up3_words", "up3_density", "up4_words", "up4_density", "parent_share", "grand_share", "up3_share", "signature_share", "own_signature_share",
    "signature_blocks", "signature_density", "in_best", "from_best", "best_share", "best_density", "in_dominant", "from_dominant",
    "article_share", "articles_before",
    // The same by all unlinked text: of tables, lists and verse nothing is good.
    "parent_text", "grand_text", "up3_text", "signature_text", "own_signature_text", "page_text",
    // Where it stands.
    "position", "good_before", "good_after", "best_position", "after_headline", "blocks_after_headline", "last_good_gap", "next_good_gap",
    "last_good_words", "next_good_words", "same_box_as_last_good", "same_box_as_next_good", "good_distance_up_last", "good_distance_up_next",
    // Its neighbours.
    "before1_words", "before1_density", "before1_sentence", "before1_same_box", "before2_words", "before2_density",
    "after1_words", "after1_density", "after1_sentence", "after1_same_box", "after2_words", "after2_density",
    "before1_heading", "after1_heading", "run_of_signature_before", "run_of_signature_after",
    "heading_gap", "heading_related", "heading_promo", "heading_comment", "heading_shares_box",
    // The page's witnesses.
    "title_share", "title_cover", "description_share", "description_cover", "body_share", "has_body",
    // The page.
    "page_good_words", "page_blocks", "page_density", "best_words", "is_wide_script",
];

/// The words of a row's block.
pub(crate) fn words_in(row: &Row) -> f32 {
    row[0].exp_m1()
}

/// What all rows of a page are told from.
struct Context<'a> {
    outline: &'a Outline,
    witness: &'a Witness,
    page: Page,
    echoes: Echoes,
    /// The turns of phrase in each block.
    phrases: Vec<Found>,
    /// The hash of each block's text.
    texts: Vec<u64>,
    /// How often a text stands on the page, by its hash.
    counts: HashedMap<u32>,
}

/// One block and where it stands.
struct Here<'a> {
    on: &'a Context<'a>,
    index: usize,
    block: &'a Block,
    parent: &'a Box,
    own: Own,
    shape: Shape,
    /// The innermost box around it that holds more than it.
    container: usize,
    /// What it has in common with title and description.
    overlaps: Overlaps,
}

/// What the blocks before this one told.
#[derive(Default)]
struct Before {
    texts: HashedSet,
    headline: Option<usize>,
    heading: Option<usize>,
    articles: HashSet<usize>,
    good_words: f32,
    best_words: f32,
}

/// One row for each block.
pub(crate) fn rows(outline: &Outline, witness: &Witness) -> Vec<Row> {
    if outline.blocks.is_empty() {
        return Vec::new();
    }
    let context = Context::of(outline, witness);
    let mut rows = vec![[0.0; COUNT]; outline.blocks.len()];
    let mut before = Before::default();
    let mut words_buffer = Vec::new();
    for (index, row) in rows.iter_mut().enumerate() {
        let here = context.here(index, &mut words_buffer);
        let mut row = Writer { row, next: 0 };
        own::put(&here, &mut before, &mut row);
        boxes::put(&here, &mut before, &mut row);
        place::put(&here, &mut before, &mut row);
        put_page(&here, &mut row);
        debug_assert_eq!(row.next, COUNT);
    }
    rows
}

impl<'a> Context<'a> {
    fn of(outline: &'a Outline, witness: &'a Witness) -> Self {
        let blocks = &outline.blocks;
        let texts: Vec<u64> = blocks.iter().map(|block| hash(&block.text)).collect();
        let mut counts = HashedMap::default();
        for text in &texts {
            *counts.entry(*text).or_default() += 1;
        }
        Self {
            outline,
            witness,
            page: Page::of(outline),
            echoes: Echoes::of(outline),
            phrases: blocks
                .iter()
                .map(|block| phrases::count(&block.text))
                .collect(),
            texts,
            counts,
        }
    }

    fn here(&'a self, index: usize, words_buffer: &mut Vec<u64>) -> Here<'a> {
        let block = &self.outline.blocks[index];
        Here {
            on: self,
            index,
            block,
            parent: &self.outline.boxes[block.parent],
            own: self.page.own[index],
            shape: Shape::of(&block.text),
            container: self.page.container(self.outline, block.parent),
            overlaps: self
                .witness
                .overlaps(&self.echoes.words[index], words_buffer),
        }
    }
}

/// The page's witnesses, and the page.
fn put_page(here: &Here, row: &mut Writer) {
    let Context {
        outline,
        witness,
        page,
        echoes,
        ..
    } = here.on;
    let words = &echoes.words[here.index];
    let (share, cover) = here.overlaps.title;
    row.put(share);
    row.put(cover);
    let (share, cover) = here.overlaps.description;
    row.put(share);
    row.put(cover);
    row.put(witness.body_share(words).unwrap_or(-1.0));
    row.flag(witness.has_body());

    // The page.
    row.put(page.total().ln_1p());
    row.put((outline.blocks.len() as f32).ln_1p());
    row.put(page.sums[0].density());
    row.put(page.sums[page.best].good_words.ln_1p());
    row.flag(here.shape.wide * 3.0 > here.block.chars as f32);
}

struct Writer<'a> {
    row: &'a mut Row,
    next: usize,
}

impl Writer<'_> {
    fn put(&mut self, value: f32) {
        self.row[self.next] = value;
        self.next += 1;
    }

    fn flag(&mut self, value: bool) {
        self.put(f32::from(u8::from(value)));
    }
}
