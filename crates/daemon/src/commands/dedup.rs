use super::filter::{in_order, write_line};
use crate::cleaning::pool;
use crate::config::reader::duration;
use anyhow::Context;
use copydesk_deduplicator::{Config, Document, Judge, Prepared, prepare};
use copydesk_model::{CopyOf, DuplicateOf, Op, Verdict, canonical_url};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// An article on standard input.
#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    published: Option<Timestamp>,
    #[serde(default)]
    language: Option<String>,
}

/// A verdict on standard output.
#[derive(Serialize)]
struct VerdictLine<'a> {
    id: &'a str,
    op: Op,
    duplicate_of: Option<&'a DuplicateOf>,
    copies_of: &'a [CopyOf],
}

/// For clap: a duration as people write it.
pub fn window(text: &str) -> Result<Duration, String> {
    duration(text).ok_or_else(|| "expected a duration such as 30d".to_owned())
}

/// Articles in, verdicts out, in the same order.
pub fn run(state: Option<PathBuf>, window: Duration) -> anyhow::Result<ExitCode> {
    let config = Config {
        window,
        ..Config::default()
    };
    let mut judge = match &state {
        Some(folder) => Judge::open(folder, config, None)?,
        None => Judge::in_memory(config),
    };
    let mut output = BufWriter::new(std::io::stdout().lock());
    // An article without a date counts as seen with the one before it: no clock, same verdicts.
    let mut seen = Timestamp::UNIX_EPOCH;
    in_order(std::io::stdin().lock(), &pool(0)?, prepared, |prepared| {
        let (line, identity, prepared) = prepared.context("reading an article line")?;
        seen = line.published.unwrap_or(seen);
        let verdict: Verdict = judge.judge(&document(&line, identity.as_deref(), seen), prepared);
        let Verdict {
            op,
            duplicate_of,
            copies_of,
        } = &verdict;
        let (duplicate_of, id) = (duplicate_of.as_ref(), line.id.as_str());
        write_line(
            &mut output,
            &VerdictLine {
                id,
                op: *op,
                duplicate_of,
                copies_of,
            },
        )
    })?;
    output.flush()?;
    if state.is_some() {
        judge.sync()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn prepared(text: &str) -> anyhow::Result<(Line, Option<String>, Prepared)> {
    let line: Line = serde_json::from_str(text)?;
    let identity = line.url.as_deref().and_then(canonical_url);
    let prepared = prepare(&document(&line, None, Timestamp::UNIX_EPOCH));
    Ok((line, identity, prepared))
}

fn document<'a>(line: &'a Line, identity: Option<&'a str>, seen: Timestamp) -> Document<'a> {
    Document {
        id: &line.id,
        identity,
        title: line.title.as_deref(),
        text: line.text.as_deref().unwrap_or_default(),
        language: line.language.as_deref(),
        seen,
    }
}
