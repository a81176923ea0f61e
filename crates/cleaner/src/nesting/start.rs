//! Start tags: what each closes, and what it opens.

use super::Nesting;
use super::drawing::skip_drawing;
use super::formats::{FORMATS_MAX, Format};
use crate::elements::{self, BODY, Element, HTML, Role, SELECT, Start};
use crate::markup::{Scanner, Tag};
use crate::text::outline;

impl<'a> Nesting<'a> {
    pub(super) fn start(
        &mut self,
        tag: Tag<'a>,
        end: usize,
        html: &'a str,
        scanner: &mut Scanner<'a>,
    ) {
        self.is_raw = false;
        let element = elements::find(tag.name);
        if element.role == Role::Outside {
            self.start_outside(element, tag);
            return;
        }
        match element.name {
            "noscript" => {
                let rest = &html.as_bytes()[end..];
                let length = memchr::memmem::find(rest, b"</noscript").unwrap_or(rest.len());
                scanner.jump(end + length);
                return;
            }
            "svg" => {
                if !tag.is_self_closing() {
                    skip_drawing(scanner);
                }
                return;
            }
            _ => {}
        }
        if element.start == Start::Raw {
            self.is_raw = true;
            if element.ends_paragraph() {
                self.end_paragraph();
            }
            return;
        }
        let is_of_head = matches!(
            element.name,
            "meta" | "link" | "base" | "template" | "basefont" | "bgsound"
        );
        if !is_of_head && self.counts[BODY] == 0 && !self.is_silent() {
            self.open_body(None);
        }
        match element.role {
            Role::Link | Role::Bold | Role::Inline if !element.encloses() => {
                self.start_inline(element, tag);
            }
            Role::Break => {
                if !self.is_silent() {
                    self.writer.line_break();
                }
            }
            _ if element.start == Start::Void => self.start_void(element),
            _ => self.start_enclosing(element, tag),
        }
    }

    fn start_outside(&mut self, element: &'static Element, tag: Tag<'a>) {
        match element.name {
            "html" if self.open.is_empty() => self.push(element, tag.name, Some(tag)),
            "body" if self.counts[BODY] == 0 && !self.is_silent() => self.open_body(Some(tag)),
            _ => {}
        }
    }

    pub(super) fn open_body(&mut self, tag: Option<Tag<'a>>) {
        if self.open.is_empty() {
            self.push(elements::at(HTML), "html", None);
        }
        self.push(elements::at(BODY), "body", tag);
    }

    fn start_inline(&mut self, element: &'static Element, tag: Tag<'a>) {
        if element.start == Start::Void {
            return;
        }
        if self.hidden_inline > 0
            && let Some(hidden) = self.innermost_hidden(element)
        {
            let nested = self.open[hidden].hidden.get_or_insert(0);
            *nested += 1;
            return;
        }
        if hides(tag) {
            if self.push_unboxed(element, tag.name, true)
                && let Some(open) = self.open.last_mut()
            {
                open.hidden = Some(0);
                self.hidden_inline += 1;
            }
            return;
        }
        if !matches!(element.role, Role::Link | Role::Bold) {
            return;
        }
        self.take_up_formats();
        if element.role == Role::Link
            && let Some(at) = self.innermost_format(element)
        {
            self.formats.remove(at);
        }
        if self.formats.len() < FORMATS_MAX {
            self.formats.push(Format {
                element,
                depth: Some(self.open.len()),
            });
            if element.role == Role::Link && !self.is_silent() {
                self.writer.count_link();
            }
        }
        self.apply_formats();
    }

    fn start_void(&mut self, element: &'static Element) {
        if element.name == "input" {
            if let Some(at) = self.in_scope(elements::at(SELECT)) {
                self.close_to(at);
            }
        } else if element.name == "hr" {
            self.end_paragraph();
            if !self.is_silent() {
                self.writer.end_block();
            }
        }
    }

    fn start_enclosing(&mut self, element: &'static Element, tag: Tag<'a>) {
        match element.start {
            Start::Heading => {
                self.end_paragraph();
                if self.last_start() == Some(Start::Heading) {
                    self.close_to(self.open.len() - 1);
                }
            }
            Start::Item | Start::Definition => {
                for at in (0..self.open.len()).rev() {
                    let around = self.open[at].element;
                    if around.start == element.start {
                        self.close_to(at);
                        break;
                    }
                    if around.is_special() && !matches!(around.name, "address" | "div" | "p") {
                        break;
                    }
                }
                self.end_paragraph();
            }
            Start::Form => {
                if self.has_form || self.is_between_cells() {
                    self.has_form = true;
                    return;
                }
                self.has_form = true;
                self.end_paragraph();
            }
            Start::Button => {
                if let Some(at) = self.in_scope(element) {
                    self.close_to(at);
                }
            }
            Start::Select => {
                if let Some(at) = self.in_scope(element) {
                    self.close_to(at);
                    return;
                }
            }
            Start::Table => match self.table() {
                Some((table, parts)) if parts.cell.is_none() => self.close_to(table),
                _ if !self.is_quirky => self.end_paragraph(),
                _ => {}
            },
            Start::Caption | Start::Rows | Start::Row | Start::Cell => {
                if !self.prepare_table_for(element.start) {
                    return;
                }
            }
            _ => {
                if element.ends_itself() && element.role == Role::Silent {
                    // option, optgroup, rp, rt
                    while self.open.last().is_some_and(|open| {
                        open.element.ends_itself()
                            && open.element.role == Role::Silent
                            && !(element.name == "option" && open.element.name == "optgroup")
                    }) {
                        self.close_to(self.open.len() - 1);
                    }
                } else if element.ends_paragraph() {
                    self.end_paragraph();
                }
            }
        }
        self.push(element, tag.name, Some(tag));
    }
}

fn hides(tag: Tag) -> bool {
    tag.attributes()
        .any(|(name, value)| name.eq_ignore_ascii_case("style") && outline::hides(value))
}
