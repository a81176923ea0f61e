//! A tree as what a reader sees: blocks of text in reading order, and the boxes they stand in.

use ego_tree::iter::Edge;
use scraper::{Html, Node, node::Element};

use super::cues::{self, Cues};
use super::witness::HashedMap;

/// What a page shows, flat.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// In reading order.
    pub blocks: Vec<Block>,
    /// Parents before their children; the first is the page.
    pub boxes: Vec<Box>,
}

/// A run of text that nothing but inline markup interrupts.
#[derive(Debug)]
pub(crate) struct Block {
    /// White space collapsed, trimmed, never empty.
    pub text: String,
    /// The innermost box around it, an index into [`Outline::boxes`].
    pub parent: usize,
    /// Characters in all.
    pub chars: usize,
    /// Characters inside links.
    pub link_chars: usize,
    /// Links it holds.
    pub links: usize,
    /// Characters in bold, italics or headings' ink.
    pub bold_chars: usize,
}

/// A block-level element.
#[derive(Debug, Default)]
pub(crate) struct Box {
    /// The box around it; the page's is itself.
    pub parent: usize,
    /// Boxes around it.
    pub depth: usize,
    /// Which element.
    pub tag: Tag,
    /// What its class, id and the like suggest.
    pub cues: Cues,
    /// Equal for boxes with the same tag and class in parents with the same tag and class.
    pub signature: u64,
    /// Its style or attributes keep it from being seen.
    pub is_unseen: bool,
    /// Tag and class alone.
    pub own_signature: u64,
}

/// Elements as far as their names tell story from page furniture.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    /// `div` and all without a meaning of their own.
    #[default]
    Div,
    /// A paragraph.
    P,
    /// `h1` to `h6`.
    Heading(u8),
    /// A list's item.
    Item,
    /// `ul`, `ol`, `menu`, `dl`.
    List,
    /// `dt`, `dd`.
    Definition,
    /// `td`, `th`.
    Cell,
    /// `tr`.
    Row,
    /// `table`.
    Table,
    /// `blockquote`.
    Quote,
    /// `figcaption`, `caption`.
    Caption,
    /// `figure`.
    Figure,
    /// `pre`.
    Pre,
    /// `article`.
    Article,
    /// `main`.
    Main,
    /// `section`.
    Section,
    /// `aside`.
    Aside,
    /// `header`.
    Header,
    /// `footer`.
    Footer,
    /// `form`, `fieldset`.
    Form,
    /// `details`, `summary`, `dialog`.
    Details,
}

/// A set of elements' names. Most names are told from all of it by their first letter and length.
#[derive(Debug)]
pub(crate) struct NameSet {
    names: &'static [&'static str],
    /// For each first letter, a bit for each length.
    lengths: [u32; 32],
}

impl NameSet {
    /// From lowercase names.
    pub const fn new(names: &'static [&'static str]) -> Self {
        let mut lengths = [0; 32];
        let mut at = 0;
        while at < names.len() {
            let name = names[at].as_bytes();
            lengths[(name[0] & 31) as usize] |= 1 << (name.len() & 31);
            at += 1;
        }
        Self { names, lengths }
    }

    /// Whether the (lowercase) name is in the set.
    pub fn contains(&self, name: &str) -> bool {
        name.bytes().next().is_some_and(|first| {
            self.lengths[usize::from(first & 31)] & (1 << (name.len() & 31)) != 0
                && self.names.contains(&name)
        })
    }
}

/// Elements whose text no reader sees as text of the page.
pub(crate) static SILENT: NameSet = NameSet::new(&[
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "head",
    "select", "option", "button", "textarea", "input", "canvas", "audio", "video", "map", "nav",
    "datalist", "progress", "meter", "frameset", "noframes", "noembed", "rp", "rt", "title",
]);

/// Elements that leave the line they stand in whole.
pub(crate) static INLINE: NameSet = NameSet::new(&[
    "a", "span", "b", "strong", "i", "em", "u", "s", "small", "big", "sub", "sup", "mark", "abbr",
    "cite", "q", "code", "kbd", "samp", "var", "time", "font", "ins", "del", "bdi", "bdo", "label",
    "data", "dfn", "wbr", "acronym", "tt", "strike", "nobr", "picture", "img", "source", "ruby",
    "rb", "rbc", "rtc", "br", "link", "meta", "output", "area", "track", "param",
]);

/// Attributes that say something of their element.
pub(crate) const HINTS: &[&str] = &[
    "class",
    "id",
    "itemprop",
    "role",
    "style",
    "hidden",
    "aria-hidden",
    "data-testid",
    "data-component",
    "data-type",
    "data-block",
];

/// What a `style` that keeps its element from being seen has in it.
pub(crate) const HIDING: &[&str] = &["none", "hidden"];

