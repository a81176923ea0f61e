use super::{exit, load, runtime, state_directory};
use crate::config::Config;
use crate::control;
use crate::report::{FeedReport, Report};
use crate::roster::Roster;
use crate::words::{self, since, until};
use anyhow::{Context, ensure};
use copydesk_store::{Error, Store};
use jiff::Timestamp;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

/// Prints how copydesk and each feed are doing: asked of the daemon where one runs, else read from
/// the state folder.
pub fn run(path: &Path, is_json: bool, is_health: bool) -> anyhow::Result<ExitCode> {
    let directory = match state_directory(path) {
        Ok(directory) => directory,
        Err(code) => return Ok(code),
    };
    if is_health {
        return health(&directory);
    }
    // A daemon can be asked also where its file has become wrong since.
    let report = match runtime()?.block_on(ask(&directory))? {
        Some(report) => report,
        None => match load(path) {
            Ok(config) => report(&config)?,
            Err(code) => return Ok(code),
        },
    };
    let mut output = stdout().lock();
    if is_json {
        serde_json::to_writer_pretty(&mut output, &report)?;
        writeln!(output)?;
    } else {
        write_table(&mut output, &report)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// From the daemon where one runs, else from the state folder.
pub fn report(config: &Config) -> anyhow::Result<Report> {
    let directory = &config.state.store.directory;
    let feeds = Roster::new(config.feeds.clone()).followed();
    if !Store::exists(&config.state.store) {
        return Report::new(&feeds, None, None, Timestamp::now());
    }
    match Store::open(config.state.store.clone()) {
        Ok(store) => Report::new(&feeds, Some(&store), None, Timestamp::now()),
        // It may have been starting when it was asked.
        Err(in_use @ Error::InUse { .. }) => runtime()?
            .block_on(ask(directory))?
            .ok_or(in_use)
            .context("the daemon has no control socket, its log says why"),
        Err(error) => Err(error).context("opening the state"),
    }
}

/// The report of the daemon that owns the folder; None where no daemon listens there.
async fn ask(directory: &Path) -> anyhow::Result<Option<Report>> {
    let Some((status, body)) = control::ask(directory, "GET", "/status").await? else {
        return Ok(None);
    };
    ensure!(status.is_success(), "the daemon answers: {}", body.trim());
    let report = serde_json::from_str(&body);
    report.context("reading the daemon's answer").map(Some)
}

/// Whether the daemon is at work: its own answer to a probe, for health checks.
fn health(directory: &Path) -> anyhow::Result<ExitCode> {
    match runtime()?.block_on(control::ask(directory, "GET", "/readyz"))? {
        Some((status, body)) if status.is_success() => {
            write!(stdout(), "{body}")?;
            Ok(ExitCode::SUCCESS)
        }
        Some((_, parts)) => {
            eprint!("not at work:\n{parts}");
            Ok(ExitCode::from(exit::UNAVAILABLE))
        }
        None => {
            eprintln!("no daemon runs");
            Ok(ExitCode::from(exit::UNAVAILABLE))
        }
    }
}

fn write_table(output: &mut impl Write, report: &Report) -> anyhow::Result<()> {
    match report.started {
        Some(started) => writeln!(
            output,
            "copydesk {} runs since {} ({})",
            report.version,
            started.strftime("%Y-%m-%d %H:%M:%S UTC"),
            since(started, report.at)
        )?,
        None => writeln!(output, "no daemon runs; this is what the state folder says")?,
    }
    for (part, reason) in &report.troubles {
        writeln!(output, "TROUBLE {part}: {reason}")?;
    }
    if let Some(reload) = &report.reload {
        let at = since(reload.at, report.at);
        match (&reload.applied, &reload.refused) {
            (Some(applied), _) => writeln!(output, "configuration reloaded {at}: {applied}")?,
            (_, refused) => writeln!(
                output,
                "configuration REFUSED {at}, the old one is in force: {}",
                refused.as_deref().unwrap_or_default()
            )?,
        }
    }
    let conditions: Vec<String> = (report.conditions().iter())
        .filter(|(_, count)| **count > 0)
        .map(|(condition, count)| format!("{count} {}", condition.code()))
        .collect();
    writeln!(
        output,
        "{}: {}\n",
        words::some(report.feeds.len() as u64, "feeds"),
        conditions.join(", ")
    )?;
    let widths = report.feeds.iter().map(|feed| feed.url.chars().count());
    let width = widths.max().unwrap_or(0).clamp(4, 60);
    writeln!(
        output,
        "{:width$}  {:9} {:>12} {:>10} {:>7} {:>5} {:>6}  what to know",
        "feed", "condition", "last success", "next poll", "per day", "new", "failed"
    )?;
    for feed in &report.feeds {
        let known = |number: Option<String>| number.unwrap_or_else(|| "-".into());
        let row = format!(
            "{:width$}  {:9} {:>12} {:>10} {:>7} {:>5} {:>6}  {}",
            feed.url,
            feed.condition.code(),
            known(feed.last_success.map(|then| since(then, report.at))),
            known(feed.next_poll.map(|then| until(then, report.at))),
            known(feed.entries_per_day.map(|count| format!("{count:.1}"))),
            known(feed.share_new.map(|share| format!("{:.0}%", share * 100.0))),
            feed.failures,
            remarks(feed, report.at)
        );
        writeln!(output, "{}", row.trim_end())?;
    }
    Ok(())
}

fn remarks(feed: &FeedReport, now: Timestamp) -> String {
    let error = feed.last_error.as_ref().map(|error| {
        format!(
            "{}: {} ({})",
            error.reason,
            error.detail,
            since(error.at, now)
        )
    });
    let missed = (feed.last_missed)
        .filter(|_| feed.misses_entries)
        .map(|then| {
            format!(
                "MISSED ENTRIES {}: poll it more often, see interval",
                since(then, now)
            )
        });
    let moved = (feed.moved_to.as_ref()).map(|to| format!("polled at {to}"));
    let tags = (!feed.tags.is_empty()).then(|| format!("[{}]", feed.tags.join(", ")));
    let remarks = [error, missed, moved, tags];
    remarks.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
