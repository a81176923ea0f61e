//! A page's tree for selectors, built within a budget: html5ever is quadratic on some pages, and a
//! page of half a megabyte may take it minutes.

use cpu_time::ThreadTime;
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::{StrTendril, TendrilSink};
use scraper::{Html, HtmlTreeSink};
use std::time::Duration;

/// What one page may cost; the defaults are the documented ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    /// Nodes in the tree.
    pub nodes_max: usize,
    /// CPU time of the thread. A clock on the wall would cut good pages on a busy machine.
    pub cpu_max: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            nodes_max: 250_000,
            cpu_max: Duration::from_millis(500),
        }
    }
}

/// A tree, perhaps of the page's first part only.
pub(crate) struct Tree {
    /// The tree.
    pub html: Html,
    /// Set where the budget ran out.
    pub is_cut: bool,
}

/// Bytes fed at once. The worst known page makes 100 nodes a byte, so a piece stays small.
const PIECE_BYTES: usize = 1024;

/// Builds the tree of as much of the page as the budget allows.
pub(crate) fn parse(html: &str, budget: &Budget) -> Tree {
    let started = ThreadTime::now();
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = parse_document(sink, ParseOpts::default());
    let mut is_cut = false;
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        parser.process(StrTendril::from_slice(piece));
        rest = after;
        let nodes = parser.tokenizer.sink.sink.0.borrow().tree.values().len();
        if nodes > budget.nodes_max || started.elapsed() > budget.cpu_max {
            is_cut = true;
            break;
        }
    }
    Tree {
        html: parser.finish(),
        is_cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_where_its_budget_ends() {
        let page = "<p>one</p>".repeat(1000);
        let tree = parse(&page, &Budget::default());
        assert!(!tree.is_cut && tree.html.tree.values().len() > 2000);
        let budget = Budget {
            nodes_max: 500,
            ..Budget::default()
        };
        let cut = parse(&page, &budget);
        assert!(cut.is_cut && (500..1000).contains(&cut.html.tree.values().len()));
    }

    #[test]
    fn quadratic_pages_end_within_the_budget() {
        let budget = Budget {
            cpu_max: Duration::from_millis(50),
            ..Budget::default()
        };
        for page in ["<div>".repeat(100_000), "<p><b a>".repeat(50_000)] {
            assert!(parse(&page, &budget).is_cut);
        }
    }
}
