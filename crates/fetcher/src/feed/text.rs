//! HTML and character references to plain text.

use std::cell::Cell;
use std::collections::HashMap;

/// Entities that a document type declaration defines, by name.
#[derive(Debug, Default)]
pub(super) struct Entities<'a> {
    values: HashMap<&'a str, String>,
    /// Bytes that they have been replaced by.
    spent: Cell<usize>,
}

/// A document's own entities are written out up to so many bytes; later ones stay as they are. A
/// bomb of entities is 16 MiB of `&a;` with a long value.
const ENTITY_BYTES_MAX: usize = 1 << 20;

impl<'a> Entities<'a> {
    /// The first declaration of a name holds, as in XML.
    pub(super) fn declare(&mut self, name: &'a str, value: String) {
        self.values.entry(name).or_insert(value);
    }

    fn value(&self, name: &str) -> Option<String> {
        let value = self.values.get(name)?;
        self.spent.set(self.spent.get() + value.len());
        (self.spent.get() <= ENTITY_BYTES_MAX).then(|| value.clone())
    }
}

/// Longer names are not HTML's, and a bare `&` must not search a whole document for its `;`.
const REFERENCE_BYTES_MAX: usize = 40;

/// Replaces character references, HTML's named entities and the document's own. What is none of
/// them stays as it is: a bare `&` is an ampersand.
pub(super) fn decode_references(text: &str, declared: &Entities<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest, declared) {
            Some((value, length)) => {
                out.push_str(&value);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The value of the reference that `text` begins with, and its length.
fn reference(text: &str, declared: &Entities<'_>) -> Option<(String, usize)> {
    let head = &text.as_bytes()[1..text.len().min(REFERENCE_BYTES_MAX)];
    let length = head
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && !b"#_.-".contains(byte))?;
    if head[length] != b';' || length == 0 {
        return None;
    }
    let name = &text[1..=length];
    let value = match name.strip_prefix('#') {
        Some(number) => numbered(number)?.to_string(),
        None => declared
            .value(name)
            .or_else(|| named(&text[..length + 2]))?,
    };
    Some((value, length + 2))
}

fn named(reference: &str) -> Option<String> {
    let value = html_escape::decode_html_entities(reference);
    (value != reference).then(|| value.into_owned())
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    match code {
        // Code points of windows-1252, as browsers read them.
        0x80..=0x9f => {
            let byte = [u8::try_from(code).expect("the range is within a byte")];
            let text = encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(&byte)
                .0;
            text.chars().next()
        }
        0 => None,
        _ => char::from_u32(code),
    }
}

/// The text of a piece of HTML: no tags, no entities, white space collapsed.
pub(crate) fn plain_text(html: &str) -> String {
    collapse(&decode_references(
        &without_tags(html),
        &Entities::default(),
    ))
}

/// Words separated by single spaces, without control characters.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let words = text.split(|char: char| char.is_whitespace() || char.is_control());
    for word in words.filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Tags that are no pause in a line of text; all others part words.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "script", "small", "span", "strike", "strong", "sub", "sup",
    "tt", "u", "var", "wbr",
];

fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(length) = tag_length(rest) else {
            out.push('<');
            rest = &rest[1..];
            continue;
        };
        let name = tag_name(&rest[1..length]);
        rest = &rest[length..];
        if name == "script" || name == "style" {
            rest = rest
                .find(&format!("</{name}"))
                .map_or("", |end| &rest[end..]);
        } else if !INLINE.contains(&name.trim_start_matches('/')) {
            out.push(' ');
        }
    }
    out.push_str(rest);
    out
}

/// The length of the tag, comment or CDATA mark that `text` begins with; None where its `<` is text.
fn tag_length(text: &str) -> Option<usize> {
    let next = *text.as_bytes().get(1)?;
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some(comment.find("-->").map_or(text.len(), |end| end + 7));
    }
    if !next.is_ascii_alphabetic() && !matches!(next, b'/' | b'!' | b'?') {
        return None;
    }
    let end = text[1..].find(['<', '>'])? + 1;
    (text.as_bytes()[end] == b'>').then_some(end + 1)
}

fn tag_name(tag: &str) -> String {
    let end = tag
        .char_indices()
        .find(|(at, char)| *at > 0 && !char.is_ascii_alphanumeric())
        .map_or(tag.len(), |(at, _)| at);
    tag[..end].to_ascii_lowercase()
}

/// Plain text as HTML; blank lines part paragraphs.
pub(super) fn to_html(text: &str) -> String {
    let text = html_escape::encode_text(text.trim());
    let paragraphs = || {
        text.split("\n\n")
            .map(str::trim)
            .filter(|paragraph| !paragraph.is_empty())
    };
    if paragraphs().nth(1).is_none() {
        return text.into_owned();
    }
    paragraphs()
        .map(|paragraph| format!("<p>{paragraph}</p>"))
        .collect()
}

/// Whether a text that should be plain was written as HTML: it holds an end tag or an entity. A tag
/// alone may be what it speaks of: "History of the <blink> tag".
pub(super) fn looks_like_html(text: &str) -> bool {
    text.match_indices("</")
        .any(|(at, _)| tag_length(&text[at..]).is_some())
        || text
            .match_indices('&')
            .any(|(at, _)| reference(&text[at..], &Entities::default()).is_some())
}

/// Text that should be plain, as plain text.
pub(super) fn plain_title(text: &str) -> String {
    if looks_like_html(text) {
        plain_text(text)
    } else {
        collapse(text)
    }
}

/// A language in BCP 47's shape.
pub(super) fn language_tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    let is_tag = tag.split('-').all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    }) && (2..=35).contains(&tag.len())
        && tag
            .split('-')
            .next()
            .is_some_and(|part| (2..=3).contains(&part.len()));
    is_tag.then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_holds_no_markup() {
        for (html, wanted) in [
            ("tsch&uuml;ss &amp; bye", "tschüss & bye"),
            ("<b>One</b>, <i>two</i><br/>three", "One, two three"),
            ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
            ("a<script>b < c</script>d", "ad"),
            ("a <!-- b --> c", "a c"),
            ("It&#146;s &#x2014; so", "It’s — so"),
            ("AT&T &bogus; &#0; &", "AT&T &bogus; &#0; &"),
            ("un<em>break</em>able", "unbreakable"),
        ] {
            assert_eq!(plain_text(html), wanted, "{html}");
        }
    }

    #[test]
    fn plain_text_is_linear_on_open_tags() {
        let html = "<a ".repeat(200_000);
        assert!(plain_text(&html).len() >= 500_000);
    }
}
