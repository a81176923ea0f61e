//! People's names out of bylines: no "By", no roles, no dates, no papers.

use super::harvest::one_spaced;

/// Words that stand before a name and are none, lowercase, with the space or mark that ends them.
const OPENERS: &[&str] = &[
    "by ",
    "by: ",
    "by:",
    "written by ",
    "written by: ",
    "words by ",
    "story by ",
    "posted by ",
    "posted by: ",
    "published by ",
    "reported by ",
    "report by ",
    "text by ",
    "article by ",
    "reviewed by ",
    "review by ",
    "author: ",
    "author:",
    "author ",
    "authors: ",
    "authors:",
    "about the author ",
    "edited by ",
    "from ",
    "von ",
    "von: ",
    "text: ",
    "text von ",
    "autor: ",
    "autor:",
    "autorin: ",
    "autoren: ",
    "ein artikel von ",
    "ein kommentar von ",
    "eine analyse von ",
    "interview: ",
    "aus ",
    "par ",
    "par: ",
    "auteur: ",
    "auteur : ",
    "propos recueillis par ",
    "écrit par ",
    "publié par ",
    "por ",
    "por: ",
    "autor/a: ",
    "escrito por ",
    "publicado por ",
    "texto: ",
    "redacción: ",
    "di ",
    "a cura di ",
    "autore: ",
    "de ",
    "door ",
    "auteur:",
    "tekst: ",
    "tekst: ",
    "tekst ",
    "av ",
    "av: ",
    "af ",
    "af: ",
    "skrevet av ",
    "skriven av ",
    "skrevet af ",
    "toimittaja: ",
    "autor tekstu: ",
    "oprac. ",
    "opracowanie: ",
    "fot. ",
    "автор: ",
    "автор:",
    "автор ",
    "текст: ",
    "автори: ",
    "yazar: ",
    "yazan: ",
    "haber: ",
    "بقلم ",
    "بقلم: ",
    "كتب ",
    "الكاتب: ",
    "द्वारा ",
    "लेखक: ",
    "written by: ",
    "文●",
    "文：",
    "文:",
    "文/",
    "文／",
    "著者：",
    "著者:",
    "著者 ",
    "作者：",
    "作者:",
    "作者 ",
    "执笔：",
    "執筆：",
    "執筆:",
    "記者：",
    "记者：",
    "记者 ",
    "ライター：",
    "글 ",
    "기자 ",
];

/// Words of which one makes a piece of a byline a role, a desk or a service and no name. Lowercase.
const ROLES: &[&str] = &[
    "editor",
    "editors",
    "editorial",
    "reporter",
    "reporters",
    "correspondent",
    "correspondents",
    "columnist",
    "writer",
    "writers",
    "staff",
    "contributor",
    "contributors",
    "journalist",
    "producer",
    "photographer",
    "analyst",
    "desk",
    "newsroom",
    "team",
    "bureau",
    "chief",
    "senior",
    "author",
    "guest",
    "freelance",
    "columnists",
    "fellow",
    "professor",
    "agency",
    "agencies",
    "wire",
    "service",
    "press",
    "news",
    "magazine",
    "online",
    "redaktion",
    "redakteur",
    "redakteurin",
    "korrespondent",
    "korrespondentin",
    "reporterin",
    "volontär",
    "volontärin",
    "autor",
    "autorin",
    "chefredakteur",
    "rédaction",
    "journaliste",
    "correspondant",
    "envoyé",
    "redacción",
    "redaccion",
    "periodista",
    "corresponsal",
    "redazione",
    "redactie",
    "redacteur",
    "redaktionen",
    "redaktionen",
    "redaksjonen",
    "toimitus",
    "redakcja",
    "редакция",
    "корреспондент",
    "редактор",
    "журналист",
    "редакція",
    "muhabir",
    "editör",
    "編集部",
    "bulletin",
    "administrator",
    "admin",
    "webmaster",
    "webdesk",
    "publisher",
    "moderator",
    "university",
    "institute",
    "center",
    "centre",
    "nachrichtenagentur",
    "presse-agentur",
    "tv",
    "radio",
    "media",
    "gmbh",
    "inc",
    "inc.",
    "ltd",
    "llc",
    "com",
    "unknown",
    "anonymous",
    "null",
    "none",
    "herausgeber",
    "submissions",
    "community",
    "sponsored",
    "partner",
    "content",
    "presse",
    "zeitung",
];

