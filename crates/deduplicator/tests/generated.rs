//! No form may be taken for a copy, and every kind of edit must be seen through, in any script.

mod generators;

use copydesk_deduplicator::{Config, Document, Judge, prepare};
use copydesk_model::{Op, Verdict};
use generators::Dice;
use generators::articles::Script;
use generators::damage::{self, DAMAGES};
use generators::edits::{EDITS, Edit};
use generators::families;
use jiff::Timestamp;

const INSTANCES: usize = 50;
const QUOTING: usize = 6;
/// In a script; letters of words made up of few meet by chance in the older article's opening.
const FOLLOW_UPS_LOST_MAX: usize = 1;
/// In a script: Chinese, where single characters say little of what is a name. None in three.
const LONG_FORMS_LOST_MAX: usize = 10;
/// Percent, for each kind of edit in each script; all are at 94 or above.
const COPIES_FOUND_MIN: usize = 92;

fn judge_one(judge: &mut Judge, id: &str, text: &str) -> Verdict {
    let document = Document {
        id,
        identity: None,
        title: None,
        text,
        language: None,
        seen: Timestamp::UNIX_EPOCH,
    };
    let prepared = prepare(&document);
    judge.judge(&document, prepared)
}

/// Articles called duplicates of another, each with it.
fn lost(texts: &[String]) -> Vec<String> {
    let mut judge = Judge::in_memory(Config::default());
    texts
        .iter()
        .enumerate()
        .filter_map(|(number, text)| {
            let verdict = judge_one(&mut judge, &number.to_string(), text);
            let of = verdict.duplicate_of?;
            Some(format!(
                "{text}\n  taken for ({:.2})\n{}",
                of.overlap,
                texts[of.id.parse::<usize>().expect("a number")]
            ))
        })
        .collect()
}

fn report(name: &str, texts: &[String], losses: &mut Vec<String>) {
    let lost = lost(texts);
    if let Some(first) = lost.first() {
        losses.push(format!(
            "{name}: {} of {} lost, first:\n{first}\n",
            lost.len(),
            texts.len()
        ));
    }
}

#[test]
fn keeps_every_filled_form() {
    let mut losses = Vec::new();
    for family in families::all() {
        let mut dice = Dice::new(1);
        let mut texts: Vec<String> = (0..INSTANCES).map(|_| family.fill(&mut dice)).collect();
        // Some forms have few gaps: the same facts twice are the same text.
        texts.sort();
        texts.dedup();
        report(family.name, &texts, &mut losses);
    }
    assert!(
        losses.is_empty(),
        "{} families\n{}",
        losses.len(),
        losses.join("\n")
    );
}

#[test]
fn keeps_filled_forms_of_any_script() {
    let mut losses = Vec::new();
    let mut dice = Dice::new(2);
    for script in Script::all(&mut dice) {
        for every in [5, 9, 14] {
            for has_figures in [true, false] {
                let form = script.form(every, &mut dice);
                let texts: Vec<String> = (0..INSTANCES)
                    .map(|_| script.fill(&form, has_figures, &mut dice).join("\n\n"))
                    .collect();
                report(
                    &format!("{} 1 in {every} figures {has_figures}", script.name),
                    &texts,
                    &mut losses,
                );
            }
        }
    }
    assert!(
        losses.is_empty(),
        "{} forms\n{}",
        losses.len(),
        losses.join("\n")
    );
}

/// Terms, advice, a company about itself: what a form says every time may be most of it.
#[test]
fn keeps_forms_before_long_standing_text() {
    let mut dice = Dice::new(7);
    for script in Script::all(&mut dice) {
        let mut losses = Vec::new();
        for _ in 0..INSTANCES {
            let form = script.form(4, &mut dice);
            let standing = [(); 3].map(|()| script.article(&mut dice)).concat();
            let mut fill = || {
                let facts = script.fill(&form[..1], true, &mut dice);
                [&facts[..], &standing].concat().join("\n\n")
            };
            let texts = [fill(), fill()];
            report(script.name, &texts, &mut losses);
        }
        assert!(
            losses.len() <= LONG_FORMS_LOST_MAX,
            "{} forms\n{}",
            losses.len(),
            losses.join("\n")
        );
    }
}

#[test]
fn finds_copies_in_any_script() {
    check_copies(EDITS, Script::article);
}

