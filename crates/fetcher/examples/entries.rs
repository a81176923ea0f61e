//! Prints one NDJSON line per feed document: `entries PATH...`.

use copydesk_fetcher::entries_line;
use std::io::{BufWriter, Write};

fn main() -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        serde_json::to_writer(&mut out, &entries_line(&path, &bytes))?;
        writeln!(out)?;
    }
    out.flush()
}
