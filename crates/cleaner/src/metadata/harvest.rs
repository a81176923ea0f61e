//! All that a page says of its article, taken up in one pass over its tags and judged elsewhere.

use std::borrow::Cow;

use super::names;
use crate::markup::{self, Kind, Tag};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Author,
    Published,
    Modified,
    Headline,
    Subheading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// A class or id that contains the word.
    Hint,
    /// A class or id that is the word, a `<time>`, an address of an author's page.
    Name,
    /// `rel`, `itemprop` or `property` from a vocabulary.
    Vocabulary,
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

/// Bytes of text after which an element is no byline, date or headline any more.
const MARK_BYTES_MAX: usize = 400;
/// A hostile page could open marks for ever; no page has use for so many.
const MARKS_OPEN_MAX: usize = 12;
const MARKS_MAX: usize = 400;
const METAS_MAX: usize = 500;
const LINES_MAX: usize = 600;
const SIGNED_MAX: usize = 20;
const LINE_BYTES: std::ops::RangeInclusive<usize> = 6..=120;

/// An element whose text is still being read.
struct Open<'a> {
    name: &'a str,
    /// Elements of the same name open inside it, itself included.
    depth: usize,
    mark: Mark,
}

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

/// Ends a word where an element ends: names of authors stand in elements of their own; other texts
/// go on after inline elements.
fn separate(name: &str, open: &mut [Open]) {
    let is_inline = is_inline(name);
    for element in open {
        match element.mark.role {
            Role::Author => append(std::slice::from_mut(element), "\u{1f}"),
            _ if !is_inline => append(std::slice::from_mut(element), " "),
            _ => {}
        }
    }
}

fn is_inline(name: &str) -> bool {
    [
        "a", "span", "b", "i", "em", "strong", "font", "u", "sup", "sub",
    ]
    .iter()
    .any(|inline| name.eq_ignore_ascii_case(inline))
}

fn append(open: &mut [Open], text: &str) {
    for element in open {
        // One byte over the limit is enough to see that it is over.
        let room = MARK_BYTES_MAX + 1 - element.mark.text.len().min(MARK_BYTES_MAX + 1);
        element
            .mark
            .text
            .push_str(&text[..text.floor_char_boundary(room + 3)]);
    }
}

fn close(name: &str, open: &mut Vec<Open>, harvest: &mut Harvest) {
    for element in open.iter_mut() {
        if element.name.eq_ignore_ascii_case(name) {
            element.depth -= 1;
        }
    }
    while let Some(done) = open.iter().position(|element| element.depth == 0) {
        let mut mark = open.remove(done).mark;
        mark.text = one_spaced(&html_escape::decode_html_entities(&mark.text));
        if mark.text.is_empty() && mark.value.is_none() {
            continue;
        }
        let list = match mark.role {
            Role::Headline | Role::Subheading => &mut harvest.headings,
            _ => &mut harvest.marks,
        };
        if list.len() < MARKS_MAX {
            list.push(mark);
        }
    }
}

fn take_meta(tag: &Tag, at: usize, harvest: &mut Harvest) {
    if harvest.metas.len() >= METAS_MAX {
        return;
    }
    // Old generators write "value".
    let content = attribute_text(tag, "content").or_else(|| attribute_text(tag, "value"));
    let Some(content) = content else {
        return;
    };
    for key in ["name", "property", "itemprop", "http-equiv"] {
        let Some(name) = tag.attribute(key) else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        // Microdata in the body: a meta is then a mark with a place.
        if key == "itemprop"
            && let Some(role) = vocabulary(&name)
        {
            harvest.marks.push(Mark {
                role,
                strength: Strength::Vocabulary,
                text: String::new(),
                value: Some(content.clone()),
                at,
                is_aside: false,
            });
        }
        harvest.metas.push((name, content.clone()));
    }
}

/// `<meta itemprop=name>` inside of an element for the author names them.
fn name_author(tag: &Tag, open: &mut [Open]) {
    let author = open
        .iter_mut()
        .find(|element| element.mark.role == Role::Author);
    if let Some(author) = author
        && tag.attribute("itemprop").is_some_and(|name| name == "name")
        && let Some(name) = attribute_text(tag, "content").or_else(|| attribute_text(tag, "value"))
    {
        author.mark.value.get_or_insert(name);
    }
}

fn take_link(tag: &Tag, harvest: &mut Harvest) {
    let is_canonical = tag
        .attribute("rel")
        .is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
    if is_canonical && harvest.canonical.is_none() {
        harvest.canonical = attribute_text(tag, "href");
    }
}

