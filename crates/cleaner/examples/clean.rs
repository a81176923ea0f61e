//! Pages in, articles out: NDJSON `{"id","url","html"}` on stdin, one article a line on stdout.
//!
//! With a file name, blocks are judged by the table in it: how `training/train.py` checks one.

use std::io::{BufRead, Write};

use copydesk_cleaner::{Config, Input, clean, judge_by};
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
    if let Some(table) = std::env::args().nth(1) {
        assert!(
            judge_by(&std::fs::read_to_string(&table)?),
            "{table} holds a table"
        );
    }
    let config = Config::default();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line: Line = serde_json::from_str(&line?)?;
        let input = Input {
            url: &line.url,
            html: &line.html,
            ..Input::default()
        };
        let answer = match clean(&input, &config) {
            Ok(article) => {
                let mut fields = serde_json::to_value(article)?;
                fields["page"] = line.url.into();
                fields["id"] = line.id.into();
                fields
            }
            Err(failure) => json!({
                "id": line.id, "url": line.url, "text": null, "title": null, "authors": [],
                "published": null, "error": failure.reason.code(), "detail": failure.detail,
            }),
        };
        writeln!(out, "{answer}")?;
    }
    out.flush()
}
