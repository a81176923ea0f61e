use crate::site::{FeedKind, Layout, Site, Story};
use crate::template::{Values, escape, fill};
use serde_json::json;

/// The story's page in the site's layout. `base` is the site's address without a closing slash.
pub(crate) fn render(site: &Site, story: &Story, paragraphs: &[String], base: &str) -> String {
    let layout = match site.layout {
        Layout::Broadsheet => include_str!("../layouts/broadsheet.html"),
        Layout::Tabloid => include_str!("../layouts/tabloid.html"),
        Layout::Weblog => include_str!("../layouts/weblog.html"),
        Layout::Bulletin => include_str!("../layouts/bulletin.html"),
    };
    let language = story.language.as_ref().unwrap_or(&site.language);
    let (opening, rest) = paragraphs.split_at(paragraphs.len().min(2));
    let time = story.published.strftime("%-d %B %Y, %H:%M UTC");
    let mut values = Values::from([
        ("site", vec![escape(&site.title)]),
        ("base", vec![base.to_owned()]),
        ("url", vec![format!("{base}{}", escape(&story.path()))]),
        ("language", vec![escape(language)]),
        ("direction", vec![direction(language).to_owned()]),
        ("title", vec![escape(&story.title)]),
        ("published", vec![story.published.to_string()]),
        ("published_words", vec![time.to_string()]),
        ("authors", escaped(&story.authors)),
        ("tags", escaped(&story.tags)),
        ("opening", escaped(opening)),
        ("rest", escaped(rest)),
        ("feeds", feed_links(site, base)),
        ("related", related(site, story, base)),
        ("jsonld", vec![json_ld(site, story, base)]),
    ]);
    let places = ["by", "more", "share", "newsletter"];
    for (place, label) in places.into_iter().zip(labels(language)) {
        values.insert(place, vec![label.to_owned()]);
    }
    values.insert("summary", escaped(some(&story.summary)));
    values.insert("section", escaped(&story.section));
    values.insert("credit", escaped(&story.credit));
    values.insert("caption", escaped(&story.caption));
    values.insert("image_credit", escaped(&story.image_credit));
    if !story.authors.is_empty() {
        values.insert("byline", vec![escape(&story.authors.join(", "))]);
    }
    if let Some(modified) = story.modified {
        values.insert("modified", vec![modified.to_string()]);
    }
    if story.caption.is_some() {
        values.insert("image", vec![image(story, base)]);
    }
    fill(layout, &values)
}

/// The front page: links to feeds and stories.
pub(crate) fn home(site: &Site, base: &str) -> String {
    let links: Vec<String> = site.stories.iter().map(|story| link(story, base)).collect();
    let values = Values::from([
        ("site", vec![escape(&site.title)]),
        ("language", vec![escape(&site.language)]),
        ("feeds", feed_links(site, base)),
        ("links", links),
    ]);
    fill(include_str!("../layouts/home.html"), &values)
}

/// Language, and its words for by, more, share, and a newsletter's plea. Readers of pages should
/// meet furniture in other languages than English.
#[rustfmt::skip] // One language a line.
const LABELS: [(&str, [&str; 4]); 4] = [
    ("en", ["By", "More from", "Share", "Sign up for our newsletter: the day's five stories, every morning at six."]),
    ("de", ["Von", "Mehr aus", "Teilen", "Abonnieren Sie unseren Newsletter: die fünf Themen des Tages, jeden Morgen um sechs."]),
    ("es", ["Por", "Más en", "Compartir", "Suscríbase a nuestro boletín: las cinco noticias del día, cada mañana a las seis."]),
    ("hi", ["लेखक:", "और पढ़ें:", "साझा करें", "हमारे न्यूज़लेटर की सदस्यता लें: दिन की पाँच ख़बरें, हर सुबह छह बजे।"]),
];

fn labels(language: &str) -> [&'static str; 4] {
    let known = LABELS.iter().find(|(code, _)| language.starts_with(code));
    known.unwrap_or(&LABELS[0]).1
}

fn escaped<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    texts.into_iter().map(|text| escape(text)).collect()
}

fn some(text: &String) -> Option<&String> {
    Some(text).filter(|text| !text.is_empty())
}

fn direction(language: &str) -> &'static str {
    let primary = language.split('-').next().unwrap_or_default();
    match primary {
        "ar" | "fa" | "he" | "ps" | "ur" => "rtl",
        _ => "ltr",
    }
}

fn feed_links(site: &Site, base: &str) -> Vec<String> {
    site.feeds
        .iter()
        .map(|kind: &FeedKind| {
            let media = kind.content_type().split(';').next().unwrap_or_default();
            format!(
                r#"<link rel="alternate" type="{media}" href="{base}{}">"#,
                kind.path()
            )
        })
        .collect()
}

/// Up to four other stories, the ones that follow in the feed.
fn related(site: &Site, story: &Story, base: &str) -> Vec<String> {
    let here = site
        .stories
        .iter()
        .position(|other| other.slug == story.slug)
        .map_or(0, |place| place + 1);
    let count = site.stories.len();
    (0..count)
        .map(|step| &site.stories[(here + step) % count])
        .filter(|other| other.slug != story.slug)
        .take(4)
        .map(|other| link(other, base))
        .collect()
}

fn link(story: &Story, base: &str) -> String {
    let path = escape(&story.path());
    format!(r#"<a href="{base}{path}">{}</a>"#, escape(&story.title))
}

fn image(story: &Story, base: &str) -> String {
    format!("{base}/images/{}.jpg", escape(&story.slug))
}

/// A graph with the article inside it, as the usual plug-ins write it.
fn json_ld(site: &Site, story: &Story, base: &str) -> String {
    let url = format!("{base}{}", story.path());
    let authors: Vec<_> = story
        .authors
        .iter()
        .map(|name| json!({ "@type": "Person", "name": name }))
        .collect();
    let graph = json!({
        "@context": "https://schema.org",
        "@graph": [
            { "@type": "Organization", "@id": format!("{base}/#publisher"), "name": site.title },
            { "@type": "WebSite", "url": format!("{base}/"), "name": site.title },
            {
                "@type": "NewsArticle",
                "headline": story.title,
                "description": story.summary,
                "mainEntityOfPage": url,
                "datePublished": story.published.to_string(),
                "dateModified": story.modified.unwrap_or(story.published).to_string(),
                "author": authors,
                "articleSection": story.section,
                "keywords": story.tags,
                "inLanguage": story.language.as_ref().unwrap_or(&site.language),
                "image": story.caption.as_ref().map(|_| image(story, base)),
                "publisher": { "@id": format!("{base}/#publisher") },
                "isAccessibleForFree": true,
            },
        ],
    });
    // A closing script tag inside a headline must not end the block.
    graph.to_string().replace('<', "\\u003c")
}
