//! Any bytes are read as a list of feeds; a list that is written again is the same list.

#![no_main]

use copydesk_fetcher::{read_opml, write_opml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = read_opml(bytes.to_vec()) {
        let written = write_opml("Feeds", &read.feeds);
        let again = read_opml(written.into_bytes()).expect("what we write can be read");
        let urls = |feeds: &[copydesk_fetcher::Subscription]| -> Vec<String> {
            feeds.iter().map(|feed| feed.url.clone()).collect()
        };
        let sorted = |mut urls: Vec<String>| {
            urls.sort();
            urls
        };
        assert_eq!(sorted(urls(&again.feeds)), sorted(urls(&read.feeds)));
    }
});
