//! What an entry is known by, so that the same announcement is the same article at every parse.

use copydesk_model::{ArticleId, Entry, FeedDocument, Key, registrable_domain};
use std::collections::{HashMap, HashSet};

/// Fills `id` and `keys` of every entry; keys that it has already come last. A guid or link that entries of different titles share
/// names none of them, nor does the address of the feed or its site.
pub(super) fn identify(document: &mut FeedDocument, base: Option<&str>) {
    let link = document.link.as_deref();
    let domain = [base, link]
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
    for (entry, mut keys) in document.entries.iter_mut().zip(own) {
        keys.retain(|key| !vague.contains(key));
        if keys.is_empty() {
            keys.push(content_key(entry, &domain));
        }
        entry.id = ArticleId::from_key(keys[0]).to_string();
        entry.keys = keys;
    }
}

fn names(entry: &Entry, domain: &str) -> Vec<Key> {
    let guid = entry.guid.as_deref().map(|guid| Key::of_guid(domain, guid));
    let url = entry.url.as_deref().and_then(Key::of_url);
    let mut keys: Vec<Key> = Vec::new();
    for key in guid
        .into_iter()
        .chain(url)
        .chain(entry.keys.iter().copied())
    {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// The title with what else the feed gives; the text only where there is no title, for texts are
/// edited more often.
fn content_key(entry: &Entry, domain: &str) -> Key {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let rest = match entry.title {
        Some(_) => String::new(),
        None => {
            let published = entry
                .published
                .map(|moment| moment.to_string())
                .unwrap_or_default();
            [published, text(&entry.summary), text(&entry.content)].join("\n")
        }
    };
    let parts = [
        text(&entry.guid),
        text(&entry.url),
        text(&entry.title),
        rest,
    ];
    Key::of_content(domain, &parts.join("\n"))
}
