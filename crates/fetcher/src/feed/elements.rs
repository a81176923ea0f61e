//! What stands in an XML feed of any family, also where feed-rs refuses it or passes over it.

use copydesk_model::{Entry, FeedDocument, Key};
use url::Url;

use super::ENTRIES_MAX;
use super::element::Element;
use super::hints::hints;
use super::markup::Document;
use super::scope::{Scope, TITLE};
use super::text::language_tag;

// Where each value may stand, the best place first.
const GUID: &str = "guid id";
const PUBLISHED: &str = "published pubdate issued dcterms:issued dc:date dcterms:created created \
                         dcterms:date date";
const MODIFIED: &str = "updated modified dcterms:modified lastbuilddate";
const AUTHORS: &str = "author dc:creator itunes:author dc:author dcterms:creator";
const FEED_AUTHORS: &str = "author dc:creator managingeditor itunes:author dc:author itunes:owner";
const SUMMARY: &str = "summary description dc:description itunes:summary media:description \
                       dcterms:abstract abstract itunes:subtitle";
const CONTENT: &str = "content:encoded content xhtml:body body fullitem xhtml:div";
const TAGS: &str = "category dc:subject media:keywords itunes:keywords";
const LANGUAGE: &str = "language dc:language";

/// None where there is no feed in the document.
pub(super) fn read_elements(document: &Document<'_>, base: Option<&Url>) -> Option<FeedDocument> {
    let (root, kind) = root_of(&document.whole)?;
    let mut scope = Scope::new(&document.entities, base).inside(root);
    let mut places = vec![root];
    let channel = root.elements().find(|element| element.name == "channel");
    if let Some(channel) = channel {
        scope = scope.inside(channel);
        places.insert(0, channel);
    }
    let mut items = root.find_all(&["item", "entry"]);
    if matches!(&*root.name, "item" | "entry") {
        (items, places) = (vec![root], Vec::new());
    }
    items.truncate(ENTRIES_MAX);
    let heads: Vec<&Element<'_>> = places.iter().flat_map(|place| place.elements()).collect();
    let language = scope
        .first_text(&heads, LANGUAGE)
        .or(scope.language.clone());
    let language = language.as_deref().and_then(language_tag);
    let authors = scope.authors(&heads, FEED_AUTHORS);
    let mut entries: Vec<Entry> = items.into_iter().map(|item| entry(&scope, item)).collect();
    for entry in &mut entries {
        // What the feed says of all its entries.
        if entry.authors.is_empty() {
            entry.authors.clone_from(&authors);
        }
        entry.language = entry.language.take().or_else(|| language.clone());
    }
    Some(FeedDocument {
        kind: Some(kind.into()),
        title: scope.title(&heads, TITLE),
        link: scope.alternate(&heads),
        language,
        entries,
        repaired: Vec::new(),
        hints: hints(&scope, &heads),
    })
}

/// The feed in a document, also behind a server's warnings in HTML, but not in a whole page.
fn root_of<'a, 'b>(whole: &'b Element<'a>) -> Option<(&'b Element<'a>, &'static str)> {
    let beside = || whole.elements();
    if let Some(root) = beside().find_map(|element| Some((element, kind_of(element)?))) {
        return Some(root);
    }
    let is_page = beside().any(|element| matches!(&*element.name, "html" | "xhtml:html"));
    let hidden = whole.find_all(&["rss", "feed", "rdf:rdf"]);
    let root = hidden.first().copied().filter(|_| !is_page)?;
    Some((root, kind_of(root)?))
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

fn entry(outer: &Scope<'_>, item: &Element<'_>) -> Entry {
    let scope = outer.inside(item);
    let own: Vec<&Element<'_>> = item.elements().collect();
    let heads = with_media(item);
    let about = || {
        scope
            .attribute(item, "rdf:about")
            .or_else(|| scope.attribute(item, "about"))
    };
    let guid = scope
        .texts(&own, GUID)
        .pop()
        .or_else(about)
        .filter(|guid| !guid.is_empty());
    let own_language = scope
        .language
        .clone()
        .filter(|_| scope.language != outer.language);
    let language = own_language.or_else(|| scope.first_text(&own, LANGUAGE));
    // FeedBurner's own link leads through its servers to this one.
    let original = scope.first_text(&own, "feedburner:origlink");
    Entry {
        keys: original
            .and_then(|url| Key::of_url(&url))
            .into_iter()
            .collect(),
        url: scope.alternate(&own).or_else(|| {
            let guid_element = own
                .iter()
                .rfind(|element| matches!(&*element.name, "guid" | "id"));
            scope.permalink(guid_element.copied(), guid.as_deref()?)
        }),
        guid,
        title: scope.title(&heads, TITLE),
        published: scope.date(&own, PUBLISHED),
        modified: scope.date(&own, MODIFIED),
        authors: scope.authors(&heads, AUTHORS),
        summary: scope.body(&heads, SUMMARY),
        content: scope.body(&own, CONTENT),
        language: language.as_deref().and_then(language_tag),
        image: scope.image(&heads),
        tags: scope.tags(&heads, TAGS),
        ..Entry::default()
    }
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
