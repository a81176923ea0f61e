//! Rules for the pages of one site, in place of what would be found without them.

pub mod fivefilters;
mod xpath;

use std::borrow::Cow;

use scraper::{ElementRef, Html, Selector};

use crate::text::outline::{Outline, outline};
use crate::{Config, tree};

/// Which pages, and where on them the article is. What a rule does not find is found as on any page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Site {
    /// `paper.example` (with or without `www.`), or `*.paper.example` for it and all below it.
    pub hosts: Vec<String>,
    /// Where the story stands; the first that is on the page counts, and all of its text is kept.
    pub body: Vec<Place>,
    /// What goes before anything is read.
    pub remove: Vec<Place>,
    /// Where the title stands; the first that holds a text counts.
    pub title: Vec<Place>,
    /// Where the authors stand; all of them count.
    pub author: Vec<Place>,
    /// Where the date of publication stands; the first that holds a date counts.
    pub date: Vec<Place>,
    /// Texts that are replaced in the page's HTML, in this order.
    pub replace: Vec<(String, String)>,
    /// Pages to try the rules on.
    pub test: Vec<String>,
}

/// A CSS selector, and after `@` the attribute whose value is meant in place of the text:
/// `h1.title`, `meta[name="date"]@content`.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    written: String,
    selector: Selector,
    attribute: Option<String>,
}

impl Place {
    /// Errs with what is wrong with the selector.
    pub fn parse(written: &str) -> Result<Self, String> {
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let (css, attribute) = match written.rsplit_once('@') {
            Some((css, name)) if is_name(name) => (css, Some(name.to_ascii_lowercase())),
            _ => (written, None),
        };
        let selector = Selector::parse(css).map_err(|error| error.to_string())?;
        Ok(Self {
            written: written.to_owned(),
            selector,
            attribute,
        })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The texts of all that it selects, white space collapsed, none empty.
    fn texts<'t>(&'t self, tree: &'t Html) -> impl Iterator<Item = String> + 't {
        let text = |element: ElementRef| match &self.attribute {
            Some(name) => element.value().attr(name).map(one_spaced),
            None => Some(one_spaced(&element.text().collect::<String>())),
        };
        let found = tree.select(&self.selector).filter_map(text);
        found.filter(|text| !text.is_empty())
    }
}

fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Site {
    /// Whether its rules are meant for the pages of this host.
    fn covers(&self, host: &str) -> bool {
        let bare = host.strip_prefix("www.").unwrap_or(host);
        self.hosts
            .iter()
            .any(|pattern| match pattern.strip_prefix("*.") {
                Some(domain) => {
                    bare == domain
                        || bare
                            .strip_suffix(domain)
                            .is_some_and(|rest| rest.ends_with('.'))
                }
                None => bare == pattern.strip_prefix("www.").unwrap_or(pattern),
            })
    }

    /// The page as the rules want it read.
    pub(crate) fn rewrite<'h>(&self, html: &'h str) -> Cow<'h, str> {
        let mut html = Cow::Borrowed(html);
        for (find, with) in &self.replace {
            // A short text put in place of each letter must not make a page of gigabytes.
            let is_bounded = html.matches(find.as_str()).take(REPLACED_MAX + 1).count();
            if !find.is_empty() && (1..=REPLACED_MAX).contains(&is_bounded) {
                html = Cow::Owned(html.replace(find.as_str(), with));
            }
        }
        html
    }
}

/// The first of the rules that are meant for this page.
pub(crate) fn of<'s>(sites: &'s [Site], url: &str) -> Option<&'s Site> {
    if sites.is_empty() {
        return None;
    }
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str()?;
    sites.iter().find(|site| site.covers(host))
}

/// More occurrences of one text are left as they are.
const REPLACED_MAX: usize = 10_000;

/// What a site's rules found on a page.
pub(crate) struct Found {
    /// The page without what goes, or the story's own blocks.
    pub outline: Outline,
    /// Whether the blocks are the story's.
    pub is_body: bool,
    pub is_cut: bool,
    pub title: Option<String>,
    pub authors: Vec<String>,
    pub dates: Vec<String>,
}