/// What ends the names in a byline: all after it is something else.
const ENDERS: &[&str] = &[
    "|",
    "•",
    "·",
    "—",
    " – ",
    " - ",
    "(",
    "[",
    "\n",
    "http",
    " for ",
    " in ",
    " on ",
    " updated",
    " published",
    " posted",
    " is a ",
    " is an ",
    " is the ",
    " @",
    "<",
    "＠",
    "（",
    "●",
];

/// What stands between two names.
const SEPARATORS: &[&str] = &[
    ";", "&", "、", "，", " and ", " und ", " et ", " och ", " og ", " oraz ", " sowie ", " with ",
    " mit ", " avec ", " con ", "/", "／", "+", " y ", " и ", " і ", " و ", " e ", " i ", " en ",
    " ve ",
];

/// A byline's parts.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Byline {
    /// Names that look like people's.
    pub people: Vec<String>,
    /// Desks, papers, agencies.
    pub others: Vec<String>,
}

impl Byline {
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.others.is_empty()
    }

    /// The people; where there are none, what else signed.
    pub fn names(self) -> Vec<String> {
        if self.people.is_empty() {
            self.others
        } else {
            self.people
        }
    }

    pub fn add(&mut self, other: Byline) {
        for (ours, theirs) in [
            (&mut self.people, other.people),
            (&mut self.others, other.others),
        ] {
            for name in theirs {
                if !ours
                    .iter()
                    .any(|known| known.to_lowercase() == name.to_lowercase())
                {
                    ours.push(name);
                }
            }
        }
    }
}

/// Takes a byline apart. `houses` are the names of the site and its publisher.
pub(super) fn read(text: &str, houses: &[&str]) -> Byline {
    let mut byline = Byline::default();
    let text = one_spaced(&text[..text.floor_char_boundary(600)]);
    let text = without_openers(&text);
    if text.starts_with("http") || text.starts_with("www.") {
        return byline;
    }
    let text = &text[..ENDERS
        .iter()
        .filter_map(|ender| find_ignoring_case(text, ender))
        .filter(|at| *at > 0)
        .min()
        .unwrap_or(text.len())];
    let mut rest = vec![text];
    for separator in SEPARATORS {
        rest = rest
            .into_iter()
            .flat_map(|part| split(part, separator))
            .collect();
    }
    for part in rest {
        // "Jane Doe, Chief Reporter, Paris": what follows a name after a comma is a name or a role.
        for (at, piece) in part.split(',').enumerate() {
            let Some(name) = name(piece) else { continue };
            match is_person(&name, houses) {
                true => byline.add(Byline {
                    people: vec![name],
                    ..Byline::default()
                }),
                false if at == 0 => byline.add(Byline {
                    others: vec![name],
                    ..Byline::default()
                }),
                false => {}
            }
        }
    }
    byline
}

/// The people of a line that is a byline and no more: a word like "By", then names with capitals.
pub(super) fn signed(line: &str) -> Option<Vec<String>> {
    const WORDS_MAX: usize = 16;
    let line = line.trim();
    let opened = without_openers(line);
    let is_signed = opened.len() < line.len()
        && line.len() <= 160
        && line.split_whitespace().count() <= WORDS_MAX
        && !line.ends_with(['.', '!', '?', ':', '"', '”']);
    if !is_signed {
        return None;
    }
    let people = read(line, &[]).people;
    let is_name = |name: &String| {
        name.split_whitespace().count() >= 2
            && name.split_whitespace().all(|word| {
                word.chars().next().is_some_and(|c| !c.is_lowercase()) || word.len() <= 3
            })
    };
    (!people.is_empty() && people.iter().all(is_name)).then_some(people)
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes()
        .windows(wanted.len())
        .position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// Parts around a separator, where both sides may be names: "Marks & Spencer" may not.
fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = find_ignoring_case(rest, separator) {
        let (before, after) = (&rest[..at], &rest[at + separator.len()..]);
        parts.push(before);
        rest = after;
    }
    parts.push(rest);
    parts
}

