//! Point 16, and what a feed's operator may add: what is sent, and to whom.

use super::recorder::{Recorder, Told};
use super::{day, document, feed, fetcher, polls, rss};
use crate::{Auth, Config, Feed, FeedKind, PollOutcome};

#[tokio::test]
async fn point_16_requests_say_who_we_are_and_nothing_of_others() {
    let server = Recorder::start(|_, _| Told::new(200, &["set-cookie: id=1"], rss(&["a"]))).await;
    polls(
        &fetcher(),
        &feed(&server.url("/feed?x=1")),
        &[day(1), day(2)],
    )
    .await;
    for asked in server.asked() {
        assert_eq!(asked.path, "/feed?x=1", "no parameter is added");
        assert_eq!(
            asked.header("user-agent"),
            Some(Config::default().user_agent.as_str())
        );
        assert!(
            asked.header("user-agent").unwrap().contains("(+http"),
            "a contact"
        );
        assert!(
            asked
                .header("accept")
                .unwrap()
                .starts_with("application/rss+xml, application/atom+xml")
        );
        assert_eq!(asked.header("accept-encoding"), Some("gzip, br, zstd"));
        for absent in ["cookie", "referer", "a-im", "authorization"] {
            assert_eq!(asked.header(absent), None);
        }
    }
}

#[tokio::test]
async fn a_feeds_own_headers_and_credentials_are_sent() {
    let server = Recorder::start(|_, _| Told::new(200, &[], rss(&["a"]))).await;
    let own = Feed {
        headers: vec![("X-Key".into(), "k".into())],
        cookies: Some("session=1".into()),
        auth: Some(Auth::Bearer("t".into())),
        user_agent: Some("mine/2".into()),
        ..feed(&server.url("/"))
    };
    polls(&fetcher(), &own, &[day(1)]).await;
    let userinfo = feed(&server.url("/").replace("http://", "http://u:p%40@"));
    polls(&fetcher(), &userinfo, &[day(1)]).await;
    let asked = server.asked();
    let sent = ["x-key", "cookie", "authorization", "user-agent"].map(|name| asked[0].header(name));
    assert_eq!(
        sent,
        [
            Some("k"),
            Some("session=1"),
            Some("Bearer t"),
            Some("mine/2")
        ]
    );
    assert_eq!(asked[1].header("authorization"), Some("Basic dTpwQA=="));
}

#[tokio::test]
async fn credentials_are_dropped_across_origins() {
    let other = Recorder::on("127.0.0.2", |_, _| Told::new(200, &[], rss(&["a"]))).await;
    let to = format!("location: {}", other.url("/"));
    let server = Recorder::start(move |_, _| Told::new(302, &[&to], "")).await;
    let own = Feed {
        headers: vec![("X-Key".into(), "k".into())],
        cookies: Some("session=1".into()),
        ..feed(&server.url("/").replace("http://", "http://u:p@"))
    };
    let bearer = Feed {
        auth: Some(Auth::Bearer("t".into())),
        ..feed(&server.url("/"))
    };
    let fetcher = fetcher();
    polls(&fetcher, &own, &[day(1)]).await;
    polls(&fetcher, &bearer, &[day(1)]).await;
    let _ = fetcher.page_of(&own, &other.url("/story")).await;
    assert_eq!(server.asked()[0].header("x-key"), Some("k"));
    assert_eq!(server.asked()[1].header("authorization"), Some("Bearer t"));
    assert_eq!(other.paths(), ["/", "/", "/story"]);
    for asked in other.asked() {
        for absent in ["x-key", "cookie", "authorization"] {
            assert_eq!(asked.header(absent), None);
        }
    }
}

#[tokio::test]
async fn failures_hold_no_secret() {
    let server = Recorder::start(|_, _| Told::new(500, &[], "")).await;
    let own = Feed {
        headers: vec![("X-Key".into(), "hunter2".into())],
        cookies: Some("hunter2".into()),
        auth: Some(Auth::Bearer("hunter2".into())),
        ..feed(
            &server
                .url("/?token=hunter2")
                .replace("http://", "http://hunter2:hunter2@"),
        )
    };
    let unsendable = Feed {
        auth: Some(Auth::Bearer("hunter2\n".into())),
        ..own.clone()
    };
    let unreadable = feed("http://hunter2:hunter2@[/?token=hunter2");
    for feed in [own, unsendable, unreadable] {
        let polls = polls(&fetcher(), &feed, &[day(1)]).await;
        let said = format!("{:?} {:?} {feed:?}", polls[0].outcome, polls[0].state);
        assert!(!said.contains("hunter2"), "{said}");
        assert!(
            !serde_json::to_string(&polls[0].state)
                .unwrap()
                .contains("hunter2")
        );
    }
}

#[tokio::test]
async fn a_sitemap_index_and_a_page_of_links_are_sources() {
    let server = Recorder::start(|asked, _| {
        let base = format!("http://{}", asked.header("host").unwrap());
        let url = |path: &str| format!("<url><loc>{base}{path}</loc></url>");
        match asked.path.as_str() {
            "/index.xml" => Told::new(
                200,
                &[],
                format!("<sitemapindex><sitemap><loc>{base}/1.xml</loc></sitemap></sitemapindex>"),
            ),
            "/1.xml" => Told::new(
                200,
                &[],
                format!("<urlset>{}{}</urlset>", url("/a"), url("/b")),
            ),
            _ => Told::new(
                200,
                &["content-type: text/html"],
                "<!doctype html><h2><a href=/a>A</a></h2>",
            ),
        }
    })
    .await;
    for (path, kind, count) in [
        ("/index.xml", FeedKind::Sitemap, 2),
        ("/page", FeedKind::Page, 1),
    ] {
        let feed = Feed {
            kind,
            ..feed(&server.url(path))
        };
        let polls = polls(&fetcher(), &feed, &[day(1), day(2)]).await;
        assert_eq!(document(&polls[0]).entries.len(), count);
        assert_eq!(
            polls[1].outcome,
            PollOutcome::NotModified,
            "the same links as before"
        );
    }
}

#[tokio::test]
async fn credentials_come_back_with_their_origin() {
    // Away to another origin and back: only the two hops that are the operator's own get them.
    let (home, away) = (std::sync::OnceLock::<String>::new(), "127.0.0.2");
    let home = std::sync::Arc::new(home);
    let told_home = std::sync::Arc::clone(&home);
    let other = Recorder::on(away, move |_, _| {
        let back = format!("location: {}/new", told_home.get().unwrap());
        Told::new(307, &[&back], "")
    })
    .await;
    let to = format!("location: {}", other.url("/"));
    let server = Recorder::start(move |asked, _| match asked.path.as_str() {
        "/old" => Told::new(307, &[&to], ""),
        _ => Told::new(200, &[], rss(&["a"])),
    })
    .await;
    home.set(server.base.clone()).unwrap();
    let own = Feed {
        auth: Some(Auth::Bearer("t".into())),
        ..feed(&server.url("/old"))
    };
    polls(&fetcher(), &own, &[day(1)]).await;
    let sent: Vec<_> = (server.asked().iter())
        .map(|asked| asked.header("authorization").map(str::to_owned))
        .collect();
    assert_eq!(sent, vec![Some("Bearer t".to_owned()); 2]);
    assert_eq!(other.asked()[0].header("authorization"), None);
}
