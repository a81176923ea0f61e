//! End tags: which of the open elements each ends, if any.

use super::Nesting;
use crate::elements::{self, BODY, CUSTOM, Element, FORM, PARAGRAPH, Role, Start, UNKNOWN};

impl Nesting<'_> {
    pub(super) fn end(&mut self, name: &str) {
        self.is_raw = false;
        let element = elements::find(name);
        if element.role == Role::Break {
            if !self.is_silent() {
                self.writer.line_break();
            }
            return;
        }
        if element.role == Role::Outside || matches!(element.start, Start::Void | Start::Raw) {
            return;
        }
        if !element.encloses() {
            self.end_inline(element);
            return;
        }
        if self.left_out > 0 && !element.ends_itself() {
            self.left_out -= 1;
            return;
        }
        match element.start {
            Start::Form => self.end_form(),
            Start::Heading => {
                let heading = self.open.iter().rposition(|open| {
                    open.element.start == Start::Heading || open.element.is_scope()
                });
                if let Some(at) = heading
                    && self.open[at].element.start == Start::Heading
                {
                    self.close_to(at);
                }
            }
            Start::Table | Start::Caption | Start::Rows | Start::Row | Start::Cell => {
                self.end_part_of_table(element);
            }
            _ if element.name == "p" => {
                if self.counts[PARAGRAPH] == 0 || self.in_scope(element).is_none() {
                    // It opens a paragraph of its own and ends it.
                    if self.counts[BODY] > 0 && !self.is_silent() {
                        self.writer.end_block();
                    }
                } else {
                    self.end_paragraph();
                }
            }
            _ if element.is_special() => {
                if let Some(at) = self.in_scope(element) {
                    self.close_to(at);
                }
            }
            _ => self.end_plain(element, name),
        }
    }

    /// The end of an element without rules of its own ends nothing across one that has some.
    fn end_plain(&mut self, element: &'static Element, name: &str) {
        if self.counts[usize::from(element.index)] == 0 {
            return;
        }
        let is_nameless = element == UNKNOWN || element == CUSTOM;
        for at in (0..self.open.len()).rev() {
            let open = &self.open[at];
            if open.element == element && (!is_nameless || open.name.eq_ignore_ascii_case(name)) {
                self.close_to(at);
                return;
            }
            if open.element.is_special() {
                return;
            }
        }
    }

    fn end_inline(&mut self, element: &'static Element) {
        if self.hidden_inline > 0
            && let Some(at) = self.innermost_hidden(element)
        {
            match &mut self.open[at].hidden {
                Some(nested) if *nested > 0 => *nested -= 1,
                _ => self.close_to(at),
            }
            return;
        }
        if !matches!(element.role, Role::Link | Role::Bold) {
            return;
        }
        let Some(at) = self.innermost_format(element) else {
            return;
        };
        if let Some(depth) = self.formats[at].depth
            && self.open[depth..]
                .iter()
                .any(|open| open.element.is_scope())
        {
            return;
        }
        self.formats.remove(at);
        self.apply_formats();
    }

    /// A form's end tag takes it off the list of open elements; those opened inside stay open in it.
    fn end_form(&mut self) {
        self.has_form = false;
        let Some(at) = self.in_scope(elements::at(FORM)) else {
            return;
        };
        while self
            .open
            .last()
            .is_some_and(|open| open.element.ends_itself())
        {
            self.close_to(self.open.len() - 1);
        }
        if at + 1 >= self.open.len() {
            self.close_to(at);
            return;
        }
        self.open.remove(at);
        self.counts[FORM] -= 1;
        for format in &mut self.formats {
            format.depth = format
                .depth
                .map(|depth| if depth > at { depth - 1 } else { depth });
        }
    }
}
