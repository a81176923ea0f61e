use super::{log, runtime};
use crate::config::Config;
use crate::pipeline::{self, Mode, Running};
use crate::summary::FeedRow;
use crate::words;
use anyhow::Context;
use copydesk_fetcher::Feed;
use copydesk_model::{Op, Record};
use copydesk_newsroom::Demo;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the demo's feeds are polled, and how long nothing must happen after the last event
/// before it ends.
const INTERVAL: Duration = Duration::from_secs(1);
const QUIET: Duration = Duration::from_secs(3);

/// Starts a newsroom, runs the daemon on it while things happen there, and tells what came of it.
pub fn run(output: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    log("error");
    let mut out = stdout();
    let folder = match output {
        Some(folder) => folder,
        None => std::env::temp_dir().join(format!("copydesk-demo-{}", std::process::id())),
    };
    runtime()?.block_on(async {
        let demo = Demo::start()
            .await
            .context("starting the demo's newsroom on loopback")?;
        let (config, mastheads) = (config(&folder, &demo), demo.feeds.clone());
        writeln!(
            out,
            "{} papers on loopback, polled every second:",
            mastheads.len()
        )?;
        for (url, masthead) in &mastheads {
            writeln!(out, "  {masthead:<26} {url}")?;
        }
        let (stop, cut) = (CancellationToken::new(), CancellationToken::new());
        let running = pipeline::start(config.clone(), Mode::default(), stop.clone(), cut)?;
        watch(&demo, &running).await;
        stop.cancel();
        let summary = running.summary.clone();
        running.ended().await?;
        let records = records(&config)?;
        let mastheads: HashMap<String, String> = mastheads.into_iter().collect();
        table(&mut out, &records, &mastheads)?;
        for failed in summary.failures() {
            let url = failed.url.unwrap_or_default();
            row(
                &mut out,
                "failed",
                mastheads.get(&failed.feed).map_or("", String::as_str),
                &url,
                &failed.failure.to_string(),
            )?;
        }
        writeln!(out, "\n{summary}")?;
        writeln!(
            out,
            "New and changed articles: {}",
            config
                .output
                .files
                .directory
                .join("news-*.ndjson")
                .display()
        )?;
        writeln!(
            out,
            "Duplicates held back:     {}",
            config
                .output
                .files
                .directory
                .join("duplicates-*.ndjson")
                .display()
        )?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Only the newsroom, for a copydesk beside it.
pub fn serve() -> anyhow::Result<ExitCode> {
    runtime()?.block_on(async {
        let demo = Demo::start()
            .await
            .context("starting the demo's newsroom on loopback")?;
        let mut out = stdout();
        writeln!(out, "[fetch]\nallow_private_addresses = true")?;
        for (url, masthead) in &demo.feeds {
            writeln!(out, "\n[[feed]] # {masthead}\nurl = \"{url}\"")?;
        }
        std::future::pending().await
    })
}

fn config(folder: &Path, demo: &Demo) -> Config {
    let mut config = Config::default();
    config.output.files.directory = folder.join("out");
    config.state.store.directory = folder.join("state");
    let client = &mut config.fetch.client;
    client.allow_private_addresses = true;
    client.host_gap = Duration::ZERO;
    (client.interval, client.interval_min) = (INTERVAL, INTERVAL);
    let feed = |(url, _): &(String, String)| Feed {
        url: url.clone(),
        interval: Some(INTERVAL),
        ..Feed::default()
    };
    config.feeds = demo.feeds.iter().map(feed).collect();
    config
}

/// Shows the counts while the newsroom's script runs and until all is quiet.
async fn watch(demo: &Demo, running: &Running) {
    let style =
        ProgressStyle::with_template("{spinner} {elapsed} {msg}").expect("a constant template");
    let progress = ProgressBar::new_spinner().with_style(style);
    progress.enable_steady_tick(Duration::from_millis(100));
    let show = async {
        loop {
            progress.set_message(counts(&running.summary.feeds()));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let script = async {
        demo.run_script().await;
        tokio::time::sleep(QUIET).await;
    };
    tokio::select! { () = show => {}, () = script => {} }
    progress.finish_and_clear();
}

fn counts(feeds: &[FeedRow]) -> String {
    let (polls, entries): (u64, u64) = feeds
        .iter()
        .fold((0, 0), |sum, row| (sum.0 + row.polls, sum.1 + row.entries));
    let mut outcomes: HashMap<&str, u64> = HashMap::new();
    for (outcome, count) in feeds.iter().flat_map(|row| &row.outcomes) {
        *outcomes.entry(outcome.code()).or_default() += count;
    }
    let count = |code| outcomes.get(code).copied().unwrap_or(0);
    let (new, update, duplicate) = (count("new"), count("update"), count("duplicate"));
    format!("{polls} polls, {entries} entries: {new} new, {update} updated, {duplicate} duplicates")
}

fn records(config: &Config) -> anyhow::Result<Vec<Record>> {
    let folder = &config.output.files.directory;
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "ndjson")
            && !path.is_symlink()
    });
    let mut records = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}", path.display()))?;
        for line in text.lines() {
            records.push(
                serde_json::from_str(line)
                    .with_context(|| format!("reading {}", path.display()))?,
            );
        }
    }
    Ok(records)
}

/// New articles in order, each with what became of it, then the duplicates by what they copy.
fn table(
    out: &mut impl Write,
    records: &[Record],
    mastheads: &HashMap<String, String>,
) -> io::Result<()> {
    let masthead = |record: &Record| mastheads.get(&record.feed.url).cloned().unwrap_or_default();
    writeln!(out)?;
    row(out, "op", "paper", "title", "why")?;
    for record in records.iter().filter(|record| record.op != Op::Duplicate) {
        let title = record.title.as_deref().unwrap_or_default();
        let why = match record.op {
            Op::Update => format!(
                "version {}: {} changed",
                record.version,
                record.changed.join(", ")
            ),
            _ => credits(record),
        };
        row(out, words::op(record.op), &masthead(record), title, &why)?;
        let copies = records.iter().filter(|copy| {
            copy.duplicate_of
                .as_ref()
                .is_some_and(|of| of.id == record.id)
        });
        for copy in copies.filter(|_| record.op == Op::New) {
            let Some(of) = &copy.duplicate_of else {
                continue;
            };
            let kind = words::kind(of.kind);
            let share = f64::from(of.overlap) * 100.0;
            let why = format!(
                "{kind} {}: {share:.0} % of it stands there; {}",
                masthead(record),
                credits(copy)
            );
            row(
                out,
                "  duplicate",
                &masthead(copy),
                copy.title.as_deref().unwrap_or_default(),
                why.trim_end_matches("; "),
            )?;
        }
    }
    Ok(())
}

fn credits(record: &Record) -> String {
    let parts = [
        ("agency", &record.agency),
        ("dateline", &record.dateline),
        ("language", &record.language),
    ];
    let known = parts
        .iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    known.collect::<Vec<_>>().join(", ")
}

fn row(out: &mut impl Write, op: &str, paper: &str, title: &str, why: &str) -> io::Result<()> {
    let title = shortened(title, 58);
    writeln!(out, "{op:<12} {paper:<24} {title:<58} {why}")
}

fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}
