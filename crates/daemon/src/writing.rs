//! The writer: carries out what was committed, in order. Beside it the closer, which compresses and
//! removes complete files without the lines to come waiting for that.

use crate::desk::ToWriter;
use crate::health::{Health, RETRY};
use crate::part::Part;
use crate::summary::Summary;
use anyhow::Context;
use copydesk_sink::{Closer, Step};
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Where lines go.
pub enum Destination {
    Files(copydesk_sink::Writer),
    /// Not crash-exact: a line printed twice or cut off after a crash cannot be told.
    Stdout,
}

/// How often lines not yet synced are looked at.
const SYNC_TICK: Duration = Duration::from_secs(1);

/// Files waiting for the closer, and what it is sent. When it is so far behind, the writer waits.
pub const CLOSINGS: usize = 1024;
pub type Closing = (u64, Step);

/// Which outbox rows are done: told by the writer and the closer, asked by the desk.
#[derive(Debug, Default)]
pub struct Progress(Mutex<Done>);

/// Rows up to `through` are done, but for those of files that are not closed yet.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Done {
    pub through: u64,
    pub closing: BTreeSet<u64>,
}

impl Progress {
    pub fn done(&self) -> Done {
        self.lock().clone()
    }

    fn is_written(&self, through: u64) {
        self.lock().through = through;
    }

    /// To be said before [`Progress::is_written`] goes beyond that row.
    pub fn is_closing(&self, number: u64) {
        self.lock().closing.insert(number);
    }

    fn is_closed(&self, number: u64) {
        self.lock().closing.remove(&number);
    }

    fn lock(&self) -> MutexGuard<'_, Done> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

/// Runs until the desk is done and everything it committed is durable.
pub async fn run(
    mut destination: Destination,
    mut committed: mpsc::Receiver<ToWriter>,
    closings: mpsc::Sender<Closing>,
    health: Arc<Health>,
    summary: Arc<Summary>,
    progress: Arc<Progress>,
) -> anyhow::Result<()> {
    // With durability by interval the last lines of a busy time wait here for their sync.
    let mut unsynced = 0;
    loop {
        let batch = match tokio::time::timeout(SYNC_TICK, committed.recv()).await {
            Ok(Some(ToWriter::Committed(batch))) => batch,
            Ok(Some(ToWriter::Beat(beat))) => {
                beat.reach(Part::Writer);
                beat.arrive();
                continue;
            }
            Ok(None) => return Ok(()),
            Err(_) => {
                if let Destination::Files(writer) = &mut destination
                    && unsynced > 0
                    && health.patiently(Part::Output, || Ok(writer.sync()?))?
                {
                    progress.is_written(std::mem::take(&mut unsynced));
                }
                continue;
            }
        };
        let start = Instant::now();
        match &mut destination {
            Destination::Stdout => print(&batch.lines)?,
            Destination::Files(writer) => {
                for (number, step) in batch.steps {
                    health.patiently(Part::Output, || Ok(writer.apply(&step)?))?;
                    unsynced = number;
                    if step.is_closing() {
                        progress.is_closing(number);
                        closings
                            .send((number, step))
                            .await
                            .ok()
                            .context("the closer has stopped")?;
                    }
                }
                if health.patiently(Part::Output, || Ok(writer.sync()?))? {
                    progress.is_written(std::mem::take(&mut unsynced));
                }
            }
        }
        summary.metrics.written(&batch.written, start.elapsed());
    }
}

/// The longest wait before a closing that failed is tried again: each try writes a file anew, and a
/// full disk has better uses for its room.
const CLOSE_WAIT_MAX: Duration = Duration::from_secs(30);

/// The closer: runs until the writer is done. What it does not come to then, for trouble with the
/// disk, is done after the next start.
pub async fn close(
    closer: Option<Closer>,
    mut closings: mpsc::Receiver<Closing>,
    health: Arc<Health>,
    progress: Arc<Progress>,
) -> anyhow::Result<()> {
    while let Some((number, step)) = closings.recv().await {
        let Some(closer) = &closer else { continue };
        let mut wait = RETRY;
        while health
            .noted(Part::Closing, closer.apply(&step).map_err(Into::into))?
            .is_none()
        {
            if closings.is_closed() {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(CLOSE_WAIT_MAX);
        }
        progress.is_closed(number);
    }
    Ok(())
}

fn print(lines: &[String]) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    lines
        .iter()
        .try_for_each(|line| stdout.write_all(line.as_bytes()))
        .context("writing to standard output")?;
    stdout.flush().context("writing to standard output")
}
