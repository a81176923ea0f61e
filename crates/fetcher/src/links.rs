//! Sources that are no feeds: sitemaps, and pages with links. Their links are written as a JSON
//! Feed and read like one, so that dates and identity have one home.

use copydesk_model::{Failure, FeedDocument, Reason};
use cpu_time::ThreadTime;
use ego_tree::NodeId;
use ego_tree::iter::Edge;
use flate2::read::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::Event;
use scraper::{ElementRef, Selector};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Read;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::tree::{self, Budget};
use crate::{charset, read_feed};

/// What is taken for a headline's link where the operator names no selector.
const HEADLINES: &str = "h1 a[href], h2 a[href], h3 a[href], article a[href]";
/// A link's text over this is no headline.
const TITLE_BYTES_MAX: usize = 2000;
/// Entries kept of one sitemap, the newest: the protocol allows 50,000, news sitemaps 1,000.
const LINKS_MAX: usize = 1000;
/// Sitemaps of an index that are fetched, the newest.
const SITEMAPS_MAX: usize = 4;

/// Links with what their source says of them.
#[derive(Debug, Default, PartialEq)]
pub struct Links {
    kind: &'static str,
    links: Vec<Link>,
    repaired: Vec<String>,
}

#[derive(Debug, Default, Clone, PartialEq)]
struct Link {
    url: String,
    title: String,
    published: String,
    modified: String,
    language: String,
    image: String,
}

/// A sitemap, and the sitemaps that it points to.
#[derive(Debug, Default, PartialEq)]
pub struct Sitemap {
    pub links: Links,
    pub sitemaps: Vec<String>,
}

impl Links {
    pub fn extend(&mut self, other: Self) {
        self.links.extend(other.links);
    }

    pub fn hash(&self) -> u64 {
        xxh3_64(self.feed().to_string().as_bytes())
    }

    /// `base` is the URL that the links came from.
    pub fn document(&self, base: &Url) -> Result<FeedDocument, Failure> {
        let feed = self.feed().to_string();
        let document = read_feed(
            feed.as_bytes(),
            Some("application/feed+json"),
            Some(base.as_str()),
        )?;
        Ok(FeedDocument {
            kind: Some(self.kind.to_owned()),
            repaired: self.repaired.clone(),
            ..document
        })
    }

    fn feed(&self) -> Value {
        let known = |text: &str| {
            if text.is_empty() {
                Value::Null
            } else {
                text.into()
            }
        };
        let items: Vec<Value> = (self.links.iter())
            .map(|link| {
                json!({
                    "id": link.url,
                    "url": link.url,
                    "title": known(&link.title),
                    "date_published": known(&link.published),
                    "date_modified": known(&link.modified),
                    "language": known(&link.language),
                    "image": known(&link.image),
                })
            })
            .collect();
        json!({ "version": "https://jsonfeed.org/version/1.1", "items": items })
    }
}

/// Reads a sitemap or an index of sitemaps, also as a gzip file of at most `bytes_max`.
pub fn read_sitemap(bytes: Vec<u8>, bytes_max: u64) -> Result<Sitemap, Failure> {
    let unread = |cause: String| Failure::permanent(Reason::BadFeed, cause);
    let bytes = match bytes.starts_with(&[0x1f, 0x8b]) {
        true => {
            let mut plain = Vec::new();
            let mut reader = MultiGzDecoder::new(bytes.as_slice()).take(bytes_max);
            reader
                .read_to_end(&mut plain)
                .map_err(|error| unread(format!("the gzip file cannot be read: {error}")))?;
            plain
        }
        false => bytes,
    };
    let text = charset::decode(bytes, None);
    let (mut links, mut sitemaps) = (Vec::new(), Vec::new());
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    // The names of the open elements; deeper ones than any sitemap has are counted as the last.
    let mut open: Vec<String> = Vec::new();
    let mut current = Link::default();
    let mut raw = String::new();
    let mut seen_root = false;
    // Where it is broken ends it, and takes nothing from what came before.
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                seen_root |= name == "urlset" || name == "sitemapindex";
                if name == "url" || name == "sitemap" {
                    current = Link::default();
                }
                raw.clear();
                open.truncate(15);
                open.push(name);
            }
            Event::Text(text) => raw.push_str(&text),
            Event::CData(text) => raw.push_str(&html_escape::encode_text(&*text)),
            Event::GeneralRef(name) => raw.push_str(&format!("&{};", &*name)),
            Event::End(_) => {
                let name = open.pop().unwrap_or_default();
                let parent = open.last().map(String::as_str).unwrap_or_default();
                let text = html_escape::decode_html_entities(&raw).trim().to_owned();
                match (parent, name.as_str()) {
                    ("url" | "sitemap", "loc") => current.url = text,
                    ("url" | "sitemap", "lastmod") => current.modified = text,
                    ("news", "title") => current.title = text,
                    ("news", "publication_date") => current.published = text,
                    ("publication", "language") => current.language = text,
                    ("image", "loc") => current.image = text,
                    (_, "url") if !current.url.is_empty() => {
                        links.push(std::mem::take(&mut current))
                    }
                    (_, "sitemap") if !current.url.is_empty() => {
                        sitemaps.push(std::mem::take(&mut current))
                    }
                    _ => {}
                }
                raw.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !seen_root {
        return Err(unread("no sitemap: neither urlset nor sitemapindex".into()));
    }
    // Stable, so that those without dates keep the order of the document.
    let newest = |link: &Link| std::cmp::Reverse(link.published.clone().max(link.modified.clone()));
    if links.len() > LINKS_MAX {
        links.sort_by_key(newest);
        links.truncate(LINKS_MAX);
    }
    sitemaps.sort_by_key(|link| (!link.url.contains("news"), newest(link)));
    sitemaps.truncate(SITEMAPS_MAX);
    let sitemaps = sitemaps.into_iter().map(|link| link.url).collect();
    Ok(Sitemap {
        links: Links {
            kind: "sitemap",
            links,
            repaired: Vec::new(),
        },
        sitemaps,
    })
}

