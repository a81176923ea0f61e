//! Finds the feeds of a site: those that its page names, those at the usual places, and the news
//! sitemaps of its robots.txt. Each is read before it is believed.

use copydesk_model::{Failure, FeedDocument, Reason};
use futures_util::StreamExt;
use quick_xml::events::attributes::Attributes;
use reqwest::header;
use std::collections::HashSet;
use url::Url;

use crate::body::Over;
use crate::exchange::{Request, failure, is_same_origin};
use crate::page::begins_as_html;
use crate::secret::shown_text;
use crate::{Auth, Feed, FeedKind, Fetcher, charset, feed_identity};

const DOING: &str = "looking for feeds at";
const ACCEPT: &str = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, \
    application/feed+json, application/xml;q=0.9, */*;q=0.5";
/// Documents read in one search, and how many at once; the host's pace holds besides.
const LOOKS_MAX: usize = 40;
const LOOKS_AT_ONCE: usize = 4;
/// Pages that list feeds and are not the page that was given.
const PAGES_MAX: usize = 3;
/// Longer tags name no feed.
const TAG_BYTES_MAX: usize = 4096;
/// Where publishing systems put their feeds. Asked only where the site names none.
const USUAL_PLACES: &[&str] = &[
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.rss",
    "/feed.atom",
    "/feed.json",
    "/feeds",
    "/index.rdf",
    "/rss/all.rss",
    "/sitemap-news.xml",
    "/news-sitemap.xml",
];
const ROBOTS_BYTES_MAX: u64 = 512 << 10;
/// Sitemaps of a robots.txt that are read, those with "news" in their names first.
const SITEMAPS_MAX: usize = 6;

/// A feed that was found and read.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Where it is to be polled.
    pub url: String,
    /// Feed or sitemap.
    pub kind: FeedKind,
    /// What named it: "given", "link", "anchor", "usual place", "robots.txt".
    pub named_by: &'static str,
    /// As it was read.
    pub document: FeedDocument,
}

struct Candidate {
    url: Url,
    named_by: &'static str,
}

/// What a URL holds.
enum Looked {
    Document(FeedKind, FeedDocument),
    Page { html: String, url: Url },
}

#[derive(Default)]
struct Search {
    found: Vec<Found>,
    asked: HashSet<String>,
    /// What the documents found hold: one feed may lie at several places.
    contents: HashSet<Vec<String>>,
}

impl Fetcher {
    /// Feeds of the site, the likeliest first; itself where the URL is a feed. Errs where the URL
    /// cannot be had. Credentials of `site` go to its own origin only.
    pub async fn find(&self, site: &Feed) -> Result<Vec<Found>, Failure> {
        let home = Url::parse(&site.url).map_err(|error| {
            let detail = format!("{DOING} {}: {error}", shown_text(&site.url));
            Failure::permanent(Reason::BadUrl, detail)
        })?;
        let (html, url) = match self.look(site, &home).await? {
            Looked::Page { html, url } => (html, url),
            Looked::Document(kind, document) => {
                let found = Found {
                    url: site.url.clone(),
                    kind,
                    named_by: "given",
                    document,
                };
                return Ok(vec![found]);
            }
        };
        let mut search = Search::default();
        let pages = self
            .look_at(site, named_feeds(&html, &url), &mut search)
            .await;
        for (html, url) in pages.into_iter().take(PAGES_MAX) {
            self.look_at(site, named_feeds(&html, &url), &mut search)
                .await;
        }
        if search.found.is_empty() {
            let usual = USUAL_PLACES
                .iter()
                .filter_map(|place| candidate(&url, place, "usual place"));
            self.look_at(site, usual.collect(), &mut search).await;
        }
        let sitemaps = self.sitemaps_of_robots(site, &url).await;
        self.look_at(site, sitemaps, &mut search).await;
        Ok(search.found)
    }

    /// Takes the feeds among the candidates; gives back the pages.
    async fn look_at(
        &self,
        site: &Feed,
        mut candidates: Vec<Candidate>,
        search: &mut Search,
    ) -> Vec<(String, Url)> {
        candidates.retain(|candidate| search.asked.insert(feed_identity(candidate.url.as_str())));
        let left = LOOKS_MAX.saturating_sub(search.asked.len() - candidates.len());
        candidates.truncate(left);
        let looks = candidates.into_iter().map(async |candidate| {
            let looked = self.look(site, &candidate.url).await;
            (candidate, looked)
        });
        let looks: Vec<_> = futures_util::stream::iter(looks)
            .buffered(LOOKS_AT_ONCE)
            .collect()
            .await;
        let mut pages = Vec::new();
        for (Candidate { url, named_by }, looked) in looks {
            match looked {
                Ok(Looked::Document(kind, document))
                    if is_worth_polling(kind, named_by, &document) =>
                {
                    search.take(Found {
                        url: url.into(),
                        kind,
                        named_by,
                        document,
                    });
                }
                Ok(Looked::Page { html, url }) if named_by == "anchor" => pages.push((html, url)),
                // Named or guessed wrongly: nothing found there.
                _ => {}
            }
        }
        pages
    }

    async fn look(&self, site: &Feed, url: &Url) -> Result<Looked, Failure> {
        let home = Url::parse(&site.url).ok();
        let feed = match &home {
            Some(home) if is_same_origin(home, url) => Feed {
                url: url.to_string(),
                auth: site.auth.clone().or_else(|| Auth::of_userinfo(home)),
                ..site.clone()
            },
            _ => Feed {
                url: url.to_string(),
                user_agent: site.user_agent.clone(),
                proxy: site.proxy.clone(),
                http2: site.http2,
                allow_private_addresses: site.allow_private_addresses,
                ..Feed::default()
            },
        };
        let request = Request {
            doing: DOING,
            url,
            feed: &feed,
            accept: ACCEPT,
            validators: None,
            wait_max: self.config.retry_wait_max,
            robots: false,
        };
        let answer = self.exchange(request).await?;
        if !answer.status.is_success() {
            let cause = format!("status {}", answer.status.as_u16());
            return Err(failure(Reason::HttpStatus, DOING, url, &cause));
        }
        let (headers, at) = (answer.headers.clone(), answer.url.clone());
        let bytes = answer.body(self.config.feed_bytes_max, Over::Fails).await?;
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let page = |bytes: Vec<u8>| Looked::Page {
            html: charset::decode(bytes, content_type),
            url: at.clone(),
        };
        if begins_as_html(&bytes) {
            return Ok(page(bytes));
        }
        let kind = match is_sitemap(&bytes) {
            true => FeedKind::Sitemap,
            false => FeedKind::Feed,
        };
        let read = self
            .read(&Feed { kind, ..feed }, bytes.clone(), &headers, &at)
            .await;
        match read {
            Ok((document, _)) => Ok(Looked::Document(kind, document)),
            Err(_) if content_type.is_some_and(|media| media.contains("html")) => Ok(page(bytes)),
            Err(unread) => Err(unread),
        }
    }

    /// The sitemaps that robots.txt names. None where it cannot be had.
    async fn sitemaps_of_robots(&self, site: &Feed, url: &Url) -> Vec<Candidate> {
        let Ok(at) = url.join("/robots.txt") else {
            return Vec::new();
        };
        let request = Request {
            doing: DOING,
            url: &at,
            feed: site,
            accept: "text/plain, */*;q=0.1",
            validators: None,
            wait_max: self.config.retry_wait_max,
            robots: false,
        };
        let text = match self.exchange(request).await {
            Ok(answer) if answer.status.is_success() => {
                answer.body(ROBOTS_BYTES_MAX, Over::IsCut).await
            }
            _ => return Vec::new(),
        };
        let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
        let mut named: Vec<Candidate> = (text.lines())
            .filter_map(|line| line.split_once(':'))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("sitemap"))
            .filter_map(|(_, place)| candidate(url, place.trim(), "robots.txt"))
            .collect();
        named.sort_by_key(|candidate| !candidate.url.as_str().contains("news"));
        named.truncate(SITEMAPS_MAX);
        named
    }
}

