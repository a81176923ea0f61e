use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Op;

/// What the deduplicator says of one article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// New, a changed version of a known article, or a duplicate.
    pub op: Op,
    /// Set where `op` is duplicate.
    pub duplicate_of: Option<DuplicateOf>,
    /// Every article that this one copies, most first; for a round-up all of them.
    pub copies_of: Vec<CopyOf>,
}

impl Verdict {
    /// Nothing like it was seen.
    pub fn new() -> Self {
        Self {
            op: Op::New,
            duplicate_of: None,
            copies_of: Vec::new(),
        }
    }
}

impl Default for Verdict {
    fn default() -> Self {
        Self::new()
    }
}

/// The article that a duplicate repeats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DuplicateOf {
    /// The id of the earlier article.
    pub id: String,
    /// Its URL.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// In which way it is repeated.
    pub kind: Kind,
    /// The share of the new text that stands in the earlier one, 0 to 1.
    pub overlap: f32,
    /// The share of the earlier text that stands in the new one, 0 to 1.
    #[serde(default)]
    pub kept: f32,
    /// The passages of the new text that were copied, of a round-up from any of its sources: first
    /// character and the one after the last, counted in Unicode code points from 0. In order; of
    /// more than 32 the longest.
    #[serde(default)]
    pub copied: Vec<[u32; 2]>,
    /// Set where this later arrival is evidently what the earlier one copied; the order of arrival
    /// decides which is held back all the same.
    #[serde(default)]
    pub source_hint: Option<SourceHint>,
}

/// Why a duplicate is taken for the source of what arrived before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceHint {
    /// It stands on a news agency's own site, the earlier one does not.
    AgencySite,
    /// Both declare when they were published, and it was first by ten minutes or more.
    PublishedEarlier,
}

/// One source of a copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CopyOf {
    /// The id of the earlier article.
    pub id: String,
    /// The share of the new text that stands in it, 0 to 1.
    pub overlap: f32,
    /// The share of it that stands in the new text, 0 to 1.
    #[serde(default)]
    pub kept: f32,
}

/// The ways of repeating an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The same words.
    Exact,
    /// Mostly the same words: cut, edited, with an added intro or credit.
    Near,
    /// Several articles in one.
    Roundup,
    /// A known URL whose text did not change.
    SameUrl,
}
