//! What feed-rs refuses, loses in silence or dies of is read.

use super::*;

#[test]
fn feeds_that_feed_rs_refuses_are_read() {
    for (kind, text) in [
        (
            "rss2",
            "<rss><channel><item><title>One</title></item></channel></rss>",
        ),
        (
            "rss2",
            "<rss version='2.1'><channel><item><title>One</title></item></channel></rss>",
        ),
        (
            "rss0",
            "<rss version='0.94'><channel><item><title>One</title></item></channel></rss>",
        ),
        (
            "rss2",
            "<rss version='2.0'><channel><item><title>One</title><description>a & b <br> c</description></item></channel></rss>",
        ),
        (
            "rss2",
            "<rss version='2.0'><channel><item><title>One</title><link>http://a.example/",
        ),
        (
            "rss2",
            "<rss version='2.0'><channel><item><title>One</title><description><![CDATA[cut",
        ),
        (
            "rss2",
            "<rss version='2.0'><channel><item><title>One</channel></rss>",
        ),
        (
            "rss2",
            "<rss version='2.0'><channel><item><title>One</title<link>/1</link></item></channel></rss>",
        ),
        (
            "atom",
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='application/x'>One</title></entry></feed>",
        ),
        (
            "atom",
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>One</title><content src='x' type='text'>y</content></entry></feed>",
        ),
        (
            "json",
            r#"{"version":"1","items":[{"id":7,"title":"One"}]}"#,
        ),
        (
            "json",
            "{\"version\":\"http://jsonfeed.org/version/1\",\"title\":\"a\nb\",\"items\":[{\"title\":\"One\",\"tags\":\"x\"}]}",
        ),
        (
            "json",
            r#"{"rss":{"channel":{"title":"Feed","item":[{"title":"One","pubDate":"3 Mar 2026"}]}}}"#,
        ),
    ] {
        let document = read(text);
        assert_eq!(document.kind.as_deref(), Some(kind), "{text}");
        assert!(
            !document.repaired.is_empty(),
            "says that it was mended: {text}"
        );
        assert_eq!(only(document).title.as_deref(), Some("One"), "{text}");
    }
}

#[test]
fn entries_that_feed_rs_passes_over_are_read() {
    for text in [
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>One</title></entry><entry><title>Two</title></entry></feed>",
        "<feed xmlns='http://www.w3.org/2005/ATOM'><entry><title>One</title></entry><entry><title>Two</title></entry></feed>",
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>One</a:title></a:entry><a:entry><a:title>Two</a:title></a:entry></a:feed>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel/><item><title>One</title></item><item><title>Two</title></item></rdf:RDF>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><items><item><title>One</title></item></items></channel><item><title>Two</title></item></rdf:RDF>",
        "<r:rss version='2.0' xmlns:r='http://backend.userland.com/rss2'><r:channel><r:item><r:title>One</r:title></r:item><r:item><r:title>Two</r:title></r:item></r:channel></r:rss>",
        "<rss version='2.0'><channel/><item><title>One</title></item><item><title>Two</title></item></rss>",
        "<rss version='2.0'><channel><item><title>One</title><item><title>Two</title></item></channel></rss>",
    ] {
        let titles: Vec<_> = read(text)
            .entries
            .into_iter()
            .map(|entry| entry.title)
            .collect();
        assert_eq!(titles, [some("One"), some("Two")], "{text}");
    }
}

#[test]
fn feed_behind_warnings_of_its_server_is_read() {
    let feed = "<?xml version='1.0'?><rss version='2.0'><channel><item><title>One</title></item></channel></rss>";
    for before in [
        "\n",
        "<br />\n<b>Warning</b>: something in <b>/srv/x.php</b> on line <b>3</b><br />\n",
        "Notice: a < b\n",
        "<div>",
    ] {
        let entry = only(read(&format!("{before}{feed}")));
        assert_eq!(entry.title.as_deref(), Some("One"), "{before}");
    }
}

#[test]
fn utf16_never_reaches_feed_rs() {
    let text = "<rss version='2.0'><channel><title>Ünter</title><item><title>Öne</title></item></channel></rss>";
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let document = read_feed(&big, Some("text/xml"), None).expect("it is a feed");
    assert_eq!(document.title.as_deref(), Some("Ünter"));
    assert!(document.repaired.is_empty(), "{:?}", document.repaired);
}

#[test]
fn panics_of_feed_rs_are_contained() {
    // feed-rs 3.0.0 takes the byte before the address for a whole character.
    let document = read(
        "<rss version='2.0'><channel><item><author>「ann@a.example</author><title>One</title></item></channel></rss>",
    );
    assert_eq!(document.repaired, ["feed-rs panicked"]);
    assert_eq!(only(document).title.as_deref(), Some("One"));
}
