//! feed-rs's reading of a document, in our types.

use chrono::{DateTime, Utc};
use copydesk_model::{Entry, FeedDocument, FeedHints};
use feed_rs::model::{self, FeedType};
use feed_rs::parser::Builder;
use jiff::Timestamp;
use std::panic::catch_unwind;
use url::Url;

use super::date::read_date;
use super::person;
use super::text::{language_tag, plain_text, to_html};

/// Errs in words, also where feed-rs panics. `text` has neither byte order mark nor declaration.
pub(super) fn parse(text: &str, base: Option<&Url>) -> Result<FeedDocument, String> {
    let base = base.map(Url::to_string);
    let parse = || {
        let parser = Builder::new()
            .base_uri(base.as_deref())
            // An id that the feed does not give is none: feed-rs would invent a random one.
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(|text| chrono_moment(read_date(text)?))
            .build();
        parser.parse(text.as_bytes()).map(document)
    };
    match catch_unwind(parse) {
        Ok(parsed) => parsed.map_err(|error| format!("feed-rs refused it: {error}")),
        Err(_) => Err("feed-rs panicked".into()),
    }
}

fn document(feed: model::Feed) -> FeedDocument {
    let kind = match feed.feed_type {
        FeedType::Atom => "atom",
        FeedType::JSON => "json",
        FeedType::RSS0 => "rss0",
        FeedType::RSS1 => "rss1",
        FeedType::RSS2 => "rss2",
    };
    let is_rss = matches!(
        feed.feed_type,
        FeedType::RSS0 | FeedType::RSS1 | FeedType::RSS2
    );
    FeedDocument {
        kind: Some(kind.into()),
        title: feed.title.map(plain).filter(|title| !title.is_empty()),
        link: alternate(feed.links),
        language: feed.language.as_deref().and_then(language_tag),
        entries: feed
            .entries
            .into_iter()
            .map(|parsed| entry(parsed, is_rss))
            .collect(),
        repaired: Vec::new(),
        hints: FeedHints {
            interval_s: feed
                .ttl
                .filter(|minutes| *minutes > 0)
                .map(|minutes| u64::from(minutes) * 60),
            ..FeedHints::default()
        },
    }
}

fn entry(parsed: model::Entry, is_rss: bool) -> Entry {
    let published = parsed.published.and_then(moment);
    let updated = parsed.updated.and_then(moment);
    let image = image(&parsed.media);
    let mut authors = Vec::new();
    for author in parsed.authors.into_iter().filter_map(name) {
        person::add(&mut authors, author);
    }
    let mut tags: Vec<String> = Vec::new();
    for category in parsed.categories {
        let tag = plain_text(&category.label.unwrap_or(category.term));
        if !tag.is_empty() && !tags.contains(&tag) && tags.len() < 100 {
            tags.push(tag);
        }
    }
    Entry {
        guid: Some(parsed.id).filter(|id| !id.is_empty()),
        url: alternate(parsed.links),
        title: parsed.title.map(plain).filter(|title| !title.is_empty()),
        published,
        // In RSS feed-rs copies the one to the other, which is no sign of a change.
        modified: updated.filter(|_| !is_rss || updated != published),
        authors,
        summary: parsed
            .summary
            .map(html)
            .filter(|summary| !summary.is_empty()),
        content: parsed.content.and_then(content),
        language: parsed.language.as_deref().and_then(language_tag),
        image,
        tags,
        ..Entry::default()
    }
}

fn plain(text: model::Text) -> String {
    plain_text(&text.content)
}

fn html(text: model::Text) -> String {
    match text.content_type.essence().to_string().as_str() {
        "text/plain" => to_html(&text.content),
        _ => text.content.trim().to_owned(),
    }
}

fn content(content: model::Content) -> Option<String> {
    let kind = content.content_type.essence().to_string();
    let body = content.body.filter(|body| !body.trim().is_empty())?;
    match kind.as_str() {
        "text/plain" => Some(to_html(&body)),
        kind if kind.starts_with("text/") || kind.ends_with("xml") => Some(body.trim().to_owned()),
        // Pictures and the like in base 64.
        _ => None,
    }
}

fn alternate(links: Vec<model::Link>) -> Option<String> {
    let mut pages = links.into_iter().filter(|link| {
        link.target.is_none() && link.rel.as_deref().is_none_or(|rel| rel == "alternate")
    });
    pages
        .next()
        .map(|link| link.href)
        .filter(|href| !href.is_empty())
}

fn name(person: model::Person) -> Option<String> {
    let text = person.name.or(person.email).or(person.uri)?;
    person::name_in(&plain_text(&text))
}

fn image(media: &[model::MediaObject]) -> Option<String> {
    let contents = media.iter().flat_map(|object| &object.content);
    let mut pictures = contents.filter(|content| {
        let kind = content.content_type.as_ref();
        kind.is_some_and(|kind| kind.ty().as_str().eq_ignore_ascii_case("image"))
    });
    let picture = pictures
        .find_map(|content| content.url.as_ref())
        .map(Url::to_string);
    let thumbnails = || media.iter().flat_map(|object| &object.thumbnails);
    let thumbnail = || {
        thumbnails()
            .map(|thumbnail| thumbnail.image.uri.clone())
            .next()
    };
    picture
        .or_else(thumbnail)
        .filter(|url| Url::parse(url).is_ok())
}

fn moment(moment: DateTime<Utc>) -> Option<Timestamp> {
    let nanoseconds = i32::try_from(moment.timestamp_subsec_nanos()).ok()?;
    Timestamp::new(moment.timestamp(), nanoseconds).ok()
}

fn chrono_moment(moment: Timestamp) -> Option<DateTime<Utc>> {
    let nanoseconds = u32::try_from(moment.subsec_nanosecond()).ok()?;
    DateTime::from_timestamp(moment.as_second(), nanoseconds)
}