/// What an article is quoted for by later reports is still its own.
#[test]
fn finds_copies_of_an_article_that_many_quote() {
    let mut dice = Dice::new(4);
    let mut misses = Vec::new();
    for script in Script::all(&mut dice) {
        let mut judge = Judge::in_memory(Config::default());
        let original = [script.article(&mut dice), script.article(&mut dice)].concat();
        judge_one(&mut judge, "original", &original.join("\n\n"));
        for number in 0..QUOTING {
            let mut report = script.article(&mut dice);
            let mut room = report.concat().len() * 2 / 3;
            for paragraph in &original[2 + number % 2..] {
                if paragraph.len() <= room {
                    room -= paragraph.len();
                    report.push(paragraph.clone());
                }
            }
            let verdict = judge_one(
                &mut judge,
                &format!("report {number}"),
                &report.join("\n\n"),
            );
            assert_eq!(verdict.op, Op::New, "{} report {number}", script.name);
        }
        for (name, edit) in EDITS {
            let copy = edit(&script, &original, &mut dice).join("\n\n");
            let verdict = judge_one(&mut judge, name, &copy);
            let of = verdict.duplicate_of.map(|of| of.id);
            if of.as_ref().is_none_or(|of| of.starts_with("report")) {
                misses.push(format!("{} {name}: {of:?}", script.name));
            }
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// Half as much of its own as of what the older article closes with.
#[test]
fn keeps_follow_ups_that_close_as_a_longer_article_does() {
    let mut dice = Dice::new(6);
    for script in Script::all(&mut dice) {
        let mut judge = Judge::in_memory(Config::default());
        let mut lost = Vec::new();
        for number in 0..INSTANCES {
            let older = [script.article(&mut dice), script.article(&mut dice)].concat();
            judge_one(&mut judge, &format!("older {number}"), &older.join("\n\n"));
            let background = &older[older.len() * 3 / 5..];
            let wanted = background.concat().len() / 2;
            let mut own: Vec<String> = Vec::new();
            while own.concat().len() < wanted {
                own.extend(script.article(&mut dice).into_iter().next());
            }
            let report = [&own, background].concat().join("\n\n");
            let verdict = judge_one(&mut judge, &format!("report {number}"), &report);
            if verdict.op != Op::New {
                lost.push(number);
            }
        }
        assert!(
            lost.len() <= FOLLOW_UPS_LOST_MAX,
            "{} {lost:?}",
            script.name
        );
    }
}

#[test]
fn finds_damaged_copies() {
    check_copies(DAMAGES, damage::report);
}

/// What copies of an original are judged beside.
#[derive(Clone, Copy, PartialEq)]
enum Company {
    /// The originals alone.
    Alone,
    /// Copies of other kinds as well, which may be nearer to it than the original is.
    Others,
}

/// Prints the share found of each kind of edit, by script.
fn check_copies(edits: &[(&str, Edit)], article: fn(&Script, &mut Dice) -> Vec<String>) {
    let mut misses = Vec::new();
    for (company, title) in [
        (Company::Alone, "of 100, each kind alone"),
        (Company::Others, "of 100, all kinds"),
    ] {
        let mut dice = Dice::new(3);
        let scripts = Script::all(&mut dice);
        let mut table = vec![String::new(); edits.len()];
        for script in &scripts {
            let originals: Vec<Vec<String>> =
                (0..INSTANCES).map(|_| article(script, &mut dice)).collect();
            let mut judge = knowing(&originals);
            for ((name, edit), row) in edits.iter().zip(&mut table) {
                if company == Company::Alone {
                    judge = knowing(&originals);
                }
                let is_found = |&number: &usize| {
                    let copy = edit(script, &originals[number], &mut dice).join("\n\n");
                    let verdict = judge_one(&mut judge, &format!("{name} {number}"), &copy);
                    verdict.duplicate_of.is_some_and(|of| {
                        of.id == number.to_string() || of.id.ends_with(&format!(" {number}"))
                    })
                };
                let found = (0..INSTANCES).filter(is_found).count() * 100 / INSTANCES;
                *row += &format!("{found:>11}");
                if found < COPIES_FOUND_MIN {
                    misses.push(format!("{} {name}: {found} {title}", script.name));
                }
            }
        }
        let names = scripts.iter().map(|script| format!("{:>11}", script.name));
        println!("{title:28}{}", names.collect::<String>());
        for ((name, _), row) in edits.iter().zip(table) {
            println!("{name:28}{row}");
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// A judge that has seen these, all of them new.
fn knowing(originals: &[Vec<String>]) -> Judge {
    let mut judge = Judge::in_memory(Config::default());
    for (number, original) in originals.iter().enumerate() {
        let verdict = judge_one(&mut judge, &number.to_string(), &original.join("\n\n"));
        assert_eq!(verdict.op, Op::New, "{number}: {original:?}");
    }
    judge
}