fn attribute_text(tag: &Tag, name: &str) -> Option<String> {
    // Publishers often escape twice.
    tag.attribute(name).and_then(|value| filled(&value))
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

/// What an element says that it holds.
fn role(tag: &Tag, name: &str) -> Option<(Role, Strength, Option<String>)> {
    match name {
        "h1" => return Some((Role::Headline, Strength::Name, None)),
        "h2" => return Some((Role::Subheading, Strength::Name, None)),
        "" | "meta" | "link" | "script" | "img" | "input" | "path" | "svg" | "html" | "body"
        | "br" | "hr" | "style" | "source" | "form" | "button" | "article" | "main" => return None,
        _ => {}
    }
    let mut best: Option<(Role, Strength)> = None;
    let mut value = None;
    if name == "time" {
        best = Some((Role::Published, Strength::Name));
    }
    for (key, given) in tag.attributes() {
        // Most attributes are style, src, width, data-…: told by their first letter and length.
        if !matches!(key.as_bytes(), [b'c' | b'i' | b'd' | b'r' | b'p' | b'h' | b't', ..] if key.len() <= 14)
        {
            continue;
        }
        let found = match key {
            "itemprop" | "property" => given
                .split_ascii_whitespace()
                .find_map(|word| vocabulary(&word.to_ascii_lowercase()))
                .map(|role| (role, Strength::Vocabulary)),
            "rel" if given.split_ascii_whitespace().any(|word| word == "author") => {
                Some((Role::Author, Strength::Vocabulary))
            }
            "pubdate" => Some((Role::Published, Strength::Vocabulary)),
            "class" | "id" | "data-testid" | "data-test" => named(given),
            "href" if name == "a" && is_author_page(given) => Some((Role::Author, Strength::Name)),
            "datetime" | "content" | "data-datetime" | "data-timestamp" => {
                value = filled(given);
                None
            }
            "title" if matches!(name, "abbr" | "time" | "span") && value.is_none() => {
                value = filled(given);
                None
            }
            _ => None,
        };
        if found.map(|(_, strength)| strength) > best.map(|(_, strength)| strength) {
            best = found;
        }
    }
    let (role, strength) = best?;
    Some((role, strength, value))
}

/// Names of microdata, RDFa and Dublin Core.
fn vocabulary(name: &str) -> Option<Role> {
    let local = name.rsplit([':', '.', '/']).next().unwrap_or(name);
    Some(match local {
        "author" | "creator" => Role::Author,
        "datepublished" | "datecreated" | "issued" => Role::Published,
        "datemodified" => Role::Modified,
        "headline" => Role::Headline,
        _ => return None,
    })
}

/// Class and id names that are a role, and words that hint at one in any name.
#[rustfmt::skip]
const NAMES: &[(Role, &[&str], &[&str])] = &[
    (
        Role::Author,
        &[
            "author", "authors", "byline", "author-name", "authorname", "byline-name", "autor",
            "auteur", "by-line",
        ],
        &[
            "author", "byline", "autor", "auteur", "writer", "redakteur", "creator", "skribent",
            "journalist",
        ],
    ),
    (
        Role::Modified,
        &["updated", "date-updated", "modified"],
        &["updated", "modified", "aktualisiert"],
    ),
    (
        Role::Published,
        &[
            "date", "published", "pubdate", "publish-date", "post-date", "entry-date", "timestamp",
            "dateline", "datum",
        ],
        &["date", "time", "publish", "datum", "fecha", "posted"],
    ),
];

/// Whether four letters begin a word of [`NAMES`]: most classes are told by this alone.
fn begins_word(letters: &[u8]) -> bool {
    let [a, b, c, d] = letters else { return false };
    matches!(
        &[a | 0x20, b | 0x20, c | 0x20, d | 0x20],
        b"auth"
            | b"byli"
            | b"by\x2dl"
            | b"auto"
            | b"aute"
            | b"writ"
            | b"reda"
            | b"crea"
            | b"skri"
            | b"jour"
            | b"upda"
            | b"modi"
            | b"aktu"
            | b"date"
            | b"time"
            | b"publ"
            | b"datu"
            | b"fech"
            | b"post"
    )
}

fn named(given: &str) -> Option<(Role, Strength)> {
    let given = given.trim_ascii();
    if given.len() > 300 || !given.as_bytes().windows(4).any(begins_word) {
        return None;
    }
    let lowercase: Cow<str> = if given.bytes().any(|byte| byte.is_ascii_uppercase()) {
        given.to_ascii_lowercase().into()
    } else {
        given.into()
    };
    for (role, names, words) in NAMES {
        if !words.iter().any(|word| lowercase.contains(word)) {
            continue;
        }
        let is_name = lowercase
            .split_ascii_whitespace()
            .any(|class| names.contains(&class));
        return Some((
            *role,
            if is_name {
                Strength::Name
            } else {
                Strength::Hint
            },
        ));
    }
    None
}

fn is_author_page(address: &str) -> bool {
    address.split('/').any(|folder| {
        matches!(
            folder,
            "author"
                | "authors"
                | "autor"
                | "autoren"
                | "auteur"
                | "by"
                | "profile"
                | "people"
                | "staff"
        )
    })
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
