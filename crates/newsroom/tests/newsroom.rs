//! What a newsroom serves when it behaves, and what changes while it runs.

#![allow(clippy::unwrap_used)] // Helpers of integration tests do not count as tests.

mod client;

use client::{get, get_with};
use copydesk_newsroom::{FeedKind, File, Layout, Newsroom, Site, Story, Validators};

const TEXT: &str = "The ferry came back to Port Ellery.\n\nNobody knew why it had left.";

fn site(name: &str) -> Site {
    let story = Story {
        authors: vec!["Ada Marsh".into()],
        credit: Some("(With inputs from ANI)".into()),
        tags: vec!["ferries & boats".into()],
        ..Story::new("news/ferry", "Ferry <returns> & stays", TEXT)
    };
    Site {
        stories: vec![story],
        ..Site::new(name, "The Harbour Ledger")
    }
}

async fn start(site: Site) -> Newsroom {
    Newsroom::start(vec![site]).await.unwrap()
}

#[tokio::test]
async fn each_kind_of_feed_parses_and_tells_the_same() {
    let newsroom = start(site("ledger")).await;
    let ledger = newsroom.site("ledger");
    for kind in FeedKind::ALL {
        let answer = get(&ledger.feed_url(kind)).await;
        let feed = feed_rs::parser::parse(&answer.body[..]).unwrap();
        assert_eq!(
            feed.title.unwrap().content,
            "The Harbour Ledger",
            "{kind:?}"
        );
        assert_eq!(feed.language.as_deref(), Some("en"), "{kind:?}");
        let entry = &feed.entries[0];
        assert_eq!(
            entry.title.as_ref().unwrap().content,
            "Ferry <returns> & stays"
        );
        assert_eq!(entry.links[0].href, ledger.url("/news/ferry"), "{kind:?}");
        assert_eq!(
            entry.authors[0].name.as_deref(),
            Some("Ada Marsh"),
            "{kind:?}"
        );
        let published = entry.published.unwrap().timestamp();
        assert_eq!(published, ledger.stories()[0].published.as_second());
        let summary = entry.summary.as_ref().unwrap().content.as_str();
        assert_eq!(summary, "The ferry came back to Port Ellery.", "{kind:?}");
    }
}

#[tokio::test]
async fn full_text_feeds_hold_the_story() {
    let newsroom = start(Site {
        is_full_text: true,
        ..site("ledger")
    })
    .await;
    for kind in FeedKind::ALL {
        let answer = get(&newsroom.site("ledger").feed_url(kind)).await;
        let feed = feed_rs::parser::parse(&answer.body[..]).unwrap();
        let body = feed.entries[0].content.as_ref().unwrap().body.clone();
        assert!(body.unwrap().contains("Nobody knew why"), "{kind:?}");
    }
}

#[tokio::test]
async fn every_layout_shows_the_whole_story() {
    for layout in Layout::ALL {
        let newsroom = start(Site {
            layout,
            ..site("ledger")
        })
        .await;
        let page = get(&newsroom.site("ledger").url("/news/ferry"))
            .await
            .text();
        for wanted in [
            "Ferry &lt;returns&gt; &amp; stays",
            "The ferry came back to Port Ellery.</p>",
            "Nobody knew why it had left.</p>",
            "(With inputs from ANI)",
            "Ada Marsh",
        ] {
            assert!(page.contains(wanted), "{layout:?} without {wanted}");
        }
        assert!(!page.contains("{{"), "{layout:?} has an unfilled place");
    }
}

