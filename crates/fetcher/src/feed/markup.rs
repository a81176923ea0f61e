//! A tree of whatever XML-like text there is: never an error, linear in time, bounded in depth and
//! number of elements.

use std::borrow::Cow;

use super::element::{Element, Node, VOID, attribute_pairs};
use super::scope::BASE_BYTES_MAX;
use super::text::{Entities, decode_references};

/// Deeper elements are left out and what is in them read as if it stood at this depth. Browsers
/// stop at 512; a feed is a few levels around such a page's body.
const DEPTH_MAX: usize = 200;

/// What comes after so many elements and pieces of text is not read: some 90 MB of tree. XHTML with
/// a tag or a piece of text every 40 bytes reaches it at 40 MB.
const NODES_MAX: usize = 1_000_000;

/// Later namespace declarations are not read; each name looks through those in force.
const NAMESPACES_MAX: usize = 100;

/// Later entities are not declared, longer values neither; references cannot nest.
const ENTITIES_MAX: usize = 1_000;
const ENTITY_VALUE_BYTES_MAX: usize = 1_000;

/// A document and what is needed to read its text.
#[derive(Debug, Default)]
pub(super) struct Document<'a> {
    /// Holds the root, and what else stands beside it.
    pub(super) whole: Element<'a>,
    pub(super) entities: Entities<'a>,
    /// What was wrong with the markup, each kind once.
    pub(super) flaws: Vec<&'static str>,
    /// Part of it was not read, or not as it is nested: a document that may harm another reader.
    pub(super) is_excessive: bool,
}

/// How namespaces begin, without scheme and in lower case, and the prefix that we give them. The
/// feeds' own have none, so that `atom:link` in RSS is a `link`.
const NAMESPACES: &[(&str, &str)] = &[
    ("www.w3.org/2005/atom", ""),
    ("purl.org/atom/app", "app"),
    ("purl.org/atom/", ""),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/rss/1.0/modules/syndication", "sy"),
    ("purl.org/rss/1.0/modules/rss091", ""),
    ("purl.org/rss/1.0/modules/company", "company"),
    ("purl.org/rss/1.0/modules/", "module"),
    ("purl.org/rss/", ""),
    ("purl.org/net/rss1.1", ""),
    ("purl.org/echo", ""),
    ("purl.org/pie", ""),
    ("my.netscape.com/", ""),
    ("channel.netscape.com/", ""),
    ("backend.userland.com/rss", ""),
    ("blogs.law.harvard.edu/tech/rss", ""),
    ("cyber.law.harvard.edu/rss", ""),
    ("example.com/newformat", ""),
    ("example.com/necho", ""),
    ("uri/of/echo", ""),
    ("purl.org/dc/terms", "dcterms"),
    ("purl.org/dc/", "dc"),
    ("search.yahoo.com/mrss", "media"),
    ("video.search.yahoo.com/mrss", "media"),
    ("www.itunes.com/dtds/", "itunes"),
    ("itunes.com/dtds/", "itunes"),
    ("example.com/dtds/podcast", "itunes"),
    ("www.w3.org/1999/xhtml", "xhtml"),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("rssnamespace.org/feedburner", "feedburner"),
];

/// Prefixes that mean the feed's own elements where nothing declares them.
const OWN_PREFIXES: &[&str] = &["atom", "atom03", "atom10", "a10", "rss", "rss1", "rss2"];

/// Reads all of `text`.
pub(super) fn read(text: &str) -> Document<'_> {
    let mut reader = Reader {
        rest: text,
        open: vec![Element::default()],
        ..Reader::default()
    };
    while !reader.rest.is_empty() {
        reader.step();
        if reader.nodes > NODES_MAX {
            reader.flaw("too many elements, the rest was not read");
            reader.is_excessive = true;
            break;
        }
    }
    reader.finish()
}

#[derive(Default)]
struct Reader<'a> {
    rest: &'a str,
    /// From the document itself to the element being read.
    open: Vec<Element<'a>>,
    /// Elements below `DEPTH_MAX` that are open and not kept as such.
    sunken: usize,
    nodes: usize,
    /// Prefix, what we call it, and the depth at which it was declared.
    namespaces: Vec<(&'a str, Cow<'a, str>, usize)>,
    entities: Entities<'a>,
    flaws: Vec<&'static str>,
    is_excessive: bool,
    /// No quote of this kind, no end of CDATA is left in the document, so no search for one must be
    /// tried again: that would make hostile documents quadratic.
    is_without: [bool; 2],
    is_without_cdata_end: bool,
}

