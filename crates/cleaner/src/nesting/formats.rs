//! Links and bold type, which go on in the next element where theirs ends too early.

use super::Nesting;
use crate::elements::{Element, Role};

/// A link or bold type that was begun.
pub(super) struct Format {
    pub element: &'static Element,
    /// How many elements are open around it; None where one of them has ended and it has not been
    /// taken up again by a text.
    pub depth: Option<usize>,
}

/// More are not taken up; pages have two or three.
pub(super) const FORMATS_MAX: usize = 24;

impl Nesting<'_> {
    pub(super) fn innermost_format(&self, element: &'static Element) -> Option<usize> {
        for (at, format) in self.formats.iter().enumerate().rev() {
            if format.element == element {
                return Some(at);
            }
            if format.element.bounds_formatting() {
                return None;
            }
        }
        None
    }

    /// What was begun in an element that has ended goes on in the next one.
    pub(super) fn take_up_formats(&mut self) {
        let (depth, is_silent) = (self.open.len(), self.is_silent());
        let mut is_changed = false;
        for format in self.formats.iter_mut().rev() {
            if format.depth.is_some() {
                break;
            }
            format.depth = Some(depth);
            is_changed = true;
            if format.element.role == Role::Link && !is_silent {
                self.writer.count_link();
            }
        }
        if is_changed {
            self.apply_formats();
        }
    }

    pub(super) fn apply_formats(&mut self) {
        let count = |role| {
            let is_on = |format: &&Format| format.depth.is_some() && format.element.role == role;
            self.formats.iter().filter(is_on).count()
        };
        self.writer.format(count(Role::Link), count(Role::Bold));
    }
}
