//! Which addresses are dialled. The forms are judged at the guard; only loopback is ever dialled.

use copydesk_model::Reason;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use url::Url;

use super::config;
use super::recorder::{Recorder, Told};
use crate::{Config, Feed, Fetcher, guard};

/// A URL and what its refusal says. All are refused as addresses.
const REFUSED: &[(&str, &str)] = &[
    ("http://127.0.0.1/", "loopback"),
    ("http://127.0.0.1:8080/x", "loopback"),
    ("http://127.255.255.254/", "loopback"),
    ("http://127.1/", "loopback"),
    ("http://127.0.1/", "loopback"),
    ("http://2130706433/", "loopback"),
    ("http://0x7f000001/", "loopback"),
    ("http://0x7F.1/", "loopback"),
    ("http://0x7f.0x0.0x0.0x1/", "loopback"),
    ("http://017700000001/", "loopback"),
    ("http://0177.0.0.1/", "loopback"),
    ("http://0177.0.0.0x1/", "loopback"),
    ("http://127.0.0.1./", "loopback"),
    ("http://%31%32%37.0.0.1/", "loopback"),
    ("http://１２７.０.０.１/", "loopback"),
    ("http://127。0。0。1/", "loopback"),
    ("http://user:password@127.0.0.1/", "loopback"),
    ("http://a.example@127.0.0.1/", "loopback"),
    ("http://a.example:80@127.0.0.1:80/", "loopback"),
    ("http:\\\\127.0.0.1\\x", "loopback"),
    ("http:127.0.0.1", "loopback"),
    ("http:///127.0.0.1", "loopback"),
    ("HTTP://127.0.0.1", "loopback"),
    ("https://127.0.0.1", "loopback"),
    (" http://127.0.0.1\n", "loopback"),
    ("ht\ntp://127.0.\t0.1", "loopback"),
    ("http://localhost/", "loopback"),
    ("http://LOCALHOST./", "loopback"),
    ("http://a.localhost/", "loopback"),
    ("http://loc%61lhost/", "loopback"),
    ("http://ⓛocalhost/", "loopback"),
    ("http://0/", "this network"),
    ("http://0.0.0.0/", "this network"),
    ("http://0.1.2.3/", "this network"),
    ("http://10.0.0.1/", "private"),
    ("http://0xa.1/", "private"),
    ("http://012.0.0.1/", "private"),
    ("http://167772161/", "private"),
    ("http://172.16.0.1/", "private"),
    ("http://172.31.255.255/", "private"),
    ("http://192.168.0.1/", "private"),
    ("http://3232235777/", "private"),
    ("http://100.64.0.1/", "CGNAT"),
    ("http://100.100.100.200/", "CGNAT"),
    ("http://100.127.255.255/", "CGNAT"),
    ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ("http://0xa9fea9fe/", "metadata"),
    ("http://2852039166/", "metadata"),
    ("http://0251.0376.0251.0376/", "metadata"),
    ("http://168.63.129.16/", "metadata"),
    ("http://192.0.0.192/", "reserved for protocols"),
    ("http://192.0.2.1/", "documentation"),
    ("http://198.51.100.1/", "documentation"),
    ("http://203.0.113.1/", "documentation"),
    ("http://198.18.0.1/", "benchmarking"),
    ("http://192.88.99.1/", "6to4 relay"),
    ("http://224.0.0.1/", "multicast"),
    ("http://239.255.255.250/", "multicast"),
    ("http://240.0.0.1/", "reserved"),
    ("http://255.255.255.255/", "reserved"),
    ("http://4294967295/", "reserved"),
    ("http://[::1]/", "loopback"),
    ("http://[0:0:0:0:0:0:0:1]/", "loopback"),
    ("http://[0000::0001]:80/", "loopback"),
    ("http://[::]/", "unspecified"),
    ("http://[::127.0.0.1]/", "IPv4-compatible"),
    ("http://[::ffff:127.0.0.1]/", "loopback"),
    ("http://[::ffff:7f00:1]/", "loopback"),
    ("http://[0:0:0:0:0:ffff:10.0.0.1]/", "private"),
    ("http://[::ffff:169.254.169.254]/", "metadata"),
    ("http://[::ffff:0:127.0.0.1]/", "not global unicast"),
    ("http://[64:ff9b::127.0.0.1]/", "loopback"),
    ("http://[64:ff9b::a9fe:a9fe]/", "metadata"),
    ("http://[64:ff9b:1::8.8.8.8]/", "local NAT64"),
    ("http://[2002:7f00:1::]/", "6to4"),
    ("http://[2002:a00:1::1]/", "6to4"),
    ("http://[2001:0:53aa:64c:0:fb14:f5ff:fffe]/", "Teredo"),
    ("http://[2001:10::1]/", "reserved for protocols"),
    ("http://[2001:db8::1]/", "documentation"),
    ("http://[3fff::1]/", "documentation"),
    ("http://[100::1]/", "discarded"),
    ("http://[fc00::1]/", "unique local"),
    ("http://[fd00:ec2::254]/", "unique local"),
    ("http://[fe80::1]/", "link-local"),
    ("http://[febf::1]/", "link-local"),
    ("http://[fec0::1]/", "site-local"),
    ("http://[ff02::1]/", "multicast"),
    ("http://[5f00::1]/", "segment routing"),
    ("http://[4000::1]/", "not global unicast"),
    ("http://[2606:4700::5efe:10.0.0.1]/", "ISATAP"),
];

/// URLs that are no http or https URL at all.
const UNREADABLE: &[&str] = &[
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::1",
    "http://256.1.1.1/",
    "http://1.2.3.4.5/",
    "http://0x100000000/",
    "http://127.0.0.1:99999/",
    "http://",
    "http://a b/",
    "//127.0.0.1/",
    "127.0.0.1",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:70/",
    "data:text/html,x",
    "javascript:alert(1)",
    "unix:/run/docker.sock",
    "about:blank",
];

