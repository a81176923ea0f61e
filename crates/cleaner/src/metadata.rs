//! What a page says of its article: titles, people, dates, addresses.
//!
//! One order settles conflicts: JSON-LD of the article (it was written for machines to read), then
//! meta tags, then what the page shows, by the strength of its markup; the address comes last. The
//! headline has an order of its own: [`title::choose`].

mod address;
mod date;
mod harvest;
mod json;
mod jsonld;
mod language;
mod meta;
mod names;
mod people;
mod places;
mod times;
mod title;

use copydesk_model::{PublishedFrom, registrable_domain};
use jiff::{Timestamp, tz::Offset};

use crate::Input;
use harvest::{Harvest, Mark, Role, harvest};
use jsonld::Statement;
pub(crate) use language::language;
pub(crate) use names::{bare as bare_names, signed as byline};
pub(crate) use places::Places;
pub(crate) use title::{folded, without_house};

/// What a page says of its article; absent knowledge is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Metadata {
    /// Whether the page calls itself an article, in JSON-LD or OpenGraph.
    pub is_article: bool,
    /// Canonical and on the page's own site.
    pub url: Option<String>,
    pub site_name: Option<String>,
    /// Without the site's name.
    pub title: Option<String>,
    pub description: Option<String>,
    /// People, and agencies that sign beside them; a desk or the paper only where no person is named.
    pub authors: Vec<String>,
    /// Whether a person is among them.
    pub is_signed: bool,
    /// The first agency among those who sign.
    pub agency: Option<&'static str>,
    pub published: Option<Timestamp>,
    pub published_from: Option<PublishedFrom>,
    pub modified: Option<Timestamp>,
    /// As declared; see [`language`].
    pub language: Option<String>,
    pub section: Option<String>,
    pub tags: Vec<String>,
    /// An absolute URL.
    pub image: Option<String>,
    pub paywalled: Option<bool>,
}

/// Reads a page's statements on its article. Linear in the page's length; no tree needed.
pub(crate) fn read(html: &str, input: &Input) -> Metadata {
    let harvest = harvest(html);
    let heading = headings(&harvest).next();
    let titles: Vec<&str> = [heading, harvest.meta("og:title"), harvest.title.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let said = jsonld::read(&harvest.jsonld, &titles);

    let url = address::own(
        &[
            harvest.canonical.as_deref(),
            harvest.meta("og:url"),
            said.url.as_deref(),
        ],
        input.url,
    );
    let place = if input.url.is_empty() {
        url.as_deref().unwrap_or("")
    } else {
        input.url
    };
    let site_name = meta::site_name(&harvest, &said);
    let domain = registrable_domain(place).unwrap_or_default();
    let label = domain.split('.').next().unwrap_or("");
    let houses: Vec<&str> = [
        site_name.as_deref(),
        said.publisher.as_deref(),
        Some(domain.as_str()),
        Some(label),
    ]
    .into_iter()
    .flatten()
    .filter(|house| !house.is_empty())
    .collect();

    let language = language::declared(&harvest, &said);
    let local = date::local_offset(language.as_deref(), place);
    let latest = input.fetched;
    let people::Authors {
        names: authors,
        is_signed,
        agency,
    } = people::authors(&harvest, &said, &houses);
    let (published, published_from) =
        times::published(&harvest, &said, place, local, latest).unzip();
    Metadata {
        is_article: said.is_article || harvest.meta("og:type") == Some("article"),
        title: headline(&harvest, &said, &houses).or_else(|| input.title.map(str::to_owned)),
        description: meta::description(&harvest, &said),
        authors,
        is_signed,
        agency,
        published,
        published_from,
        modified: times::modified(&harvest, &said, local, latest)
            .filter(|modified| published.is_none_or(|published| *modified >= published)),
        section: meta::section(&harvest, &said),
        tags: meta::article_tags(&harvest, &said),
        image: meta::image(&harvest, &said, place),
        paywalled: meta::paywalled(&harvest, &said),
        url,
        site_name,
        language,
    }
}

impl Metadata {
    /// Puts what a site's rules found in place of what the page says; each only where it is any.
    pub fn overrule(
        &mut self,
        title: Option<String>,
        authors: &[String],
        dates: &[String],
        input: &Input,
    ) {
        self.title = title.or(self.title.take());
        let mut byline = names::Byline::default();
        for author in authors {
            byline.add(names::read(author, &[]));
        }
        if !byline.is_empty() {
            self.is_signed = !byline.people.is_empty();
            self.authors = match self.is_signed {
                true => byline.people,
                false => byline.others,
            };
        }
        let local = date::local_offset(self.language.as_deref(), input.url);
        let published = dates.iter().find_map(|text| {
            let moment = date::parse(text, local).or_else(|| date::find(text, local))?;
            input
                .fetched
                .is_none_or(|fetched| moment.at <= fetched)
                .then_some(moment.at)
        });
        if published.is_some() {
            self.published = published;
            self.published_from = Some(PublishedFrom::Page);
        }
    }
}

/// Whether a date stands in a text.
pub(crate) fn holds_date(text: &str) -> bool {
    date::find(text, Offset::UTC).is_some()
}

/// The headings of the first level that markup does not put into a sidebar.
fn headings<'h>(harvest: &'h Harvest) -> impl Iterator<Item = &'h str> {
    let is_main =
        |mark: &&Mark| mark.role == Role::Headline && !mark.is_aside && mark.text.len() > 3;
    harvest
        .headings
        .iter()
        .filter(is_main)
        .map(|mark| mark.text.as_str())
}

