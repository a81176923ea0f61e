//! JSON Feed, as leniently as it is written: any version, numbers for strings, strings for lists,
//! raw control characters; and RSS in JSON, which has other names for the same.

use copydesk_model::{Entry, FeedDocument};
use serde_json::Value;
use std::borrow::Cow;
use url::Url;

use super::ENTRIES_MAX;
use super::date::read_date;
use super::scope::resolve;
use super::text::{language_tag, plain_text, plain_title, to_html};

/// A feed of 16 MiB has some 200,000 commas, most of them in its texts. A million values are some
/// 100 MB.
const VALUES_MAX: usize = 1_000_000;

/// Errs in words; None where it is JSON and no feed.
pub(super) fn read_json(text: &str, base: Option<&Url>) -> Result<Option<FeedDocument>, String> {
    let text = without_controls(text);
    if text.bytes().filter(|byte| *byte == b',').count() > VALUES_MAX {
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
    let authors = authors(value);
    let language = string(value, &["language"]).and_then(|text| language_tag(&text));
    let entries = items
        .iter()
        .filter(|item| item.is_object())
        .take(ENTRIES_MAX);
    Ok(Some(FeedDocument {
        kind: Some("json".into()),
        title: string(value, &["title"]).map(|title| plain_title(&title)),
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
    }))
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
        title: string(item, &["title"])
            .map(|title| plain_title(&title))
            .filter(|title| !title.is_empty()),
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

/// `authors` of version 1.1, else `author` of 1.0; each may be an object, a text or a list of both.
fn authors(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for given in ["authors", "author"]
        .iter()
        .filter_map(|name| value.get(name))
    {
        let people = given
            .as_array()
            .map_or(std::slice::from_ref(given), Vec::as_slice);
        for person in people {
            let name = match person {
                Value::String(name) => Some(name.clone()),
                _ => string(person, &["name", "email", "url"]),
            };
            if let Some(name) = name.map(|name| plain_text(&name))
                && !name.is_empty()
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
    }
    names
}

/// JSON allows no raw control characters in strings; between tokens a space does as well.
pub(super) fn without_controls(text: &str) -> Cow<'_, str> {
    if text.contains(|char: char| char.is_ascii_control()) {
        Cow::Owned(text.replace(|char: char| char.is_ascii_control(), " "))
    } else {
        Cow::Borrowed(text)
    }
}
