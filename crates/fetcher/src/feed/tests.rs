//! What feed-rs refuses or loses in silence, a small document each; and documents made to harm.

use super::*;
use std::fmt::Write;

#[track_caller]
fn read(text: &str) -> FeedDocument {
    read_feed(text.as_bytes(), None, None).unwrap_or_else(|failure| panic!("{failure}: {text}"))
}

/// The one entry of an RSS feed with this item.
#[track_caller]
fn item(inside: &str) -> Entry {
    let text = format!(
        r#"<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
            xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"
            xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Feed</title>
            <item>{inside}</item></channel></rss>"#
    );
    only(read(&text))
}

/// The one entry of an Atom feed with this entry.
#[track_caller]
fn atom(inside: &str) -> Entry {
    only(read(&format!(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><entry>{inside}</entry></feed>"#
    )))
}

#[track_caller]
fn only(document: FeedDocument) -> Entry {
    assert_eq!(document.entries.len(), 1, "{document:?}");
    document.entries.into_iter().next().expect("there is one")
}

fn some(text: &str) -> Option<String> {
    Some(text.into())
}

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
fn titles_are_plain_text_from_wherever_they_stand() {
    for (inside, wanted) in [
        (
            "<title>K&amp;uuml;ste &amp;amp; Meer</title>",
            "Küste & Meer",
        ),
        ("<title>K&uuml;ste</title>", "Küste"),
        (
            "<title><![CDATA[The <i>Star</i> sails]]></title>",
            "The Star sails",
        ),
        ("<title>The <i>Star</i> sails</title>", "The Star sails"),
        ("<title>\n  Two\n  lines </title>", "Two lines"),
        ("<title/><dc:title>Core</dc:title>", "Core"),
        (
            "<media:group><media:title>Film</media:title></media:group>",
            "Film",
        ),
        ("<title>Own</title><media:title>Film</media:title>", "Own"),
    ] {
        assert_eq!(item(inside).title.as_deref(), Some(wanted), "{inside}");
    }
    for (inside, wanted) in [
        (
            "<title type='text'>Why &lt;br&gt; broke</title>",
            "Why <br> broke",
        ),
        (
            "<title type='html'>A &lt;b&gt;bold&lt;/b&gt; step</title>",
            "A bold step",
        ),
        (
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <b>bold</b> step</div></title>",
            "A bold step",
        ),
        ("<title mode='base64' type='text/plain'>T25l</title>", "One"),
    ] {
        assert_eq!(atom(inside).title.as_deref(), Some(wanted), "{inside}");
    }
}

#[test]
fn bodies_are_found_wherever_they_stand() {
    for (inside, summary, content) in [
        (
            "<description>a &lt;b&gt;c&lt;/b&gt;</description>",
            some("a <b>c</b>"),
            None,
        ),
        (
            "<description>a <p>b <b>c</b></p> d</description>",
            some("a <p>b <b>c</b></p> d"),
            None,
        ),
        (
            "<itunes:summary>spoken</itunes:summary>",
            some("spoken"),
            None,
        ),
        (
            "<media:group><media:description>shown</media:description></media:group>",
            some("shown"),
            None,
        ),
        ("<dc:description>core</dc:description>", some("core"), None),
        (
            "<body xmlns='http://www.w3.org/1999/xhtml'><p>whole</p></body>",
            None,
            some("<p>whole</p>"),
        ),
        (
            "<description>s</description><content:encoded><![CDATA[<p>whole</p>]]></content:encoded>",
            some("s"),
            some("<p>whole</p>"),
        ),
    ] {
        let entry = item(inside);
        assert_eq!(
            (entry.summary, entry.content),
            (summary, content),
            "{inside}"
        );
    }
    for (inside, content) in [
        (
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a &amp; b</p></div></content>",
            "<p>a &amp; b</p>",
        ),
        ("<content type='text'>1 &lt; 2</content>", "1 &lt; 2"),
        (
            "<content type='text'>One\nline.\n\nTwo.</content>",
            "<p>One\nline.</p><p>Two.</p>",
        ),
        (
            "<content>&lt;p&gt;not said to be HTML&lt;/p&gt;</content>",
            "<p>not said to be HTML</p>",
        ),
        (
            "<content type='html'>Some <b>bold</b> text</content>",
            "Some <b>bold</b> text",
        ),
    ] {
        assert_eq!(atom(inside).content.as_deref(), Some(content), "{inside}");
    }
}

