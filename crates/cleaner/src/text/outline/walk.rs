//! The outline of a tree.

use ego_tree::{NodeRef, iter::Edge};
use scraper::{Node, node::Element};

use super::{Outline, Writer};
use crate::elements::{self, CUSTOM, Role};
use crate::text::cues;

/// Reads parts of a tree, each in reading order.
pub(crate) fn outline<'t>(parts: impl Iterator<Item = NodeRef<'t, Node>>) -> Outline {
    let mut writer = Writer::new();
    let mut silent_depth = 0_usize;
    let (mut links, mut bold) = (0, 0);
    for edge in parts.flat_map(|part| part.traverse()) {
        let (node, is_open) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Text(text) if is_open && silent_depth == 0 => writer.text(text),
            Node::Element(element) if is_open => {
                let known = elements::find(element.name());
                if silent_depth > 0 || is_silent(known, element) {
                    silent_depth += 1;
                    continue;
                }
                match known.role {
                    Role::Break => writer.line_break(),
                    Role::Link => {
                        links += 1;
                        writer.format(links, bold);
                        writer.count_link();
                    }
                    Role::Bold => {
                        bold += 1;
                        writer.format(links, bold);
                    }
                    Role::Box(_) | Role::Outside => {
                        let around = writer.place();
                        writer.open(known, element.name(), around, element.attrs());
                    }
                    _ if known == CUSTOM => writer.pass_custom(),
                    _ => {}
                }
            }
            Node::Element(_) if silent_depth > 0 => silent_depth -= 1,
            Node::Element(element) => {
                let known = elements::find(element.name());
                match known.role {
                    Role::Link => {
                        links -= 1;
                        writer.format(links, bold);
                    }
                    Role::Bold => {
                        bold -= 1;
                        writer.format(links, bold);
                    }
                    Role::Box(_) | Role::Outside => {
                        writer.end_block();
                        writer.go_out();
                    }
                    _ if known == CUSTOM => writer.pass_custom(),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    writer.finish()
}

fn is_silent(known: &elements::Element, element: &Element) -> bool {
    let is_hidden = |(name, value)| name == "style" && cues::hides(value);
    match known.role {
        Role::Silent => true,
        Role::Outside => known.name == "head",
        Role::Inline | Role::Link | Role::Bold => known != CUSTOM && element.attrs().any(is_hidden),
        Role::Box(_) | Role::Break => false,
    }
}
