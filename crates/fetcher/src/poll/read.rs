//! An answer read as a feed, whatever it holds: a feed, a sitemap, or a page that lists stories.

use copydesk_model::{Failure, FeedDocument, Reason};
use reqwest::header::{self, HeaderMap};
use std::sync::Arc;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::validators::latin1;
use super::{ACCEPT, DOING};
use crate::body::Over;
use crate::exchange::Request;
use crate::links::{self, Links};
use crate::page::begins_as_html;
use crate::secret::shown;
use crate::{Feed, FeedKind, Fetcher, charset, read_feed};

impl Fetcher {
    /// The document, and a hash that is the same only where nothing changed in it. A sitemap or a
    /// page is first written as a JSON Feed, so that all are read in one way.
    pub(crate) async fn read(
        &self,
        feed: &Feed,
        bytes: Vec<u8>,
        headers: &HeaderMap,
        url: &Url,
    ) -> Result<(FeedDocument, u64), Failure> {
        if feed.kind != FeedKind::Page && begins_as_html(&bytes) {
            return Err(Failure::permanent(
                Reason::WrongType,
                "a web page in place of a feed",
            ));
        }
        let hash = xxh3_64(&bytes);
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .map(|value| latin1(value.as_bytes()));
        let base = url.clone();
        match feed.kind {
            FeedKind::Feed => {
                let read = move || read_feed(&bytes, content_type.as_deref(), Some(base.as_str()));
                Ok((self.parsed(read).await?, hash))
            }
            FeedKind::Page => {
                let (selector, budget) = (feed.links.clone(), self.config.budget.clone());
                let read = move || {
                    let html = charset::decode(bytes, content_type.as_deref());
                    links::read_page(&html, &base, selector.as_deref(), &budget)
                        .and_then(|found| found.document(&base))
                };
                Ok((self.parsed(read).await?, hash))
            }
            FeedKind::Sitemap => {
                let found = self.sitemap(feed, bytes).await?;
                let hash = found.hash();
                Ok((self.parsed(move || found.document(&base)).await?, hash))
            }
        }
    }

    /// The links of a sitemap; those of an index are the links of its newest sitemaps.
    async fn sitemap(&self, feed: &Feed, bytes: Vec<u8>) -> Result<Links, Failure> {
        let bytes_max = self.config.feed_bytes_max;
        let index = self
            .parsed(move || links::read_sitemap(bytes, bytes_max))
            .await?;
        let mut found = index.links;
        for child in index.sitemaps {
            let Ok(url) = Url::parse(&child) else {
                continue;
            };
            let request = Request {
                doing: DOING,
                url: &url,
                feed,
                accept: ACCEPT,
                validators: None,
                wait_max: self.config.retry_wait_max,
                robots: self.config.robots_for_feeds,
            };
            let answer = self.exchange(request).await?;
            if !answer.is_whole() {
                let detail = format!(
                    "its sitemap {}: status {}",
                    shown(&url),
                    answer.status.as_u16()
                );
                return Err(Failure::permanent(Reason::HttpStatus, detail));
            }
            let room = &self.feed_room;
            let bytes = answer.body(bytes_max, Over::Fails, room).await?.bytes;
            found.extend(
                self.parsed(move || links::read_sitemap(bytes, bytes_max))
                    .await?
                    .links,
            );
        }
        Ok(found)
    }

    /// What a parser says, off the threads of the runtime and no more of them at once than cores.
    pub(super) async fn parsed<T: Send + 'static>(
        &self,
        parse: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = Arc::clone(&self.parsers).acquire_owned().await;
        let parsing = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            parse()
        });
        (parsing.await).unwrap_or_else(|_| {
            Err(Failure::permanent(
                Reason::Panic,
                "reading the document panicked",
            ))
        })
    }
}
