//! Canonicalising twice is once, and a canonical URL has the key of the URL that it is of.

#![no_main]

use copydesk_model::{Key, canonical_url, registrable_domain};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(url) = canonical_url(text) {
        assert_eq!(canonical_url(&url).as_deref(), Some(url.as_str()));
        assert_eq!(Key::of_url(&url), Key::of_url(text));
        assert_eq!(Key::of_numbered_url(&url), Key::of_numbered_url(text));
        assert!(registrable_domain(&url).is_some());
    }
});
