//! The feeds that a page names.

use url::Url;

use super::tags::{Name, tags};
use super::{Candidate, candidate};

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
pub(super) fn named_feeds(html: &str, url: &Url) -> Vec<Candidate> {
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
