//! Laws that hold for every document, tried on our own ones, damaged at random. `PROPTEST_CASES`
//! makes the run longer.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::HashSet;

/// One of each kind, with what is often damaged: entities, CDATA, markup in text, namespaces.
const DOCUMENTS: &[&str] = &[
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE rss [<!ENTITY name \"Paper\">]><rss version=\"2.0\" \
     xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
     <channel><title>The &name; &amp; more</title><link>http://a.example/</link><ttl>30</ttl>\
     <item><guid isPermaLink=\"false\">7</guid><title>Caf&#233; &lt;b&gt;opens&lt;/b&gt;</title>\
     <link>http://a.example/1?utm_source=rss</link><pubDate>Tue, 03 Mar 2026 08:05:09 GMT</pubDate>\
     <dc:creator><![CDATA[Ann Lee]]></dc:creator><description>Short &hellip;</description>\
     <content:encoded><![CDATA[<p>One.</p><p>Two & three.</p>]]></content:encoded></item>\
     <item><title>Second</title><link>/2</link><category>World</category></item>\
     <item><title>Third</title><description>Only words</description></item></channel></rss>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"http://a.example/\"><title type=\"html\">A &amp;amp; B</title>\
     <entry><id>tag:a.example,2026:1</id><title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">One</div></title>\
     <link rel=\"alternate\" href=\"one\"/><updated>2026-03-03T08:05:09+01:00</updated><author><name>Bo</name></author>\
     <content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Words &amp; more</p></div></content></entry>\
     <entry><id>http://a.example/two</id><title>Zwei \u{fc}ber</title><summary>S</summary></entry></feed>",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">\
     <channel rdf:about=\"http://a.example/\"><title>Old</title><items><rdf:Seq/></items></channel>\
     <item rdf:about=\"http://a.example/1\"><title>One</title><link>http://a.example/1</link></item>\
     <item rdf:about=\"http://a.example/2\"><title>Two</title></item></rdf:RDF>",
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\",\"items\":[{\"id\":\"1\",\"url\":\"http://a.example/1\",\
     \"title\":\"One\",\"content_html\":\"<p>x</p>\",\"date_published\":\"2026-03-03T08:05:09Z\",\"authors\":[{\"name\":\"Ann\"}]},\
     {\"id\":2,\"title\":\"Two\",\"content_text\":\"y\"}]}",
];

/// What is put into a document, at any place.
const PIECES: &[&str] = &[
    "&",
    "&e;",
    "&#0;",
    "&#x110000;",
    "<",
    ">",
    "\"",
    "'",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?xml encoding='utf-16'?>",
    "<item>",
    "</item>",
    "</channel>",
    "<entry>",
    "</rss>",
    "<div>",
    "</p>",
    "\u{0}",
    "\u{fffe}",
    "\u{feff}",
    "{",
    "}",
    "[",
    "xml:base='",
    "xmlns='x'",
    "<!ENTITY e '&e;&e;'>",
    "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>",
    "<title>",
    "<link/>",
];

/// Repeated, they make a document deep or long.
const FLOODS: &[&str] = &[
    "<a>",
    "<item>",
    "<media:group>",
    "&amp;",
    "<![CDATA[",
    "<x y='",
    "[",
    "{\"a\":",
    "</b>",
    "\u{e9}",
];

const CHARSETS: &[&str] = &[
    "utf-8",
    "iso-8859-1",
    "windows-1251",
    "utf-16",
    "shift_jis",
    "gb18030",
    "iso-2022-jp",
    "x-user-defined",
    "none",
];

/// One thing that goes wrong on the way.
#[derive(Debug, Clone)]
enum Damage {
    CutAt(Index),
    Put(Index, &'static str),
    Take(Index, Index),
    Repeat(Index, Index),
    Byte(Index, u8),
    Flood(Index, &'static str, usize),
    SpliceIn(Index, &'static str, Index),
    Wide,
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = any::<Index>;
    prop_oneof![
        place().prop_map(Damage::CutAt),
        (place(), select(PIECES)).prop_map(|(at, piece)| Damage::Put(at, piece)),
        (place(), place()).prop_map(|(from, to)| Damage::Take(from, to)),
        (place(), place()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (place(), select(FLOODS), 1..3000_usize)
            .prop_map(|(at, piece, times)| Damage::Flood(at, piece, times)),
        (place(), select(DOCUMENTS), place())
            .prop_map(|(at, other, from)| Damage::SpliceIn(at, other, from)),
        Just(Damage::Wide),
    ]
}

fn damaged(mut bytes: Vec<u8>, damages: Vec<Damage>) -> Vec<u8> {
    let put = |bytes: &mut Vec<u8>, at: usize, piece: &[u8]| {
        bytes.splice(at..at, piece.iter().copied());
    };
    for damage in damages {
        let length = bytes.len();
        let at = |index: &Index| index.index(length + 1);
        let range = |from: &Index, to: &Index| at(from).min(at(to))..at(from).max(at(to));
        match damage {
            Damage::CutAt(index) => bytes.truncate(at(&index)),
            Damage::Put(index, piece) => put(&mut bytes, at(&index), piece.as_bytes()),
            Damage::Take(from, to) => drop(bytes.drain(range(&from, &to))),
            Damage::Repeat(from, to) => {
                let piece = bytes[range(&from, &to)].to_vec();
                put(&mut bytes, at(&from), &piece);
            }
            Damage::Byte(index, byte) if length > 0 => bytes[index.index(length)] = byte,
            Damage::Byte(..) => {}
            Damage::Flood(index, piece, times) => {
                put(&mut bytes, at(&index), piece.repeat(times).as_bytes());
            }
            Damage::SpliceIn(index, other, from) => {
                let other = &other.as_bytes()[from.index(other.len())..];
                put(&mut bytes, at(&index), other);
            }
            Damage::Wide => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                bytes = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            }
        }
        bytes.truncate(1 << 18);
    }
    bytes
}

/// All the text that a reading gave.
fn size(document: &FeedDocument) -> usize {
    serde_json::to_string(document)
        .expect("it has string keys only")
        .len()
}

proptest! {
    #[test]
    fn damaged_documents_are_read_in_bounds_and_always_in_the_same_way(
        document in select(DOCUMENTS),
        damages in vec(damage(), 0..6),
        charset in select(CHARSETS),
    ) {
        let bytes = damaged(document.as_bytes().to_vec(), damages);
        let content_type = format!("text/xml; charset={charset}");
        let read = || read_feed(&bytes, Some(&content_type), Some("http://a.example/feed"));
        let once = read();
        prop_assert_eq!(&once, &read(), "the same at every parse");
        let Ok(document) = once else { return Ok(()) };
        prop_assert!(document.entries.len() <= ENTRIES_MAX);
        // A byte may become a character of three and be escaped; what a feed says of all its
        // entries stands in each of them.
        prop_assert!(size(&document) <= 64 * bytes.len() + (1 << 20), "{} of {}", size(&document), bytes.len());
        for entry in &document.entries {
            prop_assert!(!entry.id.is_empty() && !entry.keys.is_empty());
            for text in [&entry.title, &entry.url, &entry.summary, &entry.content].into_iter().flatten() {
                prop_assert!(!text.trim().is_empty(), "absent is none");
            }
            let title = entry.title.as_deref().unwrap_or_default();
            prop_assert!(!title.chars().any(char::is_control), "{title:?}");
        }
    }

    #[test]
    fn ids_stay_through_edits_that_mean_nothing(
        document in select(&DOCUMENTS[..3]),
        gaps in vec(select(&["\n", "\r\n  ", "<!-- x -->", "<x:y xmlns:x='z'>w</x:y>", "<?pi?>"][..]), 4),
        feed_title in "[A-Za-z ]{1,20}",
        words in "[a-z ]{1,30}",
    ) {
        let mut gaps = gaps.into_iter().cycle();
        let mut edited = String::new();
        for piece in document.split_inclusive("</title>") {
            edited.push_str(piece);
            edited.push_str(gaps.next().expect("it never ends"));
        }
        let edited = edited
            .replace("Old</title>", &format!("{feed_title}</title>"))
            .replace("Short &hellip;", &words)
            .replace("Words &amp; more", &words)
            .replace("?utm_source=rss", "?utm_source=mail&amp;fbclid=1")
            .replace("<ttl>30</ttl>", "<ttl>31</ttl><lastBuildDate>now</lastBuildDate>");
        let ids = |text: &str| -> Vec<String> {
            let document = read_feed(text.as_bytes(), None, Some("http://a.example/feed"));
            document.expect("it is a feed").entries.into_iter().map(|entry| entry.id).collect()
        };
        prop_assert_eq!(ids(document), ids(&edited));
        let unique: HashSet<String> = ids(document).into_iter().collect();
        prop_assert_eq!(unique.len(), ids(document).len());
    }
}