fn headline(harvest: &Harvest, said: &Statement, houses: &[&str]) -> Option<String> {
    let others: Vec<&str> = [
        "parsely-title",
        "sailthru.title",
        "dc.title",
        "dcterms.title",
    ]
    .into_iter()
    .filter_map(|name| harvest.meta(name))
    .collect();
    let headings: Vec<&str> = headings(harvest).take(HEADINGS_MAX).collect();
    let titles = title::Titles {
        stated: said.headline.as_deref(),
        shared: harvest.meta("og:title"),
        tweeted: harvest.meta("twitter:title"),
        document: harvest.title.as_deref(),
        headings: &headings,
        others: &others,
    };
    title::choose(&titles, houses)
}

/// Headings of the first level that may be the headline; lists of teasers have many more.
const HEADINGS_MAX: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn read_page(html: &str) -> Metadata {
        let fetched = "2026-01-02T00:00:00Z".parse().ok();
        read(
            html,
            &Input {
                url: "https://www.paper.example/2025/11/04/storm",
                html,
                fetched,
                ..Input::default()
            },
        )
    }

    #[test]
    fn jsonld_before_meta_before_page_before_url() {
        let all = [
            (
                r#"<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2025-11-01"}</script>"#,
                "2025-11-01",
                PublishedFrom::Jsonld,
            ),
            (
                r#"<meta property="article:published_time" content="2025-11-02">"#,
                "2025-11-02",
                PublishedFrom::Meta,
            ),
            (
                r#"<h1>Storm</h1><time datetime="2025-11-03">3 Nov</time>"#,
                "2025-11-03",
                PublishedFrom::Page,
            ),
            ("", "2025-11-04", PublishedFrom::Url),
        ];
        for first in 0..all.len() {
            let html: String = all[first..].iter().rev().map(|(html, ..)| *html).collect();
            let metadata = read_page(&html);
            let (_, day, from) = all[first];
            assert_eq!(
                metadata
                    .published
                    .map(|at| at.to_string()[..10].to_owned())
                    .as_deref(),
                Some(day)
            );
            assert_eq!(metadata.published_from, Some(from));
        }
    }

    #[test]
    fn never_later_than_the_fetch() {
        let metadata = read_page(
            r#"<meta property="article:published_time" content="2031-11-02"><h1>S</h1><p>Published 3 Nov 2025</p>"#,
        );
        assert_eq!(
            metadata.published.map(|at| at.to_string()).as_deref(),
            Some("2025-11-03T00:00:00Z")
        );
    }

    #[test]
    fn reads_a_page_without_metadata_as_its_reader_does() {
        let metadata = read_page(
            "<html lang=en_GB><title>Storm hits coast | Paper</title><h1>Storm hits coast</h1><div class=byline>By <a>Ada Low</a> and <a>Bo Ek</a></div><p>5 November 2025, 18:30</p>",
        );
        assert_eq!(metadata.title.as_deref(), Some("Storm hits coast"));
        assert_eq!(metadata.authors, ["Ada Low", "Bo Ek"]);
        assert_eq!(
            metadata.published.map(|at| at.to_string()).as_deref(),
            Some("2025-11-05T18:30:00Z")
        );
        assert_eq!(metadata.language.as_deref(), Some("en-GB"));
    }

    #[test]
    fn reads_the_head() {
        let metadata = read_page(
            r#"<link rel=canonical href="https://paper.example/2025/11/04/storm/?utm_source=x"><meta property=og:site_name content="The Paper">
            <meta property=article:tag content=Weather><meta property=article:tag content=Sea><meta property=og:image content="/a.jpg">
            <meta property=article:content_tier content=locked><meta name=description content="It &amp;amp; more">"#,
        );
        assert_eq!(
            metadata.url.as_deref(),
            Some("https://paper.example/2025/11/04/storm/")
        );
        assert_eq!(metadata.site_name.as_deref(), Some("The Paper"));
        assert_eq!(metadata.tags, ["Weather", "Sea"]);
        assert_eq!(
            metadata.image.as_deref(),
            Some("https://www.paper.example/a.jpg")
        );
        assert_eq!(metadata.paywalled, Some(true));
        assert_eq!(metadata.description.as_deref(), Some("It & more"));
    }
}
