//! All that a page says of its article, taken up in one pass over its tags and judged elsewhere.

mod head;
mod marks;
mod role;

use super::names;
use crate::markup::{self, Kind};
use head::{attribute_text, name_author, take_link, take_meta};
use marks::{MARK_BYTES_MAX, MARKS_OPEN_MAX, Open, append, close, is_inline, separate};
use role::role;
pub(crate) use role::{Role, Strength};

/// Statements of a page, in its own order, as written but for entities and white space.
#[derive(Debug, Default)]
pub(super) struct Harvest<'a> {
    /// `<html lang>`.
    pub language: Option<String>,
    /// Lowercase name (of `name`, `property`, `itemprop` or `http-equiv`) and content, never empty.
    pub metas: Vec<(String, String)>,
    /// `<title>`.
    pub title: Option<String>,
    /// `<link rel=canonical>`.
    pub canonical: Option<String>,
    /// The content of each JSON-LD script.
    pub jsonld: Vec<&'a str>,
    /// Headings of the first and second level.
    pub headings: Vec<Mark>,
    /// Elements that say by markup what they are: bylines, dates, headlines.
    pub marks: Vec<Mark>,
    /// Short visible texts that hold a digit, as written: where dates without markup are.
    pub lines: Vec<Line<'a>>,
    /// What follows a visible "By" or "Author:", as written: bylines without markup.
    pub signed: Vec<Line<'a>>,
}

/// One element that says what it holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    pub role: Role,
    /// What says so, strongest last.
    pub strength: Strength,
    /// Its text, white space collapsed; U+001F between the elements of a byline.
    pub text: String,
    /// The value for machines: `datetime`, `content`, `title`.
    pub value: Option<String>,
    /// Bytes of visible text before it.
    pub at: usize,
    /// Whether it stands in a sidebar, a menu or a footer.
    pub is_aside: bool,
}

/// A short visible text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl Harvest<'_> {
    /// The first content of a meta of that (lowercase) name.
    pub fn meta(&self, name: &str) -> Option<&str> {
        let named = |(given, _): &&(String, String)| given == name;
        self.metas
            .iter()
            .find(named)
            .map(|(_, content)| content.as_str())
    }

    /// All contents of metas of that (lowercase) name.
    pub fn metas_of<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        let named = move |(given, _): &&(String, String)| given == name;
        self.metas
            .iter()
            .filter(named)
            .map(|(_, content)| content.as_str())
    }

    /// Bytes of visible text before the article's headline: the first `<h1>` outside of a sidebar.
    pub fn headline_at(&self) -> usize {
        let is_first = |mark: &&Mark| mark.role == Role::Headline && !mark.is_aside;
        self.headings
            .iter()
            .find(is_first)
            .map_or(0, |mark| mark.at)
    }
}

/// More are not taken up.
const LINES_MAX: usize = 600;
const SIGNED_MAX: usize = 20;
const LINE_BYTES: std::ops::RangeInclusive<usize> = 6..=120;