/// Reads a page by its site's rules.
pub(crate) fn read(html: &str, site: &Site, config: &Config) -> Found {
    let tree::Tree { mut html, is_cut } = tree::parse(html, config);
    // Read before anything goes: a byline may stand in a box that is no part of the story.
    let texts = |places: &[Place], html: &Html| {
        let texts = places.iter().flat_map(|place| place.texts(html));
        texts.take(FIELDS_MAX).collect::<Vec<_>>()
    };
    let title = texts(&site.title, &html).into_iter().next();
    let authors = texts(&site.author, &html);
    let dates = texts(&site.date, &html);
    for place in &site.remove {
        let gone: Vec<_> = html
            .select(&place.selector)
            .map(|element| element.id())
            .collect();
        for id in gone {
            if let Some(mut node) = html.tree.get_mut(id) {
                node.detach();
            }
        }
    }
    let body = site.body.iter().find_map(|place| {
        let all: Vec<_> = html.select(&place.selector).collect();
        // One inside another is read with it.
        let outer = |element: &&ElementRef| {
            !element
                .ancestors()
                .any(|node| all.iter().any(|other| **other == node))
        };
        let outline = outline(
            all.iter()
                .filter(outer)
                .take(BODIES_MAX)
                .map(|element| **element),
        );
        (!outline.blocks.is_empty()).then_some(outline)
    });
    Found {
        is_body: body.is_some(),
        outline: body.unwrap_or_else(|| outline([html.tree.root()].into_iter())),
        is_cut,
        title,
        authors,
        dates,
    }
}

/// Titles, authors or dates that are looked at.
const FIELDS_MAX: usize = 50;
/// Elements that make up a story: its paragraphs may be chosen one by one.
const BODIES_MAX: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, clean};

    const STORY: &str = "The old bridge over the harbour will be rebuilt next year, the council said on Monday after a long debate.";

    fn site() -> Site {
        let places = |css: &[&str]| {
            let all = css.iter().map(|css| Place::parse(css).expect("it is CSS"));
            all.collect()
        };
        Site {
            hosts: vec!["quay.example".to_owned()],
            body: places(&["#none", "div.x7"]),
            remove: places(&["div.x7 > b"]),
            title: places(&["i.head"]),
            author: places(&["meta[name=\"by\"]@content"]),
            date: places(&["u"]),
            replace: vec![("<x-end>".to_owned(), "</p>".to_owned())],
            test: Vec::new(),
        }
    }

    fn cleaned(url: &str, html: &str) -> copydesk_model::Article {
        let config = Config {
            sites: vec![site()],
            ..Config::default()
        };
        let input = Input {
            url,
            html,
            ..Input::default()
        };
        clean(&input, &config).expect("it holds a story")
    }

    #[test]
    fn rules_come_before_what_a_page_says() {
        let page = format!(
            "<title>Wrong</title><meta name=by content='Ada Low'><i class=head>Bridge to be rebuilt</i><u>4 May 2025</u><article><p>{STORY} {STORY}</article><div class=x7><b>Buy now</b><p>{STORY}<x-end><ul><li>Short<li>Lines</ul><div class=x7>Inner</div></div>"
        );
        let article = cleaned("https://www.quay.example/a/b", &page);
        assert_eq!(article.text, format!("{STORY}\n\nShort\n\nLines\n\nInner"));
        assert_eq!(article.title.as_deref(), Some("Bridge to be rebuilt"));
        assert_eq!(article.authors, ["Ada Low"]);
        let published = article.published.map(|at| at.to_string());
        assert_eq!(published.as_deref(), Some("2025-05-04T00:00:00Z"));
    }

    #[test]
    fn what_rules_do_not_find_is_found_as_ever() {
        let page = format!(
            "<title>Bridge</title><article><h1>Bridge</h1><p>{STORY}<p>{STORY} Again.</article>"
        );
        let elsewhere = cleaned("https://other.example/a/b", &page);
        let here = cleaned("https://quay.example/a/b", &page);
        assert_eq!(here.text, elsewhere.text);
        assert_eq!(here.title.as_deref(), Some("Bridge"));
    }

    #[test]
    fn a_bad_selector_is_an_error() {
        assert!(Place::parse("div[").is_err());
        assert!(Place::parse("").is_err());
    }
}
