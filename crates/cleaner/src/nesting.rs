//! Which elements stand in which, told from a page's tags alone.
//!
//! Follows HTML's rules for tags that are left out, crossed or out of place, as far as they move text
//! between boxes; a tree would cost more than all else that cleaning does. Work for each tag is
//! bounded by the depth, so a page takes time linear in its length. Text in a table but in no cell
//! stays where it stands; a browser shows it before the table.

use std::time::Duration;

use cpu_time::ThreadTime;

use crate::Config;
use crate::elements::{
    self, BODY, CUSTOM, Element, FORM, HTML, PARAGRAPH, Role, SELECT, Start, TABLE_ELEMENT, TBODY,
    TR, UNKNOWN,
};
use crate::entities;
use crate::markup::{Kind, Scanner, Tag, scan};
use crate::text::outline::{self, Outline, Writer};

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

/// A link or bold type that was begun.
struct Format {
    element: &'static Element,
    /// How many elements are open around it; None where one of them has ended and it has not been
    /// taken up again by a text.
    depth: Option<usize>,
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

/// More are not taken up; pages have two or three.
const FORMATS_MAX: usize = 24;

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

    // ---- Text ----

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

    // ---- Start tags ----

    fn start(&mut self, tag: Tag<'a>, end: usize, html: &'a str, scanner: &mut Scanner<'a>) {
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
                    skip_svg(scanner);
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

    fn open_body(&mut self, tag: Option<Tag<'a>>) {
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

    /// Opens the rows and closes the cells that such a part of a table needs; false where it stands
    /// in no table and counts for nothing.
    fn prepare_table_for(&mut self, start: Start) -> bool {
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

    /// The innermost table around and those of its parts that are open.
    fn table(&self) -> Option<(usize, Parts)> {
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

    fn last_start(&self) -> Option<Start> {
        self.open.last().map(|open| open.element.start)
    }

    /// Whether text here is in a table but in no cell: it shows before the table.
    fn is_between_cells(&self) -> bool {
        matches!(
            self.last_start(),
            Some(Start::Table | Start::Rows | Start::Row)
        )
    }

    fn place_of_fostered(&self) -> usize {
        let table = self.table().map_or(0, |(at, _)| at);
        table
            .checked_sub(1)
            .and_then(|at| self.open.get(at))
            .map_or(0, |open| open.place)
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

    // ---- End tags ----

    fn end(&mut self, name: &str) {
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

    fn end_part_of_table(&mut self, element: &'static Element) {
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

    // ---- Links and bold type ----

    fn innermost_format(&self, element: &'static Element) -> Option<usize> {
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
    fn take_up_formats(&mut self) {
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

    fn apply_formats(&mut self) {
        let count = |role| {
            let is_on = |format: &&Format| format.depth.is_some() && format.element.role == role;
            self.formats.iter().filter(is_on).count()
        };
        self.writer.format(count(Role::Link), count(Role::Bold));
    }
}

/// Parts of a table that are open, by their places among the open elements.
#[derive(Default)]
struct Parts {
    cell: Option<usize>,
    row: Option<usize>,
    rows: Option<usize>,
}

fn hides(tag: Tag) -> bool {
    tag.attributes()
        .any(|(name, value)| name.eq_ignore_ascii_case("style") && outline::hides(value))
}

/// HTML that ends an `svg` left open.
const BREAKOUT: &[&str] = &[
    "p",
    "div",
    "span",
    "h1",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "table",
    "img",
    "body",
    "br",
    "b",
    "i",
    "em",
    "strong",
    "blockquote",
    "pre",
];

/// Goes to the end of a drawing: its own, or where HTML shows that it was left open.
fn skip_svg(scanner: &mut Scanner) {
    let (mut depth, mut html_inside) = (1, 0);
    let mut ahead = scanner.clone();
    while let Some(token) = ahead.next() {
        match token.kind {
            Kind::Start(tag) if tag.is("svg") && !tag.is_self_closing() => depth += 1,
            Kind::Start(tag) if tag.is("foreignobject") && !tag.is_self_closing() => {
                html_inside += 1;
            }
            Kind::Start(tag) if html_inside == 0 && BREAKOUT.iter().any(|name| tag.is(name)) => {
                return;
            }
            Kind::End(name) if name.eq_ignore_ascii_case("svg") => {
                depth -= 1;
                if depth == 0 {
                    *scanner = ahead;
                    return;
                }
            }
            Kind::End(name) if name.eq_ignore_ascii_case("foreignobject") => html_inside -= 1,
            Kind::End(name) if html_inside <= 0 => {
                let element = elements::find(name);
                if matches!(element.role, Role::Box(_)) && element != UNKNOWN {
                    return;
                }
            }
            _ => {}
        }
        scanner.clone_from(&ahead);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::path::Path;

    use super::*;
    use crate::text::{extract, outline::outline};
    use crate::{Input, tree};

    /// The blocks with what is counted in each: boxes by tag from the outermost, links, bold.
    fn shown(outline: &Outline) -> Vec<String> {
        let line = |block: &outline::Block| {
            let mut tags = Vec::new();
            let mut at = block.parent;
            while at != 0 {
                tags.push(format!("{:?}", outline.boxes[at].tag));
                at = outline.boxes[at].parent;
            }
            tags.reverse();
            let (links, bold) = (block.link_chars, block.bold_chars);
            format!("{links}/{bold} {} {}", tags.join(">"), block.text)
        };
        outline.blocks.iter().map(line).collect()
    }

    #[track_caller]
    fn check(html: &str) {
        let config = Config::default();
        let wanted = shown(&outline(
            [tree::parse(html, &config).html.tree.root()].into_iter(),
        ));
        assert_eq!(shown(&read(html, &config).outline), wanted, "{html}");
    }

    #[test]
    fn nests_as_the_parser_does() {
        for html in [
            "<p>a<p>b<div>c</p>d</div>e",
            "<ul><li>a<li>b<ul><li>c</ul>d</ul>e",
            "<dl><dt>a<dd>b<dt>c</dl>d",
            "<h1>a<h2>b</h1>c",
            "<b><p>a</b>b<p>c",
            "<p><b>a<p>b</b>c",
            "<a>a<div>b</a>c</div>d",
            "<a>a<a>b</a>c</a>d",
            "<div><a>a</div><div>b</a>c</div>",
            "<p>a<table><tr><td>b<td>c<tr><td>d</table>e",
            "<!doctype html><p>a<table><tr><td>b<td>c<tr><td>d</table>e",
            "<!doctype html><p><b>a<table><td>b</table>c",
            "<b>a<table><td>b</b>c</table>d</b>e",
            "<table><div>a</div></table>",
            "<table><tr><td>a<table><tr><td>b</td></tr></table>c</table>d",
            "<table><td>a<table><td>b</td></td></table>c</table>",
            "<table><caption>a<tr><td>b</table>",
            "<table><td>a<p>b</td></table>c",
            "<td>a</td><tr>b",
            "<form><div>a</form>b</div>c<form>d",
            "<div><form></div>a</form>b",
            "<form><form>a</form>b</form>",
            "<button>a<div>b</button>c",
            "<nav>a<div>b</nav>c</div>d",
            "<div><nav>a</div>b",
            "<div><nav>a</span>b</nav>c</div>d",
            "<select><option>a<option>b</select>c",
            "<select>a<select>b<p>c",
            "<select>a<input>b",
            "<ruby>a<rt>b</ruby>c<ruby>d<rp>(<rt>e<rp>)</ruby>f",
            "<object>a<p>b</object>c",
            "<template><p>a</template>b",
            "<title>a</title><p>b<title>c</title>d",
            "<span style='display:none'>a<span>b</span>c</span>d",
            "<p><span style='display:none'>a<p>b</span>c",
            "<a style='display:none'>a</a>b<div style='display:none'>c</div>",
            "<x-a>a<p>b</x-a>c<x-b>d</x-a>e",
            "<p>a<x-a>b</x-a>c",
            "<foo>a<bar>b</foo>c",
            "<section>a<article>b</section>c</article>d",
            "<noscript><p>a</noscript>b<noscript>c",
            "<svg><path/><title>t</title></svg>a<svg><path><p>b",
            "<div>a<svg><path></div>b",
            "<svg><foreignObject><p>a</p></foreignObject></svg>b",
            "<script>'<p>'</script>a<style><p></style>b<textarea><p></textarea>c",
            "<head><meta>a<head><body class=x>b<html>c</body>d</html>e",
            "a<br><br>b<br>c</br>d",
            "a<hr>b</p>c",
            "<details><summary>a</summary>b</details>c",
            "<figure><img><figcaption>a</figure>b",
            "<ul><div><li>a</div><li>b</ul>",
            "<marquee>a<b>b</marquee>c",
            "<p>&lt;a&amp;b&nbsp;c &copy; d\0e",
            "<center><font>a</center>b",
            "<body hidden>a</body>",
            "<blockquote><p>a</blockquote>b",
            "<b><b><b>a</b>b</b>c</b>d",
            "<p><i>a<b>b</i>c</b>d",
            "",
        ] {
            check(html);
        }
    }

    /// On every page of the evaluation set that is at hand; `COPYDESK_ALL_PAGES=1` takes them all.
    #[test]
    fn same_story_as_from_a_tree() {
        let shared = std::env::var("COPYDESK_SHARED").unwrap_or_else(|_| "/work/shared".to_owned());
        let folder = Path::new(&shared).join("extraction/pages");
        let all = [
            "scrapinghub",
            "fundus_tests",
            "postlight_meta",
            "trafilatura_eval",
            "wcxb_dev",
        ];
        let count = if std::env::var_os("COPYDESK_ALL_PAGES").is_some() {
            5
        } else {
            1
        };
        let (mut pages, mut differing) = (0, Vec::new());
        for dataset in &all[..count] {
            let Ok(files) = folder.join(dataset).read_dir() else {
                eprintln!("skipped: no pages in {}", folder.display());
                return;
            };
            for file in files {
                let path = file.expect("a readable folder").path();
                let packed = std::fs::File::open(&path).expect("a readable page");
                let mut html = String::new();
                flate2::read::GzDecoder::new(packed)
                    .read_to_string(&mut html)
                    .expect("a page in UTF-8");
                let input = Input {
                    html: &html,
                    ..Input::default()
                };
                let config = Config::default();
                let of_tree = outline([tree::parse(&html, &config).html.tree.root()].into_iter());
                let of_tags = read(&html, &config).outline;
                if std::env::var_os("COPYDESK_SHOW").is_some() {
                    let (tree, tags) = (shown(&of_tree), shown(&of_tags));
                    if tree != tags {
                        eprintln!("{}: {} {}", path.display(), tree.len(), tags.len());
                        let first = tree.iter().zip(&tags).find(|(a, b)| a != b);
                        if let Some((a, b)) = first {
                            eprintln!("{a:.200}\n{b:.200}");
                        }
                    }
                }
                pages += 1;
                let (whole, story) = (extract(of_tree, &input), extract(of_tags, &input));
                if whole != story {
                    for line in whole.iter().filter(|line| !story.contains(line)) {
                        eprintln!("tree {line:.90}");
                    }
                    for line in story.iter().filter(|line| !whole.contains(line)) {
                        eprintln!("tags {line:.90}");
                    }
                    differing.push(path);
                }
            }
        }
        assert!(
            differing.is_empty(),
            "{} of {pages}: {differing:#?}",
            differing.len()
        );
    }
}
