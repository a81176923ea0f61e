//! Any bytes are read as a feed within bounds, and twice in the same way.

#![no_main]

use copydesk_fetcher::read_feed;
use libfuzzer_sys::{Corpus, fuzz_target};
use std::sync::Once;

const TYPES: &[Option<&str>] = &[
    None,
    Some("text/xml"),
    Some("application/feed+json"),
    Some("text/xml; charset=utf-16"),
    Some("text/xml; charset=iso-8859-1"),
    Some("text/xml; charset=gb18030"),
    Some("text/xml; charset=iso-2022-jp"),
];

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // Panics of feed-rs are contained by read_feed; the fuzzer's hook would end the process before.
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let Some((first, bytes)) = bytes.split_first() else {
        return Corpus::Reject;
    };
    let content_type = TYPES[usize::from(*first) % TYPES.len()];
    let read = || read_feed(bytes, content_type, Some("http://a.example/feed"));
    let document = read();
    assert_eq!(document, read());
    for entry in document.into_iter().flat_map(|document| document.entries) {
        assert!(!entry.id.is_empty() && !entry.keys.is_empty());
    }
    Corpus::Keep
});
