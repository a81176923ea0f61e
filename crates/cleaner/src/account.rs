//! What became of each part of a page, and why: for people who ask.

use copydesk_model::{Article, Failure, PublishedFrom};

use crate::residue::{self, Known};
use crate::text::{self, Judged};
use crate::{Config, Input, clean, metadata, nesting, site};

/// All that a page's cleaning came to.
#[derive(Debug)]
pub struct Account {
    /// Every block of the page in reading order.
    pub blocks: Vec<Judged>,
    /// Lines of the blocks kept that were taken out of the story, whole or in part.
    pub removed: Vec<Removed>,
    /// What is known of the article, and where the page says so.
    pub fields: Vec<Field>,
    /// The hosts of the site's rules that the page was read by; empty where none cover it.
    pub site: Vec<String>,
    /// The article, or why there is none.
    pub outcome: Result<Article, Failure>,
}

/// A line, or the end of one, that is no story.
#[derive(Debug, Clone, PartialEq)]
pub struct Removed {
    /// As it stood.
    pub text: String,
    /// What knew it.
    pub rule: &'static str,
}

/// One value of an article's metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The article's key.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Where the page says it, at most three places: `JSON-LD`, `meta og:title`, `h1`.
    pub places: Vec<String>,
}

/// Cleans a page and accounts for it; costs several times as much as cleaning it.
pub fn account(input: &Input, config: &Config) -> Account {
    let rules = site::of(&config.sites, input.url);
    let blocks = match rules {
        None => text::judge(nesting::read(input.html, config).outline, input),
        Some(rules) => {
            let html = rules.rewrite(input.html);
            let found = site::read(&html, rules, config);
            let mut blocks = text::judge(found.outline, input);
            if found.is_body {
                for block in &mut blocks {
                    (block.score, block.is_kept) = (1.0, true);
                    block.reasons.clear();
                }
            }
            blocks
        }
    };
    let outcome = clean(input, config);
    let removed = removed(&blocks, input);
    let fields = outcome
        .as_ref()
        .map_or_else(|_| Vec::new(), |article| fields(article, input));
    Account {
        blocks,
        removed,
        fields,
        site: rules.map_or_else(Vec::new, |rules| rules.hosts.clone()),
        outcome,
    }
}

fn removed(blocks: &[Judged], input: &Input) -> Vec<Removed> {
    let metadata = metadata::read(input.html, input);
    let known = Known {
        title: metadata.title.as_deref(),
        site_name: metadata.site_name.as_deref(),
        authors: &metadata.authors,
        is_signed: metadata.is_signed,
    };
    let kept = blocks.iter().filter(|block| block.is_kept);
    let before: Vec<String> = kept.map(|block| block.text.clone()).collect();
    let after = residue::strip(before.clone(), &known).paragraphs;
    let mut left = after.iter().peekable();
    let mut removed = Vec::new();
    for (at, text) in before.iter().enumerate() {
        // Paragraphs keep their order, and what is left of one stands in it as it was.
        match left.next_if(|paragraph| text.contains(paragraph.as_str())) {
            Some(paragraph) if paragraph == text => {}
            Some(paragraph) => removed.push(Removed {
                text: text
                    .replacen(paragraph.as_str(), " … ", 1)
                    .trim()
                    .to_owned(),
                rule: "dateline or credit",
            }),
            None => removed.push(Removed {
                text: text.clone(),
                rule: residue::rule_of(text, at, before.len() - at - 1)
                    .unwrap_or("headline, byline, credit or list of headlines"),
            }),
        }
    }
    removed
}

fn fields(article: &Article, input: &Input) -> Vec<Field> {
    let published = article.published.map(|at| at.to_string());
    let modified = article.modified.map(|at| at.to_string());
    let paywalled = article.paywalled.map(|is| is.to_string());
    let one = |name, value: Option<&str>| value.map(|value| (name, value.to_owned()));
    let list = |name, values: &[String]| {
        let values = values.iter().map(move |value| (name, value.clone()));
        values.collect::<Vec<_>>()
    };
    let mut all: Vec<(&'static str, String)> = Vec::new();
    all.extend(one("url", article.url.as_deref()));
    all.extend(one("title", article.title.as_deref()));
    all.extend(list("authors", &article.authors));
    all.extend(one("published", published.as_deref()));
    all.extend(one("modified", modified.as_deref()));
    all.extend(one("agency", article.agency.as_deref()));
    all.extend(one("dateline", article.dateline.as_deref()));
    all.extend(one("language", article.language.as_deref()));
    all.extend(one("site_name", article.site_name.as_deref()));
    all.extend(one("section", article.section.as_deref()));
    all.extend(list("tags", &article.tags));
    all.extend(one("description", article.description.as_deref()));
    all.extend(one("image", article.image.as_deref()));
    all.extend(one("image_credit", article.image_credit.as_deref()));
    all.extend(one("paywalled", paywalled.as_deref()));
    let places = metadata::Places::of(input.html);
    all.into_iter()
        .map(|(name, value)| {
            let places = match name {
                "published" => Vec::from_iter(article.published_from.map(place_of_date)),
                "agency" | "dateline" | "image_credit" => vec!["the text".to_owned()],
                _ => places.that_say(&value),
            };
            Field {
                name,
                value,
                places,
            }
        })
        .collect()
}

fn place_of_date(from: PublishedFrom) -> String {
    match from {
        PublishedFrom::Feed => "the feed",
        PublishedFrom::Jsonld => "JSON-LD",
        PublishedFrom::Meta => "meta",
        PublishedFrom::Page => "a line of the page",
        PublishedFrom::Url => "the address",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_page_is_accounted_for() {
        let story = "The old bridge over the harbour will be rebuilt next year, the council said on Monday after a long debate about its cost.";
        let html = format!(
            "<title>Bridge to be rebuilt</title><meta name=author content='Ada Low'><nav>Home</nav><article><h1>Bridge to be rebuilt</h1><p>{story}</p><p>{story} Again.</p><p>{story} And again.</p><p>Photo: Bo Ek</p></article><footer><p>All rights reserved.</p></footer>"
        );
        let input = Input {
            url: "https://quay.example/harbour/bridge",
            html: &html,
            ..Input::default()
        };
        let account = account(&input, &Config::default());
        let article = account.outcome.expect("it holds a story");
        let kept: Vec<_> = account
            .blocks
            .iter()
            .filter(|block| block.is_kept)
            .collect();
        assert!(account.blocks.iter().all(|block| !block.reasons.is_empty()));
        assert!(account.blocks.len() > kept.len());
        assert!(kept.iter().any(|block| block.text == story));
        let stories = article.text.split("\n\n").count();
        assert_eq!(kept.len(), stories + account.removed.len());
        let author = account.fields.iter().find(|field| field.name == "authors");
        let author = author.map(|field| (field.value.as_str(), field.places.as_slice()));
        assert_eq!(author, Some(("Ada Low", &["meta author".to_owned()][..])));
    }
}
