//! A page as a run of tags and texts, without a tree: one pass, no allocation, never an error.
//!
//! Cuts where html5ever's tokenizer cuts (but for scripts inside comments inside scripts), so that
//! what is read here is what the tree will hold. Time is linear in the page, whatever is in it.

use std::borrow::Cow;

use memchr::{memchr, memchr3, memmem};

/// One piece of a page and the bytes it takes up there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Token<'a> {
    /// The piece.
    pub kind: Kind<'a>,
    /// Its first byte in the page.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
}

/// What a piece of a page is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind<'a> {
    /// `<a href="x">`
    Start(Tag<'a>),
    /// `</a>`: the name as written.
    End(&'a str),
    /// Characters between tags, entities as written. All of a script, style or title is one text.
    Text(&'a str),
    /// What stands in a comment, a doctype or a processing instruction.
    Comment,
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tag<'a> {
    /// As written; compare with [`Tag::is`].
    pub name: &'a str,
    /// What stands between the name and `>`.
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// Whether this is the tag of that (lowercase) name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Names and values as written, in the order given; a name without a value has "".
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes {
            rest: self.attributes,
        }
    }

    /// The first value of that (lowercase) name, entities decoded.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| html_escape::decode_html_entities(value))
    }

    /// Whether it ends in `/>`, which closes only elements of SVG and MathML.
    pub fn is_self_closing(&self) -> bool {
        self.attributes.ends_with('/')
    }
}

/// See [`Tag::attributes`].
#[derive(Debug, Clone)]
pub(crate) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        // All cuts are at ASCII bytes, so they fall between characters.
        let text = self.rest;
        let bytes = text.as_bytes();
        let start = bytes
            .iter()
            .position(|byte| !is_space(*byte) && *byte != b'/')?;
        // A name may begin with "=", but only there.
        let ends_name = |byte: &u8| is_space(*byte) || matches!(*byte, b'/' | b'=');
        let length = bytes[start + 1..].iter().position(ends_name);
        let end = length.map_or(bytes.len(), |length| start + 1 + length);
        let name = &text[start..end];
        let equals = end + spaces(&bytes[end..]);
        if bytes.get(equals) != Some(&b'=') {
            self.rest = &text[end..];
            return Some((name, ""));
        }
        let value = equals + 1 + spaces(&bytes[equals + 1..]);
        let (from, length, next) = match bytes.get(value) {
            Some(quote @ (b'"' | b'\'')) => {
                let from = value + 1;
                let length = memchr(*quote, &bytes[from..]).unwrap_or(bytes.len() - from);
                (from, length, from + length + 1)
            }
            _ => {
                let length = bytes[value..].iter().position(|byte| is_space(*byte));
                let length = length.unwrap_or(bytes.len() - value);
                (value, length, value + length)
            }
        };
        self.rest = text.get(next..).unwrap_or("");
        Some((name, &text[from..from + length]))
    }
}

fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_space(**byte)).count()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'\x0c')
}

/// Elements whose content is characters, not tags.
const RAW_TEXT: &[&str] = &[
    "script", "style", "title", "textarea", "iframe", "xmp", "noembed", "noframes",
];

/// Reads a page from its first byte to its last.
pub(crate) fn scan(html: &str) -> Scanner<'_> {
    Scanner {
        html,
        position: 0,
        raw_text: None,
        in_svg: false,
    }
}

/// See [`scan`].
#[derive(Debug, Clone)]
pub(crate) struct Scanner<'a> {
    html: &'a str,
    position: usize,
    /// The element whose characters come next.
    raw_text: Option<&'a str>,
    in_svg: bool,
}

impl<'a> Scanner<'a> {
    /// Goes on at this byte; it must begin a character.
    pub fn jump(&mut self, position: usize) {
        self.position = position;
        self.raw_text = None;
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.position;
        let rest = self.html.get(start..).filter(|rest| !rest.is_empty())?;
        if let Some(name) = self.raw_text.take() {
            let length = raw_text_length(rest, name);
            if length > 0 {
                self.position += length;
                return Some(self.token(Kind::Text(&rest[..length]), start));
            }
        }
        let kind = match markup(rest) {
            Some((kind, length)) => {
                self.position += length;
                self.enter(kind);
                kind
            }
            None => {
                let length = text_length(rest);
                self.position += length;
                Kind::Text(&rest[..length])
            }
        };
        Some(self.token(kind, start))
    }
}

