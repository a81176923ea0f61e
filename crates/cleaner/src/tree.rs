//! scraper's tree, built inside a budget: html5ever is quadratic on some pages.

use std::time::Duration;

use cpu_time::ThreadTime;
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::{StrTendril, TendrilSink};
use scraper::{Html, HtmlTreeSink};

use crate::Config;

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
pub(crate) fn parse(html: &str, config: &Config) -> Tree {
    let started = ThreadTime::now();
    let cpu_max = Duration::from_millis(config.cpu_ms_max);
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = parse_document(sink, ParseOpts::default());
    let mut rest = html;
    let mut is_cut = false;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        parser.process(StrTendril::from_slice(piece));
        rest = after;
        let nodes = parser.tokenizer.sink.sink.0.borrow().tree.values().len();
        if nodes > config.nodes_max || started.elapsed() > cpu_max {
            is_cut = true;
            break;
        }
    }
    Tree {
        html: parser.finish(),
        is_cut,
    }
}
