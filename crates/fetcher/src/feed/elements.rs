//! What stands in an XML feed of any family, also where feed-rs refuses it or passes over it.

use copydesk_model::{Entry, FeedDocument, FeedHints};
use jiff::Timestamp;
use url::Url;

use super::ENTRIES_MAX;
use super::date::read_date;
use super::markup::{Document, Element};
use super::person;
use super::text::{Entities, collapse, decode_references, escape, looks_like_html, plain_text};

// Where each value may stand, the best place first.
const TITLE: &[&str] = &["title", "dc:title", "media:title", "itunes:title"];
const GUID: &[&str] = &["guid", "id"];
const PUBLISHED: &[&str] = &[
    "published",
    "pubdate",
    "issued",
    "dcterms:issued",
    "dc:date",
    "dcterms:created",
    "created",
    "dcterms:date",
    "date",
];
const MODIFIED: &[&str] = &["updated", "modified", "dcterms:modified", "lastbuilddate"];
const AUTHORS: &[&str] = &[
    "author",
    "dc:creator",
    "itunes:author",
    "dc:author",
    "dcterms:creator",
];
const FEED_AUTHORS: &[&str] = &[
    "author",
    "dc:creator",
    "managingeditor",
    "itunes:author",
    "dc:author",
    "itunes:owner",
];
const SUMMARY: &[&str] = &[
    "summary",
    "description",
    "dc:description",
    "itunes:summary",
    "media:description",
    "dcterms:abstract",
    "abstract",
    "itunes:subtitle",
];
const CONTENT: &[&str] = &[
    "content:encoded",
    "content",
    "xhtml:body",
    "body",
    "fullitem",
    "xhtml:div",
];
const TAGS: &[&str] = &[
    "category",
    "dc:subject",
    "media:keywords",
    "itunes:keywords",
];
const LANGUAGE: &[&str] = &["language", "dc:language"];

/// None where the root is no feed.
pub(super) fn read_elements(document: &Document<'_>, base: Option<&Url>) -> Option<FeedDocument> {
    let root = &document.root;
    let kind = kind_of(root)?;
    let scope = Scope {
        entities: &document.entities,
        base: base.cloned(),
        language: None,
    }
    .inside(root);
    let mut channels = Vec::new();
    root.find_all(&["channel"], &mut channels);
    let channel = channels.first().copied().unwrap_or(root);
    let scope = if channels.is_empty() {
        scope
    } else {
        scope.inside(channel)
    };
    let mut items = Vec::new();
    if matches!(&*root.name, "item" | "entry") {
        items.push(root);
    } else {
        root.find_all(&["item", "entry"], &mut items);
    }
    items.truncate(ENTRIES_MAX);
    let places = if root.name == "entry" {
        Vec::new()
    } else {
        vec![channel, root]
    };
    let heads: Vec<&Element<'_>> = places.iter().flat_map(|place| place.elements()).collect();
    let language = scope
        .first_text(&heads, LANGUAGE)
        .or(scope.language.clone());
    let authors = scope.authors(&heads, FEED_AUTHORS);
    let mut entries: Vec<Entry> = items.into_iter().map(|item| scope.entry(item)).collect();
    for entry in &mut entries {
        // The entry's own author, else that of the feed.
        if entry.authors.is_empty() {
            entry.authors.clone_from(&authors);
        }
        if entry.language.is_none() {
            entry.language = language.as_deref().and_then(language_tag);
        }
    }
    Some(FeedDocument {
        kind: Some(kind.into()),
        title: scope.title(&heads),
        link: scope.alternate(&heads),
        language: language.as_deref().and_then(language_tag),
        entries,
        repaired: Vec::new(),
        hints: hints(&scope, &heads),
    })
}

fn kind_of(root: &Element<'_>) -> Option<&'static str> {
    Some(match &*root.name {
        "rss" | "channel" | "item" => match root.raw_attribute("version") {
            Some(version) if version.trim().starts_with('0') => "rss0",
            Some(version) if version.trim().starts_with('1') => "rss1",
            _ => "rss2",
        },
        "feed" | "entry" => "atom",
        "rdf:rdf" | "rdf" => match root.raw_attribute("xmlns") {
            Some(namespace) if namespace.contains("simple/0.9") => "rdf",
            _ => "rss1",
        },
        _ => return None,
    })
}

/// What an element inherits from those around it.
#[derive(Clone)]
struct Scope<'a> {
    entities: &'a Entities<'a>,
    base: Option<Url>,
    language: Option<String>,
}

