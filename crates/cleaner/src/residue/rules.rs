//! Rules for lines that are no story.
//!
//! A line goes only where its place, its shortness and its words all say so: a story about
//! newsletters has long paragraphs, and its sentences do not open with "Subscribe to our".

mod table;

use super::dates::{is_all_date, is_all_time};
use table::RULES;

/// Where in the text a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Among the last paragraphs.
    Tail,
    /// Among the first or the last.
    Edge,
    Anywhere,
}

/// How a line shows what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The phrase is the whole line, but for marks.
    Whole,
    /// The line opens with the phrase.
    Opens,
    /// The line opens with the phrase, and a colon, dash or bar follows.
    Label,
    /// The line opens with the phrase; nothing but a date follows.
    Dated,
    /// The phrase is all that is left of the line without its numbers: "1,234 views".
    Counts,
    /// The phrase stands anywhere in the line.
    Holds,
}

#[derive(Debug)]
pub(super) struct Rule {
    pub name: &'static str,
    pub place: Place,
    pub form: Form,
    pub words_max: usize,
    /// Lowercase.
    pub phrases: &'static [&'static str],
}

/// Paragraphs at either end that count as head and tail.
pub(super) const HEAD: usize = 5;
pub(super) const TAIL: usize = 6;

/// Paragraphs with more words than this are story to every rule.
const WORDS_MAX: usize = 45;

/// The first rule that a line breaks. `from_start` and `from_end` count the paragraphs before and
/// after it.
pub(super) fn broken(line: &str, from_start: usize, from_end: usize) -> Option<&'static Rule> {
    let words = line.split_whitespace().take(WORDS_MAX + 1).count();
    if words > WORDS_MAX || line.len() > 600 {
        return None;
    }
    // A Turkish capital İ is i with a dot of its own in lowercase.
    let line = line.trim_matches(is_mark_around).to_lowercase();
    let line = line.replace("i\u{307}", "i");
    RULES.iter().find(|rule| {
        let is_here = match rule.place {
            Place::Tail => from_end < TAIL,
            Place::Edge => from_start < HEAD || from_end < TAIL,
            Place::Anywhere => true,
        };
        is_here
            && words <= rule.words_max
            && rule
                .phrases
                .iter()
                .any(|phrase| has_form(&line, phrase, rule.form))
    })
}

/// Marks that stand around such lines.
#[rustfmt::skip]
const MARKS: &[char] = &[
    '(', ')', '[', ']', '>', '»', '›', '→', '▶', '►', '•', '*', '-', '–', '—', '|', '+', '■', '▼',
    '↓', '👉',
];

fn is_mark_around(c: char) -> bool {
    c.is_whitespace() || MARKS.contains(&c)
}

fn has_form(line: &str, phrase: &str, form: Form) -> bool {
    if form == Form::Holds {
        return line.contains(phrase);
    }
    if form == Form::Counts {
        return counted(line).is_some_and(|words| words == phrase);
    }
    let Some(rest) = line.strip_prefix(phrase) else {
        return false;
    };
    let is_word_end =
        !rest.starts_with(char::is_alphanumeric) || phrase.ends_with(|c: char| c > '\u{2e80}');
    let is_alone = !rest.chars().any(char::is_alphanumeric);
    match form {
        Form::Whole => is_alone,
        Form::Opens => is_word_end,
        Form::Label => {
            is_word_end
                && (is_label_end(rest) || (rest.ends_with(':') && phrase.len() >= OPENS_LIST_MIN))
        }
        Form::Dated => is_alone || (is_word_end && (is_all_date(rest) || is_all_time(rest))),
        Form::Counts | Form::Holds => false,
    }
}

