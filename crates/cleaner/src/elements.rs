//! HTML's elements: how each is read, and how it opens and closes what stands around it.

use Role::{Bold, Box, Break, Inline, Link, Outside, Silent};
use Start::{
    Button, Caption, Cell, Definition, Form, Heading, Item, Plain, Raw, Row, Rows, Select, Table,
    Void,
};

use crate::text::outline::Tag;

/// What one name of an element means.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element {
    /// In lowercase.
    pub name: &'static str,
    /// How its text is read.
    pub role: Role,
    /// What its start tag closes and opens.
    pub start: Start,
    flags: u8,
    /// Its place in the table, below [`COUNT`].
    pub index: u8,
}

/// What an element is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Ends the line before it.
    Box(Tag),
    /// Its text is no text of the page.
    Silent,
    /// Says nothing about the words in it.
    Inline,
    /// `a`.
    Link,
    /// `b`, `strong`, `i`, `em`.
    Bold,
    /// `br`.
    Break,
    /// `html`, `head`, `body`: boxes of which each page has one.
    Outside,
}

/// How a start tag changes which elements are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// It opens an element.
    Plain,
    /// It is all of the element.
    Void,
    /// What follows is characters up to the end tag.
    Raw,
    Heading,
    /// `li`
    Item,
    /// `dt`, `dd`
    Definition,
    Form,
    Button,
    Select,
    Table,
    Caption,
    /// `tbody`, `thead`, `tfoot`
    Rows,
    /// `tr`
    Row,
    /// `td`, `th`
    Cell,
}

/// Ends a paragraph left open.
const P: u8 = 1;
/// Stops end tags of inline elements: "special" in the standard.
const S: u8 = 2;
/// Nothing outside of it is closed from inside: a "scope" in the standard.
const W: u8 = 4;
/// Its end may be left out.
const E: u8 = 8;
/// Links and bold type opened inside end with it, and those outside are not taken up again.
const M: u8 = 16;
/// Though no box, it must be known to be open.
const K: u8 = 32;

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Element {
    pub fn ends_paragraph(&self) -> bool {
        self.flags & P != 0
    }

    pub fn is_special(&self) -> bool {
        self.flags & S != 0
    }

    pub fn is_scope(&self) -> bool {
        self.flags & W != 0
    }

    pub fn ends_itself(&self) -> bool {
        self.flags & E != 0
    }

    pub fn bounds_formatting(&self) -> bool {
        self.flags & M != 0
    }

    /// Whether it stays open up to an end tag, and what is inside has to know of it.
    pub fn encloses(&self) -> bool {
        match self.role {
            Role::Box(_) | Role::Silent => !matches!(self.start, Void | Raw),
            _ => self.flags & K != 0,
        }
    }
}

const fn e(name: &'static str, role: Role, start: Start, flags: u8) -> Element {
    Element {
        name,
        role,
        start,
        flags,
        index: 0,
    }
}

const fn numbered(mut table: [Element; COUNT]) -> [Element; COUNT] {
    let mut at = 0;
    while at < COUNT {
        table[at].index = at as u8;
        at += 1;
    }
    table
}

/// Slots of the hash table over [`TABLE`]; 0 is empty.
const SLOTS: usize = 512;

const fn slot_of(name: &[u8]) -> usize {
    let mut key = (name.len() as u64) << 56;
    let mut at = 0;
    while at < name.len() && at < 8 {
        key ^= ((name[at] | 0x20) as u64) << (8 * at);
        at += 1;
    }
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize
}

static PLACES: [u8; SLOTS] = {
    let mut places = [0; SLOTS];
    let mut at = 2;
    while at < COUNT {
        let mut slot = slot_of(TABLE[at].name.as_bytes());
        while places[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        places[slot] = at as u8;
        at += 1;
    }
    places
};

/// The place of a name that is in the table.
const fn place(name: &str) -> usize {
    let mut at = 0;
    while at < COUNT {
        let (known, name) = (TABLE[at].name.as_bytes(), name.as_bytes());
        let mut same = 0;
        while same < name.len() && same < known.len() && name[same] == known[same] {
            same += 1;
        }
        if same == name.len() && same == known.len() {
            return at;
        }
        at += 1;
    }
    panic!("no such element")
}

pub(crate) const HTML: usize = place("html");
pub(crate) const BODY: usize = place("body");
pub(crate) const PARAGRAPH: usize = place("p");
pub(crate) const FORM: usize = place("form");
pub(crate) const SELECT: usize = place("select");
pub(crate) const TABLE_ELEMENT: usize = place("table");
pub(crate) const TBODY: usize = place("tbody");
pub(crate) const TR: usize = place("tr");

/// The element at a place in the table.
pub(crate) fn at(place: usize) -> &'static Element {
    &TABLE[place]
}

