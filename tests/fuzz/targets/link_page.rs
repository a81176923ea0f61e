//! Any page is searched for links by any selector.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    // The selector is the first line.
    let (selector, html) = text.split_once('\n').unwrap_or(("h2 a", &text));
    copydesk_fetcher::doors::link_page(html, selector);
});
