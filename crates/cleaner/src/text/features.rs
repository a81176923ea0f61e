//! A block as numbers: its own words, the boxes around it, its neighbours, the page's witnesses.

use std::collections::HashSet;

use super::cues::Cue;
use super::outline::{Outline, Tag};
use super::phrases;
use super::witness::{HashedMap, HashedSet, Witness, hash, runs, words_of};

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

/// A block that is text for sure, in words. Short stories have few longer ones.
const GOOD_WORDS: f32 = 12.0;
const GOOD_DENSITY: f32 = 0.35;

/// The share of the page's good words from which a box holds the story.
const STORY_SHARE: f32 = 0.6;

/// The share of a hidden block's words that stand elsewhere too from which it is a copy.
const HIDDEN_ECHO_MIN: f32 = 0.8;

/// What is summed over a box and all in it.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    words: f32,
    chars: f32,
    link_chars: f32,
    good_words: f32,
    blocks: f32,
    sentences: f32,
}

impl Sum {
    /// Characters outside of links.
    fn text(&self) -> f32 {
        self.chars - self.link_chars
    }

    fn density(&self) -> f32 {
        self.link_chars / self.chars.max(1.0)
    }
}

/// The block's own measures, used for its neighbours too.
#[derive(Debug, Default, Clone, Copy)]
struct Own {
    words: f32,
    density: f32,
    ends_sentence: bool,
    is_good: bool,
    is_heading: bool,
}

/// The words of a row's block.
pub(crate) fn words_in(row: &Row) -> f32 {
    row[0].exp_m1()
}

