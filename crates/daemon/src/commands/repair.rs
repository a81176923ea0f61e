use super::{exit, load};
use anyhow::Context;
use copydesk_sink::{Log, Writer};
use copydesk_store::{Batch, Store};
use jiff::Timestamp;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

/// Tells what somebody else has done to the files that the daemon goes on from and what can be done
/// about it; does it when told.
pub fn run(path: &Path, is_told: bool) -> anyhow::Result<ExitCode> {
    let config = match load(path) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let store = Store::open(config.state.store).context("opening the state")?;
    let writer = Writer::open(config.output.files)?;
    let log = log(&store)?;
    let damages = writer.inspect(&log)?;
    if damages.is_empty() {
        writeln!(stdout(), "nothing to repair: the output is as the log says")?;
        return Ok(ExitCode::SUCCESS);
    }
    for damage in &damages {
        writeln!(stdout(), "{}", damage.path.display())?;
        writeln!(stdout(), "  found:  {}", damage.what)?;
        writeln!(stdout(), "  repair: {}", damage.remedy)?;
    }
    if !is_told {
        writeln!(
            stdout(),
            "nothing is changed yet; to do it: copydesk repair --config {} --yes",
            path.display()
        )?;
        return Ok(ExitCode::from(exit::DATA));
    }
    let last = log.steps.last().map(|(number, _)| *number);
    let mended = writer.mend(&damages, log)?;
    let steps = mended
        .steps
        .iter()
        .map(|(_, step)| serde_json::to_value(step));
    let batch = Batch {
        outbox_done: last,
        outbox: steps.collect::<Result<_, _>>()?,
        values: vec![("cursor", serde_json::to_value(&mended.cursor)?)],
        ..Batch::default()
    };
    store.commit(batch, Timestamp::now())?;
    writeln!(stdout(), "done; the daemon can be started")?;
    Ok(ExitCode::SUCCESS)
}

fn log(store: &Store) -> anyhow::Result<Log> {
    let cursor = store.value("cursor").context("reading the state")?;
    let steps = store.outbox().context("reading the outbox")?.into_iter();
    Ok(Log {
        cursor: cursor
            .map(serde_json::from_value)
            .transpose()?
            .unwrap_or_default(),
        steps: steps
            .map(|(number, row)| Ok((number, serde_json::from_value(row)?)))
            .collect::<anyhow::Result<_>>()?,
    })
}