impl Search {
    fn take(&mut self, found: Found) {
        let entries = found.document.entries.iter().take(20);
        let content: Vec<String> = entries.map(|entry| entry.id.clone()).collect();
        if content.is_empty() || self.contents.insert(content) {
            self.found.push(found);
        }
    }
}

/// A place that was only guessed must hold entries, and a sitemap must be one of news: those have
/// titles.
fn is_worth_polling(kind: FeedKind, named_by: &str, document: &FeedDocument) -> bool {
    match kind {
        FeedKind::Sitemap => document.entries.iter().any(|entry| entry.title.is_some()),
        _ => named_by != "usual place" || !document.entries.is_empty(),
    }
}

fn is_sitemap(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).into_owned();
    let is_gzip = bytes.starts_with(&[0x1f, 0x8b]);
    is_gzip || head.contains("<urlset") || head.contains("<sitemapindex")
}

fn candidate(base: &Url, href: &str, named_by: &'static str) -> Option<Candidate> {
    let href = match href.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("http") => rest,
        _ => href,
    };
    let mut url = base.join(href).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(Candidate { url, named_by })
}

/// The feed that a page names as its own: the first that is not of comments.
pub fn named_feed(html: &str, url: &Url) -> Option<Url> {
    let named = named_feeds(html, url).into_iter();
    let mut links = named.filter(|candidate| candidate.named_by == "link");
    links
        .next()
        .map(|candidate| candidate.url)
        .filter(|url| !is_of_comments(url))
}