#[test]
fn dates_are_found_wherever_they_stand() {
    let noon = |day: i8| {
        Some(
            jiff::civil::date(2026, 3, day)
                .at(12, 0, 0, 0)
                .to_zoned(jiff::tz::TimeZone::UTC)
                .ok()?
                .timestamp(),
        )
    };
    for (inside, published, modified) in [
        ("<pubDate>Tue 3 Mar 2026 12:00 GMT</pubDate>", noon(3), None),
        ("<dc:date>2026-03-03T12:00Z</dc:date>", noon(3), None),
        (
            "<dcterms:issued>2026-03-03T12:00Z</dcterms:issued><dcterms:modified>2026-03-04T12:00Z</dcterms:modified>",
            noon(3),
            noon(4),
        ),
        ("<pubDate>soon</pubDate>", None, None),
        (
            "<updated xmlns='http://www.w3.org/2005/Atom'>2026-03-04T12:00Z</updated>",
            None,
            noon(4),
        ),
    ] {
        let entry = item(inside);
        assert_eq!(
            (entry.published, entry.modified),
            (published, modified),
            "{inside}"
        );
    }
    let old = read(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><issued>2026-03-03T12:00:00Z</issued><modified>2026-03-04T12:00:00Z</modified></entry></feed>",
    );
    assert_eq!(
        (old.entries[0].published, old.entries[0].modified),
        (noon(3), noon(4))
    );
}

#[test]
fn authors_are_found_wherever_they_stand() {
    for (inside, wanted) in [
        ("<author>ann@a.example (Ann Lee)</author>", vec!["Ann Lee"]),
        (
            "<author>desk@a.example</author><dc:creator>Ann Lee</dc:creator>",
            vec!["Ann Lee"],
        ),
        ("<author>desk@a.example</author>", vec!["desk@a.example"]),
        ("<itunes:author>Ann Lee</itunes:author>", vec!["Ann Lee"]),
        (
            "<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator>",
            vec!["Ann Lee", "Bo Ek"],
        ),
        (
            "<author xmlns='http://www.w3.org/2005/Atom'><name>Ann Lee</name></author>",
            vec!["Ann Lee"],
        ),
    ] {
        assert_eq!(item(inside).authors, wanted, "{inside}");
    }
    for head in [
        "<managingEditor>ann@a.example (Ann Lee)</managingEditor>",
        "<itunes:author>Ann Lee</itunes:author>",
        "<author><name>Ann Lee</name></author>",
    ] {
        let text = format!(
            "<rss version='2.0'><channel>{head}<item><title>One</title></item></channel></rss>"
        );
        assert_eq!(only(read(&text)).authors, ["Ann Lee"], "{head}");
    }
}

#[test]
fn links_are_permalinks_and_alternates() {
    for (inside, wanted) in [
        (
            "<guid>http://a.example/1</guid>",
            some("http://a.example/1"),
        ),
        ("<guid isPermaLink='false'>http://a.example/1</guid>", None),
        ("<guid>1234</guid>", None),
        (
            "<link>http://a.example/2</link><guid>http://a.example/1</guid>",
            some("http://a.example/2"),
        ),
        ("<link> /2 </link>", some("/2")),
    ] {
        assert_eq!(item(inside).url, wanted, "{inside}");
    }
    for (inside, wanted) in [
        (
            "<link rel='self' href='http://a.example/self'/><link href='http://a.example/2'/>",
            some("http://a.example/2"),
        ),
        (
            "<link rel='enclosure' href='http://a.example/x.mp3'/><id>http://a.example/1</id>",
            some("http://a.example/1"),
        ),
        (
            "<link rel='alternate' type='text/html' href='http://a.example/1'/><link type='application/pdf' href='http://a.example/2'/>",
            some("http://a.example/1"),
        ),
        ("<id>tag:a.example,2026:1</id>", None),
    ] {
        assert_eq!(atom(inside).url, wanted, "{inside}");
    }
}