impl<'a> Scanner<'a> {
    fn token(&self, kind: Kind<'a>, start: usize) -> Token<'a> {
        let end = self.position;
        Token { kind, start, end }
    }

    fn enter(&mut self, kind: Kind<'a>) {
        match kind {
            Kind::Start(tag) if tag.is("svg") => self.in_svg = !tag.is_self_closing(),
            Kind::End(name) if name.eq_ignore_ascii_case("svg") => self.in_svg = false,
            Kind::Start(tag)
                if RAW_TEXT.iter().any(|name| tag.is(name))
                    && !(self.in_svg && tag.is_self_closing()) =>
            {
                self.raw_text = Some(tag.name);
            }
            _ => {}
        }
    }
}

/// The tag or comment that the text begins with, and its length in bytes.
fn markup(text: &str) -> Option<(Kind<'_>, usize)> {
    let bytes = text.as_bytes();
    if bytes[0] != b'<' {
        return None;
    }
    match *bytes.get(1)? {
        b'!' if text.starts_with("<!--") => Some((Kind::Comment, comment_length(text))),
        b'!' | b'?' => Some((Kind::Comment, to_greater_than(text))),
        b'/' => match bytes.get(2)? {
            letter if letter.is_ascii_alphabetic() => {
                let name = &text[2..2 + name_length(&bytes[2..])];
                Some((Kind::End(name), tag_length(text)))
            }
            _ => Some((Kind::Comment, to_greater_than(text))),
        },
        letter if letter.is_ascii_alphabetic() => {
            let (name_end, length) = (1 + name_length(&bytes[1..]), tag_length(text));
            let inner = text[..length].strip_suffix('>').unwrap_or(&text[..length]);
            let (name, attributes) = (&text[1..name_end], inner.get(name_end..).unwrap_or(""));
            Some((Kind::Start(Tag { name, attributes }), length))
        }
        _ => None,
    }
}

fn name_length(bytes: &[u8]) -> usize {
    let ends = |&byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'\x0c' | b'/' | b'>');
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

/// Bytes up to the `>` that closes a tag: the first one outside of a quoted value.
fn tag_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut position = 0;
    while let Some(found) = memchr3(b'>', b'"', b'\'', &bytes[position..]) {
        let at = position + found;
        position = at + 1;
        match bytes[at] {
            b'>' => return position,
            // A quote opens a value only right after "="; elsewhere it is a character of a name.
            quote if bytes[..at].trim_ascii_end().ends_with(b"=") => {
                match memchr(quote, &bytes[position..]) {
                    Some(length) => position += length + 1,
                    None => break,
                }
            }
            _ => {}
        }
    }
    bytes.len()
}

fn comment_length(text: &str) -> usize {
    for empty in ["<!-->", "<!--->"] {
        if text.starts_with(empty) {
            return empty.len();
        }
    }
    let bytes = text.as_bytes();
    let mut position = 4;
    while let Some(found) = memmem::find(&bytes[position..], b"--") {
        let at = position + found;
        match &bytes[at + 2..] {
            [b'>', ..] => return at + 3,
            [b'!', b'>', ..] => return at + 4,
            _ => position = at + 1,
        }
    }
    bytes.len()
}

fn to_greater_than(text: &str) -> usize {
    memchr(b'>', text.as_bytes()).map_or(text.len(), |at| at + 1)
}

/// Bytes up to the next tag or comment. The first byte is text even where it is `<`.
fn text_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut position = 1;
    while let Some(found) = memchr(b'<', &bytes[position..]) {
        let at = position + found;
        match bytes.get(at + 1) {
            Some(b'!' | b'?' | b'/') => return at,
            Some(letter) if letter.is_ascii_alphabetic() => return at,
            _ => position = at + 1,
        }
    }
    bytes.len()
}

/// Bytes up to `</name`, or up to the end of the page.
fn raw_text_length(text: &str, name: &str) -> usize {
    let bytes = text.as_bytes();
    let mut position = 0;
    while let Some(found) = memmem::find(&bytes[position..], b"</") {
        let at = position + found;
        let tail = &bytes[at + 2..];
        let named = tail.len() >= name.len()
            && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && name_length(&tail[name.len()..]) == 0;
        if named {
            return at;
        }
        position = at + 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The page's tokens, one a line.
    fn outline(html: &str) -> String {
        let line = |token: Token| match token.kind {
            Kind::Start(tag) => {
                let attributes: Vec<_> = tag
                    .attributes()
                    .map(|(n, v)| format!(" {n}[{v}]"))
                    .collect();
                format!("<{}{}", tag.name, attributes.concat())
            }
            Kind::End(name) => format!("/{name}"),
            Kind::Text(text) => format!("\"{text}\""),
            Kind::Comment => "#".to_owned(),
        };
        scan(html).map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cuts_where_the_parser_cuts() {
        for (html, wanted) in [
            ("<p>a<br/>b</p>", "<p \"a\" <br \"b\" /p"),
            ("a < b <3 c", "\"a < b <3 c\""),
            (
                "<a href='x>y' b=\"'\" c=d e>t",
                "<a href[x>y] b['] c[d] e[] \"t\"",
            ),
            ("<a title=it's>x's", "<a title[it's] \"x's\""),
            ("<a href = \"x\"  / id=1/>t", "<a href[x] id[1/] \"t\""),
            ("<!doctype html><!-- <p> --><!--><p>", "# # # <p"),
            (
                "<script>if (a</b) '<p>'</SCRIPT >x",
                "<script \"if (a</b) '<p>'\" /SCRIPT \"x\"",
            ),
            ("<script></script><p>", "<script /script <p"),
            ("<svg><style/><p>", "<svg <style <p"),
            ("<title>a <b> c</title>", "<title \"a <b> c\" /title"),
            ("<a href=\"x", "<a href[x]"),
            ("</>x<", "# \"x<\""),
        ] {
            assert_eq!(outline(html), wanted, "{html}");
        }
    }

    #[test]
    fn attribute_is_decoded_and_the_first_of_its_name() {
        let token = scan("<META Content='a &amp; b' content=c>").next();
        let Some(Kind::Start(tag)) = token.map(|token| token.kind) else {
            panic!("no tag");
        };
        assert!(tag.is("meta"));
        assert_eq!(tag.attribute("content").as_deref(), Some("a & b"));
        assert_eq!(tag.attribute("name"), None);
    }

    proptest! {
        #[test]
        fn tokens_tile_any_page(html in "(<|>|/|!|-|=|\"|'| |é|a|<script>|</script>|<svg>|<!--|-->){0,40}") {
            let mut end = 0;
            for token in scan(&html) {
                prop_assert_eq!(token.start, end);
                prop_assert!(token.end > token.start);
                end = token.end;
                if let Kind::Start(tag) = token.kind {
                    tag.attributes().count();
                }
            }
            prop_assert_eq!(end, html.len());
        }
    }
}
