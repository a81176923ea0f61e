use super::explain;
use super::filter::{in_order, write_line};
use super::places::{self, is_url};
use super::{exit, progress, runtime};
use crate::cleaning::contained;
use anyhow::Context;
use copydesk_cleaner::{Config, Input};
use copydesk_fetcher::{Fetcher, shown_text};
use copydesk_model::{Article, Failure, Page};
use serde::{Deserialize, Serialize};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

/// A page on standard input. `title`, `summary` and `fetched` are what a feed would have said.
#[derive(Deserialize)]
struct PageLine {
    id: serde_json::Value,
    #[serde(default)]
    url: Option<String>,
    html: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    fetched: Option<jiff::Timestamp>,
}

/// An article on standard output; with `text` null, `error` says why.
#[derive(Serialize)]
struct ArticleLine {
    id: serde_json::Value,
    url: Option<String>,
    title: Option<String>,
    authors: Vec<String>,
    published: Option<jiff::Timestamp>,
    modified: Option<jiff::Timestamp>,
    language: Option<String>,
    text: Option<String>,
    description: Option<String>,
    site_name: Option<String>,
    agency: Option<String>,
    dateline: Option<String>,
    section: Option<String>,
    tags: Vec<String>,
    image: Option<String>,
    image_credit: Option<String>,
    paywalled: Option<bool>,
    error: Option<Failure>,
}

/// What is written of a page at a place.
#[derive(Clone, Copy, PartialEq)]
pub enum Style {
    /// A line of JSON.
    Line,
    /// What became of each part, for people.
    Explained,
    /// The same as a line of JSON.
    ExplainedJson,
}

/// Cleans the pages at `places`, or those on standard input.
pub fn run(
    places: &[String],
    allow_private_addresses: bool,
    threads: usize,
    cleaner: &Config,
    style: Style,
) -> anyhow::Result<ExitCode> {
    let mut output = BufWriter::new(std::io::stdout());
    let mut is_complete = true;
    if places.is_empty() {
        let work = |text: &str| {
            let mut line = Vec::new();
            write_line(&mut line, &line_of_input(text, cleaner)).map(|()| line)
        };
        in_order(progress::of_input(), threads, work, |line| {
            output.write_all(&line?).context("writing")
        })?;
    } else {
        let runtime = runtime()?;
        let config = copydesk_fetcher::Config {
            allow_private_addresses,
            ..Default::default()
        };
        let fetcher = runtime.block_on(async { Fetcher::new(config) })?;
        for place in progress::over(places) {
            let id = if is_url(place) {
                shown_text(place)
            } else {
                place.clone()
            };
            let page = page_at(place, &runtime, &fetcher);
            match (&page, style) {
                (Ok((url, html)), Style::Explained) => {
                    let account = copydesk_cleaner::account(&input(url, html), cleaner);
                    explain::write(&mut output, &id, &account)?;
                }
                (Ok((url, html)), Style::ExplainedJson) => {
                    let account = copydesk_cleaner::account(&input(url, html), cleaner);
                    write_line(&mut output, &explain::json(&id, &account))?;
                }
                (Ok((url, html)), Style::Line) => {
                    let line = line(id.into(), &input(url, html), cleaner);
                    write_line(&mut output, &line)?;
                }
                (Err(failure), Style::Explained) => {
                    eprintln!("copydesk: {}", failure.detail);
                    is_complete = false;
                }
                (Err(failure), _) => {
                    let line = failed(id.into(), None, failure.clone());
                    write_line(&mut output, &line)?;
                }
            }
        }
    }
    output.flush()?;
    Ok(match is_complete {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(exit::DATA),
    })
}

pub fn page_at(
    place: &str,
    runtime: &tokio::runtime::Runtime,
    fetcher: &Fetcher,
) -> Result<(String, String), Failure> {
    if is_url(place) {
        let Page { url, html, .. } = runtime.block_on(fetcher.page(place))?;
        return Ok((shown_text(&url), html));
    }
    let reason = copydesk_model::Reason::NothingToFetch;
    let bytes = places::read(Path::new(place))
        .map_err(|error| Failure::permanent(reason, format!("reading {place}: {error}")))?;
    Ok((String::new(), String::from_utf8_lossy(&bytes).into_owned()))
}

fn input<'a>(url: &'a str, html: &'a str) -> Input<'a> {
    Input {
        url,
        html,
        ..Input::default()
    }
}

fn line_of_input(text: &str, cleaner: &Config) -> ArticleLine {
    match serde_json::from_str::<PageLine>(text) {
        Ok(page) => {
            let url = page.url.unwrap_or_default();
            let (title, summary) = (page.title.as_deref(), page.summary.as_deref());
            line(
                page.id,
                &Input {
                    url: &url,
                    html: &page.html,
                    fetched: page.fetched,
                    title,
                    summary,
                },
                cleaner,
            )
        }
        Err(error) => {
            let reason = copydesk_model::Reason::WrongType;
            let line = serde_json::from_str(text).unwrap_or(serde_json::Value::Null);
            failed(
                line["id"].clone(),
                None,
                Failure::permanent(reason, format!("reading a page line: {error}")),
            )
        }
    }
}

fn line(id: serde_json::Value, input: &Input, cleaner: &Config) -> ArticleLine {
    match contained(input, cleaner) {
        Ok(article) => written(id, input.url, article),
        Err(failure) => failed(id, Some(input.url.to_owned()), failure),
    }
}

fn written(id: serde_json::Value, url: &str, article: Article) -> ArticleLine {
    ArticleLine {
        id,
        url: article
            .url
            .or_else(|| Some(url.to_owned()).filter(|url| !url.is_empty())),
        title: article.title,
        authors: article.authors,
        published: article.published,
        modified: article.modified,
        language: article.language,
        text: Some(article.text),
        description: article.description,
        site_name: article.site_name,
        agency: article.agency,
        dateline: article.dateline,
        section: article.section,
        tags: article.tags,
        image: article.image,
        image_credit: article.image_credit,
        paywalled: article.paywalled,
        error: None,
    }
}

fn failed(id: serde_json::Value, url: Option<String>, failure: Failure) -> ArticleLine {
    let article = written(id, "", Article::default());
    ArticleLine {
        url,
        text: None,
        error: Some(failure),
        ..article
    }
}
