//! From page to article on a bounded pool of threads, beside the runtime: parsing is CPU work.

use crate::config::Config;
use crate::desk::document;
use crate::part::Part;
use crate::stand_in::stand_in;
use crate::summary::Summary;
use crate::work::{Arrival, Cleaned, Fetched, Fetching, ToClean};
use anyhow::Context;
use copydesk_cleaner::Input;
use copydesk_fetcher::FullTexts;
use copydesk_model::{Article, Failure, FetchedFrom, Page, Reason};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{Semaphore, mpsc};
use tracing::{debug, error};

/// A pool of `threads`, or one thread a core.
pub fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    let builder = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|number| format!("clean-{number}"));
    builder.build().context("starting the cleaning threads")
}

/// Gives back the stage: it ends when the last fetch has let go of `pages`, and everything cleaned
/// is on the desk.
pub fn run(
    config: Arc<Config>,
    full_texts: Arc<FullTexts>,
    summary: Arc<Summary>,
    mut pages: mpsc::Receiver<ToClean>,
    to_desk: mpsc::Sender<Arrival>,
) -> anyhow::Result<impl Future<Output = anyhow::Result<()>> + Send + 'static> {
    let pool = Arc::new(pool(config.clean.threads)?);
    let threads = pool.current_num_threads();
    let free = Arc::new(Semaphore::new(threads));
    Ok(async move {
        while let Some(parcel) = pages.recv().await {
            let permit = free
                .clone()
                .acquire_owned()
                .await
                .context("the pool is never closed")?;
            let (config, full_texts) = (config.clone(), full_texts.clone());
            let (summary, to_desk) = (summary.clone(), to_desk.clone());
            pool.spawn(move || {
                let arrival = match parcel {
                    ToClean::Page(fetching) => {
                        let _entry = fetching.work.span.clone().entered();
                        let trace = fetching.work.trace.clone();
                        let start = Instant::now();
                        let arrival = arrival(*fetching, &config, &full_texts);
                        summary.metrics.clean.took(start.elapsed());
                        trace.stage("clean", start);
                        debug!(elapsed_ms = start.elapsed().as_millis(), "cleaned");
                        arrival
                    }
                    ToClean::Beat(beat) => {
                        beat.reach(Part::Clean);
                        Arrival::Beat(beat)
                    }
                };
                // The desk is gone only when copydesk ends by an error.
                let _ = to_desk.blocking_send(arrival);
                drop(permit);
            });
        }
        // Every permit back: nothing is being cleaned any more.
        let _all = free.acquire_many(u32::try_from(threads)?).await?;
        Ok(())
    })
}

fn arrival(fetching: Fetching, config: &Config, full_texts: &FullTexts) -> Arrival {
    let Fetching { work, mut page } = fetching;
    let clean = |page: &Page| {
        let input = Input {
            url: &page.url,
            html: &page.html,
            fetched: Some(page.fetched),
            title: work.entry.title.as_deref(),
            summary: work.entry.summary.as_deref(),
        };
        contained(&input, &config.clean.cleaner)
    };
    let mut cleaned = clean(&page);
    // A consent wall, an index, a page that is gone: the feed may hold the story all the same.
    if let Err(failure) = &cleaned
        && page.from == FetchedFrom::Page
        && let Some(entry) = stand_in(&work, failure)
        && let Ok(article) = clean(&entry)
    {
        let (feed, reason) = (&work.feed.url, failure.reason.code());
        match failure.reason {
            Reason::Panic => error!(%feed, %failure, "a bug in copydesk: the entry stands in"),
            _ => debug!(%feed, reason, "the entry stands in for its page"),
        }
        (page, cleaned) = (entry, Ok(article));
    }
    match cleaned {
        Err(failure) => Arrival::Failed(Box::new(work), failure),
        Ok(article) => {
            if page.from == FetchedFrom::Page {
                full_texts.compare(&work.feed.url, &work.entry, &article.text);
            }
            let title = article.title.as_deref().or(work.entry.title.as_deref());
            let prepared =
                copydesk_deduplicator::prepare(&document(title, &article, &work, page.fetched));
            Arrival::Cleaned(Box::new(Cleaned {
                fetched: Fetched::from(&page),
                work,
                article,
                prepared,
            }))
        }
    }
}

/// Cleans one page; a panic is this page's failure and nobody else's.
pub fn contained(input: &Input, config: &copydesk_cleaner::Config) -> Result<Article, Failure> {
    catch_unwind(AssertUnwindSafe(|| copydesk_cleaner::clean(input, config))).unwrap_or_else(|_| {
        Err(Failure::permanent(
            Reason::Panic,
            format!("cleaning {}: panicked", input.url),
        ))
    })
}
