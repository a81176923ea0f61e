//! A stream with copies and corrections, and a way to judge it.

use super::Dice;
use super::articles::Script;
use super::edits::EDITS;
use copydesk_deduplicator::{Document, Judge, prepare};
use copydesk_model::Verdict;
use jiff::{SignedDuration, Timestamp};

/// Articles an hour apart, every third a copy of a recent one, every tenth under a known URL.
pub fn stream(count: usize) -> Vec<(String, String)> {
    let mut dice = Dice::new(5);
    let scripts = Script::all(&mut dice);
    let mut originals: Vec<(usize, Vec<String>)> = Vec::new();
    (0..count)
        .map(|number| {
            let identity = if number % 10 == 9 { number - 5 } else { number };
            let text = if number % 3 == 2 {
                let back = dice.between(1, originals.len().min(40));
                let (script, original) = &originals[originals.len() - back];
                let (_, edit) = dice.pick(EDITS);
                edit(&scripts[*script], original, &mut dice)
            } else {
                let script = dice.below(2);
                let text = scripts[script].article(&mut dice);
                originals.push((script, text.clone()));
                text
            };
            (identity.to_string(), text.join("\n\n"))
        })
        .collect()
}

/// Judges the article with this number.
pub fn judge_one(judge: &mut Judge, number: usize, (identity, text): &(String, String)) -> Verdict {
    let id = number.to_string();
    let seen = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(number as i64);
    let document = Document {
        id: &id,
        identity: Some(identity),
        title: None,
        text,
        language: None,
        seen,
    };
    let prepared = prepare(&document);
    judge.judge(&document, prepared)
}