/// One row for each block.
pub(crate) fn rows(outline: &Outline, witness: &Witness) -> Vec<Row> {
    let Outline { blocks, boxes } = outline;
    if blocks.is_empty() {
        return Vec::new();
    }
    let page = Page::of(outline);
    let mut rows = vec![[0.0; COUNT]; blocks.len()];
    // How often a text stands on the page, by its hash.
    let texts: Vec<u64> = blocks.iter().map(|block| hash(&block.text)).collect();
    let mut seen: HashedMap<u32> = HashedMap::default();
    for text in &texts {
        *seen.entry(*text).or_default() += 1;
    }
    let mut before = HashedSet::default();
    let mut words_buffer = Vec::new();
    let echoes = Echoes::of(outline);
    let mut phrase_rows = Vec::with_capacity(blocks.len());
    for block in blocks {
        phrase_rows.push(phrases::count(&block.text));
    }
    let mut headline: Option<usize> = None;
    let mut last_heading: Option<usize> = None;
    let mut articles_seen: HashSet<usize> = HashSet::new();
    let mut good_so_far = 0.0;
    let mut best_so_far = 0.0;
    for (index, block) in blocks.iter().enumerate() {
        let own = page.own[index];
        let mut row = Writer {
            row: &mut rows[index],
            next: 0,
        };
        let shape = Shape::of(&block.text);
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
        let found = &phrase_rows[index];
        for count in found.anywhere {
            row.put(f32::from(count));
        }
        row.flag(found.at_start[phrases::PROMO]);
        row.flag(found.at_start[phrases::RELATED]);
        row.flag(found.at_start[phrases::CREDIT]);
        row.flag(found.at_start[phrases::DATED]);
        row.flag(found.at_start[phrases::ACT]);
        row.flag(!before.insert(texts[index]));
        row.flag(seen[&texts[index]] > 1);
        row.flag(shape.exclaims);
        row.put(echoes.before[index]);
        row.put(echoes.after[index]);
        row.flag(own.words < 1.5 && (shape.digits > 3.0 || block.text.contains("://")));
        row.flag(block.text.ends_with(['…', '>', '»', '›', '→']) || block.text.ends_with("..."));
        row.put(shape.prices / own.words.max(1.0));
        let echo = echoes.before[index].max(echoes.after[index]);
        row.flag(echo >= HIDDEN_ECHO_MIN && page.is_unseen(outline, block.parent));

        // Its element.
        let parent = &boxes[block.parent];
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

        // Its boxes.
        let mut cue_nearness = [0.0_f32; 22];
        let mut tag_nearness = [0.0_f32; 11];
        let total = page.sums[0].good_words.max(1.0);
        let mut at = block.parent;
        let mut distance = 0;
        let mut article = None;
        loop {
            let here = &boxes[at];
            let nearness = 1.0 / (1.0 + distance as f32);
            // What is said of a box that holds the story is not said of one of its blocks.
            let holds_story = page.sums[at].good_words > STORY_SHARE * total;
            for cue in Cue::ALL.into_iter().filter(|_| !here.cues.is_empty()) {
                if holds_story && !cue.is_of_story() {
                    continue;
                }
                let slot = &mut cue_nearness[cue as usize];
                if *slot == 0.0 && here.cues.has(cue) {
                    *slot = nearness;
                }
            }
            if here.is_unseen && !holds_story && cue_nearness[21] == 0.0 {
                cue_nearness[21] = nearness;
            }
            if cue_nearness[20] == 0.0 && here.cues.has(Cue::Article) && here.cues.has(Cue::Body) {
                cue_nearness[20] = nearness;
            }
            let slot = match here.tag {
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
            if here.tag == Tag::Article {
                article = Some(at);
            }
            if at == 0 {
                break;
            }
            at = here.parent;
            distance += 1;
        }
        for nearness in cue_nearness.into_iter().chain(tag_nearness) {
            row.put(nearness);
        }
        row.put(parent.depth as f32);

        // Text in the boxes.
        let up1 = page.container(outline, block.parent);
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
                let earlier = articles_seen.len() - usize::from(articles_seen.contains(&at));
                if page.sums[at].good_words > 60.0 {
                    articles_seen.insert(at);
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

        // Where it stands.
        let overlaps = witness.overlaps(&echoes.words[index], &mut words_buffer);
        if matches!(parent.tag, Tag::Heading(1)) || overlaps.is_title() {
            headline = headline.or(Some(index));
        }
        row.put(index as f32 / blocks.len() as f32);
        row.put(good_so_far / total);
        row.put((total - good_so_far) / total);
        row.put(best_so_far / sum(page.best).good_words.max(1.0));
        row.flag(headline.is_some());
        row.put(headline.map_or(-1.0, |at| ((index - at) as f32).ln_1p()));
        let last = page.last_good[index];
        let next = page.next_good[index];
        row.put(last.map_or(-1.0, |at| ((index - at) as f32).ln_1p()));
        row.put(next.map_or(-1.0, |at| ((at - index) as f32).ln_1p()));
        row.put(last.map_or(-1.0, |at| page.own[at].words.ln_1p()));
        row.put(next.map_or(-1.0, |at| page.own[at].words.ln_1p()));
        let same = |other: Option<usize>| {
            other.is_some_and(|at| page.container(outline, blocks[at].parent) == up1)
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
            good_so_far += own.words;
            if page.is_in(outline, block.parent, page.best) {
                best_so_far += own.words;
            }
        }

        // Its neighbours.
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
                    row.flag(page.container(outline, blocks[at].parent) == up1);
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
        let alike =
            |other: &super::outline::Block| boxes[other.parent].signature == parent.signature;
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
        match last_heading {
            Some(at) => {
                row.put(((index - at) as f32).ln_1p());
                row.put(f32::from(phrase_rows[at].anywhere[phrases::RELATED]));
                row.put(f32::from(phrase_rows[at].anywhere[phrases::PROMO]));
                row.put(f32::from(phrase_rows[at].anywhere[phrases::COMMENT]));
                row.put(page.apart(outline, block.parent, blocks[at].parent));
            }
            None => (0..5).for_each(|_| row.put(-1.0)),
        }
        if own.is_heading
            || (own.words < 8.0 && !own.ends_sentence && found.at_start[phrases::RELATED])
        {
            last_heading = Some(index);
        }

        // The page's witnesses.
        let (share, cover) = overlaps.title;
        row.put(share);
        row.put(cover);
        let (share, cover) = overlaps.description;
        row.put(share);
        row.put(cover);
        row.put(witness.body_share(&echoes.words[index]).unwrap_or(-1.0));
        row.flag(witness.has_body());

        // The page.
        row.put(total.ln_1p());
        row.put((blocks.len() as f32).ln_1p());
        row.put(page.sums[0].density());
        row.put(sum(page.best).good_words.ln_1p());
        row.flag(shape.wide * 3.0 > chars);
        debug_assert_eq!(row.next, COUNT);
    }
    rows
}

/// Each block's words, and how much of it other blocks say too.
struct Echoes {
    words: Vec<Vec<u64>>,
    before: Vec<f32>,
    after: Vec<f32>,
}

impl Echoes {
    fn of(outline: &Outline) -> Self {
        let words: Vec<Vec<u64>> = outline
            .blocks
            .iter()
            .map(|block| {
                let mut words = Vec::new();
                words_of(&block.text, &mut words);
                words
            })
            .collect();
        // Where a run of words stands first and last.
        let mut places: HashedMap<(usize, usize)> = HashedMap::default();
        for (index, words) in words.iter().enumerate() {
            for run in runs(words) {
                places
                    .entry(run)
                    .and_modify(|place| place.1 = index)
                    .or_insert((index, index));
            }
        }
        let share = |is_echo: &dyn Fn(usize, (usize, usize)) -> bool| {
            words
                .iter()
                .enumerate()
                .map(|(index, words)| {
                    let echoes = runs(words).filter(|run| is_echo(index, places[run]));
                    echoes.count() as f32 / words.len().saturating_sub(2).max(1) as f32
                })
                .collect()
        };
        Self {
            before: share(&|index, (first, _)| first < index),
            after: share(&|index, (_, last)| last > index),
            words,
        }
    }
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

/// What the page's blocks add up to.
struct Page {
    own: Vec<Own>,
    sums: Vec<Sum>,
    signatures: HashedMap<Sum>,
    own_signatures: HashedMap<Sum>,
    /// The box whose paragraphs weigh most, as Readability weighs them.
    best: usize,
    /// The smallest box that holds most of the good words.
    dominant: usize,
    last_good: Vec<Option<usize>>,
    next_good: Vec<Option<usize>>,
}

impl Page {
    fn of(outline: &Outline) -> Self {
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

    /// The innermost box that holds more than one block: a paragraph alone in wrappers has the
    /// neighbours that its wrappers have.
    fn container(&self, outline: &Outline, mut at: usize) -> usize {
        while at != 0 && self.sums[at].blocks <= 1.0 {
            at = outline.boxes[at].parent;
        }
        at
    }

    /// Whether a box around it is not shown; one that holds the story is shown in time.
    fn is_unseen(&self, outline: &Outline, mut at: usize) -> bool {
        let most = self.sums[0].good_words * STORY_SHARE;
        while at != 0 && !(outline.boxes[at].is_unseen && self.sums[at].good_words <= most) {
            at = outline.boxes[at].parent;
        }
        at != 0
    }

    fn is_in(&self, outline: &Outline, mut at: usize, outer: usize) -> bool {
        while at > outer {
            at = outline.boxes[at].parent;
        }
        at == outer
    }

    /// Steps up from a box to the other one or to what holds both.
    fn steps_to(&self, outline: &Outline, at: usize, other: usize) -> f32 {
        steps(outline, at, other).0 as f32
    }

    /// Steps from one box to another through what holds both.
    fn apart(&self, outline: &Outline, at: usize, other: usize) -> f32 {
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

/// Words, where two characters of a script without spaces count as one.
pub(crate) fn words(text: &str) -> f32 {
    if text.is_ascii() {
        return text.split_ascii_whitespace().count() as f32;
    }
    let wide = text.chars().filter(|&c| is_wide(c)).count();
    text.split_whitespace().count() as f32 + wide as f32 / 2.0
}

/// Scripts written without spaces.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

const SENTENCE_ENDS: &[char] = &[
    '.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔', '։', '።',
];
const CLOSERS: &[char] = &[
    '"', '\'', '”', '’', '“', '»', '«', ')', ']', '」', '』', '）', '*', '›', '‹', '‘',
];

/// Whether a text ends as sentences do, closing quotes aside.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(CLOSERS)
        .trim_end()
        .ends_with(SENTENCE_ENDS)
}

/// What one walk over a block's characters tells.
#[derive(Debug, Default)]
struct Shape {
    sentences: f32,
    commas: f32,
    capitals: f32,
    letters: f32,
    digits: f32,
    prices: f32,
    wide: f32,
    marks: f32,
    capitalised: f32,
    starts_lower: bool,
    has_year_or_time: bool,
    quotes: bool,
    colon_end: bool,
    exclaims: bool,
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let mut last = ' ';
        let mut digits_run = 0;
        for c in text.chars() {
            if c.is_ascii_digit() {
                shape.digits += 1.0;
                digits_run += 1;
                shape.has_year_or_time |= last == ':';
            } else {
                shape.has_year_or_time |= digits_run == 4;
                digits_run = 0;
                match c {
                    ' ' if SENTENCE_ENDS.contains(&last) => shape.sentences += 1.0,
                    ',' | '،' | '、' | '，' => shape.commas += 1.0,
                    '|' | '•' | '·' | '»' | '›' | '→' | '/' | '▶' | '■' | '►' => {
                        shape.marks += 1.0
                    }
                    '"' | '“' | '”' | '„' | '«' | '「' => shape.quotes = true,
                    '!' => shape.exclaims = true,
                    '$' | '€' | '£' | '¥' | '₹' | '%' => shape.prices += 1.0,
                    '。' | '！' | '？' => shape.sentences += 1.0,
                    _ if c.is_alphabetic() => {
                        shape.letters += 1.0;
                        if c.is_uppercase() {
                            shape.capitals += 1.0;
                            shape.capitalised += f32::from(u8::from(last == ' '));
                        }
                        if is_wide(c) {
                            shape.wide += 1.0;
                        }
                    }
                    _ => {}
                }
            }
            last = c;
        }
        shape.has_year_or_time |= digits_run == 4;
        shape.starts_lower = text.chars().next().is_some_and(char::is_lowercase);
        shape.colon_end = text.ends_with([':', '：']);
        shape
    }
}
