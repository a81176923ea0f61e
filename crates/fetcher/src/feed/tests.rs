//! A small document for each thing that feeds do.

mod fields;
mod harm;
mod identities;
mod repairs;

use super::*;

#[track_caller]
fn read(text: &str) -> FeedDocument {
    read_feed(text.as_bytes(), None, None).unwrap_or_else(|failure| panic!("{failure}: {text}"))
}

/// The one entry of an RSS feed with this item.
#[track_caller]
fn item(inside: &str) -> Entry {
    let text = format!(
        r#"<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
            xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"
            xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Feed</title>
            <item>{inside}</item></channel></rss>"#
    );
    only(read(&text))
}

/// The one entry of an Atom feed with this entry.
#[track_caller]
fn atom(inside: &str) -> Entry {
    only(read(&format!(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><entry>{inside}</entry></feed>"#
    )))
}

#[track_caller]
fn only(document: FeedDocument) -> Entry {
    assert_eq!(document.entries.len(), 1, "{document:?}");
    document.entries.into_iter().next().expect("there is one")
}

fn some(text: &str) -> Option<String> {
    Some(text.into())
}
