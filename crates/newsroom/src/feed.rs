use crate::site::{Body, FeedKind, Site, Story};
use crate::template::escape;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fmt::Write;

/// The site's feed document. `base` is the site's address without a closing slash.
pub(crate) fn render(site: &Site, kind: FeedKind, base: &str, changed: Timestamp) -> String {
    let stories = &site.stories[..site.stories.len().min(site.feed_entries_max)];
    match kind {
        FeedKind::Rss => rss(site, stories, base, changed),
        FeedKind::Atom => atom(site, stories, base, changed),
        FeedKind::Json => json_feed(site, stories, base),
    }
}

/// RFC 9110's form of a date, which RSS takes too.
pub(crate) fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// RSS has one date for an item, so a correction moves it: as many publishers do.
fn rss(site: &Site, stories: &[Story], base: &str, changed: Timestamp) -> String {
    let mut feed = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{title}</title>
<link>{base}/</link>
<description>{title}</description>
<language>{language}</language>
<lastBuildDate>{changed}</lastBuildDate>
<atom:link href="{base}/feed.rss" rel="self" type="application/rss+xml"/>
"#,
        title = escape(&site.title),
        language = escape(&site.language),
        changed = http_date(changed),
    );
    for story in stories {
        let mut item = String::from("<item>\n");
        element(&mut item, "title", "", &story.title);
        element(&mut item, "link", "", &url(base, story));
        match &story.guid {
            Some(guid) => element(&mut item, "guid", r#" isPermaLink="false""#, guid),
            None => element(&mut item, "guid", "", &url(base, story)),
        }
        let dated = story.modified.unwrap_or(story.published);
        element(&mut item, "pubDate", "", &http_date(dated));
        for author in &story.authors {
            element(&mut item, "dc:creator", "", author);
        }
        for tag in &story.tags {
            element(&mut item, "category", "", tag);
        }
        if !story.summary.is_empty() {
            element(&mut item, "description", "", &story.summary);
        }
        if let Some(html) = full_text(site, story) {
            element(&mut item, "content:encoded", "", &html);
        }
        feed.push_str(&item);
        feed.push_str("</item>\n");
    }
    feed.push_str("</channel>\n</rss>\n");
    feed
}

fn atom(site: &Site, stories: &[Story], base: &str, changed: Timestamp) -> String {
    let mut feed = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">
<title>{title}</title>
<id>{base}/</id>
<link rel="alternate" type="text/html" href="{base}/"/>
<link rel="self" type="application/atom+xml" href="{base}/feed.atom"/>
<updated>{changed}</updated>
"#,
        title = escape(&site.title),
        language = escape(&site.language),
    );
    for story in stories {
        let mut entry = String::from("<entry>\n");
        element(&mut entry, "title", "", &story.title);
        let link = escape(&url(base, story));
        let _ = writeln!(entry, r#"<link rel="alternate" href="{link}"/>"#);
        let id = story.guid.clone().unwrap_or_else(|| url(base, story));
        element(&mut entry, "id", "", &id);
        element(&mut entry, "published", "", &story.published.to_string());
        let updated = story.modified.unwrap_or(story.published);
        element(&mut entry, "updated", "", &updated.to_string());
        for author in &story.authors {
            let _ = writeln!(entry, "<author><name>{}</name></author>", escape(author));
        }
        for tag in &story.tags {
            let _ = writeln!(entry, r#"<category term="{}"/>"#, escape(tag));
        }
        if !story.summary.is_empty() {
            element(&mut entry, "summary", "", &story.summary);
        }
        if let Some(html) = full_text(site, story) {
            element(&mut entry, "content", r#" type="html""#, &html);
        }
        feed.push_str(&entry);
        feed.push_str("</entry>\n");
    }
    feed.push_str("</feed>\n");
    feed
}

fn json_feed(site: &Site, stories: &[Story], base: &str) -> String {
    let items: Vec<Value> = stories
        .iter()
        .map(|story| {
            let authors: Vec<Value> = story
                .authors
                .iter()
                .map(|name| json!({ "name": name }))
                .collect();
            let mut item = json!({
                "id": story.guid.clone().unwrap_or_else(|| url(base, story)),
                "url": url(base, story),
                "title": story.title,
                "summary": story.summary,
                "date_published": story.published.to_string(),
                "date_modified": story.modified.map(|time| time.to_string()),
                "authors": authors,
                "tags": story.tags,
            });
            // The specification wants one of the two; most feeds of summaries give the summary.
            match full_text(site, story) {
                Some(html) => item["content_html"] = html.into(),
                None => item["content_text"] = story.summary.clone().into(),
            }
            if let Some(item) = item.as_object_mut() {
                item.retain(|_, value| !value.is_null());
            }
            item
        })
        .collect();
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": site.title,
        "home_page_url": format!("{base}/"),
        "feed_url": format!("{base}/feed.json"),
        "language": site.language,
        "items": items,
    })
    .to_string()
}

fn url(base: &str, story: &Story) -> String {
    format!("{base}{}", story.path())
}

fn element(document: &mut String, name: &str, attributes: &str, text: &str) {
    let _ = writeln!(document, "<{name}{attributes}>{}</{name}>", escape(text));
}

fn full_text(site: &Site, story: &Story) -> Option<String> {
    let Body::Paragraphs(paragraphs) = &story.body else {
        return None;
    };
    site.is_full_text.then(|| {
        paragraphs
            .iter()
            .chain(&story.credit)
            .map(|paragraph| format!("<p>{}</p>\n", escape(paragraph)))
            .collect()
    })
}
