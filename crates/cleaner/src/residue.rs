//! What is left in the paragraphs and is no story: echoes, credits, datelines, prompts.
//!
//! Nothing goes for its words alone. A line goes when its place, its shortness and its form agree,
//! and a paragraph of story loses at most a dateline before it or a credit behind it.

mod agency;
mod credit;
mod dateline;
mod dates;
mod plain;
mod rules;

pub(crate) use agency::agency_of;
pub(crate) use plain::{clean_text, headline};

use crate::metadata;
use credit::Picture;

/// What is known of the article before its paragraphs are read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known<'a> {
    pub title: Option<&'a str>,
    pub site_name: Option<&'a str>,
    pub authors: &'a [String],
    /// Whether a person is among them.
    pub is_signed: bool,
}

/// The story, and what its residue told.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Stripped {
    pub paragraphs: Vec<String>,
    pub agency: Option<&'static str>,
    pub dateline: Option<String>,
    pub image_credit: Option<String>,
    /// From "(The Daily Paper) –" before the first sentence.
    pub site_name: Option<String>,
    /// From a byline among the first paragraphs.
    pub authors: Vec<String>,
}

/// The rule that takes out a line at this place, by name.
pub(crate) fn rule_of(line: &str, from_start: usize, from_end: usize) -> Option<&'static str> {
    rules::broken(line, from_start, from_end).map(|rule| rule.name)
}

