use super::filter::in_order;
use super::{load, progress};
use crate::config::Config;
use crate::words::some;
use anyhow::Context;
use copydesk_deduplicator::{Document, Judge, Position, Prepared, prepare};
use copydesk_model::{Record, Stream};
use copydesk_store::{Batch, Store};
use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::io::{BufReader, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Articles after which the new index is made durable, so that its logs do not pile up.
const SYNC_ARTICLES: u64 = 10_000;

/// What was read.
#[derive(Default)]
struct Counts {
    read: u64,
    /// Lines of duplicates, which have no text.
    short: u64,
    /// Lines that are no records, as the last one of a file may be after a crash.
    unreadable: u64,
}

/// Makes the index of the near-duplicates anew from the output files. The old one stays in its
/// place until the new one is whole, and is then removed.
pub fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let config = match load(path) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    // Holds the lock, so that no daemon is at work meanwhile.
    let store = Store::open(config.state.store.clone()).context("opening the state")?;
    let folder = store.directory().join("index");
    let (new, old) = (folder.with_extension("new"), folder.with_extension("old"));
    remove(&new)?;
    let mut judge = Judge::open(&new, config.dedup.clone(), Some(Position::default()))?;
    let files = files_within(&config)?;
    let counts = judge_again(&files, &mut judge)?;
    let (articles, position) = (judge.len(), judge.sync()?);
    drop(judge);

    // Between these steps the state's position is of another index than the folder holds: the
    // daemon then says so, and this command can be run again.
    remove(&old)?;
    if folder.exists() {
        fs::rename(&folder, &old).with_context(|| format!("renaming {}", folder.display()))?;
    }
    fs::rename(&new, &folder).with_context(|| format!("renaming {}", new.display()))?;
    fs::File::open(store.directory())?.sync_all()?;
    let batch = Batch {
        values: vec![("position", serde_json::to_value(position)?)],
        ..Batch::default()
    };
    store.commit(batch, Timestamp::now())?;
    remove(&old)?;
    writeln!(
        stdout(),
        "{}, {} read, {} without text, {}; {} now holds {}",
        some(files.len() as u64, "files"),
        some(counts.read, "articles"),
        some(counts.short, "duplicates"),
        some(counts.unreadable, "unreadable lines"),
        folder.display(),
        some(articles as u64, "articles"),
    )?;
    Ok(ExitCode::SUCCESS)
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// The files of articles, less those whose last line is older than the window.
fn files_within(config: &Config) -> anyhow::Result<Vec<PathBuf>> {
    let directory = &config.output.files.directory;
    let files = copydesk_sink::files(directory, Stream::Articles);
    let files = files.with_context(|| format!("reading {}", directory.display()))?;
    // The hour in a name is the start of a period, in which the file before may still have grown.
    let span = config.dedup.window + config.output.files.file_age_max;
    let since = files.last().and_then(|last| {
        let span = SignedDuration::try_from(span).ok()?;
        last.name.hour.checked_sub(span).ok()
    });
    let next = files.iter().skip(1).map(|file| Some(file.name.hour));
    let is_old = next
        .chain([None])
        .map(|next| next.is_some() && next < since);
    let is_old: Vec<bool> = is_old.collect();
    let kept = files.into_iter().zip(is_old).filter(|(_, is_old)| !is_old);
    Ok(kept.map(|(file, _)| file.path).collect())
}

/// Judges every article of the files in its order; what the verdicts say is known already.
fn judge_again(files: &[PathBuf], judge: &mut Judge) -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let bytes = files.iter().map(|file| Ok(fs::metadata(file)?.len()));
    let bar = progress::over_files(bytes.sum::<std::io::Result<u64>>()?);
    for file in files {
        let context = || format!("reading {}", file.display());
        let name = file.file_name().unwrap_or_default();
        bar.set_message(name.to_string_lossy().into_owned());
        // Compressed files move the bar by what they unpack to; it is a bar.
        let lines = BufReader::new(bar.wrap_read(copydesk_sink::open(file)?));
        let judge_one = |article: Option<(Record, Option<Prepared>)>| {
            let Some((record, prepared)) = article else {
                counts.unreadable += 1;
                return Ok(());
            };
            let Some(prepared) = prepared else {
                counts.short += 1;
                return Ok(());
            };
            judge.judge(&document(&record), prepared);
            counts.read += 1;
            if counts.read.is_multiple_of(SYNC_ARTICLES) {
                judge.sync()?;
            }
            Ok(())
        };
        in_order(lines, 0, read, judge_one).with_context(context)?;
    }
    bar.finish_and_clear();
    Ok(counts)
}

fn read(line: &str) -> Option<(Record, Option<Prepared>)> {
    let record: Record = serde_json::from_str(line).ok()?;
    let prepared = record.text.is_some().then(|| prepare(&document(&record)));
    Some((record, prepared))
}

/// What the desk showed the judge.
fn document(record: &Record) -> Document<'_> {
    Document {
        id: &record.id,
        identity: Some(&record.id),
        title: record.title.as_deref(),
        text: record.text.as_deref().unwrap_or_default(),
        language: record.language.as_deref(),
        seen: record.fetched,
    }
}
