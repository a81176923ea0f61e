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

/// Runs until the desk is done and everything it committed is durable.
pub async fn run(
    mut destination: Destination,
    mut committed: mpsc::Receiver<Committed>,
    health: Arc<Health>,
    written: Arc<AtomicU64>,
) -> anyhow::Result<()> {
    while let Some(batch) = committed.recv().await {
        match &mut destination {
            Destination::Stdout => print(&batch.lines)?,
            Destination::Files(writer) => {
                for step in &batch.steps {
                    health.patiently("output", || Ok(writer.apply(step)?))?;
                }
                if health.patiently("output", || Ok(writer.sync()?))? {
                    written.store(batch.last, Ordering::Release);
                }
            }
        }
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
