//! What mastheads do to the articles that they copy.

use super::Dice;
use super::articles::Script;

pub type Edit = fn(&Script, &[String], &mut Dice) -> Vec<String>;

/// By name.
pub const EDITS: &[(&str, Edit)] = &[
    ("cut", |_, text, dice| cut(text, dice, 35, 80)),
    ("intro", |script, text, dice| {
        [own(script, 1, dice), text.to_vec()].concat()
    }),
    ("inserted", |script, text, dice| {
        let mut text = text.to_vec();
        for paragraph in own(script, 2, dice) {
            text.insert(dice.between(1, text.len()), paragraph);
        }
        text
    }),
    ("words", |script, text, dice| words(script, text, dice, 10)),
    ("moved", |_, text, dice| {
        let mut text = text.to_vec();
        for _ in 0..3 {
            let paragraph = text.remove(dice.between(1, text.len() - 1));
            text.insert(dice.between(1, text.len()), paragraph);
        }
        text
    }),
    ("lead dropped", |_, text, _| text[1..].to_vec()),
    ("furniture", |script, text, dice| {
        [
            own(script, 1, &mut Dice::new(7)),
            text.to_vec(),
            own(script, 2, &mut Dice::new(dice.roll() % 9)),
        ]
        .concat()
    }),
    ("figures", |_, text, _| {
        text.iter()
            .map(|paragraph| paragraph.replace(['0'], "0"))
            .collect()
    }),
    ("cut, intro and words", |script, text, dice| {
        let text = words(script, &cut(text, dice, 60, 80), dice, 6);
        [own(script, 1, dice), text].concat()
    }),
    ("paragraphs joined", |_, text, _| vec![text.concat()]),
    ("every third sentence gone", |script, text, _| {
        let stop = if script.name == "latin" || script.name == "arabic" {
            ". "
        } else {
            "। "
        };
        text.iter()
            .map(|paragraph| {
                let kept: Vec<&str> = paragraph
                    .split(stop)
                    .enumerate()
                    .filter(|(at, _)| at % 3 != 2)
                    .map(|(_, s)| s)
                    .collect();
                kept.join(stop)
            })
            .collect()
    }),
];

/// Sentences that no other article has.
pub fn own(script: &Script, paragraphs: usize, dice: &mut Dice) -> Vec<String> {
    let topic: Vec<&str> = (0..4).map(|_| dice.pick(&script.names).as_str()).collect();
    (0..paragraphs)
        .map(|_| script.sentence(&topic, dice))
        .collect()
}

fn cut(text: &[String], dice: &mut Dice, low: usize, high: usize) -> Vec<String> {
    let keep = (text.len() * dice.between(low, high)).div_ceil(100).max(2);
    text[..keep.min(text.len())].to_vec()
}

/// Replaces, drops or adds words.
fn words(script: &Script, text: &[String], dice: &mut Dice, percent: usize) -> Vec<String> {
    text.iter()
        .map(|paragraph| {
            let mut out: Vec<String> = Vec::new();
            for word in script.split(paragraph) {
                if !dice.happens(percent) {
                    out.push(word);
                    continue;
                }
                match dice.below(3) {
                    0 => out.push(script.word(dice).to_owned()),
                    1 => {}
                    _ => out.extend([word, script.word(dice).to_owned()]),
                }
            }
            script.unsplit(&out)
        })
        .collect()
}