#[test]
fn relative_links_are_resolved_where_the_base_is_known() {
    let text = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='BASE'><entry xml:base='deep/'><link href='x'/></entry></feed>";
    for (base, own, wanted) in [
        (None, "http://a.example/b/", "http://a.example/b/deep/x"),
        (None, "", "x"),
        (Some("http://c.example/feed"), "", "http://c.example/deep/x"),
        (
            Some("http://c.example/feed"),
            "/b/",
            "http://c.example/b/deep/x",
        ),
    ] {
        let document = read_feed(text.replace("BASE", own).as_bytes(), None, base);
        let entry = only(document.expect("it is a feed"));
        assert_eq!(entry.url.as_deref(), Some(wanted), "{base:?} {own}");
    }
}

#[test]
fn hints_are_read() {
    let document = read(
        "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><ttl>30</ttl>
         <sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
         <skipHours><hour>24</hour><hour>3</hour><hour>99</hour></skipHours>
         <skipDays><day>Sunday</day><day>monday</day></skipDays><language>de_AT</language>
         <link>http://a.example/</link></channel></rss>",
    );
    assert_eq!(
        document.hints,
        copydesk_model::FeedHints {
            interval_s: Some(1800),
            skip_hours: vec![0, 3],
            skip_days: vec![0, 6],
        }
    );
    assert_eq!(document.language.as_deref(), Some("de-AT"));
    assert_eq!(document.link.as_deref(), Some("http://a.example/"));
    let other = read(
        "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel></rss>",
    );
    assert_eq!(other.hints.interval_s, Some(900));
}

