//! Writes an outline as its boxes begin and end.

use super::{Block, Box, Outline, Tag};
use crate::elements::{self, Role};
use crate::text::cues::{self, Cues};
use crate::text::witness::HashedMap;

/// Attributes that name what a component is.
const DATA: &[&str] = &["data-testid", "data-component", "data-type", "data-block"];

/// A page of more blocks is no article; each takes up half a kilobyte while it is judged.
const BLOCKS_MAX: usize = 20_000;
/// More text is no article's either; ten copies of it are held while it is judged.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// Longer cells hold prose or lay out the page.
const CELL_CHARS_MAX: usize = 80;
const ROW_CHARS_MAX: usize = 400;

/// Writes an [`Outline`] as its boxes begin and end.
pub(crate) struct Writer {
    outline: Outline,
    current: usize,
    /// Cues of names met before.
    cues: HashedMap<Cues>,
    /// The block being written.
    text: String,
    chars: usize,
    link_chars: usize,
    links: usize,
    bold_chars: usize,
    link_depth: usize,
    bold_depth: usize,
    /// `<br>`s since the last character.
    breaks: usize,
    /// White space was seen since the last character.
    is_spaced: bool,
    /// Bytes of words on the page so far.
    written: usize,
}

impl Writer {
    pub fn new() -> Self {
        Self {
            outline: Outline {
                blocks: Vec::with_capacity(256),
                boxes: vec![Box::default()],
            },
            current: 0,
            cues: HashedMap::default(),
            text: String::with_capacity(1024),
            chars: 0,
            link_chars: 0,
            links: 0,
            bold_chars: 0,
            link_depth: 0,
            bold_depth: 0,
            breaks: 0,
            is_spaced: false,
            written: 0,
        }
    }

