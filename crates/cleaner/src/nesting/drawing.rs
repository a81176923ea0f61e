//! Drawings inside of a page: no text of theirs is read.

use crate::elements::{self, Role, UNKNOWN};
use crate::markup::{Kind, Scanner};

/// HTML that ends an `svg` left open.
#[rustfmt::skip]
const BREAKOUT: &[&str] = &[
    "p", "div", "span", "h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "img", "body", "br", "b",
    "i", "em", "strong", "blockquote", "pre",
];

/// Goes to the end of a drawing: its own, or where HTML shows that it was left open.
pub(super) fn skip_drawing(scanner: &mut Scanner) {
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
