//! A feed document from its bytes: decoded, parsed by feed-rs, completed by what feed-rs refuses or
//! loses in silence, and each entry given its identity.

mod base64;
mod date;
mod decode;
mod element;
mod elements;
mod hints;
mod identity;
mod json;
#[cfg(test)]
mod laws;
mod markup;
mod parsed;
mod person;
mod scope;
#[cfg(test)]
mod tests;
mod text;

use copydesk_model::{Entry, Failure, FeedDocument, FeedHints, Reason};
use element::Element;
use serde::Serialize;
pub(crate) use text::plain_text;
use url::Url;

/// Entries beyond this are not read. The longest real feeds, of old podcasts, have some 3,000.
const ENTRIES_MAX: usize = 10_000;

/// Reads a feed document from its bytes, whatever state it is in. `base` is the URL that it came
/// from (relative links stay relative without it), `content_type` the HTTP header.
///
/// Pure; bounded in time by the length of `bytes`; never panics.
pub fn read_feed(
    bytes: &[u8],
    content_type: Option<&str>,
    base: Option<&str>,
) -> Result<FeedDocument, Failure> {
    let mut repaired = Vec::new();
    let text = decode::decode(bytes, content_type, &mut repaired);
    let base_url = base.and_then(|base| Url::parse(base).ok());
    let start = text.find(['<', '{']).unwrap_or(text.len());
    let text = &text[start..];
    let mut document = if text.starts_with('{') {
        read_json(text, base_url.as_ref(), &mut repaired)
    } else {
        read_xml(text, base_url.as_ref(), &mut repaired)
    }?;
    document.repaired = repaired;
    identity::identify(&mut document, base);
    Ok(document)
}

fn read_xml(
    text: &str,
    base: Option<&Url>,
    repaired: &mut Vec<String>,
) -> Result<FeedDocument, Failure> {
    let markup = markup::read(text);
    let Some(seen) = elements::read_elements(&markup, base) else {
        return Err(no_feed(&markup.whole));
    };
    let is_excessive = markup.is_excessive || seen.entries.len() >= ENTRIES_MAX;
    let document = join(seen, is_excessive, text, base, repaired);
    if !repaired.is_empty() {
        repaired.extend(markup.flaws.into_iter().map(str::to_owned));
    }
    Ok(document)
}

fn read_json(
    text: &str,
    base: Option<&Url>,
    repaired: &mut Vec<String>,
) -> Result<FeedDocument, Failure> {
    let (seen, is_excessive) = json::read_json(text, base)
        .map_err(|error| Failure::permanent(Reason::BadFeed, format!("reading JSON: {error}")))?
        .ok_or_else(|| Failure::permanent(Reason::WrongType, "JSON without a list of items"))?;
    Ok(join(seen, is_excessive, text, base, repaired))
}

/// What we saw and what feed-rs parsed. Excessive documents are kept from feed-rs, which has no
/// bounds of its own: some thousand nested `media:group` overflow its stack.
fn join(
    seen: FeedDocument,
    is_excessive: bool,
    text: &str,
    base: Option<&Url>,
    repaired: &mut Vec<String>,
) -> FeedDocument {
    if is_excessive {
        repaired.push(format!(
            "excessive document, at most {ENTRIES_MAX} entries were read"
        ));
        return seen;
    }
    match parsed::parse(text, base) {
        Ok(parsed) if parsed.entries.len() == seen.entries.len() => complete(seen, parsed),
        Ok(parsed) => {
            let found = parsed.entries.len();
            repaired.push(format!(
                "feed-rs found {found} entries of {}",
                seen.entries.len()
            ));
            seen
        }
        Err(error) => {
            repaired.push(error);
            seen
        }
    }
}

fn no_feed(whole: &Element<'_>) -> Failure {
    let mut names = whole.elements().map(|element| &*element.name);
    match names.next() {
        None => Failure::permanent(Reason::BadFeed, "no element in the document"),
        Some("html" | "xhtml:html" | "head" | "body") => {
            Failure::permanent(Reason::WrongType, "HTML in place of a feed")
        }
        Some(name) => Failure::permanent(Reason::BadFeed, format!("<{name}> is no feed")),
    }
}

/// Both readings of a document that feed-rs could read.
///
/// What identifies an entry is always our own reading, so that it is the same on the day on which
/// a stray `&` keeps feed-rs from reading the document. So are names, bodies, tags and languages,
/// which feed-rs cuts at the first tag inside them, takes for plain text, changes or passes over.
/// Dates and pictures are feed-rs's. Either fills what the other lacks.
fn complete(seen: FeedDocument, parsed: FeedDocument) -> FeedDocument {
    let entries = seen.entries.into_iter().zip(parsed.entries);
    FeedDocument {
        kind: seen.kind,
        title: seen.title.or(parsed.title),
        link: seen.link.or(parsed.link),
        language: seen.language.or(parsed.language),
        entries: entries
            .map(|(seen, parsed)| complete_entry(seen, parsed))
            .collect(),
        repaired: Vec::new(),
        hints: FeedHints {
            interval_s: parsed.hints.interval_s.or(seen.hints.interval_s),
            ..seen.hints
        },
    }
}

fn complete_entry(seen: Entry, parsed: Entry) -> Entry {
    let either =
        |first: Vec<String>, second: Vec<String>| if first.is_empty() { second } else { first };
    Entry {
        id: String::new(),
        keys: seen.keys,
        guid: seen.guid.or(parsed.guid),
        url: seen.url.or(parsed.url),
        title: seen.title.or(parsed.title),
        published: parsed.published.or(seen.published),
        modified: parsed.modified.or(seen.modified),
        authors: either(seen.authors, parsed.authors),
        summary: seen.summary.or(parsed.summary),
        content: seen.content.or(parsed.content),
        language: seen.language.or(parsed.language),
        image: parsed.image.or(seen.image),
        tags: either(seen.tags, parsed.tags),
    }
}

/// One line of `copydesk entries`.
#[derive(Debug, Serialize)]
pub struct FeedLine<'a> {
    /// As given.
    pub path: &'a str,
    /// Why the document could not be read.
    pub error: Option<String>,
    /// What was read; empty where there is an error.
    #[serde(flatten)]
    pub document: FeedDocument,
}

/// The line for a document that was read from `path`, without base and header.
pub fn entries_line<'a>(path: &'a str, bytes: &[u8]) -> FeedLine<'a> {
    let (error, document) = match read_feed(bytes, None, None) {
        Ok(document) => (None, document),
        Err(failure) => (Some(failure.to_string()), FeedDocument::default()),
    };
    FeedLine {
        path,
        error,
        document,
    }
}
