use crate::site::{File, Site, Story, now};
use axum::body::Bytes;
use jiff::SignedDuration;

/// A document made to hurt its reader: by size, depth, or by breaking what it claims to be.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// `page/nested-div`, `feed/entity-bomb`.
    pub name: &'static str,
    /// What is served.
    pub file: File,
}

/// All of them, some 20 MB: pages first, then feeds. The same at every call.
///
/// Most pages open with two paragraphs of [`HOSTILE_STORY`], which a reader with a budget finds
/// before the trouble starts.
pub fn hostile() -> Vec<Hostile> {
    let mut all = pages();
    all.extend(feeds());
    all
}

/// The readable part of hostile pages: paragraphs separated by one blank line.
pub const HOSTILE_STORY: &str = "\
The clockmaker of Whinmarsh has set the town hall's hands by the tide for forty years, and on Monday \
the council voted, by nine voices to four, to let him go on doing so until the tower is repaired.

\"Trains may keep the other time,\" said the mayor, Odette Farrow, after the meeting. \"Nobody here \
has missed a boat since the clock was put right, and that is what we have a clock for.\"";

/// A site whose feed lists the hostile pages, and which serves the hostile feeds at
/// `/feed/entity-bomb` and so on.
pub fn hostile_site(name: &str) -> Site {
    let mut site = Site::new(name, "The Hostile Herald");
    for Hostile { name, file } in hostile() {
        if name.starts_with("feed/") {
            site.files.insert(format!("/{name}"), file);
            continue;
        }
        let minutes = SignedDuration::from_mins(site.stories.len() as i64);
        let title = format!("Hostile {}", name.replace(['/', '-'], " "));
        let mut story = Story::from_html(name, &title, file.bytes, now() - minutes);
        if let crate::Body::Page(page) = &mut story.body {
            page.content_type = file.content_type;
        }
        site.stories.push(story);
    }
    site
}

