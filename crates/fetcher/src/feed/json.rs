//! JSON Feed, as leniently as it is written: any version, numbers for strings, strings for lists,
//! raw control characters; and RSS in JSON, which has other names for the same.

use copydesk_model::{Entry, FeedDocument};
use serde_json::Value;
use std::borrow::Cow;
use url::Url;

use super::ENTRIES_MAX;
use super::date::read_date;
use super::person::{self, PEOPLE_MAX};
use super::scope::resolve;
use super::text::{language_tag, plain_text, plain_title, to_html};

/// 10,000 entries with 20 values each are 200,000; a value takes up to 600 bytes.
const VALUES_MAX: usize = 300_000;

/// The feed, and whether it may harm another reader. Errs in words; None where it is JSON and no
/// feed.
pub(super) fn read_json(
    text: &str,
    base: Option<&Url>,
) -> Result<Option<(FeedDocument, bool)>, String> {
    let text = without_controls(text);
    if commas(&text) > VALUES_MAX {
        return Err(format!("over {VALUES_MAX} values"));
    }
    // One document; what a server appends to it is not ours.
    let mut documents = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    let value = match documents.next() {
        Some(value) => value.map_err(|error| error.to_string())?,
        None => return Ok(None),
    };
    let channel = value.pointer("/rss/channel");
    let value = channel.unwrap_or(&value);
    let Some(items) = value
        .get("items")
        .or_else(|| value.get("item"))
        .and_then(Value::as_array)
    else {
        return Ok(None);
    };
    let is_excessive = items.len() >= ENTRIES_MAX || has_excessive_people(value, items);
    let authors = authors(value);
    let language = string(value, &["language"]).and_then(|text| language_tag(&text));
    let entries = items
        .iter()
        .filter(|item| item.is_object())
        .take(ENTRIES_MAX);
    let document = FeedDocument {
        kind: Some("json".into()),
        title: title(value),
        link: url(value, &["home_page_url", "link", "feed_url"], base),
        entries: entries
            .map(|item| {
                let mut entry = entry(item, base);
                if entry.authors.is_empty() {
                    entry.authors.clone_from(&authors);
                }
                entry.language = entry.language.or_else(|| language.clone());
                entry
            })
            .collect(),
        language,
        ..FeedDocument::default()
    };
    Ok(Some((document, is_excessive)))
}

fn entry(item: &Value, base: Option<&Url>) -> Entry {
    let summary = string(item, &["summary"])
        .map(|text| to_html(&text))
        .or_else(|| string(item, &["description"]));
    let content = string(item, &["content_html"])
        .or_else(|| string(item, &["content_text"]).map(|text| to_html(&text)));
    let tags = item.get("tags").map(strings).unwrap_or_default();
    Entry {
        guid: string(item, &["id", "guid"]),
        url: url(item, &["url", "external_url", "link"], base),
        title: title(item),
        published: string(item, &["date_published", "pubDate"]).and_then(|text| read_date(&text)),
        modified: string(item, &["date_modified"]).and_then(|text| read_date(&text)),
        authors: authors(item),
        summary,
        content,
        language: string(item, &["language"]).and_then(|text| language_tag(&text)),
        image: url(item, &["image", "banner_image"], base).filter(|url| Url::parse(url).is_ok()),
        tags: tags
            .iter()
            .map(|tag| plain_text(tag))
            .filter(|tag| !tag.is_empty())
            .collect(),
        ..Entry::default()
    }
}

fn title(value: &Value) -> Option<String> {
    let title = string(value, &["title"]).map(|title| plain_title(&title));
    title.filter(|title| !title.is_empty())
}

/// The first of `names` that holds a text or a number.
fn string(value: &Value, names: &[&str]) -> Option<String> {
    names
        .iter()
        .filter_map(|name| match value.get(name)? {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            Value::Object(_) => string(value.get(name)?, &["#value"]),
            _ => None,
        })
        .find(|text| !text.is_empty())
}

fn url(value: &Value, names: &[&str], base: Option<&Url>) -> Option<String> {
    string(value, names).and_then(|text| resolve(&text, base))
}

/// One text or a list of them.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// `authors` of version 1.1 and `author` of 1.0; each may be an object, a text or a list of both.
fn authors(value: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for person in people(value).take(PEOPLE_MAX) {
        let name = match person {
            Value::String(name) => Some(name.clone()),
            _ => string(person, &["name", "email", "url"]),
        };
        if let Some(name) = name.and_then(|name| person::name_in(&plain_text(&name))) {
            person::add(&mut names, name);
        }
    }
    names
}

fn people(value: &Value) -> impl Iterator<Item = &Value> {
    let given = ["authors", "author"]
        .into_iter()
        .filter_map(|name| value.get(name));
    given.flat_map(|given| {
        given
            .as_array()
            .map_or(std::slice::from_ref(given), Vec::as_slice)
    })
}

/// Whether feed-rs would spend more on the people than the document is long: it looks through each
/// list for every name, and copies the feed's to each entry.
fn has_excessive_people(feed: &Value, items: &[Value]) -> bool {
    let is_crowd = |value: &Value| people(value).nth(PEOPLE_MAX).is_some();
    let is_long = |person: &Value| {
        string(person, &["name"]).is_some_and(|name| person::name_in(&name).is_none())
    };
    is_crowd(feed) || people(feed).any(is_long) || items.iter().any(is_crowd)
}

/// Commas outside of strings: one less than there are values, or fewer.
fn commas(text: &str) -> usize {
    let (mut count, mut is_string, mut is_escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_string,
            b'"' => is_string = !is_string,
            b',' if !is_string => count += 1,
            _ => {}
        }
    }
    count
}

/// JSON allows no raw control characters in strings; between tokens a space does as well.
pub(super) fn without_controls(text: &str) -> Cow<'_, str> {
    if text.contains(|char: char| char.is_ascii_control()) {
        Cow::Owned(text.replace(|char: char| char.is_ascii_control(), " "))
    } else {
        Cow::Borrowed(text)
    }
}
