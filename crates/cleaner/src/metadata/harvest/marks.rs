//! Elements that say what they hold, while their texts are read.

use super::role::Role;
use super::{Harvest, Mark, one_spaced};

/// Bytes of text after which an element is no byline, date or headline any more.
pub(super) const MARK_BYTES_MAX: usize = 400;
/// A hostile page could open marks for ever; no page has use for so many.
pub(super) const MARKS_OPEN_MAX: usize = 12;
const MARKS_MAX: usize = 400;

/// An element whose text is still being read.
pub(super) struct Open<'a> {
    pub name: &'a str,
    /// Elements of the same name open inside it, itself included.
    pub depth: usize,
    pub mark: Mark,
}

/// Ends a word where an element ends: names of authors stand in elements of their own; other texts
/// go on after inline elements.
pub(super) fn separate(name: &str, open: &mut [Open]) {
    let is_inline = is_inline(name);
    for element in open {
        match element.mark.role {
            Role::Author => append(std::slice::from_mut(element), "\u{1f}"),
            _ if !is_inline => append(std::slice::from_mut(element), " "),
            _ => {}
        }
    }
}

pub(super) fn is_inline(name: &str) -> bool {
    [
        "a", "span", "b", "i", "em", "strong", "font", "u", "sup", "sub",
    ]
    .iter()
    .any(|inline| name.eq_ignore_ascii_case(inline))
}

/// Adds text to all that are open.
pub(super) fn append(open: &mut [Open], text: &str) {
    for element in open {
        // One byte over the limit is enough to see that it is over.
        let room = MARK_BYTES_MAX + 1 - element.mark.text.len().min(MARK_BYTES_MAX + 1);
        element
            .mark
            .text
            .push_str(&text[..text.floor_char_boundary(room + 3)]);
    }
}

/// Ends those that an end tag of this name ends.
pub(super) fn close(name: &str, open: &mut Vec<Open>, harvest: &mut Harvest) {
    for element in open.iter_mut() {
        if element.name.eq_ignore_ascii_case(name) {
            element.depth -= 1;
        }
    }
    while let Some(done) = open.iter().position(|element| element.depth == 0) {
        let mut mark = open.remove(done).mark;
        mark.text = one_spaced(&html_escape::decode_html_entities(&mark.text));
        if mark.text.is_empty() && mark.value.is_none() {
            continue;
        }
        let list = match mark.role {
            Role::Headline | Role::Subheading => &mut harvest.headings,
            _ => &mut harvest.marks,
        };
        if list.len() < MARKS_MAX {
            list.push(mark);
        }
    }
}
