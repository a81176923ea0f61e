//! The tags of a page that may name a feed.

use quick_xml::events::attributes::Attributes;

/// Longer tags name no feed.
const TAG_BYTES_MAX: usize = 4096;

/// What they are.
pub(super) enum Name {
    Base,
    Link,
    Anchor,
}

/// One of them.
pub(super) struct Tag<'a> {
    pub name: Name,
    /// The whole tag, less its brackets.
    markup: &'a str,
    name_length: usize,
    /// What follows it, up to the next tag.
    pub text: &'a str,
}

impl Tag<'_> {
    /// The value of an attribute, decoded.
    pub fn value(&self, name: &str) -> Option<String> {
        let attribute = Attributes::html(self.markup, self.name_length)
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(name))?;
        Some(
            html_escape::decode_html_entities(&attribute.value)
                .trim()
                .to_owned(),
        )
    }
}

/// The tags that may name a feed. One pass without a tree: a page made to keep a parser busy costs
/// no more than another.
pub(super) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    // Inside these nothing is markup but their own end.
    let mut inside: Option<&str> = None;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let closed = rest.strip_prefix('/');
        let name = name(closed.unwrap_or(rest));
        if let Some(raw) = inside {
            if closed.is_some() && name.eq_ignore_ascii_case(raw) {
                inside = None;
            }
            continue;
        }
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        inside = ["script", "style", "template", "textarea"]
            .into_iter()
            .find(|raw| closed.is_none() && name.eq_ignore_ascii_case(raw));
        let tag = match &*name.to_ascii_lowercase() {
            _ if closed.is_some() => continue,
            "base" => Name::Base,
            "link" => Name::Link,
            "a" => Name::Anchor,
            _ => continue,
        };
        let Some(end) = tag_end(rest) else {
            rest = &rest[rest.floor_char_boundary(TAG_BYTES_MAX)..];
            continue;
        };
        let text = &rest[end + 1..];
        tags.push(Tag {
            name: tag,
            markup: &rest[..end],
            name_length: name.len(),
            text: text.split('<').next().unwrap_or_default(),
        });
        rest = text;
    }
    tags
}

fn name(text: &str) -> &str {
    let length = text
        .bytes()
        .take(16)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    &text[..length]
}

/// The place of the `>` that is not within quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (place, byte) in text.bytes().take(TAG_BYTES_MAX).enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(place),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if byte == open => quote = None,
            _ => {}
        }
    }
    None
}
