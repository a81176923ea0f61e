//! What an element says by its names that it holds.

use std::borrow::Cow;

use super::filled;
use crate::markup::Tag;

/// What an element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Author,
    Published,
    Modified,
    Headline,
    Subheading,
}

/// By what it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// A class or id that contains the word.
    Hint,
    /// A class or id that is the word, a `<time>`, an address of an author's page.
    Name,
    /// `rel`, `itemprop` or `property` from a vocabulary.
    Vocabulary,
}

/// What an element says that it holds.
pub(super) fn role(tag: &Tag, name: &str) -> Option<(Role, Strength, Option<String>)> {
    match name {
        "h1" => return Some((Role::Headline, Strength::Name, None)),
        "h2" => return Some((Role::Subheading, Strength::Name, None)),
        "" | "meta" | "link" | "script" | "img" | "input" | "path" | "svg" | "html" | "body"
        | "br" | "hr" | "style" | "source" | "form" | "button" | "article" | "main" => return None,
        _ => {}
    }
    let mut best: Option<(Role, Strength)> = None;
    let mut value = None;
    if name == "time" {
        best = Some((Role::Published, Strength::Name));
    }
    for (key, given) in tag.attributes() {
        // Most attributes are style, src, width, data-…: told by their first letter and length.
        if !matches!(key.as_bytes(), [b'c' | b'i' | b'd' | b'r' | b'p' | b'h' | b't', ..] if key.len() <= 14)
        {
            continue;
        }
        let found = match key {
            "itemprop" | "property" => given
                .split_ascii_whitespace()
                .find_map(|word| vocabulary(&word.to_ascii_lowercase()))
                .map(|role| (role, Strength::Vocabulary)),
            "rel" if given.split_ascii_whitespace().any(|word| word == "author") => {
                Some((Role::Author, Strength::Vocabulary))
            }
            "pubdate" => Some((Role::Published, Strength::Vocabulary)),
            "class" | "id" | "data-testid" | "data-test" => named(given),
            "href" if name == "a" && is_author_page(given) => Some((Role::Author, Strength::Name)),
            "datetime" | "content" | "data-datetime" | "data-timestamp" => {
                value = filled(given);
                None
            }
            "title" if matches!(name, "abbr" | "time" | "span") && value.is_none() => {
                value = filled(given);
                None
            }
            _ => None,
        };
        if found.map(|(_, strength)| strength) > best.map(|(_, strength)| strength) {
            best = found;
        }
    }
    let (role, strength) = best?;
    Some((role, strength, value))
}

/// Names of microdata, RDFa and Dublin Core.
pub(super) fn vocabulary(name: &str) -> Option<Role> {
    let local = name.rsplit([':', '.', '/']).next().unwrap_or(name);
    Some(match local {
        "author" | "creator" => Role::Author,
        "datepublished" | "datecreated" | "issued" => Role::Published,
        "datemodified" => Role::Modified,
        "headline" => Role::Headline,
        _ => return None,
    })
}

/// Class and id names that are a role, and words that hint at one in any name.
#[rustfmt::skip]
const NAMES: &[(Role, &[&str], &[&str])] = &[
    (
        Role::Author,
        &[
            "author", "authors", "byline", "author-name", "authorname", "byline-name", "autor",
            "auteur", "by-line",
        ],
        &[
            "author", "byline", "autor", "auteur", "writer", "redakteur", "creator", "skribent",
            "journalist",
        ],
    ),
    (
        Role::Modified,
        &["updated", "date-updated", "modified"],
        &["updated", "modified", "aktualisiert"],
    ),
    (
        Role::Published,
        &[
            "date", "published", "pubdate", "publish-date", "post-date", "entry-date", "timestamp",
            "dateline", "datum",
        ],
        &["date", "time", "publish", "datum", "fecha", "posted"],
    ),
];

/// Whether four letters begin a word of [`NAMES`]: most classes are told by this alone.
fn begins_word(letters: &[u8]) -> bool {
    let [a, b, c, d] = letters else { return false };
    matches!(
        &[a | 0x20, b | 0x20, c | 0x20, d | 0x20],
        b"auth"
            | b"byli"
            | b"by\x2dl"
            | b"auto"
            | b"aute"
            | b"writ"
            | b"reda"
            | b"crea"
            | b"skri"
            | b"jour"
            | b"upda"
            | b"modi"
            | b"aktu"
            | b"date"
            | b"time"
            | b"publ"
            | b"datu"
            | b"fech"
            | b"post"
    )
}

fn named(given: &str) -> Option<(Role, Strength)> {
    let given = given.trim_ascii();
    if given.len() > 300 || !given.as_bytes().windows(4).any(begins_word) {
        return None;
    }
    let lowercase: Cow<str> = if given.bytes().any(|byte| byte.is_ascii_uppercase()) {
        given.to_ascii_lowercase().into()
    } else {
        given.into()
    };
    for (role, names, words) in NAMES {
        if !words.iter().any(|word| lowercase.contains(word)) {
            continue;
        }
        let is_name = lowercase
            .split_ascii_whitespace()
            .any(|class| names.contains(&class));
        return Some((
            *role,
            if is_name {
                Strength::Name
            } else {
                Strength::Hint
            },
        ));
    }
    None
}

fn is_author_page(address: &str) -> bool {
    address.split('/').any(|folder| {
        matches!(
            folder,
            "author"
                | "authors"
                | "autor"
                | "autoren"
                | "auteur"
                | "by"
                | "profile"
                | "people"
                | "staff"
        )
    })
}
