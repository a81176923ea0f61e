//! Point 20: which addresses are dialled.
//!
//! Four tables: URLs whose host is an address in one of its many forms, URLs that are none, names
//! that resolve inside, and redirects. All are refused with the reason unless private addresses are
//! allowed. The forms are judged at the guard; only loopback is ever dialled.

use copydesk_model::Reason;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use url::Url;

use super::recorder::{Recorder, Told};
use super::{config, failed, fetcher, page_told};
use crate::client::Outside;
use crate::resolver::{Lookup, Resolver};
use crate::{Config, Feed, FeedKind, FeedState, Fetcher, guard};

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
    ("http://[64:ff9b::8.8.8.8]/", "NAT64"),
    ("http://[::ffff:8.8.8.8]/", "mapped"),
    ("http://[::FFFF:100.64.0.1]/", "CGNAT"),
    ("http://[64:ff9b::10.0.0.1]:8080/", "private"),
    ("http://169.254.170.2/v2/credentials", "metadata"),
    ("http://192.168.1.1.", "private"),
    ("http://0300.0250.1.1/", "private"),
    ("http://0x7f.1.:80/", "loopback"),
    ("http://00000177.0.0.1/", "loopback"),
    ("http://127.0.0.1#@a.example/", "loopback"),
    ("http://127.0.0.1?@a.example/", "loopback"),
    ("http://127.0.0.1\\@a.example/", "loopback"),
    ("http://a.example:pw%40b.example@10.0.0.1/", "private"),
    ("http://ip6-localhost/", "loopback"),
    ("http://localhost.localdomain/", "loopback"),
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
    "http://a.example/",
    "https://localhost.example/",
    "https://127.0.0.1.example/",
];