#[tokio::test]
async fn validators_are_answered_with_304_until_something_changes() {
    for (validators, etag, date) in [
        (Validators::Both, true, true),
        (Validators::Etag, true, false),
        (Validators::LastModified, false, true),
        (Validators::None, false, false),
    ] {
        let newsroom = start(Site {
            validators,
            ..site("ledger")
        })
        .await;
        let ledger = newsroom.site("ledger");
        let url = ledger.feed_url(FeedKind::Atom);
        let first = get(&url).await;
        assert_eq!(first.header("etag").is_some(), etag, "{validators:?}");
        assert_eq!(
            first.header("last-modified").is_some(),
            date,
            "{validators:?}"
        );
        let mut asked = Vec::new();
        for (header, name) in [
            ("etag", "if-none-match"),
            ("last-modified", "if-modified-since"),
        ] {
            asked.extend(first.header(header).map(|value| (name, value.to_owned())));
        }
        let expected = if asked.is_empty() { 200 } else { 304 };
        assert_eq!(
            get_with(&url, &asked).await.status,
            expected,
            "{validators:?}"
        );
        ledger.correct("news/ferry", |story| story.title = "Ferry gone".into());
        assert_eq!(get_with(&url, &asked).await.status, 200, "{validators:?}");
    }
}

#[tokio::test]
async fn a_correction_shows_in_every_feed_and_on_the_page() {
    let newsroom = start(site("ledger")).await;
    let ledger = newsroom.site("ledger");
    ledger.correct("news/ferry", |story| story.summary = "It sank.".into());
    let story = &ledger.stories()[0];
    let modified = story.modified.unwrap();
    assert!(modified > story.published);
    for kind in FeedKind::ALL {
        let answer = get(&ledger.feed_url(kind)).await;
        let feed = feed_rs::parser::parse(&answer.body[..]).unwrap();
        let entry = &feed.entries[0];
        let dated = match kind {
            FeedKind::Rss => entry.published,
            FeedKind::Atom | FeedKind::Json => entry.updated,
        };
        assert_eq!(dated.unwrap().timestamp(), modified.as_second(), "{kind:?}");
        assert_eq!(entry.summary.as_ref().unwrap().content, "It sank.");
    }
    let page = get(&ledger.url("/news/ferry")).await.text();
    assert!(page.contains(&modified.to_string()));
}

#[tokio::test]
async fn stories_come_and_go() {
    let newsroom = start(Site {
        feed_entries_max: 1,
        ..site("ledger")
    })
    .await;
    let ledger = newsroom.site("ledger");
    ledger.publish(Story::new("late", "Late news", "It came late."));
    let feed = get(&ledger.feed_url(FeedKind::Rss)).await.text();
    assert!(feed.contains("Late news") && !feed.contains("Ferry"));
    assert_eq!(get(&ledger.url("/news/ferry")).await.status, 200);
    ledger.remove("late");
    assert_eq!(get(&ledger.url("/late")).await.status, 404);
    assert!(
        get(&ledger.feed_url(FeedKind::Rss))
            .await
            .text()
            .contains("Ferry")
    );
}

#[tokio::test]
async fn pages_and_files_are_served_byte_for_byte() {
    let html = b"<meta charset=windows-1252><p>caf\xe9</p>".to_vec();
    let mut site = site("ledger");
    site.stories.push(Story::from_html(
        "old",
        "Old",
        html.clone(),
        site.stories[0].published,
    ));
    site.files.insert(
        "/robots.txt".into(),
        File::text("User-agent: *\nDisallow: /x"),
    );
    let newsroom = start(site).await;
    let ledger = newsroom.site("ledger");
    let page = get(&ledger.url("/old")).await;
    assert_eq!(
        (page.header("content-type"), &page.body),
        (Some("text/html"), &html)
    );
    let robots = get(&ledger.url("/robots.txt")).await;
    assert_eq!(robots.text(), "User-agent: *\nDisallow: /x");
    assert!(
        get(&ledger.feed_url(FeedKind::Json))
            .await
            .text()
            .contains("/old")
    );
}

#[tokio::test]
async fn the_front_page_names_the_feeds_and_stories() {
    let newsroom = start(site("ledger")).await;
    let ledger = newsroom.site("ledger");
    let home = get(&ledger.url("/")).await.text();
    for wanted in [
        "application/rss+xml",
        "/feed.atom",
        "/feed.json",
        "/news/ferry",
    ] {
        assert!(home.contains(wanted), "{wanted}");
    }
}