const PUBLIC: &[&str] = &[
    "http://93.184.215.14/",
    "http://8.8.8.8/",
    "http://100.63.255.255/",
    "http://100.128.0.1/",
    "http://172.15.0.1/",
    "http://172.32.0.1/",
    "http://223.255.255.255/",
    "http://[2606:4700::1111]/",
    "http://[64:ff9b::8.8.8.8]/",
    "http://[::ffff:8.8.8.8]/",
    "http://a.example/",
    "https://localhost.example/",
    "https://127.0.0.1.example/",
];

#[test]
fn addresses_that_are_no_public_host_are_refused_with_the_reason() {
    for (text, why) in REFUSED {
        let url = Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let failure = guard::check(&url, false).expect_err(text);
        assert_eq!(failure.reason, Reason::AddressRefused, "{text}");
        assert!(failure.detail.contains(why), "{text}: {failure}");
        assert!(!failure.detail.contains("password"), "{failure}");
        assert_eq!(guard::check(&url, true), Ok(()), "{text} with the switch");
    }
    for text in PUBLIC {
        assert_eq!(
            guard::check(&Url::parse(text).unwrap(), false),
            Ok(()),
            "{text}"
        );
    }
}

#[tokio::test]
async fn only_http_and_https_are_asked_for() {
    let fetcher = Fetcher::new(config()).unwrap();
    for text in UNREADABLE {
        let failure = fetcher.page(text).await.expect_err(text);
        assert_eq!(failure.reason, Reason::BadUrl, "{text}: {failure}");
    }
}

#[tokio::test]
async fn a_refused_address_is_never_dialled() {
    let server = Recorder::start(|_, _| Told::new(200, &[], "<html>")).await;
    let fetcher = Fetcher::new(Config {
        allow_private_addresses: false,
        ..config()
    })
    .unwrap();
    let port = Url::parse(&server.base).unwrap().port().unwrap();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "localhost",
        "[::ffff:127.0.0.1]",
    ] {
        let failure = fetcher
            .page(&format!("http://{host}:{port}/"))
            .await
            .unwrap_err();
        assert_eq!(failure.reason, Reason::AddressRefused, "{failure}");
        assert_eq!(failure.retry_after, None, "no other try ends better");
    }
    assert!(server.asked().is_empty());
}

fn resolving(answer: impl Fn(usize) -> IpAddr + Send + Sync + 'static) -> crate::resolver::Lookup {
    let count = Arc::new(AtomicUsize::new(0));
    Arc::new(move |_| {
        let address = answer(count.fetch_add(1, Ordering::Relaxed));
        Box::pin(async move { Ok(vec![address]) })
    })
}

#[tokio::test]
async fn a_name_that_resolves_inside_is_refused_when_dialled() {
    let server =
        Recorder::start(|_, _| Told::new(200, &["content-type: text/html"], "<html>")).await;
    let port = Url::parse(&server.base).unwrap().port().unwrap();
    let url = format!("http://inside.example:{port}/");
    let lookup = resolving(|_| "127.0.0.1".parse().unwrap());
    let closed = Config {
        allow_private_addresses: false,
        ..config()
    };
    let failure = Fetcher::with_lookup(closed, lookup.clone())
        .unwrap()
        .page(&url)
        .await
        .unwrap_err();
    assert_eq!(failure.reason, Reason::AddressRefused);
    assert!(
        failure
            .detail
            .contains("inside.example resolves to 127.0.0.1, which is loopback"),
        "{failure}"
    );
    assert!(server.asked().is_empty());
    assert!(
        Fetcher::with_lookup(config(), lookup)
            .unwrap()
            .page(&url)
            .await
            .is_ok(),
        "with the switch"
    );
}

#[tokio::test]
async fn a_redirect_into_private_space_is_refused() {
    let inside = Recorder::on("127.0.0.2", |_, _| Told::new(200, &[], "<html>")).await;
    let fetcher = Fetcher::new(Config {
        allow_private_addresses: false,
        ..config()
    })
    .unwrap();
    let hidden = inside.base.replace("127.0.0.2", "0x7f.2");
    for to in [
        inside.base.as_str(),
        &hidden,
        "http://[::1]/",
        "//10.0.0.1/",
        "http://169.254.169.254/",
        "http://localhost/",
        "file:///etc/passwd",
    ] {
        // A proxy stands in for a public host, for a test dials none.
        let location = format!("location: {to}");
        let proxy = Recorder::start(move |_, _| Told::new(302, &[&location], "")).await;
        let feed = Feed {
            proxy: Some(proxy.base.as_str().into()),
            ..Feed::default()
        };
        let failure = fetcher
            .page_of(&feed, "http://public.example/story")
            .await
            .unwrap_err();
        let wanted = if to.starts_with("file") {
            Reason::BadUrl
        } else {
            Reason::AddressRefused
        };
        assert_eq!(failure.reason, wanted, "{to}: {failure}");
        assert_eq!(proxy.paths(), ["http://public.example/story"], "{to}");
    }
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn one_feed_alone_may_be_inside() {
    let server =
        Recorder::start(|_, _| Told::new(200, &["content-type: text/html"], "<html>")).await;
    let fetcher = Fetcher::new(Config {
        allow_private_addresses: false,
        ..config()
    })
    .unwrap();
    let inside = Feed {
        allow_private_addresses: true,
        ..Feed::default()
    };
    assert!(fetcher.page_of(&inside, &server.base).await.is_ok());
    assert_eq!(
        fetcher.page(&server.base).await.unwrap_err().reason,
        Reason::AddressRefused
    );
}
