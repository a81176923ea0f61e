use crate::site::{Site, Story};
use crate::template::escape;

/// The index: `/sitemap.xml`, which names the news sitemap plain and gzipped.
pub(crate) fn index(base: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{base}/sitemap-news.xml</loc></sitemap>
<sitemap><loc>{base}/sitemap-news.xml.gz</loc></sitemap>
</sitemapindex>
"#
    )
}

/// `/sitemap-news.xml`: every story with its date and headline.
pub(crate) fn news(site: &Site, base: &str) -> String {
    let urls: String = site
        .stories
        .iter()
        .map(|story| url(site, story, base))
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{urls}</urlset>
"#
    )
}

fn url(site: &Site, story: &Story, base: &str) -> String {
    format!(
        "<url><loc>{base}{path}</loc><lastmod>{changed}</lastmod><news:news><news:publication>\
         <news:name>{name}</news:name><news:language>{language}</news:language></news:publication>\
         <news:publication_date>{published}</news:publication_date><news:title>{title}</news:title>\
         </news:news></url>\n",
        path = escape(&story.path()),
        changed = story.modified.unwrap_or(story.published),
        name = escape(&site.title),
        language = escape(story.language.as_ref().unwrap_or(&site.language)),
        published = story.published,
        title = escape(&story.title),
    )
}