/// The feeds that a page names by `link` and by anchors that look like it; those of comments last.
fn named_feeds(html: &str, url: &Url) -> Vec<Candidate> {
    let mut base = url.clone();
    let mut named = Vec::new();
    for tag in tags(html) {
        let value = |name: &str| tag.value(name);
        let Some(href) = value("href") else { continue };
        match tag.name {
            Name::Base => base = url.join(&href).unwrap_or(base),
            Name::Link => {
                let rel = value("rel").unwrap_or_default().to_ascii_lowercase();
                let media = value("type").unwrap_or_default().to_ascii_lowercase();
                if rel
                    .split_whitespace()
                    .any(|rel| rel == "alternate" || rel == "feed")
                    && (is_feed_type(&media) || rel.contains("feed"))
                {
                    named.extend(candidate(&base, &href, "link"));
                }
            }
            Name::Anchor => {
                let anchor = candidate(&base, &href, "anchor");
                named.extend(anchor.filter(|anchor| looks_like_feed(&anchor.url, tag.text)));
            }
        }
    }
    named.sort_by_key(|candidate| {
        (
            is_of_comments(&candidate.url),
            candidate.named_by == "anchor",
        )
    });
    named
}

fn is_feed_type(media: &str) -> bool {
    let media = media.split(';').next().unwrap_or_default().trim();
    matches!(
        media,
        "application/rss+xml"
            | "application/atom+xml"
            | "application/rdf+xml"
            | "application/feed+json"
            | "application/json"
            | "application/xml"
            | "text/xml"
            | "application/x.atom+xml"
            | "application/x-atom+xml"
    )
}

fn is_of_comments(url: &Url) -> bool {
    url.path()
        .split('/')
        .any(|part| part == "comments" || part == "comment-feed")
        || url.query().is_some_and(|query| query.contains("comments"))
}

fn looks_like_feed(url: &Url, text: &str) -> bool {
    let path = url.path().to_ascii_lowercase();
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let has_extension = [".rss", ".atom", ".rdf", ".xml"]
        .iter()
        .any(|end| path.ends_with(end));
    let has_part = parts.any(|part| {
        matches!(
            part,
            "feed" | "feeds" | "rss" | "atom" | "rss2" | "rssfeeds"
        )
    });
    let host = url.host_str().unwrap_or_default();
    let query = url.query().unwrap_or_default().to_ascii_lowercase();
    let says_so = text
        .split(|char: char| !char.is_alphanumeric())
        .any(|word| {
            matches!(
                &*word.to_ascii_lowercase(),
                "rss" | "atom" | "feed" | "feeds"
            )
        });
    has_extension
        || has_part
        || says_so
        || host.starts_with("feeds.")
        || host.starts_with("rss.")
        || ["feed=", "=rss", "=atom", "format=feed"]
            .iter()
            .any(|part| query.contains(part))
}

enum Name {
    Base,
    Link,
    Anchor,
}

struct Tag<'a> {
    name: Name,
    /// The whole tag, less its brackets.
    markup: &'a str,
    name_length: usize,
    /// What follows it, up to the next tag.
    text: &'a str,
}

impl Tag<'_> {
    fn value(&self, name: &str) -> Option<String> {
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
fn tags(html: &str) -> Vec<Tag<'_>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, wanted: &[&str]) {
        let url = Url::parse("https://a.example/news/").unwrap();
        let named: Vec<String> = (named_feeds(html, &url).iter())
            .map(|candidate| format!("{} {}", candidate.named_by, candidate.url))
            .collect();
        assert_eq!(named, wanted);
    }

    #[test]
    fn links_and_anchors_that_name_feeds_are_found() {
        check(
            "<head><link rel='stylesheet' href='x.css'><LINK REL='alternate' TYPE='application/rss+xml' HREF='/comments/feed/'>\
             <link href=\"rss.xml?a=1&amp;b=2\" type=application/rss+xml rel=alternate>\
             <link rel=alternate hreflang=de href=/de><link rel='alternate' type='application/json+oembed' href='/o'>\
             <body><a href='/world/feed/'>World</a><a href=/sport>Sport</a><a href='/x' title='>'>Our RSS</a>",
            &[
                "link https://a.example/news/rss.xml?a=1&b=2",
                "anchor https://a.example/world/feed/",
                "anchor https://a.example/x",
                "link https://a.example/comments/feed/",
            ],
        );
    }

    #[test]
    fn what_only_looks_like_markup_names_nothing() {
        check(
            "<!-- <link rel=alternate type=application/rss+xml href=/a> --><script>'<a href=\"/rss\">'</script>\
             <a href='mailto:rss@a.example'>RSS</a><a href='javascript:rss()'>RSS</a><a name=x>RSS</a>",
            &[],
        );
        let endless = format!("<a href=\"{}", "<a href='".repeat(200_000));
        check(&endless, &[]);
    }

    #[test]
    fn a_base_moves_what_follows() {
        check(
            "<base href='https://b.example/x/'><link rel=alternate type='application/atom+xml; charset=utf-8' href=atom>",
            &["link https://b.example/x/atom"],
        );
    }
}