impl Scope<'_> {
    fn inside(&self, element: &Element<'_>) -> Self {
        let mut scope = self.clone();
        if let Some(base) = self.attribute(element, "xml:base") {
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

    fn entry(&self, item: &Element<'_>) -> Entry {
        let scope = self.inside(item);
        let heads = with_media(item);
        let own: Vec<&Element<'_>> = item.elements().collect();
        let summary = scope.body(&heads, SUMMARY);
        let content = scope.body(&own, CONTENT);
        let own_language = (scope.language != self.language).then(|| scope.language.clone());
        Entry {
            guid: scope
                .texts(&own, GUID)
                .pop()
                .or_else(|| scope.attribute(item, "rdf:about"))
                .or_else(|| scope.attribute(item, "about"))
                .filter(|guid| !guid.is_empty()),
            url: scope
                .alternate(&own)
                .or_else(|| scope.permalink(item, &own)),
            title: scope.title(&heads),
            published: scope.date(&own, PUBLISHED),
            modified: scope.date(&own, MODIFIED),
            authors: scope.authors(&heads, AUTHORS),
            summary,
            content,
            language: own_language
                .flatten()
                .or_else(|| scope.first_text(&own, LANGUAGE))
                .as_deref()
                .and_then(language_tag),
            image: scope.image(&heads),
            tags: scope.tags(&heads),
            ..Entry::default()
        }
    }

    fn attribute(&self, element: &Element<'_>, name: &str) -> Option<String> {
        element
            .raw_attribute(name)
            .map(|value| decode_references(value, self.entities))
    }

    /// The texts under one of `names` that are not empty.
    fn texts(&self, heads: &[&Element<'_>], names: &[&str]) -> Vec<String> {
        named(heads, names)
            .map(|element| element.text(self.entities).trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    }

    fn first_text(&self, heads: &[&Element<'_>], names: &[&str]) -> Option<String> {
        self.texts(heads, names).into_iter().next()
    }

    fn title(&self, heads: &[&Element<'_>]) -> Option<String> {
        named(heads, TITLE)
            .map(|element| match self.construct(element) {
                Construct::Plain(text) => collapse(&text),
                Construct::Html(html) => plain_text(&html),
            })
            .find(|title| !title.is_empty())
    }

    fn body(&self, heads: &[&Element<'_>], names: &[&str]) -> Option<String> {
        named(heads, names)
            .map(|element| match self.construct(element) {
                Construct::Plain(text) => escape(text.trim()),
                Construct::Html(html) => html.trim().to_owned(),
            })
            .find(|body| !body.is_empty())
    }

    fn construct(&self, element: &Element<'_>) -> Construct {
        let kind = self
            .attribute(element, "type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let mode = self
            .attribute(element, "mode")
            .unwrap_or_default()
            .to_ascii_lowercase();
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

    /// The link to the page itself, in Atom's way or in RSS's; of several the last, as feedparser and
    /// gofeed take it.
    fn alternate(&self, heads: &[&Element<'_>]) -> Option<String> {
        let links = || heads.iter().filter(|head| head.name == "link");
        let by_rel = |wanted: &[&str], is_html: bool| {
            links().rev().find_map(|link| {
                let rel = self
                    .attribute(link, "rel")
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                let kind = self
                    .attribute(link, "type")
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                if !wanted.contains(&rel.trim())
                    || (is_html && !(kind.is_empty() || kind.contains("html")))
                {
                    return None;
                }
                let href = self
                    .attribute(link, "href")
                    .filter(|href| !href.trim().is_empty());
                let href = href.or_else(|| Some(link.text(self.entities)))?;
                self.inside(link).url(&href)
            })
        };
        by_rel(&["", "alternate"], true).or_else(|| by_rel(&["", "alternate"], false))
    }

    /// A guid that is the permalink: one that says so, or is a URL and does not deny it.
    fn permalink(&self, item: &Element<'_>, own: &[&Element<'_>]) -> Option<String> {
        let guid = named(own, GUID).last();
        let claim = guid.and_then(|guid| self.attribute(guid, "ispermalink"));
        let text = match guid {
            Some(guid) => guid.text(self.entities),
            None => self.attribute(item, "rdf:about")?,
        };
        let text = text.trim();
        let is_url = Url::parse(text).map_or(text.starts_with('/'), |url| {
            matches!(url.scheme(), "http" | "https")
        });
        match claim.as_deref().map(str::trim) {
            Some(claim) if claim.eq_ignore_ascii_case("false") => None,
            Some(_) => self.url(text),
            None => self.url(text).filter(|_| is_url),
        }
    }

    fn date(&self, heads: &[&Element<'_>], names: &[&str]) -> Option<Timestamp> {
        named(heads, names).find_map(|element| read_date(&element.text(self.entities)))
    }

    /// All that are named, without bare addresses where there is a name.
    fn authors(&self, heads: &[&Element<'_>], names: &[&str]) -> Vec<String> {
        let mut authors: Vec<String> = Vec::new();
        for author in named(heads, names).filter_map(|element| self.person(element)) {
            if !authors.contains(&author) && authors.len() < AUTHORS_MAX {
                authors.push(author);
            }
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
            &[
                "name",
                "itunes:name",
                "foaf:name",
                "dc:title",
                "email",
                "itunes:email",
                "uri",
            ],
        );
        let text = name.unwrap_or_else(|| element.text(self.entities));
        person::name_in(&plain_text(&text))
    }

    fn tags(&self, heads: &[&Element<'_>]) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for element in named(heads, TAGS) {
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

    fn image(&self, heads: &[&Element<'_>]) -> Option<String> {
        let by_attribute = |name: &str, attribute: &str, is_any: bool| {
            heads
                .iter()
                .filter(|head| head.name == name)
                .find_map(|head| {
                    let kind = self.attribute(head, "type").unwrap_or_default();
                    let medium = self.attribute(head, "medium").unwrap_or_default();
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
const AUTHORS_MAX: usize = 100;

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

/// Elements by name: all of the first name, then all of the second …
fn named<'a, 'b>(
    heads: &'b [&'b Element<'a>],
    names: &'b [&str],
) -> impl Iterator<Item = &'b Element<'a>> {
    names
        .iter()
        .flat_map(move |name| heads.iter().filter(move |head| head.name == *name))
        .copied()
}

/// An entry's children, and those of its media groups after them.
fn with_media<'a, 'b>(item: &'b Element<'a>) -> Vec<&'b Element<'a>> {
    let mut heads: Vec<&Element<'_>> = item.elements().collect();
    let mut at = 0;
    while let Some(head) = heads.get(at).copied() {
        if matches!(&*head.name, "media:group" | "media:content") {
            heads.extend(head.elements());
        }
        at += 1;
    }
    heads
}

fn hints(scope: &Scope<'_>, heads: &[&Element<'_>]) -> FeedHints {
    let ttl_s = scope
        .first_text(heads, &["ttl"])
        .and_then(|text| text.parse::<u32>().ok())
        .map(|minutes| u64::from(minutes) * 60);
    let all = |outer: &str, inner: &str| -> Vec<String> {
        let outers = heads.iter().filter(|head| head.name == outer);
        outers
            .flat_map(|head| head.elements())
            .filter(|element| element.name == inner)
            .map(|element| element.text(scope.entities).trim().to_ascii_lowercase())
            .take(24)
            .collect()
    };
    let mut skip_hours: Vec<u8> = all("skiphours", "hour")
        .iter()
        .filter_map(|text| text.parse::<u8>().ok())
        .filter(|hour| *hour <= 24)
        .map(|hour| hour % 24)
        .collect();
    skip_hours.sort_unstable();
    skip_hours.dedup();
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut skip_days: Vec<u8> = all("skipdays", "day")
        .iter()
        .filter_map(|text| days.iter().position(|day| text.starts_with(day)))
        .filter_map(|day| u8::try_from(day).ok())
        .collect();
    skip_days.sort_unstable();
    skip_days.dedup();
    FeedHints {
        interval_s: ttl_s
            .or_else(|| syndication_s(scope, heads))
            .filter(|seconds| *seconds > 0),
        skip_hours,
        skip_days,
    }
}

/// `sy:updatePeriod` over `sy:updateFrequency`; the module's defaults are daily and once.
fn syndication_s(scope: &Scope<'_>, heads: &[&Element<'_>]) -> Option<u64> {
    let period = scope.first_text(heads, &["sy:updateperiod"]);
    let frequency = scope.first_text(heads, &["sy:updatefrequency"]);
    if period.is_none() && frequency.is_none() {
        return None;
    }
    let period_s = match period.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("hourly") => 3_600,
        Some("daily") | None => 86_400,
        Some("weekly") => 7 * 86_400,
        Some("monthly") => 30 * 86_400,
        Some("yearly") => 365 * 86_400,
        Some(_) => return None,
    };
    let times = frequency
        .and_then(|text| text.parse::<u64>().ok())
        .unwrap_or(1);
    Some(period_s / times.max(1))
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

/// Text from base 64 with any white space in it; None where it is no text.
fn base64(text: &str) -> Option<String> {
    let (mut bits, mut count, mut bytes) = (0u32, 0u32, Vec::new());
    for char in text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
    {
        let value = match char {
            b'A'..=b'Z' => char - b'A',
            b'a'..=b'z' => char - b'a' + 26,
            b'0'..=b'9' => char - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let is_text = !text.contains(|char: char| char.is_control() && !char.is_whitespace());
    is_text.then_some(text)
}
