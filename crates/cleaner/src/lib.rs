//! From a news page to its article. Pure: no clock, no I/O, no async, no global state.

mod account;
mod elements;
mod entities;
mod markup;
mod metadata;
mod nesting;
mod residue;
pub mod site;
mod text;
mod tree;
mod walls;

pub use account::{Account, Field, Removed, account};
#[doc(hidden)]
pub use text::judge_by;
pub use text::{Judged, feature_names};

use copydesk_model::{Article, Failure};
use jiff::Timestamp;
use metadata::Metadata;
use residue::Known;
use site::Site;

/// One document to clean, and what its feed said of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    /// Where the page was found; "" where unknown.
    pub url: &'a str,
    /// The document, or an HTML fragment from a feed.
    pub html: &'a str,
    /// When it was fetched; no published date is later than this.
    pub fetched: Option<Timestamp>,
    /// The feed's title for it, plain text.
    pub title: Option<&'a str>,
    /// The feed's summary, HTML or plain text.
    pub summary: Option<&'a str>,
}

/// Budgets of one parse; the defaults are the documented ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Nodes in the tree.
    pub nodes_max: usize,
    /// Elements inside each other.
    pub depth_max: usize,
    /// CPU time of the thread, in milliseconds.
    pub cpu_ms_max: u64,
    /// Words below which a page holds no article.
    pub words_min: usize,
    /// Rules for the pages of some sites; the first that covers a page holds.
    pub sites: Vec<Site>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            nodes_max: 250_000,
            depth_max: 512,
            cpu_ms_max: 500,
            words_min: 20,
            sites: Vec::new(),
        }
    }
}

/// Takes the article out of a page: `text` is paragraphs separated by one blank line, never empty.
/// Errs with a reason where the page holds no article.
pub fn clean(input: &Input, config: &Config) -> Result<Article, Failure> {
    match site::of(&config.sites, input.url) {
        None => {
            let metadata = metadata::read(input.html, input);
            let page = nesting::read(input.html, config);
            let paragraphs = text::extract(page.outline, input);
            article(input, metadata, paragraphs, page.is_cut, config)
        }
        Some(site) => {
            let html = site.rewrite(input.html);
            let input = &Input {
                html: &html,
                ..*input
            };
            let found = site::read(&html, site, config);
            let mut metadata = metadata::read(&html, input);
            metadata.overrule(found.title, &found.authors, &found.dates, input);
            let paragraphs = if found.is_body {
                let blocks = found.outline.blocks.into_iter();
                blocks.map(|block| block.text).collect()
            } else {
                text::extract(found.outline, input)
            };
            article(input, metadata, paragraphs, found.is_cut, config)
        }
    }
}

/// Takes residue out of a story and puts its parts together.
fn article(
    input: &Input,
    mut metadata: Metadata,
    mut paragraphs: Vec<String>,
    is_cut: bool,
    config: &Config,
) -> Result<Article, Failure> {
    if metadata.title.is_none() && input.title.is_none() {
        // A page that names no title may open with it as its first line, like a text.
        metadata.title = residue::headline(&paragraphs);
        paragraphs.drain(..usize::from(metadata.title.is_some()));
    }
    let known = Known {
        title: metadata.title.as_deref(),
        site_name: metadata.site_name.as_deref(),
        authors: &metadata.authors,
        is_signed: metadata.is_signed,
    };
    let stripped = residue::strip(paragraphs, &known);
    let text = stripped.paragraphs.join("\n\n");
    walls::check(input, &metadata, &text, is_cut, config)?;
    let authors = if metadata.is_signed || stripped.authors.is_empty() {
        metadata.authors
    } else {
        stripped.authors
    };
    let byline_agency = || authors.iter().find_map(|name| residue::agency_of(name));
    Ok(Article {
        url: metadata.url,
        site_name: metadata.site_name.or(stripped.site_name),
        title: metadata.title,
        description: metadata.description,
        agency: stripped
            .agency
            .or(metadata.agency)
            .or_else(byline_agency)
            .map(str::to_owned),
        authors,
        dateline: stripped.dateline,
        published: metadata.published,
        published_from: metadata.published_from,
        modified: metadata.modified,
        language: metadata::language(metadata.language.as_deref(), &text),
        section: metadata.section,
        tags: metadata.tags,
        image: metadata.image,
        image_credit: stripped.image_credit,
        paywalled: metadata.paywalled,
        text,
    })
}

/// Every block of the page, kept or not, with its score: for people who ask why.
pub fn explain(input: &Input, config: &Config) -> Vec<Judged> {
    text::judge(nesting::read(input.html, config).outline, input)
}

/// The same for text without markup: residue out, metadata into its fields.
pub fn clean_text(text: &str, config: &Config) -> Result<Article, Failure> {
    residue::clean_text(text, config)
}
