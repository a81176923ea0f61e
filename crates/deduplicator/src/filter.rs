//! `copydesk dedup`: one article line in, one verdict line out.

use crate::{Document, Judge, Prepared, prepare};
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

impl Input {
    fn document(&self) -> Document<'_> {
        Document {
            id: &self.id,
            identity: None,
            title: self.title.as_deref(),
            text: self.text.as_deref().unwrap_or_default(),
            language: self.language.as_deref(),
            seen: Timestamp::UNIX_EPOCH,
        }
    }
}

/// A line that was read, with all that can be worked out ahead of the judge.
pub struct Article {
    input: Input,
    prepared: Prepared,
}

/// Reads one line of input; pure.
pub fn read(line: &str) -> Result<Article, serde_json::Error> {
    let input: Input = serde_json::from_str(line)?;
    let prepared = prepare(&input.document());
    Ok(Article { input, prepared })
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
        Ok(self.judge(read(line)?))
    }

    /// The same for a line that was read before, on whatever thread; in the order of the lines.
    pub fn judge(&mut self, article: Article) -> String {
        let Article { input, prepared } = article;
        let identity = input.url.as_deref().and_then(canonical_url);
        let published = input.published.as_deref();
        self.seen = published
            .and_then(|text| text.parse().ok())
            .unwrap_or(self.seen);
        let document = Document {
            identity: identity.as_deref().or(input.url.as_deref()),
            seen: self.seen,
            ..input.document()
        };
        let verdict = self.judge.judge(&document, prepared);
        serde_json::to_string(&Output {
            id: &input.id,
            op: verdict.op,
            duplicate_of: verdict.duplicate_of,
            copies_of: verdict.copies_of,
        })
        .expect("a verdict has string keys only")
    }

    /// The judge, to be made durable.
    pub fn into_judge(self) -> Judge {
        self.judge
    }
}