fn without_openers(text: &str) -> &str {
    let mut text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    for _ in 0..3 {
        let opener = OPENERS
            .iter()
            .filter(|opener| starts_with_ignoring_case(text, opener))
            .max_by_key(|opener| opener.len());
        let Some(opener) = opener else { break };
        let skipped: usize = text
            .chars()
            .take(opener.chars().count())
            .map(char::len_utf8)
            .sum();
        text = text[skipped..].trim_start();
    }
    text
}

fn starts_with_ignoring_case(text: &str, wanted: &str) -> bool {
    let mut given = text.chars();
    wanted.chars().all(|c| {
        given
            .next()
            .is_some_and(|g| g == c || g.to_lowercase().eq(c.to_lowercase()))
    })
}

/// One name, cleaned; None for addresses, numbers, dates and sentences.
fn name(piece: &str) -> Option<String> {
    let piece = without_openers(piece.trim());
    let piece = piece.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ':' | '-' | '–' | '"' | '\'' | '*' | '«' | '»' | '《' | '》' | '“' | '”'
            )
    });
    let words = piece.split_whitespace().count();
    let is_name = !piece.is_empty()
        && words <= 7
        && piece.len() <= 90
        && piece.chars().any(char::is_alphabetic)
        && !piece.contains("://")
        && !piece.starts_with("www.")
        && !(piece.contains('@') && piece.contains('.'))
        && !piece.split([' ', '.', ':', '-', '/']).any(is_number);
    is_name.then(|| piece.to_owned())
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_person(name: &str, houses: &[&str]) -> bool {
    let folded = name.to_lowercase();
    let is_house = houses.iter().any(|house| {
        let house = house.to_lowercase();
        house == folded
            || (folded.chars().count() > 5
                && house.split_whitespace().next().is_some()
                && house.contains(&folded))
            || (house.chars().count() > 4 && folded.contains(&house))
    });
    let mut words = folded.split(|c: char| c.is_whitespace() || c == '.');
    let is_acronym = name.chars().all(|c| c.is_uppercase()) && name.is_ascii() && name.len() <= 5;
    !is_house
        && !is_acronym
        && !words.any(|word| ROLES.contains(&word) || word.ends_with("redaktion"))
        && crate::residue::agency_of(name).is_none()
        && name
            .chars()
            .next()
            .is_some_and(|c| !c.is_lowercase() || c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &str) {
        let names = read(text, &["The Daily Paper", "paper.example"])
            .names()
            .join(" + ");
        assert_eq!(names, wanted, "{text}");
    }

    #[test]
    fn takes_names_without_their_trimmings() {
        for text in [
            "By Ada Low",
            "ADA LOW"
                .to_lowercase()
                .replace("ada low", "Ada Low")
                .as_str(),
            "Von Ada Low",
            "Ada Low, Chief Reporter",
            "by Ada Low | The Daily Paper",
            "Ada Low (Reuters)",
            "Ada Low, The Daily Paper",
            "Written by Ada Low in Paris",
            "By: Ada Low • May 5, 2024",
            "Por Ada Low",
            "Автор: Ada Low",
            "文／Ada Low",
            "Ada Low, ada@paper.example",
            "par Ada Low",
        ] {
            check(text, "Ada Low");
        }
    }

    #[test]
    fn takes_several_names() {
        for text in [
            "Ada Low and Bo Ek",
            "Ada Low, Bo Ek",
            "Von Ada Low und Bo Ek",
            "Ada Low; Bo Ek",
            "Ada Low & Bo Ek",
            "Ada Low et Bo Ek",
        ] {
            check(text, "Ada Low + Bo Ek");
        }
    }

    #[test]
    fn keeps_the_desk_only_where_nobody_signs() {
        check("The Daily Paper", "The Daily Paper");
        check("AFP", "AFP");
        check("Staff Writer", "Staff Writer");
        check("Ada Low and AFP", "Ada Low");
        check("https://social.example/ada", "");
        check("May 5, 2024", "");
    }
}