#[test]
fn point_20_addresses_that_are_no_public_host_are_refused_with_the_reason() {
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
async fn point_20_only_http_and_https_are_asked_for() {
    let fetcher = Fetcher::new(config()).unwrap();
    for text in UNREADABLE {
        let failure = fetcher.page(text).await.expect_err(text);
        assert_eq!(failure.reason, Reason::BadUrl, "{text}: {failure}");
    }
}

#[tokio::test]
async fn point_20_a_refused_address_is_never_dialled() {
    let server = Recorder::start(|_, _| Told::new(200, &[], "<html>")).await;
    let fetcher = Fetcher::new(closed()).unwrap();
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

/// A name, what it resolves to, and what its refusal says.
const NAMES: &[(&str, &str, &str)] = &[
    ("inside.example", "127.0.0.1", "loopback"),
    ("inside.example.", "127.0.0.1", "loopback"),
    ("127.0.0.1.nip.example", "127.0.0.1", "loopback"),
    ("xn--nside-r4a.example", "127.0.0.53", "loopback"),
    ("six.example", "::1", "loopback"),
    ("any.example", "0.0.0.0", "this network"),
    ("any-six.example", "::", "unspecified"),
    ("router.lan", "192.168.1.1", "private"),
    ("printer.local", "10.0.0.7", "private"),
    ("intranet", "172.16.3.4", "private"),
    ("carrier.example", "100.64.0.9", "CGNAT"),
    ("metadata.internal", "169.254.169.254", "metadata"),
    ("metadata-six.internal", "fd00:ec2::254", "unique local"),
    ("link.example", "fe80::1", "link-local"),
    ("mapped.example", "::ffff:10.0.0.1", "private"),
    ("nat64.example", "64:ff9b::7f00:1", "loopback"),
    ("sixtofour.example", "2002:7f00:1::1", "6to4"),
    (
        "teredo.example",
        "2001:0:53aa:64c:0:fb14:f5ff:fffe",
        "Teredo",
    ),
    ("everyone.example", "224.0.0.251", "multicast"),
    ("broadcast.example", "255.255.255.255", "reserved"),
];

fn closed() -> Config {
    Config {
        allow_private_addresses: false,
        ..config()
    }
}

fn looking_up(lookup: Lookup, config: Config) -> Fetcher {
    let outside = Outside {
        lookup,
        ..Outside::default()
    };
    Fetcher::with_outside(config, outside).unwrap()
}

/// Answers the addresses in turn, the last one for ever, and counts.
fn resolving(answers: Vec<IpAddr>) -> (Lookup, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let lookup: Lookup = Arc::new(move |_| {
        let number = counted.fetch_add(1, Ordering::Relaxed);
        let address = answers[number.min(answers.len() - 1)];
        Box::pin(async move { Ok(vec![address]) })
    });
    (lookup, count)
}

#[tokio::test]
async fn point_20_names_that_resolve_inside_are_refused_with_the_reason() {
    for (name, address, why) in NAMES {
        let address: IpAddr = address.parse().unwrap();
        let (lookup, _) = resolving(vec![address]);
        let fetcher = looking_up(lookup.clone(), closed());
        let failure = fetcher.page(&format!("http://{name}/")).await.unwrap_err();
        assert_eq!(failure.reason, Reason::AddressRefused, "{name}: {failure}");
        assert_eq!(failure.retry_after, None, "no other try ends better");
        assert!(failure.detail.contains(why), "{name}: {failure}");
        let allowing = Resolver::new(lookup, false).allowing_private_addresses();
        let found = allowing.addresses((*name).to_owned()).await.unwrap();
        assert_eq!(found, [address], "{name} with the switch");
    }
}

#[tokio::test]
async fn point_20_a_name_is_looked_up_once_and_what_was_judged_is_dialled() {
    // Rebinding: the second answer is another server. It is never asked for.
    let answering = |_: &_, _| page_told();
    let judged = Recorder::on("127.0.0.2", answering).await;
    let port = Url::parse(&judged.base).unwrap().port().unwrap();
    let url = format!("http://rebinding.example:{port}/");
    let answers = vec![[127, 0, 0, 2].into(), [127, 0, 0, 3].into()];
    let (lookup, count) = resolving(answers.clone());
    assert!(looking_up(lookup, config()).page(&url).await.is_ok());
    assert_eq!(
        (judged.asked().len(), count.load(Ordering::Relaxed)),
        (1, 1)
    );
    // The same the other way round: a refusal is final, no second answer is tried.
    let (lookup, count) = resolving(answers);
    let failure = looking_up(lookup, closed()).page(&url).await.unwrap_err();
    assert_eq!(failure.reason, Reason::AddressRefused);
    assert_eq!(
        (judged.asked().len(), count.load(Ordering::Relaxed)),
        (1, 1)
    );
}

/// Where a redirect leads, and what its refusal says. `PORT` is where a server listens inside.
const REDIRECTS: &[(&str, &str)] = &[
    ("http://127.0.0.2:PORT/", "loopback"),
    ("http://0x7f.2:PORT/", "loopback"),
    ("http://2130706434:PORT/", "loopback"),
    ("http://0177.0.0.2:PORT/", "loopback"),
    ("http://127.2.:PORT/", "loopback"),
    ("http://u:p@127.0.0.2:PORT/", "loopback"),
    ("http://public.example@127.0.0.2:PORT/", "loopback"),
    ("http://[::ffff:127.0.0.2]:PORT/", "loopback"),
    ("http:\\\\127.0.0.2:PORT\\", "loopback"),
    ("//127.0.0.2:PORT/", "loopback"),
    ("/\\127.0.0.2:PORT/", "loopback"),
    ("\\\\127.0.0.2:PORT/", "loopback"),
    (" http://127.0.0.2:PORT/ ", "loopback"),
    ("ht\ttp://127.0.\t0.2:PORT/", "loopback"),
    ("HTTP://127.0.0.2:PORT/", "loopback"),
    ("http:///127.0.0.2:PORT/", "loopback"),
    ("http://%31%32%37.0.0.2:PORT/", "loopback"),
    ("http://localhost:PORT/", "loopback"),
    ("https://127.0.0.2:PORT/", "loopback"),
    ("http://[::1]/", "loopback"),
    ("//10.0.0.1/", "private"),
    ("http://192.168.0.1/", "private"),
    ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ("http://[fd00:ec2::254]/", "unique local"),
    ("http://100.64.0.1/", "CGNAT"),
    ("http://[64:ff9b::a00:1]/", "private"),
    ("http://[2002:a00:1::]/", "6to4"),
    ("http://0/", "this network"),
    ("file:///etc/passwd", "scheme file"),
    ("ftp://127.0.0.2/", "scheme ftp"),
    ("gopher://127.0.0.2:PORT/_x", "scheme gopher"),
    ("data:text/html,<p>x", "scheme data"),
    ("javascript:alert(1)", "scheme javascript"),
];

#[tokio::test]
async fn point_20_redirects_into_private_space_are_refused_at_each_hop() {
    let inside = Recorder::on("127.0.0.2", |_, _| page_told()).await;
    let port = Url::parse(&inside.base)
        .unwrap()
        .port()
        .unwrap()
        .to_string();
    let fetcher = Fetcher::new(closed()).unwrap();
    let statuses = [301, 302, 303, 307, 308];
    for ((to, why), status) in REDIRECTS.iter().zip(statuses.into_iter().cycle()) {
        // A proxy stands in for public hosts, for a test dials none. The second hop is the bad one.
        let location = format!("location: {}", to.replace("PORT", &port));
        let proxy = Recorder::start(move |asked, _| match asked.path.ends_with("/story") {
            true => Told::new(302, &["location: /moved"], ""),
            false => Told::new(status, &[&location], ""),
        })
        .await;
        let feed = Feed {
            proxy: Some(proxy.base.as_str().into()),
            ..Feed::default()
        };
        let story = "http://public.example/story";
        let failure = fetcher.page_of(&feed, story).await.expect_err(to);
        let wanted = match why.starts_with("scheme") {
            true => Reason::BadUrl,
            false => Reason::AddressRefused,
        };
        assert_eq!(failure.reason, wanted, "{to}: {failure}");
        assert!(failure.detail.contains(why), "{to}: {failure}");
        assert_eq!(
            proxy.paths(),
            [story, "http://public.example/moved"],
            "{to}"
        );
    }
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn point_20_redirects_into_private_space_are_followed_with_the_switch() {
    let inside = Recorder::on("127.0.0.2", |_, _| page_told()).await;
    let port = Url::parse(&inside.base)
        .unwrap()
        .port()
        .unwrap()
        .to_string();
    let dialled = REDIRECTS
        .iter()
        .map(|(to, _)| *to)
        .filter(|to| to.contains("PORT") && !to.contains("localhost"))
        .filter(|to| !to.starts_with("https") && !to.starts_with("gopher"));
    let mut count = 0;
    for to in dialled {
        let location = format!("location: {}", to.replace("PORT", &port));
        let server = Recorder::start(move |_, _| Told::new(302, &[&location], "")).await;
        let page = fetcher().page(&server.url("/story")).await;
        assert!(page.is_ok(), "{to}: {page:?}");
        count += 1;
        assert_eq!(inside.asked().len(), count, "{to}");
    }
}

#[tokio::test]
async fn point_20_what_a_document_names_is_judged_like_a_redirect() {
    let inside = Recorder::on("127.0.0.2", |_, _| Told::new(200, &[], "<urlset></urlset>")).await;
    let child = inside.url("/1.xml");
    let proxy = Recorder::start(move |_, _| {
        let index = format!("<sitemapindex><sitemap><loc>{child}</loc></sitemap></sitemapindex>");
        Told::new(200, &[], index)
    })
    .await;
    let feed = Feed {
        url: "http://public.example/index.xml".into(),
        kind: FeedKind::Sitemap,
        proxy: Some(proxy.base.as_str().into()),
        ..Feed::default()
    };
    let poll = Fetcher::new(closed())
        .unwrap()
        .poll(&feed, &FeedState::default())
        .await;
    assert_eq!(failed(&poll).reason, Reason::AddressRefused);
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn point_20_one_feed_alone_may_be_inside() {
    let server =
        Recorder::start(|_, _| Told::new(200, &["content-type: text/html"], "<html>")).await;
    let fetcher = Fetcher::new(closed()).unwrap();
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
