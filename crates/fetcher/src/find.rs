//! Finds the feeds of a site: those that its page names, those at the usual places, and the news
//! sitemaps of its robots.txt. Each is read before it is believed.

mod named;
mod tags;

use copydesk_model::{Failure, FeedDocument, Reason};
use futures_util::StreamExt;
use reqwest::header;
use std::collections::HashSet;
use url::Url;

use crate::body::Over;
use crate::exchange::{Request, failure, is_same_origin};
use crate::page::begins_as_html;
use crate::secret::shown_text;
use crate::{Auth, Feed, FeedKind, Fetcher, charset, feed_identity};
pub(crate) use named::named_feed;
use named::named_feeds;

const DOING: &str = "looking for feeds at";
const ACCEPT: &str = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, \
    application/feed+json, application/xml;q=0.9, */*;q=0.5";
/// Documents read in one search, and how many at once; the host's pace holds besides.
const LOOKS_MAX: usize = 40;
const LOOKS_AT_ONCE: usize = 4;
/// Pages that list feeds and are not the page that was given.
const PAGES_MAX: usize = 3;
/// Where publishing systems put their feeds. Asked only where the site names none.
#[rustfmt::skip]
const USUAL_PLACES: &[&str] = &[
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.rss", "/feed.atom",
    "/feed.json", "/feeds", "/index.rdf", "/rss/all.rss", "/sitemap-news.xml", "/news-sitemap.xml",
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
        let room = &self.feed_room;
        let bytes = answer
            .body(self.config.feed_bytes_max, Over::Fails, room)
            .await?
            .bytes;
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
                let room = &self.feed_room;
                answer.body(ROBOTS_BYTES_MAX, Over::IsCut, room).await
            }
            _ => return Vec::new(),
        };
        let text = text.map(|body| String::from_utf8_lossy(&body.bytes).into_owned());
        let text = text.unwrap_or_default();
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
