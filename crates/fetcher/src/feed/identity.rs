//! What an entry is known by, so that the same announcement is the same article at every parse.

use copydesk_model::{ArticleId, Entry, FeedDocument, Key, registrable_domain};
use std::collections::{HashMap, HashSet};

/// Fills `id` and `keys` of every entry. A guid or link that entries of different titles share names
/// none of them, nor does the address of the feed or its site.
pub(super) fn identify(document: &mut FeedDocument, base: Option<&str>) {
    let link = document.link.as_deref();
    // The site's domain before the feed's: a feed may move to another host, and the feeds of one
    // hosting service are not of one publisher.
    let domain = [link, base]
        .into_iter()
        .flatten()
        .find_map(registrable_domain)
        .unwrap_or_default();
    let mut vague: HashSet<Key> = [base, link]
        .into_iter()
        .flatten()
        .filter_map(Key::of_url)
        .collect();
    let own: Vec<Vec<Key>> = document
        .entries
        .iter()
        .map(|entry| names(entry, &domain))
        .collect();
    let mut titles: HashMap<Key, Option<&str>> = HashMap::new();
    for (entry, keys) in document.entries.iter().zip(&own) {
        for key in keys {
            let title = entry.title.as_deref();
            if *titles.entry(*key).or_insert(title) != title {
                vague.insert(*key);
            }
        }
    }
    let unique_guids = unique_guids(&document.entries);
    for ((entry, mut keys), is_unique) in document.entries.iter_mut().zip(own).zip(unique_guids) {
        keys.retain(|key| !vague.contains(key));
        if keys.is_empty() {
            keys.push(content_key(entry, is_unique, &domain));
        } else if !keys.iter().any(|key| has_url(entry, *key))
            && let Some(key) = headline_key(entry, &domain)
        {
            // Nothing but a guid names it, and some feeds make new ones for every answer.
            keys.push(key);
        }
        entry.id = ArticleId::from_key(keys[0]).to_string();
        entry.keys = keys;
    }
}

/// The keys of one entry: guid, URL, those that it brings, and what stays of the URL when its
/// headline is edited.
fn names(entry: &Entry, domain: &str) -> Vec<Key> {
    let guid = entry.guid.as_deref().map(|guid| Key::of_guid(domain, guid));
    let url = entry.url.as_deref().and_then(Key::of_url);
    let mut keys: Vec<Key> = Vec::new();
    for key in guid
        .into_iter()
        .chain(url)
        .chain(entry.keys.iter().copied())
        .chain(entry.url.as_deref().and_then(Key::of_numbered_url))
    {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn has_url(entry: &Entry, key: Key) -> bool {
    let is = |url: Option<&str>| url.and_then(Key::of_url) == Some(key);
    is(entry.url.as_deref()) || is(entry.guid.as_deref())
}

/// Title and date: two announcements of one feed that share both are one.
fn headline_key(entry: &Entry, domain: &str) -> Option<Key> {
    let (title, published) = (entry.title.as_deref()?, entry.published?);
    Some(Key::of_content(domain, &format!("{title}\n{published}")))
}

/// Whether each entry's guid, letter for letter, is its alone.
fn unique_guids(entries: &[Entry]) -> Vec<bool> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for guid in entries.iter().filter_map(|entry| entry.guid.as_deref()) {
        *counts.entry(guid).or_default() += 1;
    }
    let is_unique = |guid: &str| counts.get(guid) == Some(&1);
    entries
        .iter()
        .map(|entry| entry.guid.as_deref().is_some_and(is_unique))
        .collect()
}

/// For an entry that shares its names with others. The posts of a live page differ in what follows
/// the `#` of their guids, which is then enough; else the title with all that is given; the text
/// only where there is no title, for texts are edited more often.
fn content_key(entry: &Entry, has_unique_guid: bool, domain: &str) -> Key {
    let guid = entry.guid.as_deref().unwrap_or_default();
    if has_unique_guid {
        return Key::of_content(domain, guid);
    }
    let published = entry.published.map(|moment| moment.to_string());
    let texts = [&entry.title, &entry.summary, &entry.content, &published];
    let text = texts.into_iter().flatten().next();
    let parts = [Some(guid), entry.url.as_deref(), text.map(String::as_str)];
    Key::of_content(domain, &parts.map(Option::unwrap_or_default).join("\n"))
}