#[tokio::test]
async fn every_site_has_a_host_of_its_own_and_one_ledger() {
    let newsroom = Newsroom::start(vec![site("one"), site("two")])
        .await
        .unwrap();
    let (one, two) = (newsroom.site("one"), newsroom.site("two"));
    assert!(one.base().starts_with("http://127.0.0.2:"));
    assert!(two.base().starts_with("http://127.0.0.3:"));
    get_with(&one.url("/feed.rss?n=2"), &[("x-test", "yes".into())]).await;
    get(&two.url("/")).await;
    let requests = newsroom.requests();
    assert_eq!((requests.len(), newsroom.requests_total()), (2, 2));
    assert_eq!(
        (requests[0].site.as_str(), requests[0].method.as_str()),
        ("one", "GET")
    );
    assert_eq!(requests[0].header("x-test"), Some("yes"));
    assert_eq!(requests[0].under_way, 1);
    assert_eq!(one.requests_for("/feed.rss?n=2").len(), 1);
    assert_eq!(two.requests().len(), 1);
}

#[tokio::test]
async fn nothing_answers_once_it_is_dropped() {
    let newsroom = start(site("ledger")).await;
    let url = newsroom.site("ledger").url("/");
    let client = client::client();
    assert!(client.get(&url).send().await.is_ok());
    drop(newsroom);
    // Neither on the connection kept alive nor on a new one.
    assert!(client.get(&url).send().await.is_err());
    assert!(client::client().get(&url).send().await.is_err());
}

#[tokio::test]
async fn feeds_carry_headers_and_come_gzipped_to_who_asks() {
    let newsroom = start(Site {
        is_gzipped: true,
        feed_headers: vec![("cache-control".into(), "max-age=600".into())],
        ..site("ledger")
    })
    .await;
    let url = newsroom.site("ledger").feed_url(FeedKind::Rss);
    let plain = get(&url).await;
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.header("cache-control"), Some("max-age=600"));
    let zipped = get_with(&url, &[("accept-encoding", "br, gzip".into())]).await;
    assert_eq!(zipped.header("content-encoding"), Some("gzip"));
    assert_eq!(zipped.header("etag"), plain.header("etag"));
    let mut decoded = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(&zipped.body[..]);
    std::io::Read::read_to_end(&mut decoder, &mut decoded).unwrap();
    assert_eq!(decoded, plain.body);
}

#[tokio::test]
async fn the_sitemap_leads_to_the_stories() {
    let newsroom = start(site("ledger")).await;
    let ledger = newsroom.site("ledger");
    let index = get(&ledger.url("/sitemap.xml")).await.text();
    assert!(index.contains(&ledger.url("/sitemap-news.xml")));
    let news = get(&ledger.url("/sitemap-news.xml")).await.text();
    assert!(news.contains(&ledger.url("/news/ferry</loc>")));
    assert!(news.contains("<news:title>Ferry &lt;returns&gt; &amp; stays</news:title>"));
    let zipped = get(&ledger.url("/sitemap-news.xml.gz")).await.body;
    let unzipped = std::io::read_to_string(flate2::read::GzDecoder::new(&zipped[..]));
    assert_eq!(unzipped.unwrap(), news);
}

#[tokio::test]
async fn hundreds_of_sites_have_hosts_of_their_own() {
    let sites = (0..300).map(|n| site(&format!("site-{n}"))).collect();
    let newsroom = Newsroom::start(sites).await.unwrap();
    assert!(
        newsroom.sites()[299]
            .base()
            .starts_with("http://127.0.1.45:")
    );
    for site in newsroom.sites().iter().step_by(50) {
        assert_eq!(get(&site.feed_url(FeedKind::Json)).await.status, 200);
    }
}