/// Whether [`crate::Feed::links`] can be this.
pub fn is_selector(text: &str) -> bool {
    Selector::parse(text).is_ok()
}

/// The links that the selector finds, or that lie in what it finds; each URL once, with the longest
/// of its texts for a title. Of a page over the budget, those of its first part.
pub fn read_page(
    html: &str,
    url: &Url,
    selector: Option<&str>,
    budget: &Budget,
) -> Result<Links, Failure> {
    let unread = |cause: String| Failure::permanent(Reason::BadFeed, cause);
    let text = selector.unwrap_or(HEADLINES);
    let selector =
        Selector::parse(text).map_err(|_| unread(format!("{text:?} is no CSS selector")))?;
    let started = ThreadTime::now();
    let tree = tree::parse(html, budget);
    let mut found = Found::new(url);
    // Of the elements that are open, how many the selector finds. One walk over the tree, for found
    // elements may lie in each other.
    let mut open: Vec<NodeId> = Vec::new();
    let mut is_cut = tree.is_cut;
    for edge in tree.html.tree.root().traverse() {
        match edge {
            Edge::Open(node) => {
                let Some(element) = ElementRef::wrap(node) else {
                    continue;
                };
                // As long again as the tree may take: a selector climbs from each element.
                if started.elapsed() > budget.cpu_max * 2 {
                    is_cut = true;
                    break;
                }
                if selector.matches(&element) {
                    open.push(node.id());
                }
                match element.value().name() {
                    "base" => found.rebase(element),
                    "a" if !open.is_empty() => found.add(element),
                    _ => {}
                }
            }
            Edge::Close(node) => {
                open.pop_if(|last| *last == node.id());
            }
        }
        if found.links.len() >= LINKS_MAX {
            break;
        }
    }
    if found.links.is_empty() {
        let cut = if is_cut {
            ", which is over its budget"
        } else {
            ""
        };
        return Err(unread(format!(
            "the selector {text:?} finds no link in the page{cut}"
        )));
    }
    let cut = "over its budget, its first part was read".to_owned();
    Ok(Links {
        kind: "page",
        links: found.links,
        repaired: is_cut.then_some(cut).into_iter().collect(),
    })
}

/// The links of a page, in its order.
struct Found<'a> {
    page: &'a Url,
    base: Option<Url>,
    links: Vec<Link>,
    places: HashMap<String, usize>,
}

