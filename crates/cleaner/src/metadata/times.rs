//! When an article was published and changed: the best of the dates a page gives.

use copydesk_model::PublishedFrom;
use jiff::{SignedDuration, Timestamp, tz::Offset};

use super::date;
use super::harvest::{Harvest, Mark, Role, Strength};
use super::jsonld::Statement;

#[rustfmt::skip]
const PUBLISHED_METAS: &[&str] = &[
    "article:published_time", "og:article:published_time", "og:published_time",
    "article:published", "datepublished", "date-published", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dc.date",
    "dcterms.date", "ptime", "pdate", "publishdate", "publish-date", "publish_date", "pubdate",
    "publication_date", "published_time", "publicationdate", "date.publication",
    "article.published", "bt:pubdate", "cxenseparse:recs:publishtime", "article:post_date",
    "citation_publication_date", "citation_date", "release_date", "og:release_date", "og:pubdate",
    "video:release_date", "shareaholic:article_published_time", "creation_date", "created", "date",
    "originalpublicationdate", "displaydate", "dat", "article_date_original", "cre_date",
    "rnews:datepublished",
];

#[rustfmt::skip]
const MODIFIED_METAS: &[&str] = &[
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified",
    "dc.date.modified", "utime", "last-modified", "lastmod", "article:updated_time",
    "article:modified", "og:article:modified_time", "updated_time",
];

/// Feeds and servers disagree about the time by minutes; more than this ahead is another date.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(15);

pub(super) fn published(
    harvest: &Harvest,
    said: &Statement,
    url: &str,
    local: Offset,
    latest: Option<Timestamp>,
) -> Option<(Timestamp, PublishedFrom)> {
    let read = |text: &str| date::parse(text, local).filter(|moment| is_past(moment.at, latest));
    let jsonld = || {
        said.published
            .as_deref()
            .and_then(read)
            .map(|moment| (moment, PublishedFrom::Jsonld))
    };
    let meta = || {
        let mut moments = PUBLISHED_METAS
            .iter()
            .flat_map(|name| harvest.metas_of(name))
            .filter_map(read);
        moments.next().map(|moment| (moment, PublishedFrom::Meta))
    };
    let page = || visible_date(harvest, local, latest).map(|moment| (moment, PublishedFrom::Page));
    let address = || {
        date::in_url(url, local)
            .filter(|moment| is_past(moment.at, latest))
            .map(|moment| (moment, PublishedFrom::Url))
    };
    let (moment, from) = jsonld().or_else(meta).or_else(page).or_else(address)?;
    Some((moment.at.min(latest.unwrap_or(moment.at)), from))
}

fn is_past(at: Timestamp, latest: Option<Timestamp>) -> bool {
    latest.is_none_or(|latest| at <= latest.saturating_add(CLOCK_SKEW).unwrap_or(latest))
}

pub(super) fn modified(
    harvest: &Harvest,
    said: &Statement,
    local: Offset,
    latest: Option<Timestamp>,
) -> Option<Timestamp> {
    let metas = MODIFIED_METAS
        .iter()
        .flat_map(|name| harvest.metas_of(name));
    let marks = harvest
        .marks
        .iter()
        .filter(|mark| mark.role == Role::Modified && mark.strength == Strength::Vocabulary);
    let texts = said
        .modified
        .as_deref()
        .into_iter()
        .chain(metas)
        .chain(marks.map(|mark| mark.value.as_deref().unwrap_or(&mark.text)));
    texts
        .filter_map(|text| date::parse(text, local))
        .map(|moment| moment.at)
        .find(|at| is_past(*at, latest))
}

/// Bytes of text from the headline to a date that is still the article's.
const DATE_REACH: usize = 2000;

/// The date in the strongest markup nearest to the headline; without markup, in a short line near it.
fn visible_date(
    harvest: &Harvest,
    local: Offset,
    latest: Option<Timestamp>,
) -> Option<date::Moment> {
    let headline_at = harvest.headline_at();
    let is_past = |moment: &date::Moment| is_past(moment.at, latest);
    let distance = |at: usize| {
        if at < headline_at {
            (headline_at - at) * 2
        } else {
            at - headline_at
        }
    };
    for strength in [Strength::Vocabulary, Strength::Name, Strength::Hint] {
        for role in [Role::Published, Role::Modified] {
            let mut marks: Vec<&Mark> = harvest
                .marks
                .iter()
                .filter(|mark| mark.role == role && mark.strength == strength && !mark.is_aside)
                .filter(|mark| {
                    strength == Strength::Vocabulary || distance(mark.at) < DATE_REACH * 2
                })
                .collect();
            marks.sort_by_key(|mark| distance(mark.at));
            let found = marks.iter().find_map(|mark| {
                let value = mark
                    .value
                    .as_deref()
                    .and_then(|value| date::parse(value, local));
                value
                    .or_else(|| date::find(&mark.text, local))
                    .filter(is_past)
            });
            if found.is_some() {
                return found;
            }
        }
    }
    let mut lines: Vec<_> = harvest
        .lines
        .iter()
        .filter(|line| distance(line.at) < DATE_REACH)
        .collect();
    lines.sort_by_key(|line| distance(line.at));
    lines.iter().find_map(|line| {
        date::find(&html_escape::decode_html_entities(line.text), local).filter(is_past)
    })
}
