//! The values of a feed's elements: texts, titles, bodies, links, people.

use jiff::Timestamp;
use url::Url;

use super::base64::base64;
use super::date::read_date;
use super::element::Element;
use super::person;
use super::text::{Entities, collapse, decode_references, looks_like_html, plain_text, to_html};

/// What an element inherits from those around it.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    pub(super) entities: &'a Entities<'a>,
    pub(super) base: Option<Url>,
    pub(super) language: Option<String>,
}

/// Where a title may stand, the best place first.
pub(super) const TITLE: &str = "title dc:title media:title itunes:title";

impl<'a> Scope<'a> {
    pub(super) fn new(entities: &'a Entities<'a>, base: Option<&Url>) -> Self {
        Self {
            entities,
            base: base.cloned(),
            language: None,
        }
    }

    pub(super) fn inside(&self, element: &Element<'_>) -> Self {
        let mut scope = self.clone();
        let base = self.attribute(element, "xml:base");
        if let Some(base) = base.filter(|base| base.len() <= BASE_BYTES_MAX) {
            scope.base = match &self.base {
                Some(outer) => outer.join(base.trim()).ok(),
                None => Url::parse(base.trim()).ok(),
            }
            .or(scope.base);
        }
        if let Some(language) = self.attribute(element, "xml:lang") {
            scope.language = Some(language);
        }
        scope
    }

    pub(super) fn attribute(&self, element: &Element<'_>, name: &str) -> Option<String> {
        element
            .raw_attribute(name)
            .map(|value| decode_references(value, self.entities))
    }

    /// An attribute whose case does not matter; empty where there is none.
    fn word(&self, element: &Element<'_>, name: &str) -> String {
        let value = self.attribute(element, name).unwrap_or_default();
        value.trim().to_ascii_lowercase()
    }

