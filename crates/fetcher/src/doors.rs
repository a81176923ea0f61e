//! Readers that nobody else has a use for, opened to the fuzz targets of `tests/fuzz`.

use copydesk_model::FeedDocument;
use url::Url;

use crate::robots::Robots;
use crate::{Budget, links};

fn base() -> Url {
    Url::parse("https://a.example/news/").expect("it is a URL")
}

/// Whether a robots.txt lets us fetch a path.
pub fn robots(bytes: &[u8], path: &str) -> Option<bool> {
    let url = base().join(path).ok()?;
    Some(Robots::parse(bytes, "copydesk").allows(&url))
}

/// What a sitemap lists.
pub fn sitemap(bytes: &[u8]) -> Option<FeedDocument> {
    let sitemap = links::read_sitemap(bytes.to_vec(), 1 << 20).ok()?;
    sitemap.links.document(&base()).ok()
}

/// What a page of links lists.
pub fn link_page(html: &str, selector: &str) -> Option<FeedDocument> {
    let links = links::read_page(html, &base(), Some(selector), &Budget::default()).ok()?;
    links.document(&base()).ok()
}