impl<'a> Reader<'a> {
    fn step(&mut self) {
        let rest = self.rest;
        let Some(at) = rest.find('<') else {
            self.push(Node::Text(rest));
            self.rest = "";
            return;
        };
        if at > 0 {
            self.push(Node::Text(&rest[..at]));
        }
        let mark = &rest[at..];
        let next = mark[1..].chars().next().unwrap_or(' ');
        if let Some(after) = mark.strip_prefix("<!--") {
            self.rest = self.after(after, "-->", "comment not closed");
        } else if let Some(after) = mark.strip_prefix("<![CDATA[") {
            self.verbatim(after);
        } else if let Some(after) = mark.strip_prefix("<!") {
            self.declaration(after);
        } else if let Some(after) = mark.strip_prefix("<?") {
            self.rest = self.after(after, ">", "declaration not closed");
        } else if let Some(after) = mark.strip_prefix("</") {
            let (name, after) = after.split_at(after.find(['>', '<']).unwrap_or(after.len()));
            self.rest = after.strip_prefix('>').unwrap_or(after);
            self.close(name.trim());
        } else if next.is_alphabetic() || next == '_' || next == ':' {
            self.start_tag(&mark[1..]);
        } else {
            self.flaw("bare <");
            self.push(Node::Verbatim("<"));
            self.rest = &mark[1..];
        }
    }

