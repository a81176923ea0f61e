//! People's names out of bylines: no "By", no roles, no dates, no papers.

mod signed;
mod words;

use super::harvest::one_spaced;
pub(crate) use signed::{bare, is_opener, joins, opens, signed};
use words::{CLOSERS, ENDERS, NOISE, OPENERS, PICTURE_LABELS, ROLES, SEPARATORS};

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
    if text.starts_with("http") || text.starts_with("www.") || is_picture_credit(text) {
        return byline;
    }
    if let Some(name) = turned(text) {
        return Byline {
            people: vec![name],
            ..Byline::default()
        };
    }
    let text = &text[..ENDERS
        .iter()
        .filter_map(|ender| find_ignoring_case(text, ender))
        .filter(|at| *at > 0)
        .min()
        .unwrap_or(text.len())];
    let mut rest: Vec<&str> = text.split('\u{1f}').collect();
    // First and last name in an element each.
    let joined = text.replace('\u{1f}', " ");
    if rest.len() == 2 && rest.iter().all(|part| is_one_word(part)) {
        rest = vec![joined.as_str()];
    }
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
                false if at == 0 || crate::residue::agency_of(&name).is_some() => {
                    byline.add(Byline {
                        others: vec![name],
                        ..Byline::default()
                    })
                }
                false => {}
            }
        }
    }
    byline
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
        // "ByAda Low" lost its space between two elements.
        if let Some(name) = text
            .strip_prefix("By")
            .filter(|name| name.starts_with(char::is_uppercase))
        {
            text = name;
        }
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

fn without_closers(piece: &str) -> &str {
    CLOSERS
        .iter()
        .find_map(|closer| piece.strip_suffix(closer))
        .map_or(piece, str::trim_end)
}

/// One name, cleaned; None for addresses, numbers, dates and sentences.
fn name(piece: &str) -> Option<String> {
    let piece = without_openers(piece.trim());
    let piece = without_closers(piece);
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
        && !piece.contains([':', '{', '=', '<', '>'])
        && !is_opener(piece)
        && !NOISE
            .iter()
            .any(|noise| piece.len() == noise.len() && starts_with_ignoring_case(piece, noise))
        && !piece.starts_with("www.")
        && !(piece.contains('@') && piece.contains('.'))
        && !piece.split([' ', '.', ':', '-', '/']).any(is_number);
    is_name.then(|| piece.to_owned())
}

/// "Image: Ada Low/Agency" is about a picture.
fn is_picture_credit(text: &str) -> bool {
    PICTURE_LABELS
        .iter()
        .any(|label| starts_with_ignoring_case(text, label))
}

/// "Low, Ada" in the usual order.
fn turned(text: &str) -> Option<String> {
    let (last, first) = text.split_once(", ")?;
    let is_name = |part: &str| {
        is_one_word(part)
            && part.chars().all(|c| c.is_alphabetic() || c == '-')
            && part.chars().any(char::is_lowercase)
    };
    let is_role = ROLES.contains(&first.to_lowercase().as_str())
        || crate::residue::agency_of(first).is_some();
    (is_name(last) && is_name(first) && !is_role).then(|| format!("{first} {last}"))
}

fn is_one_word(part: &str) -> bool {
    let part = part.trim();
    part.chars().count() > 1
        && !part.contains(' ')
        && part.chars().next().is_some_and(char::is_uppercase)
        && !is_opener(part)
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_person(name: &str, houses: &[&str]) -> bool {
    let folded = name.to_lowercase();
    let is_house = houses.iter().any(|house| {
        let house = house.to_lowercase();
        house == folded
            || house.replace(' ', "") == folded.replace(' ', "")
            || (folded.chars().count() > 5
                && house.split_whitespace().next().is_some()
                && house.contains(&folded))
            || (house.chars().count() > 4 && folded.contains(&house))
            || folded
                .split_whitespace()
                .any(|word| word == house && word.len() > 1)
    });
    let mut words = folded.split(|c: char| c.is_whitespace() || c == '.');
    let is_acronym = name.chars().all(|c| c.is_uppercase()) && name.is_ascii() && name.len() <= 5;
    let is_handle = name.is_ascii()
        && !name.contains(' ')
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    !is_house
        && !is_acronym
        && !is_handle
        && !folded.starts_with("the ")
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
        let byline = read(text, &["The Daily Paper", "paper.example"]);
        let names = match byline.people.is_empty() {
            true => byline.others,
            false => byline.people,
        };
        let names = names.join(" + ");
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
    fn turns_a_name_around() {
        check("Low, Ada", "Ada Low");
        check("Ada, Editor", "Ada");
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
        check("Image: Ada Low/AFP", "");
        check("Staff Writer", "Staff Writer");
        check("Ada Low and AFP", "Ada Low");
        check("https://social.example/ada", "");
        check("May 5, 2024", "");
    }
}
