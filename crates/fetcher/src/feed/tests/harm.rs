//! What is no feed, and documents made to harm.

use super::*;
use std::fmt::Write;

#[test]
fn what_is_no_feed_says_so() {
    for (text, reason) in [
        (
            "<!DOCTYPE html><html><body>Hello</body></html>",
            Reason::WrongType,
        ),
        ("<html><head/></html>", Reason::WrongType),
        ("{\"error\": 404}", Reason::WrongType),
        ("{\"items\": [", Reason::BadFeed),
        ("<opml version='2.0'/>", Reason::BadFeed),
        ("Not found", Reason::BadFeed),
        ("", Reason::BadFeed),
    ] {
        let failure = read_feed(text.as_bytes(), None, None).expect_err(text);
        assert_eq!(failure.reason, reason, "{text}");
    }
}

#[test]
fn documents_made_to_harm_are_bounded() {
    let bomb = (1..30).fold(
        String::from("<!DOCTYPE r [<!ENTITY e0 'ha'>"),
        |mut text, level| {
            let below = level - 1;
            write!(text, "<!ENTITY e{level} '&e{below};&e{below};&e{below};'>")
                .expect("writing to a string does not fail");
            text
        },
    );
    let long = "x".repeat(900);
    for text in [
        format!("{bomb}]><rss version='2.0'><channel><title>&e29;</title></channel></rss>"),
        format!(
            "<!DOCTYPE r [<!ENTITY e '{long}'>]><rss version='2.0'><channel><title>{}</title></channel></rss>",
            "&e;".repeat(100_000)
        ),
        format!(
            "<rss version='2.0'><channel><item><description>{}",
            "<a>".repeat(100_000)
        ),
        format!(
            "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item>{}",
            "<media:group>".repeat(100_000)
        ),
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='xhtml'>{}",
            "<b>".repeat(190)
        ),
        format!("<rss version='2.0'><channel>{}", "<item/>".repeat(100_000)),
        format!(
            "<rss version='2.0'><channel><item><title>{}",
            "<![CDATA[".repeat(100_000)
        ),
        format!(
            "<rss version='2.0'><channel><item><a b={}",
            "\"' <c d=".repeat(100_000)
        ),
        format!(
            "<rss version='2.0' xml:base='http://a.example/{}'><channel>{}",
            "x".repeat(1 << 20),
            "<item><link>a</link></item>".repeat(9_000)
        ),
        format!(
            "<rss version='2.0'><channel><managingEditor>{}</managingEditor>{}",
            "x".repeat(1 << 20),
            "<item/>".repeat(9_000)
        ),
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"t\",\"author\":{{\"name\":\"{}\"}},\"items\":[{}{{}}]}}",
            "x".repeat(1 << 20),
            "{},".repeat(9_000)
        ),
        format!("{{\"items\":{}", "[".repeat(100_000)),
        format!("{{\"items\":[{}0]}}", "0,".repeat(1_100_000)),
    ] {
        if let Ok(document) = read_feed(text.as_bytes(), None, None) {
            let title = document.title.unwrap_or_default();
            assert!(title.len() < 3 << 20, "{} bytes", title.len());
            assert!(document.entries.len() <= ENTRIES_MAX);
            let urls = document
                .entries
                .iter()
                .filter_map(|entry| entry.url.as_ref());
            let names = document.entries.iter().flat_map(|entry| &entry.authors);
            let bytes: usize = urls.chain(names).map(String::len).sum();
            assert!(bytes < 3 << 20, "{bytes} bytes of links and names");
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_pieces_are_read_without_panic(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40),
        noise in proptest::collection::vec(0u8..255, 0..8),
    ) {
        let mut bytes = pieces.concat().into_bytes();
        bytes.extend(noise);
        let _ = read_feed(&bytes, None, Some("http://a.example/"));
    }
}

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "<rss version='2.0'>", "<channel>", "<item>", "</item>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<title type='", "'>",
    "<title>", "</title>", "<link", " href=\"", "\"/>", "<![CDATA[", "]]>", "<!--", "-->", "&",
    "&amp;", "&#x", ";", "é", "日", "<", ">", "/", "=", "<?xml ", "?>", "<!DOCTYPE x [",
    "<!ENTITY a 'b'>", "]>", "xmlns:a='", "<a:b>", "</", "<media:group>", "<author>",
    "@a.example (", ")", "{", "\"items\"", ":", "[", "\u{0}", "<pubDate>", "2026-03-0", "<br>",
    "<content type='xhtml'>", "<guid>", "http://a.example/", " ",
];