    fn after(&mut self, text: &'a str, end: &str, flaw: &'static str) -> &'a str {
        match text.split_once(end) {
            Some((_, after)) => after,
            None => {
                self.flaw(flaw);
                ""
            }
        }
    }

    fn verbatim(&mut self, text: &'a str) {
        let end = match self.is_without_cdata_end {
            true => None,
            false => text.split_once("]]>"),
        };
        match end {
            Some((inside, after)) => {
                self.push(Node::Verbatim(inside));
                self.rest = after;
            }
            None => {
                // What follows is markup as likely as text: the end tags of a cut-off entry.
                self.flaw("CDATA not closed");
                self.is_without_cdata_end = true;
                self.rest = text;
            }
        }
    }

    /// A document type with its entities, of which only plain values are taken.
    fn declaration(&mut self, text: &'a str) {
        let end = text.find(['[', '>']).unwrap_or(text.len());
        if !text[end..].starts_with('[') {
            self.rest = text.get(end + 1..).unwrap_or_default();
            return;
        }
        let (subset, after) = text[end + 1..]
            .split_once(']')
            .unwrap_or((&text[end + 1..], ""));
        self.rest = after.split_once('>').map_or("", |(_, after)| after);
        for declared in subset.split("<!ENTITY").skip(1).take(ENTITIES_MAX) {
            let Some((name, value)) = declared.trim_start().split_once(char::is_whitespace) else {
                continue;
            };
            let value = value.trim_start();
            let Some(quote) = value
                .chars()
                .next()
                .filter(|char| matches!(char, '"' | '\''))
            else {
                continue;
            };
            let value = value[1..].split(quote).next().unwrap_or_default();
            if value.len() <= ENTITY_VALUE_BYTES_MAX {
                let value = decode_references(value, &Entities::default());
                self.entities.declare(name, value);
            }
        }
    }

    fn start_tag(&mut self, text: &'a str) {
        let name_end = text
            .find(|char: char| char.is_whitespace() || matches!(char, '>' | '/' | '<'))
            .unwrap_or(text.len());
        let (name, after) = text.split_at(name_end);
        let length = self.attributes_length(after);
        let (attributes, after) = after.split_at(length);
        self.rest = match after.strip_prefix('>') {
            Some(after) => after,
            None => {
                self.flaw("tag not closed");
                after
            }
        };
        let is_empty = attributes.ends_with('/');
        self.start(name, attributes.trim_end_matches('/'), is_empty);
    }

    /// Up to the `>` that ends the tag, or the `<` that shows that it was forgotten.
    fn attributes_length(&mut self, text: &str) -> usize {
        let mut at = 0;
        while let Some(found) = text[at..].find(['>', '<', '"', '\'']) {
            at += found;
            let mark = text.as_bytes()[at];
            let is_value = text[..at].trim_end().ends_with('=');
            let which = usize::from(mark == b'"');
            if matches!(mark, b'>' | b'<') {
                return at;
            }
            if is_value && !self.is_without[which] {
                match text[at + 1..].find(char::from(mark)) {
                    Some(length) => at += length + 1,
                    None => self.is_without[which] = true,
                }
            }
            at += 1;
        }
        text.len()
    }

    fn start(&mut self, raw: &'a str, attributes: &'a str, is_empty: bool) {
        let depth = self.open.len();
        if attributes.contains("xmlns") {
            for (name, value) in attribute_pairs(attributes) {
                self.declare_namespace(name, value, depth);
            }
        }
        if attributes.len() > BASE_BYTES_MAX && attributes.contains("xml:base") {
            self.flaw("base too long");
            self.is_excessive = true;
        }
        let name = self.name(raw);
        if matches!(&*name, "item" | "entry")
            && let Some(place) = self.open.iter().rposition(|element| element.name == name)
        {
            // An entry inside an entry is one that was not closed.
            self.flaw("mismatched tags");
            self.close_to(place);
        }
        let local = raw.rsplit(':').next().unwrap_or(raw);
        let element = Element {
            name,
            local,
            attributes,
            children: Vec::new(),
        };
        if is_empty || VOID.contains(&local.to_ascii_lowercase().as_str()) {
            self.push(Node::Element(element));
            self.leave_namespaces(depth);
        } else if self.open.len() > DEPTH_MAX {
            self.flaw("nested too deep");
            self.is_excessive = true;
            self.sunken += 1;
        } else {
            self.open.push(element);
        }
    }

    fn declare_namespace(&mut self, attribute: &'a str, uri: &'a str, depth: usize) {
        let prefix = match attribute.strip_prefix("xmlns") {
            Some("") => "",
            Some(rest) => match rest.strip_prefix(':') {
                Some(prefix) => prefix,
                None => return,
            },
            None => return,
        };
        if self.namespaces.len() >= NAMESPACES_MAX {
            return self.flaw("too many namespaces");
        }
        let lower = uri.trim().to_ascii_lowercase();
        let bare = lower.split_once("://").map_or(&*lower, |(_, rest)| rest);
        let known = NAMESPACES.iter().find(|(begin, _)| bare.starts_with(begin));
        let ours = known.map_or(Cow::Borrowed(prefix), |(_, ours)| Cow::Borrowed(*ours));
        self.namespaces.push((prefix, ours, depth));
    }

    fn leave_namespaces(&mut self, depth: usize) {
        while self
            .namespaces
            .last()
            .is_some_and(|(_, _, at)| *at >= depth)
        {
            self.namespaces.pop();
        }
    }

    fn name(&self, raw: &'a str) -> Cow<'a, str> {
        let (prefix, local) = raw.split_once(':').unwrap_or(("", raw));
        let declared = self
            .namespaces
            .iter()
            .rev()
            .find(|(name, ..)| *name == prefix);
        let ours = match declared {
            Some((_, ours, _)) => &**ours,
            None if OWN_PREFIXES.contains(&prefix) => "",
            None => prefix,
        };
        let is_lower = !raw.bytes().any(|byte| byte.is_ascii_uppercase());
        if ours == prefix && is_lower {
            return Cow::Borrowed(raw);
        }
        let local = local.to_ascii_lowercase();
        Cow::Owned(match ours {
            "" => local,
            _ => format!("{}:{local}", ours.to_ascii_lowercase()),
        })
    }

    fn close(&mut self, raw: &'a str) {
        let local = raw.rsplit(':').next().unwrap_or(raw);
        if VOID.contains(&local.to_ascii_lowercase().as_str()) {
            return;
        }
        if self.sunken > 0 {
            self.sunken -= 1;
            return;
        }
        let name = self.name(raw);
        match self
            .open
            .iter()
            .skip(1)
            .rposition(|element| element.name == name)
        {
            Some(place) => {
                if place + 2 != self.open.len() {
                    self.flaw("mismatched tags");
                }
                self.close_to(place + 1);
            }
            None => self.flaw("mismatched tags"),
        }
    }

    /// Closes the open element at `place` and all inside it.
    fn close_to(&mut self, place: usize) {
        self.sunken = 0;
        while self.open.len() > place.max(1) {
            let element = self.open.pop().expect("the document itself stays open");
            self.leave_namespaces(self.open.len());
            self.push(Node::Element(element));
        }
    }

    fn push(&mut self, node: Node<'a>) {
        let parent = self
            .open
            .last_mut()
            .expect("the document itself stays open");
        parent.children.push(node);
        self.nodes += 1;
    }

    fn flaw(&mut self, flaw: &'static str) {
        if !self.flaws.contains(&flaw) {
            self.flaws.push(flaw);
        }
    }

    fn finish(mut self) -> Document<'a> {
        if self.open.len() > 1 {
            self.flaw("cut off before the end");
        }
        self.close_to(1);
        Document {
            whole: self.open.pop().expect("the document itself stays open"),
            entities: self.entities,
            flaws: self.flaws,
            is_excessive: self.is_excessive,
        }
    }
}
