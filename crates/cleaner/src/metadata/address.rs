//! Addresses a page gives for itself: taken where they can be true.

use copydesk_model::{canonical_url, is_slug, registrable_domain};
use url::Url;

/// The first address that may be the article's own: on the page's site, no home page and no section
/// that the page lies in, unless the page itself is one. None where no candidate is plausible.
pub(super) fn own(candidates: &[Option<&str>], page: &str) -> Option<String> {
    // Less the AMP form or the cache in which it was fetched.
    let page_url = canonical_url(page);
    let base = page_url.as_deref().and_then(|url| Url::parse(url).ok());
    candidates.iter().flatten().find_map(|candidate| {
        let address = canonical_url(&absolute(candidate, page)?)?;
        let Some(base) = &base else {
            return Some(address);
        };
        let url = Url::parse(&address).ok()?;
        let is_own_site = registrable_domain(&address) == registrable_domain(base.as_str());
        let is_other_page = (is_home_of(&url) && !is_home_of(base)) || is_section_of(&url, base);
        (is_own_site && !is_other_page).then_some(address)
    })
}

/// Whether the page lies below the address, which is no article's: some sites give every article
/// the address of its section.
fn is_section_of(address: &Url, page: &Url) -> bool {
    let (section, path) = (address.path().trim_end_matches('/'), page.path());
    let last = section.rsplit('/').next().unwrap_or_default();
    let below = path
        .strip_prefix(section)
        .and_then(|rest| rest.strip_prefix('/'));
    address.query().is_none() && !is_slug(last) && below.is_some_and(|rest| !rest.is_empty())
}

/// An address made absolute by the page's; http and https only.
pub(super) fn absolute(address: &str, page: &str) -> Option<String> {
    let address = address.trim();
    let url = match Url::parse(page) {
        Ok(base) => base.join(address).ok()?,
        Err(_) => Url::parse(address).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

fn is_home_of(url: &Url) -> bool {
    let path = url.path().trim_matches('/');
    // "/en", "/index.html" are home pages as well.
    url.query().is_none() && (path.is_empty() || path.len() == 2 || path.starts_with("index."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_address_is_on_the_site_and_no_home_page() {
        let page = "https://www.paper.example/2024/storm?utm_source=feed";
        for (given, wanted) in [
            (
                "https://paper.example/2024/storm",
                Some("https://paper.example/2024/storm"),
            ),
            ("/2024/storm", Some("https://www.paper.example/2024/storm")),
            ("https://paper.example/", None),
            ("https://paper.example/en/", None),
            ("https://other.example/2024/storm", None),
            ("javascript:void(0)", None),
        ] {
            assert_eq!(own(&[Some(given)], page).as_deref(), wanted, "{given}");
        }
        for (given, page, wanted) in [
            // Sections, of which an article is a part; an article, of which the page is a part.
            (
                "https://paper.example/news/",
                "https://paper.example/news/world/storm",
                None,
            ),
            (
                "https://paper.example/2026/11",
                "https://paper.example/2026/11/21/storm",
                None,
            ),
            (
                "https://paper.example/news/storm-hits-coast",
                "https://paper.example/news/storm-hits-coast/2",
                Some("https://paper.example/news/storm-hits-coast"),
            ),
            // The page came from a cache, or in another form.
            (
                "https://paper.example/2026/storm",
                "https://paper-example.cdn.ampproject.org/c/s/amp.paper.example/2026/storm",
                Some("https://paper.example/2026/storm"),
            ),
            (
                "https://paper.example/2026/storm",
                "https://m.paper.example/2026/storm?amp=1",
                Some("https://paper.example/2026/storm"),
            ),
            // One page for all, told apart by a parameter.
            (
                "https://paper.example/news?id=7",
                "https://paper.example/news/x?id=7",
                Some("https://paper.example/news?id=7"),
            ),
        ] {
            assert_eq!(own(&[Some(given)], page).as_deref(), wanted, "{given}");
        }
        assert_eq!(
            own(&[None, Some("https://a.example/x")], "").as_deref(),
            Some("https://a.example/x")
        );
    }
}