/// The words of a line that has a number, and no other words than these.
fn counted(line: &str) -> Option<String> {
    let words = line.split(|c: char| !c.is_alphabetic() && !is_combining(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    line.contains(char::is_numeric).then(|| words.join(" "))
}

/// Vowel signs of Indian scripts, which are no letters.
fn is_combining(c: char) -> bool {
    ('\u{900}'..='\u{dff}').contains(&c) && !c.is_numeric()
}

/// Bytes of a phrase that with a colon at the line's end announces a list; shorter ones ("popular",
/// "recommended") announce lists of the story.
const OPENS_LIST_MIN: usize = 12;

/// A colon or an arrow, or a dash with a space before it: "read-along" is a word.
fn is_label_end(rest: &str) -> bool {
    let after = rest.trim_start();
    after.starts_with([':', '：', '|', '>', '»', '▶'])
        || (after.len() < rest.len() && after.starts_with(['-', '–', '—', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, wanted: &str) {
        assert_eq!(
            broken(line, 10, 10).map_or("", |rule| rule.name),
            wanted,
            "{line}"
        );
    }

    #[track_caller]
    fn check_at_the_end(line: &str, wanted: &str) {
        assert_eq!(
            broken(line, 10, 0).map_or("", |rule| rule.name),
            wanted,
            "{line}"
        );
    }

    #[test]
    fn published() {
        for line in [
            "Published",
            "Updated: 5 May 2025, 10:15",
            "Uppdaterad 15.59 | Publicerad 14.14",
            "Published On 5 May 2025",
            "Veröffentlicht am 05.05.2025 um 10:15 Uhr",
            "Publié le 5 mai 2025 à 10h15",
            "Опубликовано 5 мая 2025",
            "更新 2025年5月5日",
            "تاريخ النشر: 5 مايو 2025",
        ] {
            check_at_the_end(line, "published");
            check(line, "");
        }
        check_at_the_end(
            "Published in 2025, the book sold a million copies in its first year.",
            "",
        );
        check_at_the_end(
            "Updated figures were published on 5 May 2025 by the ministry.",
            "",
        );
    }

    #[test]
    fn read_also() {
        for line in [
            "Read also",
            "READ MORE: Storm hits coast",
            "Lesen Sie auch:",
            "Lire aussi : La tempête",
            "Читайте также: Шторм",
            "اقرأ أيضا: العاصفة",
            "関連記事",
            "यह भी पढ़ें: तूफान",
            "Lees ook: Storm",
            "> Leggi anche: La tempesta",
        ] {
            check(line, "read also");
        }
        check(
            "Read also the fine print, officials said, before you sign a contract with any of the firms.",
            "",
        );
        check(
            "Watch the skies, the agency told residents of the valley.",
            "",
        );
        check("Read-along features", "");
        check("Related cases were found in three villages.", "");
    }

    #[test]
    fn share() {
        check("Share this article", "share");
        check("Teilen", "share");
        check("شارك", "share");
        check("Share prices fell", "");
    }

    #[test]
    fn counts() {
        for line in [
            "Views: 56024",
            "1,234 views",
            "5 min read",
            "Comments (3)",
            "Lesezeit: 3 Minuten",
            "Temps de lecture : 3 min",
            "Просмотров: 532",
            "阅读量：532",
        ] {
            check(line, "counts");
        }
        for line in ["views", "The page had 1,234 views", "3 min", "2026", "1-0"] {
            check(line, "");
        }
    }

    #[test]
    fn keywords() {
        check_at_the_end("Tags: harbour, council, budget", "keywords");
        check_at_the_end("标签：港口", "keywords");
        check("Topics: the economy and trade were discussed.", "");
        check_at_the_end("Topics such as trade were discussed.", "");
    }

    #[test]
    fn advertisement() {
        check("- Advertisement -", "advertisement");
        check("Anzeige", "advertisement");
        check("Anzeige gegen Unbekannt", "");
    }

    #[test]
    fn follow_us() {
        check("Follow us on Twitter and Facebook", "follow us");
        check("Подписывайтесь на наш канал", "follow us");
        check("Follow usage of water closely, the board said.", "");
    }

    #[test]
    fn newsletter() {
        check(
            "Subscribe to our newsletter for the best stories of the week.",
            "newsletter",
        );
        check("Abonnieren Sie unseren Newsletter", "newsletter");
        check(
            "Subscribers to newsletters rose by a third, the survey found.",
            "",
        );
        check(
            "Readers were told to subscribe to our newsletter by the paper, which has since apologised.",
            "",
        );
    }

    #[test]
    fn copyright() {
        check_at_the_end("© 2025 The Daily Paper. All rights reserved.", "copyright");
        check_at_the_end("Alle Rechte vorbehalten.", "copyright");
        check("Copyright law is changing, and authors want a say.", "");
    }

    #[test]
    fn paywall() {
        check(
            "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
            "paywall",
        );
        check("Subscribers pay more, the paper said.", "");
    }

    #[test]
    fn appeal() {
        check(
            "Hat Ihnen dieser Artikel gefallen? Dann unterstützen Sie uns.",
            "appeal",
        );
        check("Sharing is caring!", "appeal");
    }

    #[test]
    fn embed() {
        check("Externer Inhalt nicht verfügbar", "embed");
    }

    #[test]
    fn contributed() {
        check_at_the_end(
            "Associated Press writers Ada Low and Bo Ek contributed to this report.",
            "contributed",
        );
        check_at_the_end("With inputs from agencies", "contributed");
        check_at_the_end("(Agencies)", "contributed");
        check("Agencies", "");
        check(
            "The rain contributed to this report of a record harvest.",
            "",
        );
    }

    #[test]
    fn makers() {
        check_at_the_end("Redaktion: Ada Low", "makers");
        check("Editor: a word for many jobs, and none of them easy.", "");
    }

    #[test]
    fn translated() {
        check_at_the_end("This article was translated from Spanish.", "translated");
    }

    #[test]
    fn syndicated() {
        check_at_the_end(
            "(Except for the headline, this story has not been edited by our staff and is published from a syndicated feed.)",
            "syndicated",
        );
    }

    #[test]
    fn developing() {
        check_at_the_end(
            "This is a developing story. Check back for updates.",
            "developing",
        );
        check_at_the_end(
            "A train left the rails near the harbour. This is a developing story.",
            "",
        );
    }

    #[test]
    fn contact() {
        check_at_the_end("(Reporting by Ada Low; Editing by Bo Ek)", "contact");
        check("Reporting by local people saved lives.", "");
    }
}
