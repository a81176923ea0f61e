//! From an article, its entry and its verdict to one line of output.

use crate::config::Duplicates;
use crate::work::{Fetched, Work};
use copydesk_fetcher::shown_text;
use copydesk_model::{
    Article, DuplicateOf, Fetch, Kind, Op, PublishedFrom, Record, SCHEMA, SourceHint, Stream,
    Verdict, canonical_url, is_agency_site, registrable_domain,
};
use copydesk_store::ArticleState;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// The keys of a record in which a change of the article shows; not those about fetching it.
const CONTENT_KEYS: &[&str] = &[
    "url",
    "site_name",
    "title",
    "description",
    "text",
    "authors",
    "agency",
    "dateline",
    "published",
    "modified",
    "language",
    "section",
    "tags",
    "image",
    "image_credit",
    "paywalled",
];

/// The record as it would be written in full; `seq` is given later.
pub fn record(
    id: &str,
    version: u32,
    work: &Work,
    article: Article,
    fetched: &Fetched,
    verdict: Verdict,
) -> Record {
    let entry = &work.entry;
    // A redirect may lead to a URL that holds a credential.
    let shown = fetched.url.as_deref().map(shown_text);
    let url = [
        article.url.as_deref(),
        fetched
            .url
            .as_deref()
            .filter(|url| shown.as_deref() == Some(url)),
        entry.url.as_deref(),
    ]
    .into_iter()
    .flatten()
    .find_map(canonical_url);
    let (published, published_from) = published(&article, work);
    let source = registrable_domain(url.as_deref().unwrap_or(&work.feed.url)).unwrap_or_default();
    Record {
        schema: SCHEMA.to_owned(),
        seq: 0,
        op: verdict.op,
        id: id.to_owned(),
        version,
        changed: Vec::new(),
        source,
        url,
        site_name: article.site_name,
        title: article.title.or_else(|| entry.title.clone()),
        description: article
            .description
            .or_else(|| plain(entry.summary.as_deref())),
        word_count: u32::try_from(copydesk_model::word_count(&article.text)).unwrap_or(u32::MAX),
        text: Some(article.text),
        authors: if article.authors.is_empty() {
            entry.authors.clone()
        } else {
            article.authors
        },
        agency: article.agency,
        dateline: article.dateline,
        published,
        published_from,
        modified: article.modified.or(entry.modified),
        fetched: fetched.at,
        language: article.language.or_else(|| entry.language.clone()),
        section: article.section,
        tags: if article.tags.is_empty() {
            entry.tags.clone()
        } else {
            article.tags
        },
        image: article.image.or_else(|| entry.image.clone()),
        image_credit: article.image_credit,
        paywalled: article.paywalled,
        duplicate_of: verdict.duplicate_of,
        copies_of: verdict.copies_of,
        feed: work.feed.clone(),
        fetch: Fetch {
            status: fetched.status,
            url: shown,
            bytes: fetched.bytes,
            ms: fetched.ms,
            from: fetched.from,
        },
    }
}

/// By how much a time of publication must be earlier to say something: mastheads give a wire's
/// text their own, and clocks differ.
const PUBLISHED_EARLIER_MIN: SignedDuration = SignedDuration::from_mins(10);

/// Why a duplicate is evidently what the article that arrived before it copied.
pub fn source_hint(duplicate: &Record, original: &ArticleState) -> Option<SourceHint> {
    let earlier_site = original.url.as_deref().and_then(registrable_domain);
    if is_agency_site(&duplicate.source) && earlier_site.is_some_and(|site| !is_agency_site(&site))
    {
        return Some(SourceHint::AgencySite);
    }
    // A round-up's text is of several articles, and of none of them the source.
    let is_whole = |of: &DuplicateOf| of.kind != Kind::Roundup;
    if !duplicate.duplicate_of.as_ref().is_some_and(is_whole) {
        return None;
    }
    let lead = original
        .published?
        .duration_since(published_surely(duplicate)?);
    (lead >= PUBLISHED_EARLIER_MIN).then_some(SourceHint::PublishedEarlier)
}

