use super::{load, log, runtime};
use crate::config::Config;
use crate::words;
use copydesk_fetcher::{FeedState, Fetcher, PollOutcome, shown_text};
use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Names every problem of the configuration; with `fetch` polls each feed once.
pub fn run(path: &Path, is_fetch: bool) -> anyhow::Result<ExitCode> {
    let config = match load(path) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    writeln!(
        stdout(),
        "{}: {}, no problems",
        path.display(),
        words::some(config.feeds.len() as u64, "feeds")
    )?;
    if is_fetch {
        log("error");
        runtime()?.block_on(fetch(config))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn fetch(config: Config) -> anyhow::Result<()> {
    let fetcher = Arc::new(Fetcher::new(config.fetch.client.clone())?);
    let polls = Arc::new(Semaphore::new(config.fetch.polls_max));
    let progress = indicatif::ProgressBar::new(config.feeds.len() as u64);
    let mut tasks = Vec::new();
    for feed in config.feeds {
        let (fetcher, polls, progress) = (fetcher.clone(), polls.clone(), progress.clone());
        tasks.push(tokio::spawn(async move {
            let _permit = polls.acquire_owned().await;
            let poll = fetcher.poll(&feed, &FeedState::default()).await;
            progress.inc(1);
            (feed.name(), poll)
        }));
    }
    let mut rows = Vec::new();
    for task in tasks {
        let (url, poll) = task.await?;
        // A site's page led to it.
        let found_at = poll
            .state
            .moved_to
            .map(|to| format!(" (at {})", shown_text(&to)));
        let found_at = found_at.unwrap_or_default();
        rows.push(match poll.outcome {
            PollOutcome::Document(document) => {
                let newest = document
                    .entries
                    .iter()
                    .filter_map(|entry| entry.published)
                    .max();
                let newest = newest.map_or("-".to_owned(), |time| {
                    time.strftime("%Y-%m-%d %H:%M").to_string()
                });
                let title = document.title.unwrap_or_default();
                let kind = document.kind.unwrap_or_default();
                (
                    url,
                    document.entries.len().to_string(),
                    newest,
                    format!("{kind} {title}{found_at} {}", document.repaired.join(", ")),
                )
            }
            PollOutcome::NotModified => (url, "-".into(), "-".into(), "not modified".into()),
            PollOutcome::Failed(failure) => {
                (url, "-".into(), "-".into(), format!("FAILED {failure}"))
            }
        });
    }
    progress.finish_and_clear();
    let width = rows
        .iter()
        .map(|(url, ..)| url.chars().count())
        .max()
        .unwrap_or(4);
    writeln!(
        stdout(),
        "{:width$}  {:>7}  {:16}  feed",
        "url",
        "entries",
        "newest"
    )?;
    for (url, entries, newest, words) in rows {
        writeln!(
            stdout(),
            "{url:width$}  {entries:>7}  {newest:16}  {}",
            words.trim()
        )?;
    }
    Ok(())
}
