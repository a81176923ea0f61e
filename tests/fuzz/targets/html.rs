//! Any page is cleaned or refused with a reason; a story has words.

#![no_main]

use copydesk_cleaner::{Config, Input, clean};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let html = String::from_utf8_lossy(bytes);
    let input = Input {
        url: "https://a.example/2026/11/21/storm-hits-coast",
        html: &html,
        title: Some("Storm hits coast"),
        ..Input::default()
    };
    let config = Config {
        words_min: 1,
        ..Config::default()
    };
    if let Ok(article) = clean(&input, &config) {
        assert!(!article.text.trim().is_empty());
    }
});