/// Takes the residue out of an article's paragraphs. Paragraphs keep their order and, but for
/// datelines and credits at their ends, every character.
pub(crate) fn strip(paragraphs: Vec<String>, known: &Known) -> Stripped {
    let mut stripped = Stripped::default();
    let mut paragraphs = without_echoes(paragraphs, known);
    let count = paragraphs.len();
    let mut list_at = count;
    for (at, paragraph) in paragraphs.iter_mut().enumerate() {
        let (from_start, from_end) = (at, count - at - 1);
        match rules::broken(paragraph, from_start, from_end) {
            Some(rule) => {
                if rule.name == "read also" && paragraph.split_whitespace().count() <= 4 {
                    list_at = list_at.min(at);
                }
                if rule.name == "contributed" {
                    stripped.agency = stripped
                        .agency
                        .or_else(|| credit::opening_agency(paragraph));
                }
                paragraph.clear();
            }
            None => take_credit(paragraph, from_start, from_end, known, &mut stripped),
        }
        // What stands under "Read also" up to the end is a list of other headlines, but for a story
        // that goes on.
        if !paragraph.is_empty() && !is_bare_title(paragraph) {
            list_at = count;
        }
    }
    if list_at * 3 > count {
        paragraphs.truncate(list_at);
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    take_dateline(&mut paragraphs, &mut stripped);
    take_closing_agency(&mut paragraphs, &mut stripped);
    stripped.paragraphs = paragraphs;
    stripped
}

/// Paragraphs at either end that may repeat the headline.
const ECHO_REACH: usize = 3;

fn without_echoes(mut paragraphs: Vec<String>, known: &Known) -> Vec<String> {
    let houses: Vec<&str> = known.site_name.into_iter().collect();
    let title = known
        .title
        .map(metadata::folded)
        .filter(|title| !title.is_empty());
    let site = known.site_name.map(metadata::folded);
    let count = paragraphs.len();
    let mut at = 0;
    paragraphs.retain(|paragraph| {
        let is_edge = at < ECHO_REACH || at + ECHO_REACH >= count;
        at += 1;
        if !is_edge || paragraph.len() > 400 {
            return true;
        }
        let words = metadata::folded(metadata::without_house(paragraph, &houses));
        let is_echo = title.as_ref().is_some_and(|title| *title == words);
        !is_echo && (words.is_empty() || site.as_ref() != Some(&words))
    });
    paragraphs
}

/// Whether a paragraph may be another article's headline: short, and no sentence.
fn is_bare_title(paragraph: &str) -> bool {
    paragraph.len() < 200
        && !paragraph
            .trim_end()
            .ends_with(['.', '!', '…', '。', '।', '"', '”', '»', ':'])
}

/// Empties a paragraph that is a credit or a byline and keeps what it says.
fn take_credit(
    paragraph: &mut String,
    from_start: usize,
    from_end: usize,
    known: &Known,
    stripped: &mut Stripped,
) {
    let is_head = from_start < rules::HEAD;
    let is_tail = from_end < rules::TAIL;
    if (is_head || is_tail)
        && let Some(agency) = credit::credited_agency(paragraph)
    {
        stripped.agency = stripped.agency.or(Some(agency));
        paragraph.clear();
        return;
    }
    match credit::picture(paragraph) {
        Some(Picture::Line { credit }) => {
            keep_credit(credit, stripped);
            paragraph.clear();
            return;
        }
        Some(Picture::End { before, credit }) => {
            keep_credit(credit, stripped);
            paragraph.truncate(before.len());
            return;
        }
        None => {}
    }
    let byline = || {
        let bare = || metadata::bare_names(paragraph);
        let may_be_bare = !known.is_signed && from_start < BARE_NAMES_REACH && from_end > 1;
        metadata::byline(paragraph).or_else(|| may_be_bare.then(bare).flatten())
    };
    let is_credit = if is_head && let Some(authors) = byline() {
        stripped.authors.extend(authors);
        true
    } else {
        let is_date =
            is_head && paragraph.split_whitespace().count() <= 10 && dates::is_all_date(paragraph);
        is_date
            || dates::is_clock(paragraph)
            || ((is_head || is_tail) && is_known_author(paragraph, known))
    };
    if is_credit {
        paragraph.clear();
    }
}

/// Paragraphs from the first one that may be names alone, where the page names no person.
const BARE_NAMES_REACH: usize = 3;

fn keep_credit(credit: &str, stripped: &mut Stripped) {
    if stripped.image_credit.is_none() && !credit.is_empty() && credit.len() <= 120 {
        stripped.image_credit = Some(credit.to_owned());
    }
}

fn is_known_author(paragraph: &str, known: &Known) -> bool {
    let words = paragraph.split_whitespace().count();
    words <= 12
        && known
            .authors
            .iter()
            .any(|author| paragraph.trim() == author)
        && !paragraph.ends_with('.')
}

/// The first paragraphs among which the story begins: a standfirst may stand before it.
const DATELINE_REACH: usize = 3;

fn take_dateline(paragraphs: &mut [String], stripped: &mut Stripped) {
    let opened = paragraphs
        .iter()
        .filter(|paragraph| dateline::read(paragraph).is_some())
        .take(3)
        .count();
    // "ADA LOW: …", "BO EK: …": a conversation names its speakers like that.
    if opened > 2 {
        return;
    }
    for paragraph in paragraphs.iter_mut().take(DATELINE_REACH) {
        let Some(found) = dateline::read(paragraph) else {
            continue;
        };
        stripped.dateline = found.place.map(str::to_owned);
        stripped.agency = stripped.agency.or(found.agency);
        stripped.site_name = found.publication.map(str::to_owned);
        *paragraph = found.rest.to_owned();
        return;
    }
}

fn take_closing_agency(paragraphs: &mut [String], stripped: &mut Stripped) {
    let Some(last) = paragraphs.last_mut() else {
        return;
    };
    if let Some((before, agency)) = credit::closing_agency(last) {
        stripped.agency = stripped.agency.or(Some(agency));
        let length = before.len();
        last.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> Stripped {
        let known = Known {
            title: Some("Storm hits coast"),
            site_name: Some("The Daily Paper"),
            authors: &["Ada Low".to_owned()],
            is_signed: true,
        };
        strip(text.split('\n').map(str::to_owned).collect(), &known)
    }

    #[track_caller]
    fn check(text: &str, wanted: &str) {
        assert_eq!(stripped(text).paragraphs.join("\n"), wanted, "{text}");
    }

    const STORY: &str = "The storm hit the coast on Monday.\nIt left two days later.\nNobody was hurt, officials said.\nSchools stay closed.\nThe port is open again.\nShips are on their way.\nThe mayor thanked the crews.";

    #[test]
    fn headline_echoes_at_either_end() {
        check(
            &format!("Storm hits coast\n{STORY}\nStorm Hits Coast!"),
            STORY,
        );
        check(
            &format!("Storm hits coast – The Daily Paper\n{STORY}"),
            STORY,
        );
    }

    #[test]
    fn lists_under_read_also() {
        check(
            &format!("{STORY}\nRead also\nA whale came by\nMore rain is coming"),
            STORY,
        );
    }

    #[test]
    fn bylines_and_dates() {
        let found = stripped(&format!(
            "By Ada Low and Bo Ek | 5 May 2025\n5 May 2025, 10:15\n{STORY}"
        ));
        assert_eq!(found.paragraphs.join("\n"), STORY);
        assert_eq!(found.authors, ["Ada Low", "Bo Ek"]);
        check(
            "By Monday the storm had left.\nIt was over.",
            "By Monday the storm had left.\nIt was over.",
        );
    }

    #[test]
    fn names_above_an_unsigned_story() {
        let names = |is_signed| {
            let lines = format!("Ada Low/Bo Ek\n{STORY}");
            let known = Known {
                is_signed,
                ..Known::default()
            };
            strip(lines.split('\n').map(str::to_owned).collect(), &known).authors
        };
        assert_eq!(names(false), ["Ada Low", "Bo Ek"]);
        assert!(names(true).is_empty());
    }

    #[test]
    fn credits_become_fields() {
        let found = stripped(&format!("KABUL (Pajhwok) — {STORY}\nPhoto: paper.example"));
        assert_eq!(found.paragraphs.join("\n"), STORY);
        assert_eq!(
            (
                found.agency,
                found.dateline.as_deref(),
                found.image_credit.as_deref()
            ),
            (Some("Pajhwok"), Some("KABUL"), Some("paper.example"))
        );
        assert_eq!(
            stripped(&format!("{STORY}\n(With inputs from PTI)")).agency,
            Some("PTI")
        );
        assert_eq!(stripped(&format!("{STORY} (AFP)")).agency, Some("AFP"));
        let writers = "Associated Press writers Ada Low and Bo Ek contributed to this report.";
        assert_eq!(stripped(&format!("{STORY}\n{writers}")).agency, Some("AP"));
        assert_eq!(
            stripped(&format!("{STORY} (AFP)")).paragraphs.join("\n"),
            STORY
        );
    }

    #[test]
    fn conversations_keep_their_speakers() {
        let talk = "ADA LOWELL: How are you?\nBO EKMAN: I am very well.\nADA LOWELL: Then let us begin.\nBO EKMAN: I am ready for it.";
        check(talk, talk);
    }

    #[test]
    fn keeps_story_about_newsletters() {
        let story = "Newsletters are back.\nSubscribe to a newsletter and you will see why, said Ada Low, who told Al Jazeera that hers has a million readers.\nShare prices of their makers rose.\nFollow the money, she says.";
        check(story, story);
    }
}
