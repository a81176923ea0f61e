use super::filter::in_order;
use crate::cleaning::pool;
use crate::config::reader::duration;
use anyhow::Context;
use copydesk_deduplicator::{Config, Filter, Judge, filter};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// For clap: a duration as people write it.
pub fn window(text: &str) -> Result<Duration, String> {
    duration(text).ok_or_else(|| "expected a duration such as 30d".to_owned())
}

/// Articles in, verdicts out, in the same order: read on all cores, judged on this one.
pub fn run(state: Option<PathBuf>, window: Duration) -> anyhow::Result<ExitCode> {
    let config = Config {
        window,
        ..Config::default()
    };
    let mut filter = Filter::new(match &state {
        Some(folder) => Judge::open(folder, config, None)?,
        None => Judge::in_memory(config),
    });
    let mut output = BufWriter::new(std::io::stdout().lock());
    in_order(
        std::io::stdin().lock(),
        &pool(0)?,
        filter::read,
        |article| {
            let verdict = filter.judge(article.context("reading an article line")?);
            writeln!(output, "{verdict}").context("writing")
        },
    )?;
    output.flush()?;
    if state.is_some() {
        filter.into_judge().sync()?;
    }
    Ok(ExitCode::SUCCESS)
}
