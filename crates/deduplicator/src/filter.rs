//! `copydesk dedup`: one article line in, one verdict line out.

use crate::{Document, Judge, prepare};
use copydesk_model::{CopyOf, DuplicateOf, Op, canonical_url};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An article as the filter takes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Input {
    /// What verdicts call it.
    pub id: String,
    /// Makes it the same article as an earlier one.
    #[serde(default)]
    pub url: Option<String>,
    /// The headline.
    #[serde(default)]
    pub title: Option<String>,
    /// Paragraphs separated by one blank line.
    #[serde(default)]
    pub text: Option<String>,
    /// RFC 3339; anything else counts as unknown.
    #[serde(default)]
    pub published: Option<String>,
    /// BCP 47.
    #[serde(default)]
    pub language: Option<String>,
}

#[derive(Serialize)]
struct Output<'a> {
    id: &'a str,
    op: Op,
    duplicate_of: Option<DuplicateOf>,
    copies_of: Vec<CopyOf>,
}

/// Judges lines. An article without a date counts as seen when the one before it was.
pub struct Filter {
    judge: Judge,
    seen: Timestamp,
}

impl Filter {
    /// With this judge's memory.
    pub fn new(judge: Judge) -> Self {
        Self {
            judge,
            seen: Timestamp::UNIX_EPOCH,
        }
    }

    /// The verdict on one line of input, without a newline.
    pub fn line(&mut self, line: &str) -> Result<String, serde_json::Error> {
        let input: Input = serde_json::from_str(line)?;
        let identity = input.url.as_deref().and_then(canonical_url).or(input.url);
        if let Some(seen) = input
            .published
            .as_deref()
            .and_then(|text| text.parse().ok())
        {
            self.seen = seen;
        }
        let document = Document {
            id: &input.id,
            identity: identity.as_deref(),
            title: input.title.as_deref(),
            text: input.text.as_deref().unwrap_or_default(),
            language: input.language.as_deref(),
            seen: self.seen,
        };
        let prepared = prepare(&document);
        let verdict = self.judge.judge(&document, prepared);
        serde_json::to_string(&Output {
            id: &input.id,
            op: verdict.op,
            duplicate_of: verdict.duplicate_of,
            copies_of: verdict.copies_of,
        })
    }

    /// The judge, to be made durable.
    pub fn into_judge(self) -> Judge {
        self.judge
    }
}
