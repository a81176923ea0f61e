//! Pages in, their blocks as numbers out: what `training/train.py` learns from.
//!
//! NDJSON `{"id","url","html"}` on stdin; the first line out names the numbers, every other line is
//! `{"id","texts":[…],"scores":[…],"rows":[[…]]}`.

use std::io::{BufRead, Write};

use copydesk_cleaner::{Config, Input, explain, feature_names};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    url: String,
    html: String,
}

fn main() -> std::io::Result<()> {
    let config = Config::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}", json!({ "names": feature_names() }))?;
    for line in std::io::stdin().lock().lines() {
        let line: Line = serde_json::from_str(&line?)?;
        let input = Input {
            url: &line.url,
            html: &line.html,
            ..Input::default()
        };
        let blocks = explain(&input, &config);
        let texts: Vec<_> = blocks.iter().map(|block| &block.text).collect();
        let scores: Vec<_> = blocks.iter().map(|block| block.score).collect();
        let rows: Vec<_> = blocks.iter().map(|block| &block.features).collect();
        let answer = json!({ "id": line.id, "texts": texts, "scores": scores, "rows": rows });
        writeln!(out, "{answer}")?;
    }
    out.flush()
}
