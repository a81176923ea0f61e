//! Pages that list stories: home, section, tag and author pages, results of a search.

use copydesk_model::PublishedFrom;
use url::Url;

use crate::markup::{Kind, scan};
use crate::metadata::Metadata;
use crate::text::words;

/// Parts of an address that lists have, not stories.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "tag", "tags", "category", "categories", "author", "authors", "search", "archive", "archives",
    "suche", "kategorie", "autor", "autoren", "etiqueta", "etiquetas", "auteur",
];

/// A home page, or one whose last part but one names a kind of list. What gives its date of
/// publication is no list.
pub(super) fn by_address(url: &str, metadata: &Metadata) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let parts: Vec<&str> = url
        .path_segments()
        .map(|parts| parts.filter(|part| !part.is_empty()).collect())
        .unwrap_or_default();
    match parts.as_slice() {
        [] => url.query().is_none(),
        // A name with many words is a story's, filed below its kind.
        [.., kind, name] => {
            metadata.published.is_none() && KINDS.contains(kind) && name.matches('-').count() < 2
        }
        [_] => false,
    }
}

/// Words in a link from which it is a headline, not the name of a section.
const HEADLINE_WORDS_MIN: f32 = 4.0;

/// Headlines from which a page may be a list; a short story has as many beside it.
const HEADLINES_MIN: usize = 20;

/// Words between two headlines from which they may be a story; teasers are shorter.
const TEASER_WORDS_MAX: f32 = 50.0;

/// Whether a page that does not call itself an article has many headlines that are links, and
/// nowhere between them more text than a teaser has.
pub(super) fn by_content(html: &str, metadata: &Metadata) -> bool {
    let is_dated = matches!(
        metadata.published_from,
        Some(PublishedFrom::Jsonld | PublishedFrom::Meta)
    );
    if metadata.is_article || is_dated {
        return false;
    }
    let mut headlines = 0;
    let (mut run, mut linked, mut unlinked) = (0.0, 0.0, 0.0);
    let (mut is_link, mut silent) = (false, "");
    for token in scan(html) {
        let name = match token.kind {
            Kind::Start(tag) => tag.name,
            Kind::End(name) => name,
            Kind::Text(text) if silent.is_empty() => {
                *(if is_link { &mut linked } else { &mut unlinked }) += words(text);
                continue;
            }
            _ => continue,
        };
        let is_start = matches!(token.kind, Kind::Start(_));
        if name.eq_ignore_ascii_case("a") {
            is_link = is_start;
        } else if !INLINE
            .iter()
            .any(|inline| name.eq_ignore_ascii_case(inline))
        {
            // A line ends. Links within a sentence are no headlines.
            if linked >= HEADLINE_WORDS_MIN && unlinked < linked {
                headlines += 1;
                run = 0.0;
            } else {
                run += linked + unlinked;
            }
            (linked, unlinked) = (0.0, 0.0);
            let is_silent = |known: &&str| name.eq_ignore_ascii_case(known);
            silent = match SILENT.iter().find(|known| is_silent(known)) {
                Some(known) if is_start => known,
                Some(_) => "",
                None => silent,
            };
        }
        if run > TEASER_WORDS_MAX {
            return false;
        }
    }
    headlines >= HEADLINES_MIN
}

/// Elements that leave a line whole.
const INLINE: &[&str] = &[
    "span", "b", "strong", "i", "em", "u", "small", "time", "img", "mark", "font", "br", "wbr",
];

/// Elements whose text is not read.
const SILENT: &[&str] = &["script", "style", "title", "noscript", "svg", "select"];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, wanted: bool) {
        assert_eq!(by_content(html, &Metadata::default()), wanted, "{html:.80}");
    }

    #[test]
    fn headlines_with_teasers_are_a_list() {
        let teaser = "<article><h2><a href=/s>Old bridge is to be rebuilt</a></h2><p>The council voted on Monday to rebuild it, and work begins in May.</p></article>";
        let story = format!(
            "<p>{}</p>",
            "The council voted to rebuild the bridge. ".repeat(12)
        );
        check(&teaser.repeat(25), true);
        check(
            &format!(
                "<nav><a href=/>News</a></nav>{}<script>{}</script>",
                teaser.repeat(25),
                "a b ".repeat(90)
            ),
            true,
        );
        check(&teaser.repeat(5), false);
        check(&format!("{story}{}", teaser.repeat(25)), false);
        check(&format!("{}{story}", teaser.repeat(25)), false);
    }

    #[test]
    fn what_calls_itself_an_article_is_none() {
        let page = "<a href=/s>Old bridge is to be rebuilt</a><p>Work begins.</p>".repeat(25);
        let article = Metadata {
            is_article: true,
            ..Metadata::default()
        };
        check(&page, true);
        assert!(!by_content(&page, &article));
    }
}
