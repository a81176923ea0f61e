use super::filter::write_line;
use super::runtime;
use copydesk_fetcher::{Feed, FeedState, Fetcher, PollOutcome, read_feed};
use copydesk_model::{Entry, Failure, FeedDocument};
use jiff::Timestamp;
use serde::Serialize;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// One feed document on standard output.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    error: Option<String>,
    kind: Option<&'a str>,
    title: Option<&'a str>,
    entries: Vec<EntryLine<'a>>,
    repaired: &'a [String],
}

#[derive(Serialize)]
struct EntryLine<'a> {
    id: &'a str,
    guid: Option<&'a str>,
    url: Option<&'a str>,
    title: Option<&'a str>,
    published: Option<Timestamp>,
    modified: Option<Timestamp>,
    authors: &'a [String],
    summary: Option<&'a str>,
    content: Option<&'a str>,
}

/// Reads each document and prints it; a bad one is a line with its error.
pub fn run(places: &[String], allow_private_addresses: bool) -> anyhow::Result<ExitCode> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    let config = copydesk_fetcher::Config {
        allow_private_addresses,
        ..Default::default()
    };
    for place in places {
        let read = read(place, &config);
        let empty = FeedDocument::default();
        let document = read.as_ref().unwrap_or(&empty);
        let line = Line {
            path: place,
            error: read.as_ref().err().map(ToString::to_string),
            kind: document.kind.as_deref(),
            title: document.title.as_deref(),
            entries: document.entries.iter().map(entry_line).collect(),
            repaired: &document.repaired,
        };
        write_line(&mut output, &line)?;
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn read(place: &str, config: &copydesk_fetcher::Config) -> Result<FeedDocument, Failure> {
    use copydesk_model::Reason::{BadFeed, Panic};
    if !place.starts_with("http://") && !place.starts_with("https://") {
        let bytes = std::fs::read(place)
            .map_err(|error| Failure::permanent(BadFeed, format!("reading {place}: {error}")))?;
        return read_feed(&bytes, None, None);
    }
    let runtime = runtime().map_err(|error| Failure::permanent(Panic, error.to_string()))?;
    runtime.block_on(async {
        let feed = Feed {
            url: place.to_owned(),
            ..Feed::default()
        };
        match Fetcher::new(config.clone())?
            .poll(&feed, &FeedState::default())
            .await
            .outcome
        {
            PollOutcome::Document(document) => Ok(document),
            PollOutcome::Failed(failure) => Err(failure),
            PollOutcome::NotModified => Err(Failure::permanent(
                BadFeed,
                "304 to an unconditional request",
            )),
        }
    })
}

fn entry_line(entry: &Entry) -> EntryLine<'_> {
    EntryLine {
        id: &entry.id,
        guid: entry.guid.as_deref(),
        url: entry.url.as_deref(),
        title: entry.title.as_deref(),
        published: entry.published,
        modified: entry.modified,
        authors: &entry.authors,
        summary: entry.summary.as_deref(),
        content: entry.content.as_deref(),
    }
}
