//! Points 17 and 18: connections, TLS and protocols.

use copydesk_model::Reason;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

use super::recorder::{Recorder, Told};
use super::{config, day, failed, feed, fetcher, page_told, polls, rss};
use crate::client::Outside;
use crate::{Config, Feed, FeedState, Fetcher, PollOutcome};

fn trusting(authority: reqwest::Certificate, config: Config) -> Fetcher {
    let outside = Outside {
        authorities: vec![authority],
        ..Outside::default()
    };
    Fetcher::with_outside(config, outside).unwrap()
}

#[tokio::test]
async fn point_17_http2_is_spoken_where_the_server_has_it_and_can_be_switched_off() {
    // What the server offers, whether all or one feed speak HTTP/2, and what is then spoken.
    for (offered, for_all, for_one, spoken) in [
        (&["h2", "http/1.1"][..], true, None, "HTTP/2.0"),
        (&["h2", "http/1.1"], true, Some(false), "HTTP/1.1"),
        (&["h2", "http/1.1"], false, None, "HTTP/1.1"),
        (&["h2", "http/1.1"], false, Some(true), "HTTP/2.0"),
        (&["http/1.1"], true, None, "HTTP/1.1"),
        (&[], true, None, "HTTP/1.1"),
    ] {
        let (server, authority) = Recorder::over_tls(offered, |_, _| {
            Told::new(200, &["etag: \"1\""], rss(&["a"]))
        })
        .await;
        let config = Config {
            http2: for_all,
            ..config()
        };
        let feed = Feed {
            http2: for_one,
            ..feed(&server.url("/feed"))
        };
        let polls = polls(&trusting(authority, config), &feed, &[day(1), day(2)]).await;
        assert!(
            matches!(polls[0].outcome, PollOutcome::Document(_)),
            "{:?}",
            polls[0]
        );
        let asked = server.asked();
        assert!(
            asked.iter().all(|asked| asked.version == spoken),
            "{offered:?}: {asked:?}"
        );
        assert_eq!(asked[1].header("if-none-match"), Some("\"1\""));
        let host = asked[0].header("host").is_some();
        assert_eq!(
            host,
            spoken == "HTTP/1.1",
            "HTTP/2 names it in the authority"
        );
    }
}

#[tokio::test]
async fn point_17_a_connection_is_kept_for_the_next_request() {
    let server = Recorder::start(|asked, _| match asked.path.as_str() {
        "/feed" => Told::new(200, &[], rss(&["a"])),
        _ => page_told(),
    })
    .await;
    let (secure, authority) = Recorder::over_tls(&["h2"], |_, _| page_told()).await;
    let fetcher = trusting(authority, config());
    let feed = feed(&server.url("/feed"));
    fetcher.poll(&feed, &FeedState::default()).await;
    for path in ["/one", "/two"] {
        fetcher.page_of(&feed, &server.url(path)).await.unwrap();
        fetcher.page(&secure.url(path)).await.unwrap();
    }
    for server in [server, secure] {
        let connections: BTreeSet<_> = server
            .asked()
            .iter()
            .map(|asked| asked.connection)
            .collect();
        assert_eq!(connections.len(), 1, "{:?}", server.paths());
    }
}

#[tokio::test]
async fn point_17_a_kept_connection_that_was_closed_meanwhile_costs_nothing() {
    let server = Recorder::start(|_, _| Told::new(200, &["connection: close"], rss(&["a"]))).await;
    let polls = polls(
        &fetcher(),
        &feed(&server.url("/")),
        &[day(1), day(2), day(3)],
    )
    .await;
    assert!(
        polls
            .iter()
            .all(|poll| !matches!(poll.outcome, PollOutcome::Failed(_)))
    );
    assert_eq!(server.asked()[2].connection, 2);
}

#[tokio::test(start_paused = true)]
async fn point_17_names_are_looked_up_once_a_minute_also_those_that_do_not_resolve() {
    for (resolves, lasts) in [(true, 60), (false, 20)] {
        let lookups = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&lookups);
        let outside = Outside {
            lookup: Arc::new(move |_| {
                counted.fetch_add(1, Ordering::Relaxed);
                Box::pin(async move {
                    match resolves {
                        // Nobody listens on the port that is asked for.
                        true => Ok(vec![[127, 0, 0, 1].into()]),
                        false => Err(std::io::Error::other("no such name")),
                    }
                })
            }),
            ..Outside::default()
        };
        let fetcher = Fetcher::with_outside(config(), outside).unwrap();
        let poll = || async {
            let feed = feed("http://paper.example:1/feed");
            fetcher.poll_at(&feed, &FeedState::default(), day(1)).await
        };
        let wanted = if resolves {
            Reason::Connect
        } else {
            Reason::Dns
        };
        assert_eq!(failed(&poll().await).reason, wanted);
        poll().await;
        assert_eq!(lookups.load(Ordering::Relaxed), 1);
        tokio::time::advance(Duration::from_secs(lasts)).await;
        poll().await;
        assert_eq!(lookups.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test]
async fn point_18_a_handshake_that_does_not_end_is_given_up() {
    // Accepts, and says nothing: the client waits for the server's half of the TLS handshake.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let fetcher = Fetcher::new(Config {
        connect_timeout: Duration::from_millis(30),
        timeout: Duration::from_secs(60),
        ..config()
    })
    .unwrap();
    let polls = polls(&fetcher, &feed(&url), &[day(1)]).await;
    let failure = failed(&polls[0]);
    assert_eq!(failure.reason, Reason::Timeout, "{failure}");
    assert!(
        failure.detail.contains("no connection in time"),
        "{failure}"
    );
}

#[tokio::test]
async fn a_server_whose_certificate_is_not_trusted_or_not_its_own_is_not_asked() {
    let (server, authority) = Recorder::over_tls(&["h2"], |_, _| page_told()).await;
    let (_, other_authority) = Recorder::over_tls(&[], |_, _| page_told()).await;
    let by_other_name = server.base.replace("127.0.0.1", "other.example");
    let by_its_name = server.base.replace("127.0.0.1", "paper.example");
    for (authority, url, is_trusted) in [
        (other_authority, &server.base, false),
        (authority.clone(), &by_other_name, false),
        (authority, &by_its_name, true),
    ] {
        let outside = Outside {
            lookup: Arc::new(|_| Box::pin(async { Ok(vec![[127, 0, 0, 1].into()]) })),
            authorities: vec![authority],
        };
        let fetcher = Fetcher::with_outside(config(), outside).unwrap();
        let poll = fetcher.poll(&feed(url), &FeedState::default()).await;
        let failure = failed(&poll);
        if is_trusted {
            assert_eq!(
                failure.reason,
                Reason::WrongType,
                "it is a web page: {failure}"
            );
        } else {
            assert_eq!(failure.reason, Reason::Tls, "{failure}");
            assert!(server.asked().is_empty());
        }
    }
}
