//! Which elements stand in which, told from a page's tags alone.
//!
//! Follows HTML's rules for tags that are left out, crossed or out of place, as far as they move text
//! between boxes; a tree would cost more than all else that cleaning does. Work for each tag is
//! bounded by the depth, so a page takes time linear in its length. Text in a table but in no cell
//! stays where it stands; a browser shows it before the table.

mod drawing;
mod end;
mod formats;
mod start;
mod tables;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cpu_time::ThreadTime;

use crate::Config;
use crate::elements::{self, BODY, CUSTOM, Element, PARAGRAPH, Role, Start};
use crate::entities;
use crate::markup::{Kind, Tag, scan};
use crate::text::outline::{Outline, Writer};
use formats::Format;

/// What a page shows, perhaps of its first part only.
pub(crate) struct Reading {
    /// Its blocks and boxes.
    pub outline: Outline,
    /// Set where the budget ran out.
    pub is_cut: bool,
}

/// Tags between two looks at the clock.
const TAGS_UNTIMED: usize = 512;

/// Reads as much of the page as the budget allows.
pub(crate) fn read(html: &str, config: &Config) -> Reading {
    let started = ThreadTime::now();
    let cpu_max = Duration::from_millis(config.cpu_ms_max);
    let mut nesting = Nesting::new(config.depth_max);
    let mut is_cut = false;
    let mut scanner = scan(html);
    let mut nodes = 0;
    while let Some(token) = scanner.next() {
        match token.kind {
            Kind::Text(text) => nesting.text(text),
            Kind::Start(tag) => nesting.start(tag, token.end, html, &mut scanner),
            Kind::End(name) => nesting.end(name),
            Kind::Comment if !nesting.has_doctype => nesting.doctype(&html[token.start..token.end]),
            Kind::Comment => {}
        }
        nodes += 1;
        let is_over = nodes > config.nodes_max || nesting.writer.is_full();
        if is_over || nodes.is_multiple_of(TAGS_UNTIMED) && started.elapsed() > cpu_max {
            is_cut = true;
            break;
        }
    }
    Reading {
        outline: nesting.writer.finish(),
        is_cut,
    }
}

/// An element that is open.
struct Open<'a> {
    element: &'static Element,
    /// As written; told apart by it only where the element is unknown.
    name: &'a str,
    /// The innermost box at this depth.
    place: usize,
    /// Whether it or one around it is silent.
    is_silent: bool,
    /// An inline element that is not shown: how many more of its name are open inside, if it is one.
    hidden: Option<u32>,
}

struct Nesting<'a> {
    writer: Writer,
    open: Vec<Open<'a>>,
    /// How many of each element are open.
    counts: [u16; elements::COUNT],
    /// Links and bold type, and the elements that bound them.
    formats: Vec<Format>,
    /// Elements that were deeper than the budget and left out.
    left_out: usize,
    depth_max: usize,
    has_doctype: bool,
    /// Without a doctype of today a table stands inside of a paragraph left open.
    is_quirky: bool,
    has_form: bool,
    /// What comes next is not read.
    is_raw: bool,
    hidden_inline: usize,
    decoded: String,
}

impl<'a> Nesting<'a> {
    fn new(depth_max: usize) -> Self {
        Self {
            writer: Writer::new(),
            open: Vec::with_capacity(64),
            counts: [0; elements::COUNT],
            formats: Vec::new(),
            left_out: 0,
            depth_max,
            has_doctype: false,
            is_quirky: true,
            has_form: false,
            is_raw: false,
            hidden_inline: 0,
            decoded: String::new(),
        }
    }

    fn doctype(&mut self, comment: &str) {
        let lower = comment.to_ascii_lowercase();
        if lower.starts_with("<!doctype") {
            self.has_doctype = true;
            let is_old = ["html 4.0 ", "html 3", "html 2", "dtd html//"]
                .iter()
                .any(|version| lower.contains(version));
            let has_no_address =
                lower.contains("html 4.01 transitional") && !lower.contains("w3.org/tr/html4");
            self.is_quirky = is_old && lower.contains("//dtd") || has_no_address;
        }
    }

