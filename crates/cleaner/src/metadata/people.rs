//! Who signs an article: in its JSON-LD, its meta tags, its visible bylines.

use super::harvest::{self, Harvest, Mark, Role, Strength};
use super::jsonld::Statement;
use super::names::{self, Byline};
use crate::residue::agency_of;

/// Metas that name the author, best first.
#[rustfmt::skip]
const AUTHOR_METAS: &[&str] = &[
    "article:author", "author", "articleauthor", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "dc.contributor", "byl", "og:article:author", "citation_author",
    "article:author_name", "cxenseparse:author", "twitter:data1", "authors",
];

/// Who signs.
pub(super) struct Authors {
    /// The people of the first source that names any, and the agencies that sign beside them; else
    /// the first desk, paper or agency.
    pub names: Vec<String>,
    /// Whether a person is among them.
    pub is_signed: bool,
    /// The first agency of those read.
    pub agency: Option<&'static str>,
}

/// Reads the sources in order: JSON-LD, metas, visible bylines, organizations.
pub(super) fn authors(harvest: &Harvest, said: &Statement, houses: &[&str]) -> Authors {
    let sources: [&dyn Fn() -> Byline; 4] = [
        &|| bylines(said.persons.iter().map(String::as_str), houses),
        &|| author_metas(harvest, houses),
        &|| visible_byline(harvest, houses),
        &|| bylines(said.organizations.iter().map(String::as_str), houses),
    ];
    let (mut fallback, mut agency) = (Vec::new(), None);
    for source in sources {
        let byline = source();
        agency = agency.or_else(|| byline.others.iter().find_map(|name| agency_of(name)));
        if !byline.people.is_empty() {
            let mut names = byline.people;
            let agencies = byline.others.into_iter();
            names.extend(agencies.filter(|name| agency_of(name).is_some()));
            return Authors {
                names,
                is_signed: true,
                agency,
            };
        }
        if fallback.is_empty() {
            fallback = byline.others;
        }
    }
    Authors {
        names: fallback,
        is_signed: false,
        agency,
    }
}

fn bylines<'t>(texts: impl Iterator<Item = &'t str>, houses: &[&str]) -> Byline {
    let mut byline = Byline::default();
    for text in texts {
        byline.add(names::read(text, houses));
    }
    byline
}

fn author_metas(harvest: &Harvest, houses: &[&str]) -> Byline {
    let mut found = Byline::default();
    for name in AUTHOR_METAS {
        let is_written = *name != "twitter:data1"
            || harvest
                .meta("twitter:label1")
                .is_some_and(|label| label.to_lowercase().contains("written by"));
        let byline = if is_written {
            bylines(harvest.metas_of(name), houses)
        } else {
            Byline::default()
        };
        if !byline.people.is_empty() {
            return byline;
        }
        if found.is_empty() {
            found = byline;
        }
    }
    found
}

/// Bytes of text between two names that sign together, and from the headline to its byline.
const BYLINE_GAP_MAX: usize = 120;
const BYLINE_REACH: usize = 3000;

/// The byline by the strongest markup, nearest after the headline, and the names that follow it at
/// once in the same markup.
fn visible_byline(harvest: &Harvest, houses: &[&str]) -> Byline {
    let headline_at = harvest.headline_at();
    let reach = headline_at..headline_at + BYLINE_REACH;
    let mut fallback = Byline::default();
    for strength in [Strength::Vocabulary, Strength::Name, Strength::Hint] {
        let marks = || {
            let is_one = move |mark: &&Mark| mark.role == Role::Author && mark.strength == strength;
            harvest.marks.iter().filter(is_one)
        };
        let main = || marks().filter(|mark| !mark.is_aside);
        let after = main().filter(|mark| reach.contains(&mark.at));
        let before = main().filter(|mark| mark.at < headline_at);
        // An article's own footer, and what stands far below, only with `rel=author` and the like.
        let rest = marks().filter(|mark| {
            strength == Strength::Vocabulary && (mark.is_aside || mark.at >= reach.end)
        });
        for group in [after.collect::<Vec<_>>(), before.collect(), rest.collect()] {
            let byline = signed_together(&group, houses);
            if !byline.people.is_empty() {
                return byline;
            }
            if fallback.is_empty() {
                fallback = byline;
            }
        }
    }
    let signed = unmarked_byline(harvest, headline_at);
    if signed.people.is_empty() {
        fallback
    } else {
        signed
    }
}

/// The names after the first visible "By" below the headline.
fn unmarked_byline(harvest: &Harvest, headline_at: usize) -> Byline {
    let reach = headline_at..headline_at + BYLINE_REACH;
    let mut byline = Byline::default();
    let mut end = None;
    for line in harvest
        .signed
        .iter()
        .filter(|line| reach.contains(&line.at))
    {
        if end.is_some_and(|end| line.at > end + NAMES_GAP_MAX) {
            break;
        }
        let text = format!("By {}", harvest::filled(line.text).unwrap_or_default());
        if let Some(people) = names::signed(&text) {
            byline.add(Byline {
                people,
                ..Byline::default()
            });
            end = Some(line.at + line.text.len());
        }
    }
    byline
}

/// Bytes of text between two names after one "By": ", and".
const NAMES_GAP_MAX: usize = 8;

fn signed_together(marks: &[&Mark], houses: &[&str]) -> Byline {
    let mut byline = Byline::default();
    let mut end = None;
    for mark in marks {
        let text = mark
            .value
            .as_deref()
            .filter(|_| mark.text.is_empty())
            .unwrap_or(&mark.text);
        if text.len() > 160 || end.is_some_and(|end| mark.at > end + BYLINE_GAP_MAX) {
            if end.is_some() {
                break;
            }
            continue;
        }
        let names = names::read(text, houses);
        if names.is_empty() {
            continue;
        }
        byline.add(names);
        end = Some(mark.at + mark.text.len());
    }
    byline
}
