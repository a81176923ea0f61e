use super::{load, runtime};
use crate::config::Config;
use crate::control;
use crate::report::{FeedReport, Report};
use anyhow::{Context, ensure};
use copydesk_store::{Error, Store};
use jiff::{SignedDuration, Timestamp};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// A daemon that is at work answers well within this.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// Prints how copydesk and each feed are doing: asked of the daemon where one runs, else read from
/// the state folder.
pub fn run(path: &Path, is_json: bool) -> anyhow::Result<ExitCode> {
    let config = match load(path) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let report = report(&config)?;
    let mut output = std::io::stdout().lock();
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
    if let Some(report) = runtime()?.block_on(ask(directory))? {
        return Ok(report);
    }
    if !Store::exists(&config.state.store) {
        return Report::new(config, None, None, Timestamp::now());
    }
    match Store::open(config.state.store.clone()) {
        Ok(store) => Report::new(config, Some(&store), None, Timestamp::now()),
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
    let socket = control::socket(directory);
    let asking = || format!("asking the daemon at {}", socket.display());
    match tokio::net::UnixStream::connect(&socket).await {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            return Err(error).with_context(asking);
        }
        Err(_) => return Ok(None),
    }
    let client = reqwest::Client::builder()
        .unix_socket(socket.as_path())
        .timeout(ANSWER_MAX)
        .build()?;
    let answer = client.get("http://copydesk/status").send().await;
    let answer = answer.with_context(asking)?;
    let status = answer.status();
    let body = answer.bytes().await.with_context(asking)?;
    ensure!(
        status.is_success(),
        "{}: {}",
        asking(),
        String::from_utf8_lossy(&body).trim()
    );
    serde_json::from_slice(&body).with_context(asking).map(Some)
}

fn write_table(output: &mut impl Write, report: &Report) -> anyhow::Result<()> {
    match report.started {
        Some(started) => writeln!(
            output,
            "copydesk {} runs since {} ({})",
            report.version,
            started.strftime("%Y-%m-%d %H:%M:%S UTC"),
            ago(started, report.at)
        )?,
        None => writeln!(output, "no daemon runs; this is what the state folder says")?,
    }
    for (part, reason) in &report.troubles {
        writeln!(output, "TROUBLE {part}: {reason}")?;
    }
    let conditions: Vec<String> = (report.conditions().iter())
        .filter(|(_, count)| **count > 0)
        .map(|(condition, count)| format!("{count} {}", condition.code()))
        .collect();
    writeln!(
        output,
        "{} feeds: {}\n",
        report.feeds.len(),
        conditions.join(", ")
    )?;
    let widths = report.feeds.iter().map(|feed| feed.url.chars().count());
    let width = widths.max().unwrap_or(0).clamp(4, 60);
    writeln!(
        output,
        "{:width$}  {:7} {:>12} {:>9} {:>7} {:>5} {:>6}  what to know",
        "feed", "", "last success", "next poll", "per day", "new", "failed"
    )?;
    for feed in &report.feeds {
        let known = |number: Option<String>| number.unwrap_or_else(|| "-".into());
        writeln!(
            output,
            "{:width$}  {:7} {:>12} {:>9} {:>7} {:>5} {:>6}  {}",
            feed.url,
            feed.condition.code(),
            known(feed.last_success.map(|then| ago(then, report.at))),
            known(feed.next_poll.map(|then| until(then, report.at))),
            known(feed.entries_per_day.map(|count| format!("{count:.1}"))),
            known(feed.share_new.map(|share| format!("{:.0}%", share * 100.0))),
            feed.failures,
            remarks(feed, report.at)
        )?;
    }
    Ok(())
}

fn remarks(feed: &FeedReport, now: Timestamp) -> String {
    let error = feed.last_error.as_ref().map(|error| {
        format!(
            "{}: {} ({})",
            error.reason,
            error.detail,
            ago(error.at, now)
        )
    });
    let missed = (feed.last_missed)
        .filter(|_| feed.misses_entries)
        .map(|then| {
            format!(
                "MISSED ENTRIES {}: poll it more often, see interval",
                ago(then, now)
            )
        });
    let moved = (feed.moved_to.as_ref()).map(|to| format!("polled at {to}"));
    let tags = (!feed.tags.is_empty()).then(|| format!("[{}]", feed.tags.join(", ")));
    let remarks = [error, missed, moved, tags];
    remarks.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn ago(then: Timestamp, now: Timestamp) -> String {
    format!("{} ago", roughly(now.duration_since(then)))
}

fn until(then: Timestamp, now: Timestamp) -> String {
    match then.duration_since(now) {
        left if left.is_positive() => format!("in {}", roughly(left)),
        _ => "now".into(),
    }
}

/// In its largest unit.
fn roughly(time: SignedDuration) -> String {
    match time.as_secs().max(0) {
        seconds @ 0..60 => format!("{seconds}s"),
        seconds @ 60..3600 => format!("{}m", seconds / 60),
        seconds @ 3600..172_800 => format!("{}h", seconds / 3600),
        seconds => format!("{}d", seconds / 86_400),
    }
}
