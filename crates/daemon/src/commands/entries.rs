use super::filter::write_line;
use super::places::{self, is_url};
use super::runtime;
use copydesk_fetcher::{Feed, FeedLine, FeedState, Fetcher, PollOutcome, entries_line, shown_text};
use copydesk_model::{Failure, FeedDocument, Reason};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

/// Reads each document and prints it; a bad one is a line with its error.
pub fn run(places: &[String], allow_private_addresses: bool) -> anyhow::Result<ExitCode> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    let config = copydesk_fetcher::Config {
        allow_private_addresses,
        ..Default::default()
    };
    for place in places {
        let path = shown_text(place);
        let line = match is_url(place) {
            true => line(&path, polled(place, &config)),
            false => match places::read(Path::new(place)) {
                Ok(bytes) => entries_line(place, &bytes),
                Err(error) => line(
                    place,
                    Err(Failure::permanent(
                        Reason::BadFeed,
                        format!("reading {place}: {error}"),
                    )),
                ),
            },
        };
        write_line(&mut output, &line)?;
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn line(path: &str, read: Result<FeedDocument, Failure>) -> FeedLine<'_> {
    match read {
        Ok(document) => FeedLine {
            path,
            error: None,
            document,
        },
        Err(failure) => FeedLine {
            path,
            error: Some(failure.to_string()),
            document: FeedDocument::default(),
        },
    }
}

fn polled(url: &str, config: &copydesk_fetcher::Config) -> Result<FeedDocument, Failure> {
    let runtime =
        runtime().map_err(|error| Failure::permanent(Reason::Panic, error.to_string()))?;
    runtime.block_on(async {
        let feed = Feed {
            url: url.to_owned(),
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
                Reason::BadFeed,
                "not modified, to an unconditional request",
            )),
        }
    })
}