#[test]
fn pictures_tags_and_language_are_read() {
    let entry = item(
        "<media:content url='http://a.example/f.mp4' type='video/mp4'><media:thumbnail url='http://a.example/t.jpg'/></media:content>
         <category>World</category><category>World</category><dc:subject>Seas</dc:subject><dc:language>fr</dc:language>",
    );
    assert_eq!(entry.image.as_deref(), Some("http://a.example/t.jpg"));
    assert_eq!(entry.tags, ["World", "Seas"]);
    assert_eq!(entry.language.as_deref(), Some("fr"));
    let entry = item(
        "<enclosure url='http://a.example/p.jpg' type='image/jpeg'/><itunes:keywords>a, b</itunes:keywords>",
    );
    assert_eq!(entry.image.as_deref(), Some("http://a.example/p.jpg"));
    assert_eq!(entry.tags, ["a", "b"]);
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

#[test]
fn ids_are_the_same_at_every_parse_and_through_repair() {
    let items = "<item><guid isPermaLink='false'>7</guid><title>One</title></item>
        <item><link>http://www.a.example/two?utm_source=rss</link><title>Two</title></item>
        <item><title>Three</title></item><item><description>Four</description></item>";
    let well = format!(
        "<rss version='2.0'><channel><link>http://a.example/</link>{items}</channel></rss>"
    );
    let ill = well.replace("<channel>", "<channel><copyright>a & b<br></copyright>");
    let ids = |text: &str| -> Vec<String> {
        read(text)
            .entries
            .into_iter()
            .map(|entry| entry.id)
            .collect()
    };
    assert_eq!(ids(&well), ids(&well));
    assert_eq!(ids(&well), ids(&ill));
    let mut unique = ids(&well);
    unique.dedup();
    assert_eq!(unique.len(), 4);
    let moved = well
        .replace(
            "http://www.a.example/two?utm_source=rss",
            "https://a.example/two/",
        )
        .replace(">Two<", ">Two, again<");
    assert_eq!(
        ids(&well),
        ids(&moved),
        "a link is known with other scheme, host alias and headline"
    );
}

#[test]
fn entry_behind_feedburner_is_known_by_its_own_link() {
    let entry = item(
        "<link>http://burner.example/~r/1</link>
         <feedburner:origLink>http://a.example/1</feedburner:origLink>",
    );
    assert!(
        entry
            .keys
            .contains(&copydesk_model::Key::of_url("http://a.example/1").expect("it is a URL"))
    );
    assert_eq!(entry.url.as_deref(), Some("http://burner.example/~r/1"));
}

#[test]
fn guids_belong_to_the_site_wherever_its_feed_is_hosted() {
    let id = |link: &str, base: &str| {
        let text = format!(
            "<rss version='2.0'><channel>{link}<item><guid>7</guid></item></channel></rss>"
        );
        only(read_feed(text.as_bytes(), None, Some(base)).expect("it is a feed")).id
    };
    let (one, two) = (
        "<link>http://one.example/</link>",
        "<link>http://two.example/</link>",
    );
    assert_eq!(
        id(one, "http://host.example/1"),
        id(one, "https://www.one.example/feed")
    );
    assert_eq!(
        id("", "http://news.one.example/feed"),
        id(one, "http://host.example/1")
    );
    assert_ne!(
        id(one, "http://host.example/1"),
        id(two, "http://host.example/2")
    );
}

/// Whether the one entry of the one feed is taken for that of the other.
#[track_caller]
fn same(one: &str, other: &str) -> bool {
    let feed = |item: &str| {
        format!(
            "<rss version='2.0'><channel><link>http://a.example/</link><item>{item}</item></channel></rss>"
        )
    };
    let (one, other) = (only(read(&feed(one))), only(read(&feed(other))));
    one.keys.iter().any(|key| other.keys.contains(key))
}

#[test]
fn entry_is_the_same_through_what_publishers_change() {
    const DATE: &str = "<pubDate>Tue, 03 Mar 2026 12:00:00 GMT</pubDate>";
    for (what, one, other) in [
        (
            "a guid made anew",
            "<guid>1</guid><link>http://a.example/storm</link>",
            "<guid>2</guid><link>http://a.example/storm</link>",
        ),
        (
            "a move to TLS and www",
            "<guid>http://a.example/storm</guid>",
            "<guid>https://www.a.example/storm/</guid>",
        ),
        (
            "a link edited under its guid",
            "<guid>1</guid><link>http://a.example/storm</link>",
            "<guid>1</guid><link>http://a.example/big-storm</link>",
        ),
        (
            "a headline edited in the link",
            "<link>http://a.example/n/storm-hits-12345678</link>",
            "<link>http://a.example/n/big-storm-hits-12345678</link>",
        ),
        (
            "tracking",
            "<link>http://a.example/storm</link>",
            "<link>http://a.example/storm?utm_source=rss#x</link>",
        ),
        (
            "an AMP link",
            "<link>http://a.example/storm-hits-coast</link>",
            "<link>http://a.example/storm-hits-coast/amp</link>",
        ),
        (
            "a mobile link",
            "<link>http://a.example/storm</link>",
            "<link>https://m.a.example/storm</link>",
        ),
        (
            "a date touched",
            "<guid>1</guid><title>Storm</title><pubDate>Tue, 03 Mar 2026 12:00:00 GMT</pubDate>",
            "<guid>1</guid><title>Storm</title><pubDate>Tue, 03 Mar 2026 13:00:00 GMT</pubDate>",
        ),
        (
            "a guid made anew and no link but the site's",
            &format!("<guid>1</guid><link>http://a.example/</link><title>Storm</title>{DATE}"),
            &format!("<guid>2</guid><link>http://a.example/</link><title>Storm</title>{DATE}"),
        ),
    ] {
        assert!(same(one, other), "{what}");
    }
    for (what, one, other) in [
        (
            "two numbers",
            "<link>http://a.example/n/storm-hits-12345678</link>",
            "<link>http://a.example/n/storm-hits-12345679</link>",
        ),
        (
            "two parameters",
            "<link>http://a.example/?id=1</link>",
            "<link>http://a.example/?id=2</link>",
        ),
        (
            "one headline on two days",
            "<guid>1</guid><title>Weather</title>",
            "<guid>2</guid><title>Weather</title>",
        ),
        (
            "the home page alone",
            "<link>http://a.example/</link><title>A</title>",
            "<link>http://a.example/</link><title>B</title>",
        ),
    ] {
        assert!(!same(one, other), "{what}");
    }
}

#[test]
fn what_entries_share_names_none_of_them() {
    let text = "<rss version='2.0'><channel><link>http://a.example/</link>
        <item><guid>1</guid><link>http://a.example/all</link><title>One</title></item>
        <item><guid>1</guid><link>http://a.example/all</link><title>Two</title></item>
        <item><guid>1</guid><link>http://a.example/three</link><title>Three</title></item>
        <item><link>http://a.example/</link><title>Home</title></item></channel></rss>";
    let entries = read(text).entries;
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(entry.keys.len(), 1, "{entry:?}");
        let others = entries.iter().enumerate().filter(|(other, _)| *other != at);
        assert!(
            others.clone().all(|(_, other)| other.id != entry.id),
            "{entry:?}"
        );
    }
    assert_eq!(
        Some(entries[2].keys[0]),
        copydesk_model::Key::of_url("http://a.example/three")
    );
    assert_ne!(
        Some(entries[3].keys[0]),
        copydesk_model::Key::of_url("http://a.example/")
    );
    let twice = "<rss version='2.0'><channel><item><guid>1</guid><title>One</title></item><item><guid>1</guid><title>One</title></item></channel></rss>";
    let entries = read(twice).entries;
    assert_eq!(entries[0].id, entries[1].id, "the same entry twice");
}