/// The time of publication where it was declared and is more than a day.
pub fn published_surely(record: &Record) -> Option<Timestamp> {
    let is_declared = !matches!(
        record.published_from,
        Some(PublishedFrom::Page | PublishedFrom::Url)
    );
    let has_time = |time: &Timestamp| time.as_second() % (24 * 3600) != 0;
    record.published.filter(has_time).filter(|_| is_declared)
}

/// What the publisher's machine-readable page says, then the feed, then what can be read off the
/// page: feeds touch their dates more often than pages do.
fn published(article: &Article, work: &Work) -> (Option<Timestamp>, Option<PublishedFrom>) {
    let is_declared = matches!(
        article.published_from,
        Some(PublishedFrom::Jsonld | PublishedFrom::Meta)
    );
    let [page, feed] =
        [article.published, work.entry.published].map(|time| time.filter(|&time| !is_unset(time)));
    match (page, feed) {
        (Some(page), _) if is_declared => (Some(page), article.published_from),
        (_, Some(feed)) => (Some(feed), Some(PublishedFrom::Feed)),
        (page, None) => (page, article.published_from.filter(|_| page.is_some())),
    }
}

/// Whether a time is the zero that a database or a program has where it knows none: the first moment
/// of 1970, of the year 1 or of the year 0, in whichever time zone.
fn is_unset(time: Timestamp) -> bool {
    const ZONE_MAX: i64 = 14 * 3600;
    const YEAR_TWO: i64 = -62_104_060_800;
    time.as_second().abs() <= ZONE_MAX || time.as_second() < YEAR_TWO
}

