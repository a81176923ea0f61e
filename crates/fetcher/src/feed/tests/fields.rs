//! Titles, bodies, dates, people and links, wherever they stand.

use super::*;

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