impl<'a> Found<'a> {
    fn new(page: &'a Url) -> Self {
        Self {
            page,
            base: None,
            links: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// The first `<base>` of a page counts; it stands before every link.
    fn rebase(&mut self, base: ElementRef) {
        if self.base.is_none() {
            self.base = base.attr("href").and_then(|href| self.page.join(href).ok());
        }
    }

    fn add(&mut self, anchor: ElementRef) {
        let base = self.base.as_ref().unwrap_or(self.page);
        let Some(mut target) = anchor.attr("href").and_then(|href| base.join(href).ok()) else {
            return;
        };
        target.set_fragment(None);
        if !matches!(target.scheme(), "http" | "https") || target == *self.page {
            return;
        }
        let mut title = String::new();
        for word in anchor.text().flat_map(str::split_whitespace) {
            if title.len() > TITLE_BYTES_MAX {
                break;
            }
            if !title.is_empty() {
                title.push(' ');
            }
            title.push_str(word);
        }
        let place = *self.places.entry(target.to_string()).or_insert_with(|| {
            self.links.push(Link {
                url: target.into(),
                ..Link::default()
            });
            self.links.len() - 1
        });
        if self.links[place].title.len() < title.len() {
            self.links[place].title = title;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://a.example/news/").unwrap()
    }

    #[test]
    fn a_news_sitemap_is_read() {
        let sitemap = "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url>\
            <loc>https://a.example/1?x=1&amp;y=2</loc><lastmod>2026-11-02</lastmod><news:news><news:publication>\
            <news:name>A</news:name><news:language>de</news:language></news:publication>\
            <news:publication_date>2026-11-01T10:00:00Z</news:publication_date><news:title><![CDATA[Q & A]]></news:title>\
            </news:news><image:image><image:loc>https://a.example/p.jpg</image:loc><image:title>No</image:title></image:image></url>\
            <url><loc>https://a.example/2</loc></url><url><loc>";
        let read = read_sitemap(sitemap.into(), 1000).unwrap();
        let document = read.links.document(&base()).unwrap();
        let entry = &document.entries[0];
        assert_eq!(
            (document.kind.as_deref(), document.entries.len()),
            (Some("sitemap"), 2)
        );
        assert_eq!(entry.url.as_deref(), Some("https://a.example/1?x=1&y=2"));
        assert_eq!(entry.title.as_deref(), Some("Q & A"));
        assert_eq!(
            entry.published,
            Some("2026-11-01T10:00:00Z".parse().unwrap())
        );
        assert_eq!(entry.image.as_deref(), Some("https://a.example/p.jpg"));
        assert_eq!(document.entries[1].published, None, "absent is not guessed");
        assert!(read_sitemap("<rss></rss>".into(), 1000).is_err());
    }

    #[test]
    fn the_newest_sitemaps_of_an_index_are_named() {
        let sitemap = |name: &str, date: &str| {
            format!(
                "<sitemap><loc>https://a.example/{name}</loc><lastmod>{date}</lastmod></sitemap>"
            )
        };
        let text: String = (1..8)
            .map(|month| sitemap(&format!("{month}.xml"), &format!("2026-0{month}-01")))
            .collect();
        let text = format!(
            "<sitemapindex>{}{text}</sitemapindex>",
            sitemap("news.xml", "")
        );
        let names: Vec<String> = ["news", "7", "6", "5"]
            .map(|name| format!("https://a.example/{name}.xml"))
            .into();
        assert_eq!(read_sitemap(text.into(), 1000).unwrap().sitemaps, names);
    }

    #[test]
    fn the_links_of_a_page_are_its_entries() {
        let page = "<h2><a href='one#x'>Storm  <b>hits</b></a></h2><div class=t><a href=/two><img></a><a href=/two>Two</a>\
            <a href='mailto:x'>m</a></div><h2><a href=one>S</a></h2><a href=/about>About</a>";
        let titles = |selector: Option<&str>| {
            let links = read_page(page, &base(), selector, &Budget::default())?.document(&base())?;
            Ok::<_, Failure>(
                links
                    .entries
                    .iter()
                    .map(|entry| (entry.url.clone().unwrap(), entry.title.clone().unwrap()))
                    .collect::<Vec<_>>(),
            )
        };
        let one = (
            "https://a.example/news/one".to_owned(),
            "Storm hits".to_owned(),
        );
        let two = ("https://a.example/two".to_owned(), "Two".to_owned());
        assert_eq!(titles(None).unwrap(), vec![one.clone()]);
        assert_eq!(titles(Some("h2 a, .t")).unwrap(), [one, two]);
        assert!(titles(Some("h2 >>> [")).is_err());
        assert!(titles(Some("h5")).is_err());
    }

    #[test]
    fn links_in_what_the_selector_finds_are_taken_once_however_it_nests() {
        let page = "<base href=/b/><ul><li class=t><a href=1>One</a><div class=t><a href=2>Two</a></div><a href=3>Three</a></li>\
            </ul><a href=4>Four</a><base href=/c/>";
        let links = read_page(page, &base(), Some(".t"), &Budget::default()).unwrap();
        let urls: Vec<&str> = links.links.iter().map(|link| link.url.as_str()).collect();
        let wanted = ["1", "2", "3"].map(|name| format!("https://a.example/b/{name}"));
        assert_eq!(urls, wanted);
    }

    #[test]
    fn hostile_pages_end_within_the_budget_with_what_was_read() {
        let budget = Budget {
            nodes_max: 20_000,
            cpu_max: std::time::Duration::from_millis(50),
        };
        let link = "<h2><a href=/one>One</a></h2>";
        for flood in [
            "<div>".repeat(100_000),
            "<p><b a>".repeat(20_000),
            "<div class=t>".repeat(100_000) + &"<a href=/x>x</a>".repeat(100_000),
            "<h2>".repeat(50_000),
            "<a href=x><table>".repeat(50_000),
        ] {
            let started = ThreadTime::now();
            let page = format!("{link}{flood}");
            for selector in [None, Some(".t"), Some("h2 a, div .t div .t a")] {
                if let Ok(links) = read_page(&page, &base(), selector, &budget) {
                    assert_eq!(links.repaired.len(), 1);
                    assert!(links.links.len() <= LINKS_MAX);
                }
            }
            assert!(started.elapsed() < std::time::Duration::from_secs(5));
        }
        let links = read_page(
            &format!("{link}{}", "<div>".repeat(100_000)),
            &base(),
            None,
            &budget,
        );
        assert_eq!(links.unwrap().links.len(), 1);
    }
}
