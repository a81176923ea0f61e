use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one URL answered, decoded to text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The URL after redirects.
    pub url: String,
    /// The URL that was asked for.
    pub requested: String,
    /// The HTTP status; 200 to 299.
    pub status: u16,
    /// Length of the decoded body.
    pub bytes: u64,
    /// From the request to the last byte.
    pub elapsed_ms: u64,
    /// Where the text comes from.
    pub from: FetchedFrom,
    /// When the last byte came in.
    pub fetched: Timestamp,
    /// The document, UTF-8.
    pub html: String,
}

/// Where an article's text was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FetchedFrom {
    /// The article's own page.
    Page,
    /// The feed's entry, which held the whole article.
    Feed,
    /// A stored copy of the page.
    Archive,
}