#[rustfmt::skip] // One document a line.
fn pages() -> Vec<Hostile> {
    let body = |trouble: String| page("", &(story() + &trouble));
    let deep = |open: &str, close: &str, depth: usize| {
        body(format!("{}x{}", open.repeat(depth), close.repeat(depth)))
    };
    let head = |trouble: String| page(&trouble, &story());
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=1")).collect();
    let bold: String = (0..2_000).map(|n| format!("<p><b a{n}>")).collect();
    let rows = |row: &str, count: usize| body(row.repeat(count));
    let json_ld =
        |json: String| head(format!("<script type=\"application/ld+json\">{json}</script>"));
    let documents: Vec<(&'static str, Vec<u8>)> = vec![
        // Depth: tree builders turn quadratic, recursive walks run out of stack.
        ("page/nested-div", deep("<div>", "</div>", 100_000)),
        ("page/nested-div-unclosed", deep("<div>", "", 100_000)),
        ("page/nested-list", deep("<ul><li>", "", 8_000)),
        ("page/nested-table", deep("<table><tr><td>", "", 10_000)),
        ("page/nested-svg", deep("<svg><g>", "", 20_000)),
        ("page/nested-template", deep("<template>", "", 10_000)),
        ("page/nested-blockquote", deep("<blockquote><p>", "", 20_000)),
        ("page/nested-object", deep("<object>", "", 10_000)),
        ("page/nested-form-font", deep("<font><form>", "", 10_000)),
        // Misnesting: the parser copies what stays open.
        ("page/open-bold", body(bold)),
        ("page/links-in-links", rows("<a href=/x><div>", 8_000)),
        ("page/crossed-formatting", rows("<a><i></a>", 40_000)),
        ("page/stray-ends", body("<div>".repeat(10_000) + &"</p>".repeat(10_000))),
        ("page/foster-parents", body("<table>".to_owned() + &"<b>x<tr>".repeat(10_000))),
        ("page/select-options", body("<select>".to_owned() + &"<option>x".repeat(100_000))),
        // Width.
        ("page/many-attributes", body(format!("<p{attributes}>x"))),
        ("page/long-attribute", body(format!("<p title=\"{}\">x", "y".repeat(2 << 20)))),
        ("page/many-paragraphs", rows("<p>Yes, said the clock.", 60_000)),
        ("page/many-links", rows("<a href=/a>more</a> ", 60_000)),
        ("page/many-headlines", rows("<h1>Breaking</h1>", 20_000)),
        ("page/many-entities", body("&amp;".repeat(300_000))),
        ("page/unknown-entity", body(format!("&{};", "a".repeat(1 << 20)))),
        ("page/one-word", body(format!("<p>{}</p>", "a".repeat(2 << 20)))),
        ("page/one-line", body(format!("<p>{}</p>", "tick tock ".repeat(200_000)))),
        ("page/inline-picture", body(format!("<img src=\"data:image/png;base64,{}\">", "A".repeat(2 << 20)))),
        ("page/huge-style", head(format!("<style>{}</style>", "p{color:red}".repeat(100_000)))),
        ("page/many-meta", head("<meta property=\"og:title\" content=\"Clock\">".repeat(20_000))),
        // Metadata that lies or explodes.
        ("page/jsonld-deep", json_ld("[".repeat(100_000))),
        ("page/jsonld-wide", json_ld(format!("[{}{{}}]", "{\"@type\":\"NewsArticle\"},".repeat(50_000)))),
        ("page/jsonld-long", json_ld(format!("{{\"@type\":\"NewsArticle\",\"headline\":\"{}\"}}", "h".repeat(1 << 20)))),
        ("page/absurd-dates", json_ld(r#"{"@type":"NewsArticle","datePublished":"+999999999-12-31T23:59:60Z","dateModified":-9e999}"#.into())),
        ("page/absurd-canonical", head("<link rel=canonical href=\"javascript:alert(1)\"><meta property=og:url content=\"http://[::1]:0/\"><base href=\"file:///etc/passwd\">".into())),
        // Never closed.
        ("page/open-comment", body("<!-- ".to_owned() + &"tick ".repeat(100_000))),
        ("page/open-script", body("<script>".to_owned() + &"tick(); ".repeat(100_000))),
        ("page/open-title", format!("<title>{}", "tick ".repeat(100_000)).into_bytes()),
        ("page/open-tag", body(format!("<p class=\"{}", "tick ".repeat(100_000)))),
        ("page/plaintext", body("<plaintext>".to_owned() + &"<p>".repeat(100_000))),
        // Characters.
        ("page/nul-bytes", body("\0".repeat(100_000))),
        ("page/broken-utf8", [page("", &story()), b"<p>\xff\xfe\xc0\x80\xed\xa0\x80\xf8".repeat(20_000)].concat()),
        ("page/utf16", utf16(&String::from_utf8_lossy(&page("", &story())), u16::to_le_bytes)),
        ("page/unknown-charset", head("<meta charset=\"x-klingon\">".into())),
        ("page/combining-marks", body(format!("<p>a{}", "\u{301}".repeat(300_000)))),
        ("page/growing-ligatures", body(format!("<p>{}", "\u{fdfa}".repeat(100_000)))),
        ("page/direction-marks", body(format!("<p>{}", "\u{202e}\u{200b}x\u{2066}".repeat(50_000)))),
        // Not a page at all.
        ("page/empty", Vec::new()),
        ("page/frameset", b"<frameset><frame src=/a><frame src=/b></frameset>".to_vec()),
        ("page/pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type /Catalog >> endobj\n".repeat(500)),
        ("page/garbage", crate::misbehaviour::garbage().to_vec()),
    ];
    serve(documents, "text/html; charset=utf-8")
}

#[rustfmt::skip] // One document a line.
fn feeds() -> Vec<Hostile> {
    let item = "<item><title>Clock</title><link>http://127.0.0.1:1/clock</link></item>";
    let rss = |inside: String| {
        format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Hostile</title>{inside}</channel></rss>")
    };
    let of = |inside: String| rss(inside).into_bytes();
    let bomb: String = (1..12)
        .map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10)))
        .collect();
    let doctype = |entities: &str| {
        format!("<?xml version=\"1.0\"?><!DOCTYPE rss [{entities}]><rss version=\"2.0\"><channel><title>&e11;&file;</title>{item}</channel></rss>").into_bytes()
    };
    let spaces: String = (0..10_000).map(|n| format!(" xmlns:n{n}=\"u:{n}\"")).collect();
    let documents: Vec<(&'static str, Vec<u8>)> = vec![
        ("feed/entity-bomb", doctype(&format!("<!ENTITY e0 \"tick\">{bomb}"))),
        ("feed/external-entity", doctype("<!ENTITY file SYSTEM \"file:///etc/passwd\">")),
        ("feed/nested", of("<a>".repeat(100_000) + &"</a>".repeat(100_000))),
        ("feed/nested-unclosed", of("<item><description>".repeat(50_000))),
        ("feed/many-items", of(item.repeat(20_000))),
        ("feed/many-attributes", of(format!("<item{}/>", " a=\"1\"".repeat(20_000)))),
        ("feed/many-namespaces", of(format!("<item{spaces}>{item}</item>"))),
        ("feed/long-description", of(format!("<item><title>Clock</title><description>{}</description></item>", "tick ".repeat(400_000)))),
        ("feed/long-link", of(format!("<item><title>Clock</title><link>http://127.0.0.1:1/{}</link></item>", "a".repeat(1 << 20)))),
        ("feed/bad-links", of(["javascript:alert(1)", "file:///etc/passwd", "http://", "http://[::1", "//", "gopher://x/1", "http://127.0.0.1:99999/"].map(|link| format!("<item><title>Clock</title><link>{link}</link></item>")).concat())),
        ("feed/absurd-dates", of(["Mon, 99 Foo 999999 99:99:99 +9999", "-1", "9999999999999999999", "0000-00-00"].map(|date| format!("<item><title>Clock {date}</title><pubDate>{date}</pubDate></item>")).concat())),
        ("feed/one-guid", of((0..5_000).map(|n| format!("<item><title>Clock {n}</title><guid>same</guid></item>")).collect())),
        ("feed/escaped-twice", of(format!("<item><title>{}</title></item>", "&amp;amp;lt;b&amp;amp;gt;".repeat(20_000)))),
        ("feed/open-cdata", of(format!("{item}<item><title><![CDATA[{}", "tick ".repeat(100_000)))),
        ("feed/bare-ampersands", of(format!("{item}<item><title>{}</title></item>", "Tick & tock ".repeat(50_000)))),
        ("feed/truncated", rss(item.repeat(50)).into_bytes()[..2_000].to_vec()),
        ("feed/utf16-big-endian", utf16(&rss(item.into()), u16::to_be_bytes)),
        ("feed/utf16-declared", rss(item.into()).replace("\"1.0\"", "\"1.0\" encoding=\"utf-16\"").into_bytes()),
        ("feed/nul-bytes", of("\0".repeat(50_000) + item)),
        ("feed/json-deep", ("[".repeat(200_000)).into_bytes()),
        ("feed/json-wrong-types", br#"{"version":"https://jsonfeed.org/version/1.1","title":[],"items":[1,null,{"id":{},"url":7,"authors":"x","date_published":1e400},{"id":9}]}"#.to_vec()),
        ("feed/empty", Vec::new()),
        ("feed/byte-order-mark", b"\xef\xbb\xbf".to_vec()),
        ("feed/html", page("", &story())),
    ];
    serve(documents, "application/xml")
}

fn serve(documents: Vec<(&'static str, Vec<u8>)>, content_type: &str) -> Vec<Hostile> {
    let serve = |(name, bytes)| Hostile {
        name,
        file: File {
            content_type: content_type.to_owned(),
            bytes: Bytes::from(bytes),
        },
    };
    documents.into_iter().map(serve).collect()
}

fn page(head: &str, body: &str) -> Vec<u8> {
    format!("<!doctype html><html><head><title>Clock</title>{head}</head><body><article><h1>Clock</h1>{body}</article></body></html>").into_bytes()
}

fn story() -> String {
    HOSTILE_STORY
        .split("\n\n")
        .map(|paragraph| format!("<p>{paragraph}</p>\n"))
        .collect()
}

/// With a byte order mark, in either order of bytes.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn there_are_many_and_none_is_too_large_to_serve() {
        let all = hostile();
        let names: HashSet<&str> = all.iter().map(|hostile| hostile.name).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.len() >= 60);
        let bytes: usize = all.iter().map(|hostile| hostile.file.bytes.len()).sum();
        assert!(bytes < 40 << 20, "{bytes}");
        let site = hostile_site("hostile");
        assert_eq!(site.stories.len() + site.files.len(), all.len());
    }
}
