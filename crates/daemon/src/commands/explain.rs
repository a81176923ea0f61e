//! What became of each part of a page, for people and for programs.

use copydesk_cleaner::Account;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Characters of a text that are shown.
const SHOWN_CHARS: usize = 100;

/// For a terminal: the verdict, metadata with their places, then each block with its score and what
/// moved it most, and the lines that went later.
pub fn write(out: &mut impl Write, place: &str, account: &Account) -> io::Result<()> {
    writeln!(out, "{place}")?;
    if !account.site.is_empty() {
        writeln!(out, "  read by the rules for {}", account.site.join(", "))?;
    }
    match &account.outcome {
        Ok(article) => {
            let words = article.text.split_whitespace().count();
            writeln!(out, "  an article of {words} words\n")?;
        }
        Err(failure) => writeln!(out, "  {}: {}\n", failure.reason.code(), failure.detail)?,
    }
    for field in &account.fields {
        let (value, places) = (shortened(&field.value), field.places.join(", "));
        writeln!(out, "  {:<12} {value}", field.name)?;
        if !places.is_empty() {
            writeln!(out, "  {:<12}   from {places}", "")?;
        }
    }
    writeln!(out, "\n  score  block")?;
    for block in &account.blocks {
        let mark = if block.is_kept { "+" } else { "-" };
        writeln!(
            out,
            "{mark} {:>5.2}  {}",
            block.score,
            shortened(&block.text)
        )?;
        let moved = |(name, by): &(&str, f32)| format!("{name} {by:+.1}");
        let reasons: Vec<_> = block.reasons.iter().map(moved).collect();
        writeln!(out, "         {}", reasons.join(", "))?;
    }
    if !account.removed.is_empty() {
        writeln!(out, "\n  taken out of what was kept")?;
    }
    for removed in &account.removed {
        writeln!(
            out,
            "-  {}\n         {}",
            shortened(&removed.text),
            removed.rule
        )?;
    }
    writeln!(out)
}

/// The same, nothing shortened.
pub fn json(place: &str, account: &Account) -> Value {
    let reasons = |reasons: &[(&str, f32)]| -> Value {
        let pair = |(name, by): &(&str, f32)| ((*name).to_owned(), json!(by));
        Value::Object(reasons.iter().map(pair).collect())
    };
    json!({
        "id": place,
        "site": account.site,
        "error": account.outcome.as_ref().err(),
        "fields": account.fields.iter().map(|field| json!({
            "name": field.name, "value": field.value, "places": field.places,
        })).collect::<Vec<_>>(),
        "blocks": account.blocks.iter().map(|block| json!({
            "text": block.text, "kept": block.is_kept, "score": block.score,
            "reasons": reasons(&block.reasons),
        })).collect::<Vec<_>>(),
        "removed": account.removed.iter().map(|removed| json!({
            "text": removed.text, "rule": removed.rule,
        })).collect::<Vec<_>>(),
    })
}

fn shortened(text: &str) -> String {
    // A page's control characters are not for the terminal.
    let visible = text.chars().filter(|c| !c.is_control());
    let mut shown: String = visible.clone().take(SHOWN_CHARS).collect();
    if visible.count() > SHOWN_CHARS {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use copydesk_cleaner::{Config, Input, account};

    #[test]
    fn shows_what_was_kept_and_what_was_not() {
        let story = "The old bridge over the harbour will be rebuilt next year, the council said on Monday after a long debate about its cost.";
        let html = format!(
            "<title>Bridge</title><nav><p>Home</nav><article><h1>Bridge</h1><p>{story}<p>{story} Yes.<p>{story} No.</article><footer><p>Terms\u{1b}[2J of use</footer>"
        );
        let input = Input {
            url: "https://quay.example/harbour/bridge",
            html: &html,
            ..Input::default()
        };
        let account = account(&input, &Config::default());
        let mut out = Vec::new();
        write(&mut out, "page", &account).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(
            out.contains("  title        Bridge\n                 from h1, title\n"),
            "{out}"
        );
        assert!(
            out.lines()
                .any(|line| line.starts_with("+  ") && line.contains("The old bridge"))
        );
        assert!(
            out.lines()
                .any(|line| line.starts_with("-  ") && line.contains("Terms"))
        );
        assert!(!out.contains('\u{1b}'));
        assert!(json("page", &account)["blocks"][0]["kept"].is_boolean());
    }
}