/// A feed's summary where it is text already; markup is not worth a parse here.
fn plain(summary: Option<&str>) -> Option<String> {
    summary
        .filter(|text| !text.contains(['<', '&']))
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// Hash of the normalised title and text: an update is due only when it changes.
pub fn content_hash(title: Option<&str>, text: &str) -> u64 {
    let words = title
        .unwrap_or_default()
        .split_whitespace()
        .chain(["\u{1}"])
        .chain(text.split_whitespace());
    let folded: String = words
        .flat_map(|word| word.chars().chain([' ']))
        .map(fold_typography)
        .collect();
    xxh3_64(folded.to_lowercase().as_bytes())
}

fn fold_typography(character: char) -> char {
    match character {
        '‘' | '’' | '‚' | '′' => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        '‐' | '‑' | '‒' | '–' | '—' => '-',
        other => other,
    }
}

/// Hash of each content key's value.
pub fn values(record: &Record) -> Vec<(String, u64)> {
    let json = serde_json::to_value(record).expect("a record is a JSON object");
    CONTENT_KEYS
        .iter()
        .map(|key| {
            (
                (*key).to_owned(),
                xxh3_64(json[*key].to_string().as_bytes()),
            )
        })
        .collect()
}

/// The keys whose values differ from the version before.
pub fn changed(before: &ArticleState, now: &[(String, u64)]) -> Vec<String> {
    let before: BTreeMap<&str, u64> = before
        .values
        .iter()
        .map(|(key, hash)| (key.as_str(), *hash))
        .collect();
    now.iter()
        .filter(|(key, hash)| before.get(key.as_str()) != Some(hash))
        .map(|(key, _)| key.clone())
        .collect()
}

/// Where the record goes, if anywhere, and whether it goes there without its text.
pub fn destination(op: Op, duplicates: Duplicates) -> Option<(Stream, bool)> {
    match (op, duplicates) {
        (Op::New | Op::Update, _) | (Op::Duplicate, Duplicates::Keep) => {
            Some((Stream::Articles, false))
        }
        (Op::Duplicate, Duplicates::Mark) => Some((Stream::Duplicates, true)),
        (Op::Duplicate, Duplicates::Inline) => Some((Stream::Articles, true)),
        (Op::Duplicate, Duplicates::Drop) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typography_and_spacing_are_no_change() {
        let hash = content_hash(Some("A “title”"), "One  line —\n\ntwo");
        assert_eq!(hash, content_hash(Some("A \"title\""), "One line -\ntwo"));
        assert_ne!(hash, content_hash(Some("A \"title\""), "One line - three"));
        assert_ne!(
            content_hash(Some("a b"), "c"),
            content_hash(Some("a"), "b c")
        );
    }

    /// The hint for a duplicate on `source`, published when `published` says, of an article at
    /// `earlier` that was published at noon.
    fn hint(
        source: &str,
        published: &str,
        from: &str,
        kind: Kind,
        earlier: &str,
    ) -> Option<SourceHint> {
        let duplicate = serde_json::json!({
            "schema": SCHEMA, "seq": 1, "op": "duplicate", "id": "b", "version": 1,
            "source": source, "title": null, "published": published, "published_from": from,
            "fetched": "2026-03-02T13:00:00Z", "changed": [], "authors": [], "tags": [],
            "word_count": 0, "copies_of": [],
            "duplicate_of": {"id": "a", "kind": kind, "overlap": 1.0},
            "feed": {"url": "https://example.com/feed", "tags": [], "repaired": []},
            "fetch": {"status": 200, "url": null, "bytes": 0, "ms": 0, "from": "page"},
        });
        let original = serde_json::json!({
            "version": 1, "url": earlier, "content": 0, "values": [],
            "published": "2026-03-02T12:00:00Z", "settled": "2026-03-02T12:30:00Z",
        });
        source_hint(
            &serde_json::from_value(duplicate).unwrap(),
            &serde_json::from_value(original).unwrap(),
        )
    }

    #[test]
    fn an_agency_s_own_site_is_named_as_the_source() {
        let late = "2026-03-02T12:40:00Z";
        let hint = |source, earlier| hint(source, late, "feed", Kind::Near, earlier);
        let paper = "https://www.example.com/a";
        assert_eq!(hint("apnews.com", paper), Some(SourceHint::AgencySite));
        assert_eq!(hint("example.org", paper), None);
        assert_eq!(hint("apnews.com", "https://www.reuters.com/a"), None);
    }

    #[test]
    fn what_was_published_earlier_is_named_as_the_source() {
        let hint = |published, from, kind| {
            hint(
                "example.org",
                published,
                from,
                kind,
                "https://www.example.com/a",
            )
        };
        let early = "2026-03-02T11:50:00Z";
        assert_eq!(
            hint(early, "jsonld", Kind::Near),
            Some(SourceHint::PublishedEarlier)
        );
        assert_eq!(hint("2026-03-02T11:51:00Z", "jsonld", Kind::Near), None);
        assert_eq!(hint(early, "url", Kind::Near), None);
        assert_eq!(hint(early, "jsonld", Kind::Roundup), None);
        // A day without a time.
        assert_eq!(hint("2026-03-02T00:00:00Z", "feed", Kind::Near), None);
    }

    #[test]
    fn zero_of_a_program_is_no_time() {
        let is_unset = |time: &str| is_unset(time.parse().expect("a time"));
        for time in [
            "1970-01-01T00:00:00Z",
            "1970-01-01T00:00:00+02:00",
            "0001-01-01T00:00:00Z",
        ] {
            assert!(is_unset(time), "{time}");
        }
        for time in ["1970-01-02T00:00:00Z", "1912-04-15T02:20:00Z"] {
            assert!(!is_unset(time), "{time}");
        }
    }

    #[test]
    fn every_content_key_is_a_key_of_the_schema() {
        let schema = serde_json::to_value(schemars::schema_for!(Record)).unwrap();
        for key in CONTENT_KEYS {
            assert!(schema["properties"][key].is_object(), "{key}");
        }
    }
}
