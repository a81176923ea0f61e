//! The writer: carries out what was committed, in order.

use crate::desk::Committed;
use crate::health::Health;
use anyhow::Context;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// Where lines go.
pub enum Destination {
    Files(copydesk_sink::Writer),
    /// Not crash-exact: a line printed twice or cut off after a crash cannot be told.
    Stdout,
}

/// How often lines not yet synced are looked at.
const SYNC_TICK: std::time::Duration = std::time::Duration::from_secs(1);

/// Runs until the desk is done and everything it committed is durable.
pub async fn run(
    mut destination: Destination,
    mut committed: mpsc::Receiver<Committed>,
    health: Arc<Health>,
    written: Arc<AtomicU64>,
) -> anyhow::Result<()> {
    // With durability by interval the last lines of a busy time wait here for their sync.
    let mut unsynced = 0;
    loop {
        let batch = match tokio::time::timeout(SYNC_TICK, committed.recv()).await {
            Ok(Some(batch)) => batch,
            Ok(None) => return Ok(()),
            Err(_) => {
                if let Destination::Files(writer) = &mut destination
                    && unsynced > 0
                    && health.patiently("output", || Ok(writer.sync()?))?
                {
                    written.store(std::mem::take(&mut unsynced), Ordering::Release);
                }
                continue;
            }
        };
        match &mut destination {
            Destination::Stdout => print(&batch.lines)?,
            Destination::Files(writer) => {
                for step in &batch.steps {
                    health.patiently("output", || Ok(writer.apply(step)?))?;
                }
                unsynced = batch.last;
                if health.patiently("output", || Ok(writer.sync()?))? {
                    written.store(std::mem::take(&mut unsynced), Ordering::Release);
                }
            }
        }
    }
}

fn print(lines: &[String]) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    lines
        .iter()
        .try_for_each(|line| stdout.write_all(line.as_bytes()))
        .context("writing to standard output")?;
    stdout.flush().context("writing to standard output")
}
