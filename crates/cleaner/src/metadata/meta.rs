//! What meta tags say, and JSON-LD where they are silent: description, site, section, tags, image.

use super::address;
use super::harvest::{self, Harvest};
use super::jsonld::Statement;

fn first_meta(harvest: &Harvest, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| harvest.meta(name))
        .map(str::to_owned)
}

pub(super) fn description(harvest: &Harvest, said: &Statement) -> Option<String> {
    first_meta(
        harvest,
        &[
            "og:description",
            "description",
            "twitter:description",
            "sailthru.description",
            "dc.description",
        ],
    )
    .or_else(|| said.description.clone())
}

pub(super) fn site_name(harvest: &Harvest, said: &Statement) -> Option<String> {
    first_meta(harvest, &["og:site_name", "application-name"])
        .or_else(|| said.publisher.clone())
        .or_else(|| {
            first_meta(
                harvest,
                &[
                    "cre",
                    "dc.publisher",
                    "apple-mobile-web-app-title",
                    "publisher",
                ],
            )
        })
        .filter(|name| !name.contains("://"))
}

pub(super) fn section(harvest: &Harvest, said: &Statement) -> Option<String> {
    said.section.clone().or_else(|| {
        let names = [
            "article:section",
            "parsely-section",
            "og:article:section",
            "section",
        ];
        first_meta(harvest, &names)
    })
}

/// "a, b; c" → its parts.
pub(super) fn split_tags(list: &str) -> Vec<String> {
    list.split([',', ';', '、'])
        .filter_map(harvest::filled)
        .collect()
}

const TAGS_MAX: usize = 50;

pub(super) fn article_tags(harvest: &Harvest, said: &Statement) -> Vec<String> {
    let metas = |name| {
        harvest
            .metas_of(name)
            .flat_map(split_tags)
            .collect::<Vec<_>>()
    };
    let lists = [
        said.tags.clone(),
        metas("article:tag"),
        metas("news_keywords"),
        metas("parsely-tags"),
        metas("sailthru.tags"),
        metas("keywords"),
    ];
    let mut tags = lists
        .into_iter()
        .find(|tags| !tags.is_empty())
        .unwrap_or_default();
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| tag.len() <= 120 && seen.insert(tag.to_lowercase()));
    tags.truncate(TAGS_MAX);
    tags
}

pub(super) fn image(harvest: &Harvest, said: &Statement, page: &str) -> Option<String> {
    let metas = [
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
        "parsely-image-url",
        "sailthru.image.full",
    ];
    let metas = metas.iter().filter_map(|name| harvest.meta(name));
    metas
        .chain(said.image.as_deref())
        .find_map(|address| address::absolute(address, page))
}

pub(super) fn paywalled(harvest: &Harvest, said: &Statement) -> Option<bool> {
    if let Some(is_free) = said.is_free {
        return Some(!is_free);
    }
    let tier = [
        "article:content_tier",
        "og:article:content_tier",
        "content_tier",
    ]
    .iter()
    .find_map(|name| harvest.meta(name))?;
    match tier.to_ascii_lowercase().as_str() {
        "free" => Some(false),
        "locked" | "metered" | "paid" | "premium" | "subscriber" => Some(true),
        _ => None,
    }
}