#[test]
fn a_number_that_two_entries_share_names_neither() {
    let text = "<rss version='2.0'><channel>
        <item><title>Preview</title><link>http://a.example/m/preview-12345678</link></item>
        <item><title>Report</title><link>http://a.example/m/report-12345678</link></item></channel></rss>";
    let entries = read(text).entries;
    assert!(
        !entries[0]
            .keys
            .iter()
            .any(|key| entries[1].keys.contains(key))
    );
}

#[test]
fn posts_of_a_live_page_keep_their_ids_through_an_edit() {
    let text = "<rss version='2.0'><channel>
        <item><guid>http://a.example/live#1</guid><title>One</title></item>
        <item><guid>http://a.example/live#2</guid><title>Two</title></item></channel></rss>";
    let ids = |text: &str| {
        read(text)
            .entries
            .into_iter()
            .map(|entry| entry.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(text), ids(&text.replace("Two", "Two, corrected")));
    assert_ne!(ids(text)[0], ids(text)[1]);
}

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

const PIECES: &[&str] = &[
    "<rss version='2.0'>",
    "<channel>",
    "<item>",
    "</item>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>",
    "</entry>",
    "<title type='",
    "'>",
    "<title>",
    "</title>",
    "<link",
    " href=\"",
    "\"/>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&",
    "&amp;",
    "&#x",
    ";",
    "é",
    "日",
    "<",
    ">",
    "/",
    "=",
    "<?xml ",
    "?>",
    "<!DOCTYPE x [",
    "<!ENTITY a 'b'>",
    "]>",
    "xmlns:a='",
    "<a:b>",
    "</",
    "<media:group>",
    "<author>",
    "@a.example (",
    ")",
    "{",
    "\"items\"",
    ":",
    "[",
    "\u{0}",
    "<pubDate>",
    "2026-03-0",
    "<br>",
    "<content type='xhtml'>",
    "<guid>",
    "http://a.example/",
    " ",
];
