//! Any bytes are read as a sitemap, gzip or not.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    copydesk_fetcher::doors::sitemap(bytes);
});
