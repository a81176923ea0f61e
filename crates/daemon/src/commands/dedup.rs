use super::filter::in_order;
use super::progress;
use crate::config::reader::duration;
use anyhow::Context;
use copydesk_deduplicator::{Config, Filter, Judge, filter};
use cpu_time::ProcessTime;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// For clap: a duration as people write it.
pub fn window(text: &str) -> Result<Duration, String> {
    duration(text).ok_or_else(|| "expected a duration such as 30d".to_owned())
}

/// Articles in, verdicts out, in the same order: read on all cores, judged one by one.
pub fn run(
    state: Option<&Path>,
    window: Duration,
    without_damage: bool,
    has_stats: bool,
) -> anyhow::Result<ExitCode> {
    let config = Config {
        window,
        ..Config::default()
    };
    let mut filter = match state {
        Some(folder) => {
            let (filter, aside) = Filter::open(folder, config, without_damage)?;
            for file in aside {
                eprintln!("copydesk: set aside as damaged: {}", file.display());
            }
            filter
        }
        None => Filter::new(Judge::in_memory(config)),
    };
    let mut output = BufWriter::new(std::io::stdout());
    in_order(progress::of_input(), 0, filter::read, |line| {
        writeln!(output, "{}", filter.judge(line)?).context("writing")
    })?;
    output.flush()?;
    filter.commit()?;
    if has_stats {
        print_stats(&filter);
    }
    Ok(ExitCode::SUCCESS)
}

fn print_stats(filter: &Filter) {
    let stats = filter.stats();
    let articles = stats.new + stats.updates + stats.duplicates;
    let (new, updates, duplicates) = (stats.new, stats.updates, stats.duplicates);
    eprintln!("{articles} articles: {new} new, {updates} updates, {duplicates} duplicates");
    let cpu = ProcessTime::try_now().map_or(0.0, |now| now.as_duration().as_secs_f64());
    let rate = articles as f64 / cpu.max(1e-3);
    eprintln!("{cpu:.1} CPU seconds, {rate:.0} articles a CPU second, everything included");
    let at = |quantile| stats.judging.value_at_quantile(quantile) as f64 / 1e3;
    let (half, most, last) = (at(0.5), at(0.99), at(0.999));
    let max = stats.judging.max() as f64 / 1e3;
    eprintln!(
        "judging one: p50 {half:.0} µs, p99 {most:.0} µs, p99.9 {last:.0} µs, max {max:.0} µs"
    );
    let remembered = filter.len();
    if let Some((private, mapped)) = memory() {
        let each = private / (remembered as u64).max(1);
        let (private, mapped) = (private >> 20, mapped >> 20);
        eprintln!(
            "{remembered} remembered; memory: {private} MiB private ({each} B each), {mapped} MiB of mapped files"
        );
    }
}

/// Bytes of this process's memory that are its own, and that are pages of files; where the system
/// tells.
fn memory() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let row = |name: &str| {
        let row = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes: u64 = row.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes << 10)
    };
    Some((row("RssAnon:")?, row("RssFile:")?))
}
