//! Addresses a page gives for itself: taken where they can be true.

use copydesk_model::{canonical_url, registrable_domain};
use url::Url;

/// The first address that may be the article's own: on the page's site and no home page, unless the
/// page itself is one. None where no candidate is plausible.
pub(super) fn own(candidates: &[Option<&str>], page: &str) -> Option<String> {
    let base = Url::parse(page).ok();
    candidates.iter().flatten().find_map(|candidate| {
        let absolute = absolute(candidate, page)?;
        let is_home = is_home(&absolute) && base.as_ref().is_some_and(|base| !is_home_of(base));
        let is_foreign =
            base.is_some() && registrable_domain(&absolute) != registrable_domain(page);
        (!is_home && !is_foreign)
            .then(|| canonical_url(&absolute))
            .flatten()
    })
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

fn is_home(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| is_home_of(&url))
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
        assert_eq!(
            own(&[None, Some("https://a.example/x")], "").as_deref(),
            Some("https://a.example/x")
        );
    }
}
