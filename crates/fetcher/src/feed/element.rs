//! One element of a document's tree, its text and its markup.

use std::borrow::Cow;

use super::text::{Entities, decode_references};

/// One element. Names are in lower case, with the prefix that `NAMESPACES` gives their namespace:
/// `title`, `dc:creator`, whatever the document itself calls them.
#[derive(Debug, Default)]
pub(super) struct Element<'a> {
    pub(super) name: Cow<'a, str>,
    /// As written, without prefix.
    pub(super) local: &'a str,
    /// As written, between name and `>`.
    pub(super) attributes: &'a str,
    pub(super) children: Vec<Node<'a>>,
}

#[derive(Debug)]
pub(super) enum Node<'a> {
    Element(Element<'a>),
    /// With its character references.
    Text(&'a str),
    /// Without any.
    Verbatim(&'a str),
}

/// HTML elements without an end tag, as they stand unescaped in RSS bodies. `link` is not among
/// them: it is RSS's as well.
pub(super) const VOID: &[&str] = &["br", "hr", "img", "input", "wbr"];

impl<'a> Element<'a> {
    /// Child elements in order.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// An attribute's value as written, by its name in lower case, prefix included.
    pub(super) fn raw_attribute(&self, name: &str) -> Option<&'a str> {
        attribute_pairs(self.attributes)
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// All elements of these names below this one, in document order, none inside another.
    pub(super) fn find_all(&self, names: &[&str]) -> Vec<&Element<'a>> {
        let mut found = Vec::new();
        self.find_into(names, &mut found);
        found
    }

    fn find_into<'b>(&'b self, names: &[&str], found: &mut Vec<&'b Element<'a>>) {
        for element in self.elements() {
            if names.contains(&&*element.name) {
                found.push(element);
            } else {
                element.find_into(names, found);
            }
        }
    }

    /// Whether there is markup below.
    pub(super) fn has_elements(&self) -> bool {
        self.elements().next().is_some()
    }

    /// The text below, references resolved, without tags.
    pub(super) fn text(&self, entities: &Entities<'_>) -> String {
        let mut out = String::new();
        self.write_text(entities, &mut out);
        out
    }

    fn write_text(&self, entities: &Entities<'_>, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.write_text(entities, out),
                Node::Text(text) => out.push_str(&decode_references(text, entities)),
                Node::Verbatim(text) => out.push_str(text),
            }
        }
    }

    /// What stands between the tags of this element, as HTML.
    pub(super) fn inner_html(&self, entities: &Entities<'_>, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => {
                    let text = decode_references(text, entities);
                    out.push_str(&html_escape::encode_text(&text));
                }
                Node::Verbatim(text) => out.push_str(text),
                Node::Element(element) => element.outer_html(entities, out),
            }
        }
    }

    fn outer_html(&self, entities: &Entities<'_>, out: &mut String) {
        out.push('<');
        out.push_str(self.local);
        for (name, value) in attribute_pairs(self.attributes) {
            if name != "xmlns" && !name.starts_with("xmlns:") {
                out.push(' ');
                out.push_str(name);
                out.push_str("=\"");
                out.push_str(&value.replace('"', "&quot;"));
                out.push('"');
            }
        }
        out.push('>');
        if VOID.contains(&self.local) {
            return;
        }
        self.inner_html(entities, out);
        out.push_str("</");
        out.push_str(self.local);
        out.push('>');
    }
}

/// Names and values as written; quotes may be missing.
pub(super) fn attribute_pairs(attributes: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = attributes.trim_start();
    std::iter::from_fn(move || {
        let end = rest
            .find(|char: char| char == '=' || char.is_whitespace())
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() && after.is_empty() {
            return None;
        }
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = after.trim_start();
            return Some((name, ""));
        };
        let quote = value
            .chars()
            .next()
            .filter(|char| matches!(char, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        rest = after.trim_start();
        Some((name, value))
    })
}
