//! Numbers, times and outcomes as people read them, on the page and in the terminal.

use copydesk_model::{Kind, Op};
use jiff::Timestamp;

/// "14:03:22", UTC.
pub fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S UTC").to_string()
}

/// "2026-11-21 14:03 UTC".
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// "12 s ago".
pub fn since(at: Timestamp, now: Timestamp) -> String {
    match now.as_second() - at.as_second() {
        ..1 => "just now".into(),
        seconds => format!("{} ago", span(seconds)),
    }
}

/// "in 12 s".
pub fn until(at: Timestamp, now: Timestamp) -> String {
    match at.as_second() - now.as_second() {
        ..1 => "now".into(),
        seconds => format!("in {}", span(seconds)),
    }
}

fn span(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Two digits are enough.
pub fn rate(rate: f64) -> String {
    match rate {
        0.0 => "0".into(),
        r if r < 10.0 => format!("{r:.1}"),
        r => count(r.round() as u64),
    }
}

/// "12,345".
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many of them: "1 article", "2 articles".
pub fn some(number: u64, nouns: &str) -> String {
    format!("{} {}", count(number), noun(number, nouns))
}

/// The noun of so many, which is given as for more than one.
pub fn noun(number: u64, nouns: &str) -> String {
    match (number, nouns.strip_suffix("ies")) {
        (1, Some(stem)) => format!("{stem}y"),
        (1, None) => nouns.strip_suffix('s').unwrap_or(nouns).to_owned(),
        _ => nouns.to_owned(),
    }
}

pub fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

/// As in the record.
pub fn op(op: Op) -> &'static str {
    match op {
        Op::New => "new",
        Op::Update => "update",
        Op::Duplicate => "duplicate",
    }
}

/// "a near copy of".
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact => "the same text as",
        Kind::Near => "a near copy of",
        Kind::Roundup => "a round-up that holds",
        Kind::SameUrl => "unchanged since",
    }
}

/// The error and what caused it, each once: many errors tell their cause themselves.
pub fn causes(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if told.is_empty() {
            told = cause;
        } else if !told.ends_with(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    #[test]
    fn a_cause_that_an_error_tells_itself_is_told_once() {
        let path = "news.ndjson".into();
        let full = copydesk_sink::Error::Io {
            action: "writing",
            path,
            source: std::io::ErrorKind::StorageFull.into(),
        };
        let error = anyhow::Error::from(full).context("closing");
        assert_eq!(
            causes(&error),
            "closing: writing news.ndjson: no storage space"
        );
    }

    #[test]
    fn numbers_and_times_are_short() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(since(now - 5.seconds(), now), "5 s ago");
        assert_eq!(since(now + 5.seconds(), now), "just now");
        assert_eq!(until(now + 90.minutes(), now), "in 1 h");
        assert_eq!(
            (rate(0.04), rate(3.25), rate(1234.4)),
            ("0.0".into(), "3.2".into(), "1,234".into())
        );
        assert_eq!(
            (count(7), count(1_234_567)),
            ("7".into(), "1,234,567".into())
        );
        let told = ["feeds", "entries"].map(|nouns| [0, 1, 1000].map(|number| some(number, nouns)));
        assert_eq!(told[0], ["0 feeds", "1 feed", "1,000 feeds"]);
        assert_eq!(told[1], ["0 entries", "1 entry", "1,000 entries"]);
    }
}
