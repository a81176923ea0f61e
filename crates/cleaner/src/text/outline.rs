//! A page as what a reader sees: blocks of text in reading order, and the boxes they stand in.

mod walk;
mod writer;

use super::cues::Cues;
pub(crate) use super::cues::hides;
pub(crate) use walk::outline;
pub(crate) use writer::Writer;

/// What a page shows, flat.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// In reading order.
    pub blocks: Vec<Block>,
    /// Parents before their children; the first is the page.
    pub boxes: Vec<Box>,
}

impl Outline {
    /// The innermost table around a block.
    pub fn table_of(&self, block: &Block) -> Option<usize> {
        let mut at = block.parent;
        while self.boxes[at].tag != Tag::Table {
            if at == 0 {
                return None;
            }
            at = self.boxes[at].parent;
        }
        Some(at)
    }
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
