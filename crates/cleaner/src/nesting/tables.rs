//! Tables: the rows and cells that are open, and where text between them goes.

use super::Nesting;
use crate::elements::{self, Element, Start, TABLE_ELEMENT, TBODY, TR};

/// Parts of a table that are open, by their places among the open elements.
#[derive(Default)]
pub(super) struct Parts {
    pub cell: Option<usize>,
    pub row: Option<usize>,
    pub rows: Option<usize>,
}

impl Nesting<'_> {
    /// The innermost table around and those of its parts that are open.
    pub(super) fn table(&self) -> Option<(usize, Parts)> {
        if self.counts[TABLE_ELEMENT] == 0 {
            return None;
        }
        let mut parts = Parts::default();
        for (at, open) in self.open.iter().enumerate().rev() {
            match open.element.start {
                Start::Table => return Some((at, parts)),
                Start::Cell | Start::Caption => parts.cell = Some(at),
                Start::Row => parts.row = Some(at),
                Start::Rows => parts.rows = Some(at),
                _ if open.element.name == "template" => return None,
                _ => {}
            }
        }
        None
    }

    /// Opens the rows and closes the cells that such a part of a table needs; false where it stands
    /// in no table and counts for nothing.
    pub(super) fn prepare_table_for(&mut self, start: Start) -> bool {
        let Some((table, parts)) = self.table() else {
            return false;
        };
        let keep = match start {
            Start::Cell => parts.row.or(parts.rows),
            Start::Row => parts.rows,
            _ => None,
        };
        self.close_to(keep.unwrap_or(table) + 1);
        if matches!(start, Start::Row | Start::Cell) && parts.rows.is_none() && parts.row.is_none()
        {
            self.push(elements::at(TBODY), "tbody", None);
        }
        if start == Start::Cell && parts.row.is_none() {
            self.push(elements::at(TR), "tr", None);
        }
        true
    }

    pub(super) fn end_part_of_table(&mut self, element: &'static Element) {
        let Some((table, parts)) = self.table() else {
            return;
        };
        let at = match element.start {
            Start::Table => Some(table),
            Start::Row => parts.row,
            Start::Rows => parts.rows,
            _ => parts.cell,
        };
        let Some(at) = at else { return };
        let is_same = element.start == Start::Table
            || element.start == Start::Row
            || self.open[at].element == element;
        if is_same {
            self.close_to(at);
        }
    }

    /// Whether text here is in a table but in no cell: it shows before the table.
    pub(super) fn is_between_cells(&self) -> bool {
        matches!(
            self.last_start(),
            Some(Start::Table | Start::Rows | Start::Row)
        )
    }

    pub(super) fn place_of_fostered(&self) -> usize {
        let table = self.table().map_or(0, |(at, _)| at);
        table
            .checked_sub(1)
            .and_then(|at| self.open.get(at))
            .map_or(0, |open| open.place)
    }
}