    /// The texts under one of `names` that are not empty.
    pub(super) fn texts(&self, heads: &[&Element<'_>], names: &str) -> Vec<String> {
        named(heads, names)
            .map(|element| element.text(self.entities).trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    }

    pub(super) fn first_text(&self, heads: &[&Element<'_>], names: &str) -> Option<String> {
        self.texts(heads, names).into_iter().next()
    }

    pub(super) fn title(&self, heads: &[&Element<'_>], names: &str) -> Option<String> {
        named(heads, names)
            .map(|element| match self.construct(element) {
                Construct::Plain(text) => collapse(&text),
                Construct::Html(html) => plain_text(&html),
            })
            .find(|title| !title.is_empty())
    }

    pub(super) fn body(&self, heads: &[&Element<'_>], names: &str) -> Option<String> {
        named(heads, names)
            .map(|element| match self.construct(element) {
                Construct::Plain(text) => to_html(&text),
                Construct::Html(html) => html.trim().to_owned(),
            })
            .find(|body| !body.is_empty())
    }

    fn construct(&self, element: &Element<'_>) -> Construct {
        let kind = self.word(element, "type");
        let mode = self.word(element, "mode");
        if element.has_elements() {
            let mut inside = element;
            let mut elements = element.elements();
            // Atom wraps XHTML in one div that is not part of it.
            if let (Some(only), None) = (elements.next(), elements.next())
                && matches!(&*only.name, "xhtml:div" | "div")
                && (kind.contains("xhtml") || mode == "xml")
            {
                inside = only;
            }
            let mut html = String::new();
            inside.inner_html(self.entities, &mut html);
            return Construct::Html(html);
        }
        let text = element.text(self.entities);
        let is_text = matches!(&*kind, "" | "text" | "html" | "xhtml" | "plain")
            || kind.starts_with("text/")
            || kind.ends_with("xml");
        // Atom 1.0 has all but text in base 64; some feeds have text of odd types.
        let is_base64 = mode == "base64" || (!is_text && text.trim().len().is_multiple_of(4));
        if let Some(decoded) = is_base64.then(|| base64(&text)).flatten() {
            return Construct::Html(decoded);
        }
        let is_plain = matches!(&*kind, "text" | "plain" | "text/plain");
        if is_plain && !looks_like_html(&text) {
            Construct::Plain(text)
        } else {
            Construct::Html(text)
        }
    }

    /// The link to the page itself, in Atom's way or in RSS's, rather to HTML than to other types; of
    /// several the last, as feedparser and gofeed take it.
    pub(super) fn alternate(&self, heads: &[&Element<'_>]) -> Option<String> {
        let alternates: Vec<&Element<'_>> = named(heads, "link")
            .filter(|link| {
                let rel = self.word(link, "rel");
                rel.is_empty() || rel == "alternate" || rel.ends_with("/alternate")
            })
            .collect();
        let is_html = |link: &Element<'_>| {
            let kind = self.word(link, "type");
            kind.is_empty() || kind.contains("html")
        };
        let target = |link: &Element<'_>| {
            let href = self.attribute(link, "href");
            let href = href.filter(|href| !href.trim().is_empty());
            let href = href.unwrap_or_else(|| link.text(self.entities));
            self.inside(link).url(&href)
        };
        let pages = alternates.iter().rev().filter(|link| is_html(link));
        let others = alternates.iter().rev().filter(|link| !is_html(link));
        pages.chain(others).find_map(|link| target(link))
    }

    /// A guid that is the permalink: one that says so, or is a URL and does not deny it.
    pub(super) fn permalink(&self, element: Option<&Element<'_>>, guid: &str) -> Option<String> {
        let claim = element.map(|element| self.word(element, "ispermalink"));
        let is_url = Url::parse(guid).map_or(guid.starts_with('/'), |url| {
            matches!(url.scheme(), "http" | "https")
        });
        match claim.as_deref().unwrap_or_default() {
            "false" => None,
            "" => self.url(guid).filter(|_| is_url),
            _ => self.url(guid),
        }
    }

    pub(super) fn date(&self, heads: &[&Element<'_>], names: &str) -> Option<Timestamp> {
        named(heads, names).find_map(|element| read_date(&element.text(self.entities)))
    }

    /// All that are named, without bare addresses where there is a name.
    pub(super) fn authors(&self, heads: &[&Element<'_>], names: &str) -> Vec<String> {
        let mut authors: Vec<String> = Vec::new();
        for author in named(heads, names).filter_map(|element| self.person(element)) {
            person::add(&mut authors, author);
        }
        if authors.iter().any(|author| !author.contains('@')) {
            authors.retain(|author| !author.contains('@'));
        }
        authors
    }

    fn person(&self, element: &Element<'_>) -> Option<String> {
        let parts: Vec<&Element<'_>> = element.elements().collect();
        let name = self.first_text(
            &parts,
            "name itunes:name foaf:name dc:title email itunes:email uri",
        );
        let text = name.unwrap_or_else(|| element.text(self.entities));
        person::name_in(&plain_text(&text))
    }

    pub(super) fn tags(&self, heads: &[&Element<'_>], names: &str) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for element in named(heads, names) {
            let label = ["label", "term"]
                .iter()
                .find_map(|name| self.attribute(element, name));
            let text = label.unwrap_or_else(|| element.text(self.entities));
            let pieces: Vec<&str> = match element.name.ends_with("keywords") {
                true => text.split(',').collect(),
                false => vec![&text],
            };
            for tag in pieces.into_iter().map(plain_text) {
                if !tag.is_empty() && !tags.contains(&tag) && tags.len() < TAGS_MAX {
                    tags.push(tag);
                }
            }
        }
        tags
    }

    pub(super) fn image(&self, heads: &[&Element<'_>]) -> Option<String> {
        let by_attribute = |name: &str, attribute: &str, is_any: bool| {
            heads
                .iter()
                .filter(|head| head.name == name)
                .find_map(|head| {
                    let kind = self.word(head, "type");
                    let medium = self.word(head, "medium");
                    let is_image = is_any || kind.starts_with("image/") || medium == "image";
                    let href = self.attribute(head, attribute).filter(|_| is_image)?;
                    self.url(&href).filter(|url| Url::parse(url).is_ok())
                })
        };
        by_attribute("media:content", "url", false)
            .or_else(|| by_attribute("media:thumbnail", "url", true))
            .or_else(|| by_attribute("enclosure", "url", false))
            .or_else(|| by_attribute("itunes:image", "href", true))
    }

    /// Absolute where it is so or the base is known; None where there is nothing.
    fn url(&self, text: &str) -> Option<String> {
        resolve(text, self.base.as_ref())
    }
}

/// Longer lists are spam, and looking through them for repeats is quadratic.
const TAGS_MAX: usize = 100;

/// A longer base would make each of the document's links as long.
pub(super) const BASE_BYTES_MAX: usize = 2_000;

enum Construct {
    Plain(String),
    Html(String),
}

/// `text` as a URL, made absolute where `base` is known.
pub(super) fn resolve(text: &str, base: Option<&Url>) -> Option<String> {
    let text: String = text
        .trim()
        .chars()
        .filter(|char| !char.is_control())
        .collect();
    if text.is_empty() {
        return None;
    }
    match (Url::parse(&text), base) {
        (Err(_), Some(base)) => Some(base.join(&text).map_or(text, String::from)),
        _ => Some(text),
    }
}

/// Elements by name: all of the first of `names`, then all of the second …
fn named<'a, 'b>(
    heads: &'b [&'b Element<'a>],
    names: &'b str,
) -> impl Iterator<Item = &'b Element<'a>> {
    names
        .split(' ')
        .flat_map(move |name| heads.iter().filter(move |head| head.name == name))
        .copied()
}
