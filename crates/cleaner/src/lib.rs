//! From a news page to its article. Pure: no clock, no I/O, no async, no global state.

mod markup;
mod metadata;
mod residue;
mod text;
mod tree;

pub use text::{Judged, feature_names};

use copydesk_model::{Article, Failure, Reason};
use jiff::Timestamp;

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
}

impl Default for Config {
    fn default() -> Self {
        Self {
            nodes_max: 250_000,
            depth_max: 512,
            cpu_ms_max: 500,
            words_min: 20,
        }
    }
}

/// Takes the article out of a page: `text` is paragraphs separated by one blank line, never empty.
/// Errs with a reason where the page holds no article.
pub fn clean(input: &Input, config: &Config) -> Result<Article, Failure> {
    let tree = tree::parse(input.html, config);
    let blocks = text::extract(&tree.html, input);
    let text = blocks.join("\n\n");
    if text.is_empty() {
        let reason = if tree.is_cut {
            Reason::Budget
        } else {
            Reason::NoArticle
        };
        return Err(Failure::permanent(
            reason,
            "looking for the story: no block reads like one",
        ));
    }
    Ok(Article {
        text,
        ..Article::default()
    })
}

/// Every block of the page, kept or not, with its score: for people who ask why.
pub fn explain(input: &Input, config: &Config) -> Vec<Judged> {
    text::judge(&tree::parse(input.html, config).html, input)
}

/// The same for text without markup: residue out, metadata into its fields.
pub fn clean_text(text: &str, config: &Config) -> Result<Article, Failure> {
    let _ = config;
    let lines: Vec<_> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return Err(Failure::permanent(
            Reason::NoArticle,
            "looking for the story: no text",
        ));
    }
    Ok(Article {
        text: lines.join("\n\n"),
        ..Article::default()
    })
}
