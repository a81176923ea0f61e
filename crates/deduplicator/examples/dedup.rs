//! Articles on stdin, verdicts on stdout, one line each: `dedup [--state DIR] < articles.ndjson`.

use copydesk_deduplicator::{Config, Filter, Judge};
use std::io::{BufRead, BufWriter, Write};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let judge = match &arguments[..] {
        [] => Judge::in_memory(Config::default()),
        [flag, folder] if flag == "--state" => {
            Judge::open(Path::new(folder), Config::default(), None)?
        }
        _ => return Err("usage: dedup [--state DIR] < articles.ndjson".into()),
    };
    let mut filter = Filter::new(judge);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        writeln!(out, "{}", filter.line(&line?)?)?;
    }
    out.flush()?;
    filter.into_judge().sync()?;
    Ok(())
}