/// What a name in any case means.
pub(crate) fn find(name: &str) -> &'static Element {
    let mut slot = slot_of(name.as_bytes());
    while PLACES[slot] != 0 {
        let element = &TABLE[usize::from(PLACES[slot])];
        if element.name.eq_ignore_ascii_case(name) {
            return element;
        }
        slot = (slot + 1) % SLOTS;
    }
    if name.contains('-') { CUSTOM } else { UNKNOWN }
}

/// How many names are known.
pub(crate) const COUNT: usize = 138;

/// What a name that no standard knows is taken for.
pub(crate) static UNKNOWN: &Element = &TABLE[0];
/// The same with a hyphen: a custom element may wrap a word or a page.
pub(crate) static CUSTOM: &Element = &TABLE[1];

#[rustfmt::skip]
static TABLE: [Element; COUNT] = numbered([
    e("", Box(Tag::Div), Plain, 0),
    e("-", Inline, Plain, K),
    e("html", Outside, Plain, S | W),
    e("head", Outside, Plain, S),
    e("body", Outside, Plain, S),
    // Boxes.
    e("p", Box(Tag::P), Plain, P | S | E),
    e("div", Box(Tag::Div), Plain, P | S),
    e("h1", Box(Tag::Heading(1)), Heading, P | S),
    e("h2", Box(Tag::Heading(2)), Heading, P | S),
    e("h3", Box(Tag::Heading(3)), Heading, P | S),
    e("h4", Box(Tag::Heading(4)), Heading, P | S),
    e("h5", Box(Tag::Heading(5)), Heading, P | S),
    e("h6", Box(Tag::Heading(5)), Heading, P | S),
    e("li", Box(Tag::Item), Item, P | S | E),
    e("ul", Box(Tag::List), Plain, P | S),
    e("ol", Box(Tag::List), Plain, P | S),
    e("menu", Box(Tag::List), Plain, P | S),
    e("dir", Box(Tag::Div), Plain, P | S),
    e("dl", Box(Tag::List), Plain, P | S),
    e("dt", Box(Tag::Definition), Definition, P | S | E),
    e("dd", Box(Tag::Definition), Definition, P | S | E),
    e("table", Box(Tag::Table), Table, S | W),
    e("caption", Box(Tag::Caption), Caption, S | W | M),
    e("tbody", Box(Tag::Div), Rows, S),
    e("thead", Box(Tag::Div), Rows, S),
    e("tfoot", Box(Tag::Div), Rows, S),
    e("tr", Box(Tag::Row), Row, S),
    e("td", Box(Tag::Cell), Cell, S | W | M),
    e("th", Box(Tag::Cell), Cell, S | W | M),
    e("blockquote", Box(Tag::Quote), Plain, P | S),
    e("figcaption", Box(Tag::Caption), Plain, P | S),
    e("figure", Box(Tag::Figure), Plain, P | S),
    e("pre", Box(Tag::Pre), Plain, P | S),
    e("listing", Box(Tag::Div), Plain, P | S),
    e("article", Box(Tag::Article), Plain, P | S),
    e("main", Box(Tag::Main), Plain, P | S),
    e("section", Box(Tag::Section), Plain, P | S),
    e("aside", Box(Tag::Aside), Plain, P | S),
    e("header", Box(Tag::Header), Plain, P | S),
    e("footer", Box(Tag::Footer), Plain, P | S),
    e("hgroup", Box(Tag::Div), Plain, P | S),
    e("address", Box(Tag::Div), Plain, P | S),
    e("center", Box(Tag::Div), Plain, P | S),
    e("search", Box(Tag::Div), Plain, P),
    e("fieldset", Box(Tag::Form), Plain, P | S),
    e("form", Box(Tag::Form), Form, P | S),
    e("details", Box(Tag::Details), Plain, P | S),
    e("summary", Box(Tag::Details), Plain, P | S),
    e("dialog", Box(Tag::Details), Plain, P),
    e("applet", Box(Tag::Div), Plain, S | W | M),
    e("marquee", Box(Tag::Div), Plain, S | W | M),
    e("hr", Box(Tag::Div), Void, P | S),
    // Words.
    e("a", Link, Plain, 0),
    e("b", Bold, Plain, 0),
    e("strong", Bold, Plain, 0),
    e("i", Bold, Plain, 0),
    e("em", Bold, Plain, 0),
    e("br", Break, Void, S),
    e("span", Inline, Plain, 0),
    e("u", Inline, Plain, 0),
    e("s", Inline, Plain, 0),
    e("small", Inline, Plain, 0),
    e("big", Inline, Plain, 0),
    e("sub", Inline, Plain, 0),
    e("sup", Inline, Plain, 0),
    e("mark", Inline, Plain, 0),
    e("abbr", Inline, Plain, 0),
    e("cite", Inline, Plain, 0),
    e("q", Inline, Plain, 0),
    e("code", Inline, Plain, 0),
    e("kbd", Inline, Plain, 0),
    e("samp", Inline, Plain, 0),
    e("var", Inline, Plain, 0),
    e("time", Inline, Plain, 0),
    e("font", Inline, Plain, 0),
    e("ins", Inline, Plain, 0),
    e("del", Inline, Plain, 0),
    e("bdi", Inline, Plain, 0),
    e("bdo", Inline, Plain, 0),
    e("label", Inline, Plain, 0),
    e("data", Inline, Plain, 0),
    e("dfn", Inline, Plain, 0),
    e("acronym", Inline, Plain, 0),
    e("tt", Inline, Plain, 0),
    e("strike", Inline, Plain, 0),
    e("nobr", Inline, Plain, 0),
    e("picture", Inline, Plain, 0),
    e("ruby", Inline, Plain, K),
    e("rb", Inline, Plain, 0),
    e("rbc", Inline, Plain, 0),
    e("rtc", Inline, Plain, 0),
    e("output", Inline, Plain, 0),
    e("wbr", Inline, Void, S),
    e("img", Inline, Void, S),
    e("image", Inline, Void, S),
    e("source", Inline, Void, S),
    e("link", Inline, Void, S),
    e("meta", Inline, Void, S),
    e("area", Inline, Void, S),
    e("track", Inline, Void, S),
    e("param", Inline, Void, S),
    e("base", Inline, Void, S),
    e("basefont", Inline, Void, S),
    e("bgsound", Inline, Void, S),
    e("col", Inline, Void, S),
    e("colgroup", Inline, Void, S),
    e("frame", Inline, Void, S),
    e("frameset", Inline, Void, S),
    e("keygen", Inline, Void, S),
    // What no reader reads in its place.
    e("nav", Silent, Plain, P | S),
    e("button", Silent, Button, S),
    e("select", Silent, Select, S | W),
    e("option", Silent, Plain, E),
    e("optgroup", Silent, Plain, E),
    e("template", Silent, Plain, S | W | M),
    e("object", Silent, Plain, S | W | M),
    e("canvas", Silent, Plain, 0),
    e("audio", Silent, Plain, 0),
    e("video", Silent, Plain, 0),
    e("map", Silent, Plain, 0),
    e("datalist", Silent, Plain, 0),
    e("progress", Silent, Plain, 0),
    e("meter", Silent, Plain, 0),
    e("math", Silent, Plain, 0),
    e("rp", Silent, Plain, E),
    e("rt", Silent, Plain, E),
    e("input", Silent, Void, S),
    e("embed", Silent, Void, S),
    e("svg", Silent, Void, 0),
    e("script", Silent, Raw, S),
    e("style", Silent, Raw, S),
    e("title", Silent, Raw, S),
    e("textarea", Silent, Raw, S),
    e("iframe", Silent, Raw, S),
    e("noscript", Silent, Raw, S),
    e("noembed", Silent, Raw, S),
    e("noframes", Silent, Raw, S),
    e("xmp", Silent, Raw, P | S),
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_any_case() {
        for element in &TABLE[2..] {
            assert_eq!(find(element.name).name, element.name);
            assert_eq!(find(&element.name.to_uppercase()).name, element.name);
        }
        assert_eq!(find("live-blog").name, CUSTOM.name);
        assert_eq!(find("divs").name, UNKNOWN.name);
    }
}