    fn text(&mut self, text: &str) {
        if std::mem::take(&mut self.is_raw) {
            return;
        }
        let is_blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
        if self.counts[BODY] == 0 {
            if is_blank || self.is_silent() {
                return;
            }
            self.open_body(None);
        }
        if self.is_silent() {
            return;
        }
        if is_blank {
            self.writer.blank();
            return;
        }
        if self.is_between_cells() {
            let place = self.place_of_fostered();
            self.writer.go_to(place);
        }
        self.take_up_formats();
        let text = entities::decoded(text, &mut self.decoded);
        self.writer.text(text);
    }

    fn is_silent(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_silent)
    }

    fn last_start(&self) -> Option<Start> {
        self.open.last().map(|open| open.element.start)
    }

    fn push(&mut self, element: &'static Element, name: &'a str, tag: Option<Tag<'a>>) {
        if element == CUSTOM && !self.is_silent() {
            self.writer.pass_custom();
        }
        let is_box = matches!(element.role, Role::Box(_) | Role::Outside);
        if !is_box || self.is_silent() {
            self.push_unboxed(element, name, element.role == Role::Silent);
            return;
        }
        let is_fostered = self.is_between_cells()
            && !matches!(
                element.start,
                Start::Caption | Start::Rows | Start::Row | Start::Cell
            );
        let place = if is_fostered {
            self.place_of_fostered()
        } else {
            self.open.last().map_or(0, |open| open.place)
        };
        if self.push_unboxed(element, name, false) {
            let attributes = tag.into_iter().flat_map(|tag| tag.attributes());
            let place = self.writer.open(element, name, place, attributes);
            if let Some(open) = self.open.last_mut() {
                open.place = place;
            }
        }
    }

    /// False where it is deeper than the budget allows.
    fn push_unboxed(&mut self, element: &'static Element, name: &'a str, is_silent: bool) -> bool {
        if self.open.len() >= self.depth_max {
            self.left_out += 1;
            return false;
        }
        let (place, was_silent) = self
            .open
            .last()
            .map_or((0, false), |open| (open.place, open.is_silent));
        self.counts[usize::from(element.index)] += 1;
        self.open.push(Open {
            element,
            name,
            place,
            is_silent: is_silent || was_silent,
            hidden: None,
        });
        if element.bounds_formatting() {
            self.formats.push(Format {
                element,
                depth: Some(self.open.len()),
            });
        }
        true
    }

    /// Where the innermost of these is, if an end tag here would end it.
    fn in_scope(&self, element: &'static Element) -> Option<usize> {
        if self.counts[usize::from(element.index)] == 0 {
            return None;
        }
        for (at, open) in self.open.iter().enumerate().rev() {
            if open.element == element {
                return Some(at);
            }
            let is_bound = open.element.is_scope()
                || element.name == "p" && open.element.start == Start::Button
                || element.name == "li" && matches!(open.element.name, "ol" | "ul");
            if is_bound {
                return None;
            }
        }
        None
    }

    /// The innermost hidden inline element of that name that its end tag would end.
    fn innermost_hidden(&self, element: &'static Element) -> Option<usize> {
        for (at, open) in self.open.iter().enumerate().rev() {
            if open.hidden.is_some() && open.element == element {
                return Some(at);
            }
            if open.element.is_special() {
                return None;
            }
        }
        None
    }

    fn end_paragraph(&mut self) {
        if let Some(at) = self.in_scope(elements::at(PARAGRAPH)) {
            self.close_to(at);
        }
    }

    /// Ends all elements from this one on.
    fn close_to(&mut self, at: usize) {
        let mut ends_box = false;
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { break };
            self.counts[usize::from(open.element.index)] -= 1;
            self.hidden_inline -= usize::from(open.hidden.is_some());
            if open.element.bounds_formatting() {
                let bound = self
                    .formats
                    .iter()
                    .rposition(|format| format.element.bounds_formatting());
                self.formats.truncate(bound.unwrap_or(0));
            }
            if !open.is_silent {
                if open.element == CUSTOM && !ends_box {
                    self.writer.pass_custom();
                }
                ends_box |= matches!(open.element.role, Role::Box(_));
            }
        }
        if !self.formats.is_empty() {
            for format in &mut self.formats {
                format.depth = format.depth.filter(|depth| *depth <= at);
            }
            self.apply_formats();
        } else {
            self.writer.format(0, 0);
        }
        if ends_box {
            self.writer.end_block();
        }
        self.writer
            .go_to(self.open.last().map_or(0, |open| open.place));
    }
}