fn tag_of(name: &str) -> Tag {
    match name {
        "p" => Tag::P,
        "h1" => Tag::Heading(1),
        "h2" => Tag::Heading(2),
        "h3" => Tag::Heading(3),
        "h4" => Tag::Heading(4),
        "h5" | "h6" => Tag::Heading(5),
        "li" => Tag::Item,
        "ul" | "ol" | "menu" | "dl" => Tag::List,
        "dt" | "dd" => Tag::Definition,
        "td" | "th" => Tag::Cell,
        "tr" => Tag::Row,
        "table" => Tag::Table,
        "blockquote" => Tag::Quote,
        "figcaption" | "caption" => Tag::Caption,
        "figure" => Tag::Figure,
        "pre" => Tag::Pre,
        "article" => Tag::Article,
        "main" => Tag::Main,
        "section" => Tag::Section,
        "aside" => Tag::Aside,
        "header" => Tag::Header,
        "footer" => Tag::Footer,
        "form" | "fieldset" => Tag::Form,
        "details" | "summary" | "dialog" => Tag::Details,
        _ => Tag::Div,
    }
}

/// Reads the tree once, in reading order.
pub(crate) fn outline(tree: &Html) -> Outline {
    let mut writer = Writer::new();
    let mut silent_depth = 0_usize;
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) if silent_depth > 0 || is_silent(element) => {
                    silent_depth += 1;
                }
                Node::Element(element) => writer.open(element),
                Node::Text(text) if silent_depth == 0 => writer.text(text),
                _ => {}
            },
            Edge::Close(node) => match node.value() {
                Node::Element(_) if silent_depth > 0 => silent_depth -= 1,
                Node::Element(element) => writer.close(element.name()),
                _ => {}
            },
        }
    }
    writer.finish()
}

fn is_custom(name: &str) -> bool {
    name.contains('-')
}

fn is_silent(element: &Element) -> bool {
    SILENT.contains(element.name())
        || INLINE.contains(element.name())
            && element
                .attrs()
                .any(|(name, value)| name == "style" && cues::hides(value))
}

/// Longer cells hold prose or lay out the page.
const CELL_CHARS_MAX: usize = 80;
const ROW_CHARS_MAX: usize = 400;

struct Writer {
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
}

impl Writer {
    fn new() -> Self {
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
        }
    }

    fn open(&mut self, element: &Element) {
        let name = element.name();
        if is_custom(name) {
            self.pass_custom();
            return;
        }
        if INLINE.contains(name) {
            match name {
                "a" => {
                    self.link_depth += 1;
                    self.links += 1;
                }
                "b" | "strong" | "i" | "em" => self.bold_depth += 1,
                "br" => self.breaks += 1,
                _ => {}
            }
            return;
        }
        self.end_block();
        let parent = self.current;
        let mut class = "";
        let mut hints = cues::Hints::default();
        for (attribute, value) in element.attrs() {
            match attribute {
                "class" => class = value,
                "id" => hints.id = value,
                "itemprop" => hints.itemprop = value,
                "role" => hints.role = value,
                "style" => hints.style = value,
                "hidden" => hints.is_hidden = true,
                "aria-hidden" => hints.is_hidden |= value == "true",
                "data-testid" | "data-component" | "data-type" | "data-block" => {
                    hints.data = value;
                }
                _ => {}
            }
        }
        hints.class = class;
        let own_signature = signature(&[name, class]);
        // The same names come again and again on a page.
        let known = signature(&[
            hints.class,
            hints.id,
            hints.itemprop,
            hints.role,
            hints.data,
        ]);
        let cues = *self.cues.entry(known).or_insert_with(|| cues::of(&hints));
        let around = &self.outline.boxes[parent];
        let made = Box {
            parent,
            depth: around.depth + 1,
            tag: tag_of(name),
            cues,
            is_unseen: hints.is_hidden || cues::hides(hints.style),
            signature: own_signature.rotate_left(17) ^ around.own_signature,
            own_signature,
        };
        self.current = self.outline.boxes.len();
        self.outline.boxes.push(made);
    }

    /// A custom element may wrap a word or a page: it is no box, and cuts only outside of lines.
    fn pass_custom(&mut self) {
        let is_in_line = matches!(
            self.outline.boxes[self.current].tag,
            Tag::P | Tag::Heading(_) | Tag::Item | Tag::Definition | Tag::Caption
        );
        if !is_in_line {
            self.end_block();
        }
    }

    fn close(&mut self, name: &str) {
        if is_custom(name) {
            self.pass_custom();
            return;
        }
        if INLINE.contains(name) {
            match name {
                "a" => self.link_depth = self.link_depth.saturating_sub(1),
                "b" | "strong" | "i" | "em" => {
                    self.bold_depth = self.bold_depth.saturating_sub(1);
                }
                _ => {}
            }
            return;
        }
        self.end_block();
        self.current = self.outline.boxes[self.current].parent;
    }

    fn text(&mut self, text: &str) {
        let mut words = text.split_whitespace().peekable();
        let begins_spaced = text.starts_with(char::is_whitespace);
        self.is_spaced |= begins_spaced;
        while let Some(word) = words.next() {
            self.word(word);
            self.is_spaced = words.peek().is_some() || text.ends_with(char::is_whitespace);
        }
    }

    fn word(&mut self, word: &str) {
        if self.breaks >= 2 {
            self.end_block();
        }
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

    fn end_block(&mut self) {
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

    fn finish(mut self) -> Outline {
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
