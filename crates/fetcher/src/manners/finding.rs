use super::recorder::{Recorder, Told};
use super::{feed, fetcher, rss};
use crate::{Feed, FeedKind};

fn news_sitemap(base: &str) -> String {
    format!(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{base}/story</loc><news:news>\
         <news:title>Storm</news:title><news:publication_date>2026-11-01T10:00:00Z</news:publication_date></news:news></url></urlset>"
    )
}

async fn found(server: &Recorder, path: &str) -> Vec<String> {
    let found = fetcher().find(&feed(&server.url(path))).await.unwrap();
    let base = server.url("");
    (found.into_iter())
        .map(|found| {
            let place = found.url.strip_prefix(&base).unwrap().to_owned();
            format!(
                "{} {place} {}",
                found.named_by,
                found.document.entries.len()
            )
        })
        .collect()
}

#[tokio::test]
async fn feeds_named_by_a_page_are_read_before_they_are_believed() {
    let server = Recorder::start(|asked, _| match asked.path.as_str() {
        "/" => Told::new(
            200,
            &[],
            "<!doctype html><link rel=alternate type='application/atom+xml' href='/gone'>\
             <link rel=alternate type='application/rss+xml' href='/all'><a href='/feed/'>Feed</a><a href='/rss'>All our feeds</a>",
        ),
        "/all" | "/feed/" => Told::new(200, &[], rss(&["a", "b"])),
        "/rss" => Told::new(200, &[], "<html><a href='/sport.rss'>Sport</a><a href='/all'>All (RSS)</a>"),
        "/sport.rss" => Told::new(200, &[], rss(&["c"])),
        _ => Told::new(404, &[], ""),
    })
    .await;
    assert_eq!(
        found(&server, "/").await,
        ["link /all 2", "anchor /sport.rss 1"]
    );
    assert!(
        server.paths().iter().all(|path| path != "/feed.xml"),
        "no guess where some are named"
    );
}

#[tokio::test]
async fn usual_places_and_news_sitemaps_are_looked_at() {
    let base = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let known = base.clone();
    let server = Recorder::start(move |asked, _| {
        let base = known.get().unwrap();
        match asked.path.as_str() {
            "/" => Told::new(200, &[], "<html><a href='/about'>About</a>"),
            "/rss.xml" => Told::new(200, &[], rss(&["a"])),
            "/feed.xml" => Told::new(200, &[], rss(&[])),
            "/robots.txt" => Told::new(
                200,
                &[],
                format!("User-agent: *\nDisallow: /x\nsitemap: {base}/all.xml\nSitemap:{base}/news.xml\n"),
            ),
            "/news.xml" => Told::new(200, &[], news_sitemap(base)),
            "/all.xml" => Told::new(200, &[], format!("<urlset><url><loc>{base}/old</loc></url></urlset>")),
            _ => Told::new(404, &[], ""),
        }
    })
    .await;
    base.set(server.url("")).unwrap();
    assert_eq!(
        found(&server, "/").await,
        ["usual place /rss.xml 1", "robots.txt /news.xml 1"]
    );
}

#[tokio::test]
async fn a_feed_finds_itself_and_nothing_is_an_error_only_where_nothing_answers() {
    let server = Recorder::start(|asked, _| match asked.path.as_str() {
        "/own/place" => Told::new(200, &[], rss(&["a"])),
        "/" => Told::new(200, &[], "<html>"),
        _ => Told::new(404, &[], ""),
    })
    .await;
    assert_eq!(found(&server, "/own/place").await, ["given /own/place 1"]);
    assert!(found(&server, "/").await.is_empty());
    assert!(
        fetcher()
            .find(&feed(&server.url("/missing")))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn credentials_stay_with_the_site_that_they_are_for() {
    let other = Recorder::start(|_, _| Told::new(200, &[], rss(&["b"]))).await;
    let elsewhere = other.url("/feed");
    let server = Recorder::start(move |asked, _| match asked.path.as_str() {
        "/" => Told::new(
            200,
            &[],
            format!("<html><a href='/own.rss'>1</a><a href='{elsewhere}'>2</a>"),
        ),
        "/own.rss" => Told::new(200, &[], rss(&["a"])),
        _ => Told::new(404, &[], ""),
    })
    .await;
    let site = Feed {
        url: server.url("/").replace("http://", "http://desk:s3cret@"),
        ..Feed::default()
    };
    let found = fetcher().find(&site).await.unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|found| found.kind == FeedKind::Feed));
    for asked in server.asked() {
        assert!(asked.header("authorization").is_some(), "{}", asked.path);
    }
    assert_eq!(other.asked()[0].header("authorization"), None);
}
