//! Lists of feeds as other readers write them: OPML, in and out.

use copydesk_model::{Failure, Reason};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use crate::charset;
use crate::secret::shown_text;

/// Lists of tens of thousands of feeds are known, and have some hundred bytes a feed.
pub const OPML_BYTES_MAX: u64 = 32 << 20;
/// Folders inside each other; readers offer one or two.
const DEPTH_MAX: usize = 32;
/// Feeds in one list.
const FEEDS_MAX: usize = 100_000;

/// A list of feeds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opml {
    /// In document order, each URL as often as it is listed.
    pub feeds: Vec<Subscription>,
    /// What was passed over or could not be read, in words.
    pub flaws: Vec<String>,
}

/// One feed of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subscription {
    /// http or https.
    pub url: String,
    /// As the reader called it.
    pub title: Option<String>,
    /// The folders it lies in, outermost first, and its categories.
    pub tags: Vec<String>,
}

/// Reads an OPML document of any version, also one that breaks off. Errs where it is none, or
/// larger, deeper or more devious than lists of feeds are.
pub fn read_opml(bytes: Vec<u8>) -> Result<Opml, Failure> {
    let unread =
        |cause: String| Failure::permanent(Reason::BadFeed, format!("reading OPML: {cause}"));
    if bytes.len() as u64 > OPML_BYTES_MAX {
        return Err(unread(format!("over {OPML_BYTES_MAX} bytes")));
    }
    let text = charset::decode(bytes, None);
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    (config.check_end_names, config.allow_unmatched_ends) = (false, true);
    (
        config.allow_dangling_amp,
        config.trim_markup_names_in_closing_tags,
    ) = (true, true);
    let mut opml = Opml::default();
    let mut is_opml = false;
    // A name for each open outline; empty for those that name no folder.
    let mut folders: Vec<String> = Vec::new();
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let place = reader.error_position();
                opml.flaws.push(format!(
                    "broken at byte {place}, the rest is not read: {error}"
                ));
                break;
            }
        };
        match event {
            Event::Start(start) if is_named(&start, "outline") => {
                let folder = take(&start, &folders, &mut opml);
                folders.push(folder);
                if folders.len() > DEPTH_MAX {
                    return Err(unread(format!(
                        "over {DEPTH_MAX} folders inside each other"
                    )));
                }
            }
            Event::Empty(start) if is_named(&start, "outline") => {
                take(&start, &folders, &mut opml);
            }
            Event::Start(start) | Event::Empty(start) => is_opml |= is_named(&start, "opml"),
            Event::End(end) if local(end.name().as_ref()).eq_ignore_ascii_case("outline") => {
                folders.pop();
            }
            Event::DocType(declaration) if declaration.contains("<!ENTITY") => {
                return Err(unread(
                    "it declares entities, which no list of feeds needs".into(),
                ));
            }
            Event::Eof => break,
            _ => {}
        }
        if opml.feeds.len() > FEEDS_MAX {
            return Err(unread(format!("over {FEEDS_MAX} feeds")));
        }
    }
    if !is_opml {
        return Err(unread("no opml element".into()));
    }
    Ok(opml)
}

