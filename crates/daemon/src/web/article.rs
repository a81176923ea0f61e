//! One article and, where it copies another, the two side by side with the copied passages marked
//! in both.

use super::page::{frame, title, why};
use crate::overview::Overview;
use crate::recent::Seen;
use crate::words;
use copydesk_deduplicator::explain;
use maud::{Markup, html};
use std::ops::Range;
use std::sync::Arc;

/// Marked characters are looked for in texts of at most this size; news is a tenth of it.
const COMPARED_MAX: usize = 200_000;

/// Comparing takes CPU time: not for the threads of the runtime. `with` is the id of the original
/// to compare it with, where there are several; None where the article is older than what is kept.
pub fn page(overview: &Overview, number: u64, with: Option<&str>) -> Option<Markup> {
    let seen = overview.recent.numbered(number)?;
    let wanted = with.or(seen.originals.first().map(|(id, _)| id.as_str()));
    let original = wanted.and_then(|id| overview.recent.with_id(id));
    let original = original.filter(|original| original.number != seen.number);
    let content = html! {
        p.back { a href="/#latest-title" { "← All articles" } }
        h1 dir="auto" { (title(&seen)) }
        p {
            span class={ "badge " (words::op(seen.op)) } { (words::op(seen.op)) } " "
            @if let Some(why) = why(overview, &seen) { span.why { (why) } }
        }
        @if seen.originals.len() > 1 {
            p { "It copies " (seen.originals.len()) " articles: " }
            ul { @for (id, share) in &seen.originals { li {
                (source(overview, &seen, id)) ", "
                @match share { Some(share) => (words::percent(*share)), None => "by way of the next" }
            } } }
        }
        @match (&original, seen.originals.is_empty()) {
            (Some(original), _) => (beside(&seen, original)),
            (None, false) => {
                p.note { "The earlier article is no longer in memory; its line is in the output files under the id " code { (wanted.unwrap_or_default()) } "." }
                (alone(&seen))
            }
            (None, true) => (alone(&seen)),
        }
    };
    Some(frame(title(&seen), content, ""))
}

fn source(overview: &Overview, seen: &Seen, id: &str) -> Markup {
    let known = overview.recent.with_id(id);
    html! {
        @match known {
            Some(known) => a href={ "/article/" (seen.number) "?with=" (id) } dir="auto" { (title(&known)) " (" (known.source) ")" },
            None => code { (id) },
        }
    }
}

fn alone(seen: &Arc<Seen>) -> Markup {
    html! { article.text { (facts(seen)) (marked(&seen.text, &[], "", "")) } }
}

fn beside(new: &Seen, old: &Seen) -> Markup {
    let is_compared = new.text.len() + old.text.len() <= COMPARED_MAX;
    let copied = match is_compared {
        true => explain(&new.text, &old.text).copied,
        false => Vec::new(),
    };
    let in_new: Vec<_> = copied.iter().map(|passage| passage.new.clone()).collect();
    let in_old: Vec<_> = copied.iter().map(|passage| passage.old.clone()).collect();
    html! {
        p.note {
            @if is_compared { @if copied.len() == 1 { "One passage stands" } @else { (copied.len()) " passages stand" }
                " in both; each leads to its counterpart." }
            @else { "The two are too long to be compared here." }
        }
        div.beside {
            article.text aria-label="This article" {
                h2 { "This article" }
                (facts(new))
                (marked(&new.text, &in_new, "new", "old"))
            }
            article.text aria-label="The earlier article" {
                h2 { "The earlier article" }
                p { a href={ "/article/" (old.number) } dir="auto" { (title(old)) } }
                (facts(old))
                (marked(&old.text, &in_old, "old", "new"))
            }
        }
    }
}

fn facts(seen: &Seen) -> Markup {
    let link = seen
        .url
        .as_deref()
        .filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    html! {
        dl.facts {
            dt { "Source" } dd { (seen.source) }
            @if let Some(link) = link { dt { "Address" } dd { a href=(link) rel="noreferrer noopener" { (link) } } }
            @if let Some(agency) = &seen.agency { dt { "Agency" } dd { (agency) } }
            @if let Some(published) = seen.published { dt { "Published" } dd { (words::moment(published)) } }
            dt { "Fetched" } dd { (words::moment(seen.at)) }
            dt { "Feed" } dd { (seen.feed) }
            dt { "Id" } dd { code { (seen.id) } " version " (seen.version) }
        }
    }
}

/// The text in paragraphs, with these passages marked and linked to their counterparts.
fn marked(text: &str, passages: &[Range<usize>], own: &str, other: &str) -> Markup {
    let mut order: Vec<usize> = (0..passages.len()).collect();
    order.sort_by_key(|&number| passages[number].start);
    let mut start = 0;
    html! {
        @for paragraph in text.split("\n\n") {
            @let span = start..start + paragraph.len();
            p dir="auto" { (paragraph_marked(text, &span, passages, &order, own, other)) }
            @let () = { start = span.end + 2; };
        }
    }
}

fn paragraph_marked(
    text: &str,
    paragraph: &Range<usize>,
    passages: &[Range<usize>],
    order: &[usize],
    own: &str,
    other: &str,
) -> Markup {
    let mut at = paragraph.start;
    let mut pieces: Vec<(Option<usize>, Range<usize>)> = Vec::new();
    for &number in order {
        let begin = passages[number].start.max(at);
        let end = passages[number].end.min(paragraph.end);
        if begin >= end {
            continue;
        }
        pieces.push((None, at..begin));
        pieces.push((Some(number), begin..end));
        at = end;
    }
    pieces.push((None, at..paragraph.end));
    html! {
        @for (number, range) in pieces {
            // A range that splits a character is a bug in the comparison, not a reason to fail.
            @let part = text.get(range.clone()).unwrap_or_default();
            @match number {
                None => (part),
                Some(number) => {
                    // A passage over several paragraphs is named by its first part.
                    @let is_first = range.start == passages[number].start;
                    mark id=[is_first.then(|| format!("{own}-{number}"))] {
                        a href=(format!("#{other}-{number}")) { (part) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_marked_over_paragraphs_and_text_is_escaped() {
        let text = "One <b>two.\n\nThree four.";
        let whole = std::slice::from_ref(&(4..20));
        assert_eq!(
            marked(text, whole, "new", "old").into_string(),
            "<p dir=\"auto\">One <mark id=\"new-0\"><a href=\"#old-0\">&lt;b&gt;two.</a></mark></p>\
             <p dir=\"auto\"><mark><a href=\"#old-0\">Three f</a></mark>our.</p>"
        );
    }

    #[test]
    fn passages_in_any_order_and_over_each_other_keep_the_text_whole() {
        let text = "abcdefghij";
        let html = marked(text, &[6..9, 1..4, 3..7], "n", "o").into_string();
        let plain: String = html
            .split('<')
            .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
            .collect();
        assert_eq!(plain, text);
    }
}
