//! Articles on stdin, verdicts on stdout, one line each: `dedup [--state DIR] < articles.ndjson`.

use copydesk_deduplicator::{Config, Filter, Judge, filter};
use std::io::{BufRead, BufWriter, Write};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut filter = match &arguments[..] {
        [] => Filter::new(Judge::in_memory(Config::default())),
        [flag, folder] if flag == "--state" => {
            Filter::open(Path::new(folder), Config::default(), false)?.0
        }
        _ => return Err("usage: dedup [--state DIR] < articles.ndjson".into()),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        writeln!(out, "{}", filter.judge(filter::read(&line?))?)?;
    }
    out.flush()?;
    filter.commit()?;
    let judging = &filter.stats().judging;
    let microseconds = |quantile| judging.value_at_quantile(quantile) / 1000;
    let (half, most) = (microseconds(0.5), microseconds(0.99));
    eprintln!("judging one: p50 {half} µs, p99 {most} µs");
    Ok(())
}