/// Takes up a page's statements. Linear in its length.
pub(super) fn harvest(html: &str) -> Harvest<'_> {
    let mut harvest = Harvest::default();
    let mut open: Vec<Open> = Vec::new();
    let mut raw_text = "";
    let mut is_jsonld = false;
    let mut at = 0;
    let mut follows_by = false;
    // Whether the text before was a name after "By".
    let mut signs_on = false;
    let mut asides = 0_usize;
    let mut drawings_end = true;
    let mut tokens = markup::scan(html);
    while let Some(token) = tokens.next() {
        match token.kind {
            Kind::Start(tag) => {
                raw_text = "";
                let mut lowercase = [0; 10];
                let name = lowercased(tag.name, &mut lowercase);
                match name {
                    "html" => harvest.language = attribute_text(&tag, "lang"),
                    "meta" => {
                        take_meta(&tag, at, &mut harvest);
                        name_author(&tag, &mut open);
                    }
                    "link" => take_link(&tag, &mut harvest),
                    "script" => {
                        is_jsonld = tag
                            .attribute("type")
                            .is_some_and(|kind| kind.contains("ld+json"));
                        raw_text = "script";
                    }
                    "style" | "iframe" | "xmp" | "textarea" | "noembed" | "noframes" => {
                        raw_text = "style"
                    }
                    "title" if harvest.title.is_none() && asides == 0 => raw_text = "title",
                    "title" => raw_text = "style",
                    "aside" | "nav" | "footer" => asides += 1,
                    "br" => append(&mut open, " "),
                    // Drawings say nothing of the article and hold many tags.
                    "svg" if drawings_end && !tag.is_self_closing() => {
                        match memchr::memmem::find(&html.as_bytes()[token.end..], b"</svg") {
                            Some(length) => tokens.jump(token.end + length),
                            None => drawings_end = false,
                        }
                    }
                    _ => {}
                }
                if !open.is_empty() && !is_inline(name) {
                    separate(name, &mut open);
                }
                for element in &mut open {
                    if element.name.eq_ignore_ascii_case(tag.name) {
                        element.depth += 1;
                    }
                }
                if open.len() < MARKS_OPEN_MAX
                    && let Some((role, strength, value)) = role(&tag, name)
                {
                    let (text, is_aside) = (String::new(), asides > 0);
                    let mark = Mark {
                        role,
                        strength,
                        text,
                        value,
                        at,
                        is_aside,
                    };
                    open.push(Open {
                        name: tag.name,
                        depth: 1,
                        mark,
                    });
                }
            }
            Kind::End(name) => {
                raw_text = "";
                if ["aside", "nav", "footer"]
                    .iter()
                    .any(|aside| name.eq_ignore_ascii_case(aside))
                {
                    asides = asides.saturating_sub(1);
                }
                if !open.is_empty() {
                    close(name, &mut open, &mut harvest);
                    separate(name, &mut open);
                }
            }
            Kind::Text(text) => match raw_text {
                "script" if is_jsonld => harvest.jsonld.push(text),
                "title" => harvest.title = filled(text),
                "" => {
                    let trimmed = text.trim_ascii();
                    if LINE_BYTES.contains(&trimmed.len())
                        && harvest.lines.len() < LINES_MAX
                        && trimmed.bytes().any(|byte| byte.is_ascii_digit())
                    {
                        harvest.lines.push(Line { text: trimmed, at });
                    }
                    if harvest.signed.len() < SIGNED_MAX && !trimmed.is_empty() {
                        if follows_by {
                            harvest.signed.push(Line { text: trimmed, at });
                        }
                        let goes_on = follows_by && harvest.signed.len() < SIGNED_MAX;
                        follows_by = trimmed.len() <= 20
                            && (names::is_opener(trimmed) || (signs_on && names::joins(trimmed)));
                        signs_on = goes_on;
                        if !follows_by && trimmed.len() <= 80 && names::opens(trimmed) {
                            harvest.signed.push(Line { text: trimmed, at });
                        }
                    }
                    at += trimmed.len();
                    append(&mut open, text);
                    open.retain(|element| element.mark.text.len() <= MARK_BYTES_MAX);
                }
                _ => {}
            },
            Kind::Comment => {}
        }
    }
    harvest
}

fn lowercased<'b>(name: &'b str, buffer: &'b mut [u8; 10]) -> &'b str {
    if !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return name;
    }
    let Some(buffer) = buffer.get_mut(..name.len()) else {
        return "";
    };
    buffer.copy_from_slice(name.as_bytes());
    buffer.make_ascii_lowercase();
    std::str::from_utf8(buffer).unwrap_or("")
}

/// Decoded, white space collapsed; None where nothing is left.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = one_spaced(&html_escape::decode_html_entities(text));
    (!text.is_empty()).then_some(text)
}

/// White space of any kind and length as one space; zero-width characters and soft hyphens out.
pub(super) fn one_spaced(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !result.is_empty() {
            result.push(' ');
        }
        result.extend(
            word.chars()
                .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}')),
        );
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_split_where_their_elements_end() {
        let found = harvest(
            "<h1>Storm <b>hits</b> coast</h1><div class=byline><span>By</span><a rel=author>Ada Low</a><a rel=author>Bo Ek</a></div>",
        );
        assert_eq!(found.headings[0].text, "Storm hits coast");
        let authors: Vec<_> = found
            .marks
            .iter()
            .map(|mark| mark.text.replace('\u{1f}', "|"))
            .map(|text| text.trim_matches('|').to_owned())
            .collect();
        assert_eq!(authors, ["Ada Low", "Bo Ek", "By|Ada Low|Bo Ek"]);
    }

    #[test]
    fn drawings_are_skipped() {
        let found = harvest(
            "<svg><title>Logo</title><time>x</time></svg><title>Storm</title><svg><p class=author>Ada Low</p>",
        );
        assert_eq!(found.title.as_deref(), Some("Storm"));
        assert_eq!(found.marks.len(), 1);
    }

    #[test]
    fn hostile_pages_take_linear_time() {
        for piece in [
            "<svg>",
            "<div class=author>",
            "<h1>",
            "<time>",
            "<title>",
            "<meta itemprop=author content=x>",
            "By ",
        ] {
            harvest(&piece.repeat(200_000));
        }
    }
}