    /// Begins a box inside of another and says which one it is.
    pub fn open<'e>(
        &mut self,
        element: &elements::Element,
        name: &str,
        around: usize,
        attributes: impl Iterator<Item = (&'e str, &'e str)>,
    ) -> usize {
        self.end_block();
        let mut hints = cues::Hints::default();
        for (attribute, value) in attributes {
            let slot = match attribute.len() {
                5 if attribute.eq_ignore_ascii_case("class") => &mut hints.class,
                2 if attribute.eq_ignore_ascii_case("id") => &mut hints.id,
                8 if attribute.eq_ignore_ascii_case("itemprop") => &mut hints.itemprop,
                4 if attribute.eq_ignore_ascii_case("role") => &mut hints.role,
                5 if attribute.eq_ignore_ascii_case("style") => &mut hints.style,
                6 if attribute.eq_ignore_ascii_case("hidden") => {
                    hints.is_hidden = true;
                    continue;
                }
                11 if attribute.eq_ignore_ascii_case("aria-hidden") => {
                    hints.is_hidden |= value == "true";
                    continue;
                }
                9..=14 if DATA.iter().any(|name| attribute.eq_ignore_ascii_case(name)) => {
                    &mut hints.data
                }
                _ => continue,
            };
            *slot = value;
        }
        let own_signature = match element.name {
            "" => signature(&[name, hints.class]),
            known => signature(&[known, hints.class]),
        };
        // The same names come again and again on a page.
        let known = signature(&[
            hints.class,
            hints.id,
            hints.itemprop,
            hints.role,
            hints.data,
        ]);
        let cues = *self.cues.entry(known).or_insert_with(|| cues::of(&hints));
        let outer = &self.outline.boxes[around];
        let made = Box {
            parent: around,
            depth: outer.depth + 1,
            tag: match element.role {
                Role::Box(tag) => tag,
                _ => Tag::Div,
            },
            cues,
            is_unseen: hints.is_hidden || cues::hides(hints.style),
            signature: own_signature.rotate_left(17) ^ outer.own_signature,
            own_signature,
        };
        self.current = self.outline.boxes.len();
        self.outline.boxes.push(made);
        self.current
    }

    /// The box that is written in.
    pub fn place(&self) -> usize {
        self.current
    }

    /// Goes on in the box around.
    pub fn go_out(&mut self) {
        self.go_to(self.outline.boxes[self.current].parent);
    }

    /// Goes on in another box.
    pub fn go_to(&mut self, place: usize) {
        if place != self.current {
            self.end_block();
            self.current = place;
        }
    }

    /// How many links and elements of bold type are open.
    pub fn format(&mut self, links: usize, bold: usize) {
        (self.link_depth, self.bold_depth) = (links, bold);
    }

    /// Counts a link for the block being written.
    pub fn count_link(&mut self) {
        self.links += 1;
    }

    pub fn line_break(&mut self) {
        self.breaks += 1;
    }

    /// White space between tags.
    pub fn blank(&mut self) {
        self.is_spaced = true;
    }

    /// Whether there is as much text as is judged.
    pub fn is_full(&self) -> bool {
        self.outline.blocks.len() >= BLOCKS_MAX || self.written >= TEXT_BYTES_MAX
    }

    /// A custom element may wrap a word or a page: it is no box, and cuts only outside of lines.
    pub fn pass_custom(&mut self) {
        let is_in_line = matches!(
            self.outline.boxes[self.current].tag,
            Tag::P | Tag::Heading(_) | Tag::Item | Tag::Definition | Tag::Caption
        );
        if !is_in_line {
            self.end_block();
        }
    }

    pub fn text(&mut self, text: &str) {
        let mut words = text.split_whitespace().peekable();
        let begins_spaced = text.starts_with(char::is_whitespace);
        self.is_spaced |= begins_spaced;
        while let Some(word) = words.next() {
            self.word(word);
            self.is_spaced = words.peek().is_some() || text.ends_with(char::is_whitespace);
        }
    }

    fn word(&mut self, word: &str) {
        if self.written >= TEXT_BYTES_MAX {
            return;
        }
        if self.breaks >= 2 {
            self.end_block();
        }
        let room = TEXT_BYTES_MAX - self.written.min(TEXT_BYTES_MAX);
        let word = &word[..word.floor_char_boundary(room)];
        self.written += word.len();
        let is_apart = !self.text.is_empty() && (self.is_spaced || self.breaks > 0);
        if is_apart {
            self.text.push(' ');
        }
        self.breaks = 0;
        let chars = word.chars().count() + usize::from(is_apart);
        self.text.push_str(word);
        self.chars += chars;
        if self.link_depth > 0 {
            self.link_chars += chars;
        }
        if self.bold_depth > 0 {
            self.bold_chars += chars;
        }
    }

    pub fn end_block(&mut self) {
        self.breaks = 0;
        self.is_spaced = false;
        let (chars, links) = (self.chars, self.links);
        let block = Block {
            text: String::new(),
            parent: self.current,
            chars,
            link_chars: self.link_chars,
            links,
            bold_chars: self.bold_chars,
        };
        (self.chars, self.link_chars, self.bold_chars) = (0, 0, 0);
        // A link around a block counts where its text is.
        self.links = self.link_depth;
        // Rules of stars and stray punctuation are no text.
        if !self.text.contains(char::is_alphanumeric) {
            self.text.clear();
            return;
        }
        if self.joins_row(&block) {
            return;
        }
        let text = self.text.as_str().into();
        self.text.clear();
        self.outline.blocks.push(Block { text, ..block });
    }

    /// Short cells of one row are one line of a table, and one block.
    fn joins_row(&mut self, cell: &Block) -> bool {
        let boxes = &self.outline.boxes;
        let row_of = |block: &Block| {
            let parent = &boxes[block.parent];
            match parent.tag {
                Tag::Cell => Some(parent.parent),
                Tag::Row => Some(block.parent),
                _ => None,
            }
        };
        let row = row_of(cell);
        let Some(before) = self.outline.blocks.last_mut() else {
            return false;
        };
        if row.is_none()
            || row != row_of(before)
            || cell.chars > CELL_CHARS_MAX
            || before.chars > ROW_CHARS_MAX
        {
            return false;
        }
        before.parent = row.unwrap_or(before.parent);
        before.text.push_str(" | ");
        before.text.push_str(&self.text);
        self.text.clear();
        before.chars += cell.chars + 3;
        before.link_chars += cell.link_chars;
        before.bold_chars += cell.bold_chars;
        before.links += cell.links;
        true
    }

    pub fn finish(mut self) -> Outline {
        self.end_block();
        self.outline
    }
}

/// A hash of some names, told apart by their order.
fn signature(names: &[&str]) -> u64 {
    // FNV-1a: short strings, no adversary to gain from a clash.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for name in names {
        for byte in name.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
