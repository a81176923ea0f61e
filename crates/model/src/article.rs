use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A story, taken out of its page. Absent knowledge is `None`, never a guess.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Article {
    /// The page's own canonical URL, where it names a plausible one on the same site.
    pub url: Option<String>,
    /// The publication's name.
    pub site_name: Option<String>,
    /// The article's headline, without the site's name.
    pub title: Option<String>,
    /// The publisher's summary, plain text.
    pub description: Option<String>,
    /// Paragraphs separated by one blank line, never empty.
    pub text: String,
    /// People first named first; no roles, no dates.
    pub authors: Vec<String>,
    /// Whose copy it is, from credit lines and bylines: "ANI", "AFP" …
    pub agency: Option<String>,
    /// The place at the head of the copy: "ISLAMABAD". The text starts after it.
    pub dateline: Option<String>,
    /// When it was first published.
    pub published: Option<Timestamp>,
    /// Where `published` was found.
    pub published_from: Option<PublishedFrom>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// BCP 47.
    pub language: Option<String>,
    /// The publication's section.
    pub section: Option<String>,
    /// Keywords, as given.
    pub tags: Vec<String>,
    /// The lead picture, an absolute URL.
    pub image: Option<String>,
    /// Whose picture it is, from "Photo: …" lines.
    pub image_credit: Option<String>,
    /// Whether the page says that the whole text is for subscribers.
    pub paywalled: Option<bool>,
}

/// Where a date of publication was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublishedFrom {
    /// The feed's entry.
    Feed,
    /// The page's JSON-LD.
    Jsonld,
    /// A meta tag.
    Meta,
    /// A time element or a visible date line.
    Page,
    /// Digits in the URL.
    Url,
}
