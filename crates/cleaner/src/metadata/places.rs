//! Where a page says things, for people who ask.

use super::harvest::{Harvest, harvest};
use super::headings;

/// All that a page says.
pub(crate) struct Places<'a> {
    harvest: Harvest<'a>,
}

impl<'a> Places<'a> {
    pub fn of(html: &'a str) -> Self {
        Self {
            harvest: harvest(html),
        }
    }

    /// The first places that say this value, itself or within more.
    pub fn that_say(&self, value: &str) -> Vec<String> {
        const PLACES_MAX: usize = 3;
        let harvest = &self.harvest;
        let jsonld = harvest.jsonld.iter().any(|script| script.contains(value));
        let metas = harvest
            .metas
            .iter()
            .filter(|(_, content)| content.contains(value));
        let metas = metas.map(|(name, _)| format!("meta {name}"));
        let headings = headings(harvest).any(|heading| heading.contains(value));
        let title = harvest
            .title
            .as_deref()
            .is_some_and(|title| title.contains(value));
        let canonical = harvest.canonical.as_deref() == Some(value);
        let language = harvest.language.as_deref() == Some(value);
        let marks = harvest.marks.iter().any(|mark| mark.text.contains(value));
        let signed = harvest.signed.iter().any(|line| line.text.contains(value));
        let named = [
            (jsonld, "JSON-LD"),
            (headings, "h1"),
            (title, "title"),
            (canonical, "link canonical"),
            (language, "html lang"),
            (marks, "byline or date by its markup"),
            (signed, "a line that begins with “By”"),
        ];
        let named = named.into_iter().filter(|(is, _)| *is);
        let mut places: Vec<String> = named.map(|(_, name)| name.to_owned()).collect();
        places.extend(metas);
        places.truncate(PLACES_MAX);
        places
    }
}