/// Takes the feed of an outline; gives back the name of the folder that it is, or nothing.
fn take(outline: &BytesStart<'_>, folders: &[String], opml: &mut Opml) -> String {
    let mut values: [String; 6] = Default::default();
    for attribute in outline.html_attributes().with_checks(false).flatten() {
        let key = local(attribute.key.as_ref()).to_ascii_lowercase();
        let place = ["xmlurl", "url", "type", "title", "text", "category"]
            .iter()
            .position(|name| *name == key);
        if let Some(place) = place {
            let value = html_escape::decode_html_entities(&attribute.value);
            // Some readers escape twice what came escaped.
            let value = match value.contains('&') && place != 0 && place != 1 {
                true => html_escape::decode_html_entities(&value).into_owned(),
                false => value.into_owned(),
            };
            values[place] = value.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }
    let [xml_url, url, kind, title, text, category] = values;
    let name = if title.is_empty() { text } else { title };
    let is_feed = matches!(
        &*kind.to_ascii_lowercase(),
        "rss" | "atom" | "feed" | "rss1"
    );
    let url = if xml_url.is_empty() && is_feed {
        url
    } else {
        xml_url
    };
    if url.is_empty() {
        if is_feed {
            opml.flaws.push(format!("{name:?} has no URL"));
        }
        return name;
    }
    let Some(url) = feed_url(&url) else {
        opml.flaws
            .push(format!("{:?} is no http or https URL", shown_text(&url)));
        return String::new();
    };
    let categories = category.split([',', '/']).map(str::trim);
    let mut tags: Vec<String> = Vec::new();
    for tag in folders.iter().map(String::as_str).chain(categories) {
        // Thunderbird puts each feed into a folder of its name.
        if !tag.is_empty() && tag != name && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    opml.feeds.push(Subscription {
        url,
        title: Some(name).filter(|name| !name.is_empty()),
        tags,
    });
    // Outlines below a feed lie in the feed's folder.
    String::new()
}

/// The URL where it is http or https; `feed:` is an old way to write them.
fn feed_url(text: &str) -> Option<String> {
    let plain = match text.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("feed") => {
            match rest.strip_prefix("//") {
                Some(rest) => format!("http://{rest}"),
                None => rest.to_owned(),
            }
        }
        _ => text.to_owned(),
    };
    let url = Url::parse(&plain).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(plain)
}

fn is_named(start: &BytesStart<'_>, name: &str) -> bool {
    local(start.name().as_ref()).eq_ignore_ascii_case(name)
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// What two ways to write one feed's URL have in common: http and https, `www.`, a fragment and a
/// closing slash make no other feed. The query does.
pub fn feed_identity(url: &str) -> String {
    let Ok(parsed) = Url::parse(url) else {
        return url.to_owned();
    };
    let host = parsed.host_str().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let port = parsed.port().map(|port| format!(":{port}"));
    let query = parsed.query().map(|query| format!("?{query}"));
    let userinfo = format!(
        "{}:{}@",
        parsed.username(),
        parsed.password().unwrap_or_default()
    );
    format!(
        "{userinfo}{host}{}{}{}",
        port.unwrap_or_default(),
        parsed.path().trim_end_matches('/'),
        query.unwrap_or_default()
    )
}

/// An OPML 2.0 document. A feed lies in the folder of its first tag; all of its tags are its
/// categories.
pub fn write_opml(title: &str, feeds: &[Subscription]) -> String {
    let quoted = |text: &str| html_escape::encode_double_quoted_attribute(text).into_owned();
    let outline = |feed: &Subscription, indent: &str| {
        let name = quoted(feed.title.as_deref().unwrap_or(&feed.url));
        let categories = feed.tags.iter().map(|tag| tag.replace([',', '/'], " "));
        let category = match feed.tags.is_empty() {
            true => String::new(),
            false => format!(
                " category=\"{}\"",
                quoted(&categories.collect::<Vec<_>>().join(","))
            ),
        };
        format!(
            "{indent}<outline type=\"rss\" text=\"{name}\" title=\"{name}\" xmlUrl=\"{}\"{category}/>\n",
            quoted(&feed.url)
        )
    };
    let mut body = String::new();
    let mut folders: Vec<&str> = Vec::new();
    for folder in feeds.iter().filter_map(|feed| feed.tags.first()) {
        if !folders.contains(&folder.as_str()) {
            folders.push(folder);
        }
    }
    for feed in feeds.iter().filter(|feed| feed.tags.is_empty()) {
        body.push_str(&outline(feed, "    "));
    }
    for folder in folders {
        let name = quoted(folder);
        body.push_str(&format!("    <outline text=\"{name}\" title=\"{name}\">\n"));
        for feed in feeds {
            if feed.tags.first().is_some_and(|first| first == folder) {
                body.push_str(&outline(feed, "      "));
            }
        }
        body.push_str("    </outline>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    \
         <title>{}</title>\n  </head>\n  <body>\n{body}  </body>\n</opml>\n",
        html_escape::encode_text(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The feeds as lines: URL, title, tags.
    fn check(body: &str, wanted: &[&str]) {
        let text =
            format!("<opml version='1.0'><head><title>x</title></head><body>{body}</body></opml>");
        let opml = read_opml(text.into_bytes()).unwrap();
        assert_eq!(lines(&opml), wanted, "{:?}", opml.flaws);
    }

    fn lines(opml: &Opml) -> Vec<String> {
        (opml.feeds.iter())
            .map(|feed| {
                let title = feed.title.as_deref().unwrap_or("-");
                format!("{} {title} {}", feed.url, feed.tags.join("|"))
            })
            .collect()
    }

    #[test]
    fn folders_and_categories_become_tags() {
        check(
            "<outline text='News'><outline text='World'><outline type='rss' text='A' xmlUrl='https://a.example/f?x=1&amp;y=2' \
             category='/Boston/Weather,Tech'/></outline></outline><outline type='rss' text='B' xmlUrl='https://b.example/'></outline>",
            &[
                "https://a.example/f?x=1&y=2 A News|World|Boston|Weather|Tech",
                "https://b.example/ B ",
            ],
        );
    }

    #[test]
    fn the_ways_of_many_readers_are_read() {
        check(
            "<OUTLINE TITLE='Thunder'><outline type='rss' title='Thunder' text='T' version='RSS' xmlurl='http://t.example/'/></OUTLINE>\
             <outline text='AT&T & sons &amp;#8217; caf&eacute;' XMLURL='http://c.example/' />\
             <outline type=rss text=bare url=http://u.example/ />\
             <outline type='link' text='no feed' url='http://l.example/'/>\
             <outline text='old' xmlUrl='feed://o.example/rss'/><outline xmlUrl='feed:https://p.example/'/>\
             <outline text='local' xmlUrl='file:///etc/passwd'/>",
            &[
                "http://t.example/ Thunder ",
                "http://c.example/ AT&T & sons ’ café ",
                "http://u.example/ bare ",
                "http://o.example/rss old ",
                "https://p.example/ - ",
            ],
        );
    }

    #[test]
    fn latin_1_and_a_broken_end_are_read() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><opml><body><outline text='Caf\xe9' xmlUrl='http://a.example/'/></body></opml>";
        assert_eq!(
            lines(&read_opml(latin.to_vec()).unwrap()),
            ["http://a.example/ Café "]
        );
        let broken = "<opml><body><outline text='A' xmlUrl='http://a.example/'/><outline text='B";
        let opml = read_opml(broken.into()).unwrap();
        assert_eq!((opml.feeds.len(), opml.flaws.len()), (1, 1));
        assert!(opml.flaws[0].contains("broken at byte"));
    }

    #[test]
    fn what_is_no_list_of_feeds_is_refused_with_the_reason() {
        let deep = format!("<opml>{}", "<outline text='x'>".repeat(40));
        let bomb = "<!DOCTYPE opml [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><opml><outline text='&b;'/></opml>";
        let many = format!(
            "<opml>{}",
            "<outline xmlUrl='http://a.example/'/>".repeat(FEEDS_MAX + 1)
        );
        for (text, wanted) in [
            (deep.as_str(), "over 32 folders"),
            (bomb, "declares entities"),
            (many.as_str(), "over 100000 feeds"),
            ("<html><body>Not found</body></html>", "no opml element"),
            ("", "no opml element"),
            ("{\"feeds\":[]}", "no opml element"),
        ] {
            let refused = read_opml(text.into()).unwrap_err();
            assert!(refused.detail.contains(wanted), "{refused}");
        }
        let huge = vec![b' '; OPML_BYTES_MAX as usize + 1];
        assert!(read_opml(huge).unwrap_err().detail.contains("bytes"));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let feed = |url: &str, title: Option<&str>, tags: &[&str]| Subscription {
            url: url.into(),
            title: title.map(str::to_owned),
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        };
        let feeds = [
            feed(
                "https://b.example/?a=1&b=\"2\"",
                Some("B & \"Sons\" <x>"),
                &[],
            ),
            feed("https://a.example/", Some("A"), &["News", "World"]),
            feed("https://c.example/", Some("C"), &["News"]),
        ];
        let text = write_opml("copydesk", &feeds);
        let opml = read_opml(text.into_bytes()).unwrap();
        assert_eq!((opml.feeds.as_slice(), opml.flaws), (&feeds[..], vec![]));
    }

    #[test]
    fn one_feed_is_written_in_many_ways() {
        let same = feed_identity("https://www.a.example/feed/");
        for url in ["http://a.example/feed", "https://A.example:443/feed#x"] {
            assert_eq!(feed_identity(url), same, "{url}");
        }
        for url in [
            "https://a.example/feed?x=1",
            "https://a.example:81/feed",
            "https://b.example/feed",
        ] {
            assert_ne!(feed_identity(url), same, "{url}");
        }
    }
}
