//! The status page in a browser, over a running daemon and the demo's newsroom.
//!
//! `COPYDESK_PICTURES=DIR` keeps pictures of it there.

#[path = "support/browser.rs"]
mod browser;
mod support;

use base64::Engine;
use browser::Browser;
use copydesk_newsroom::Demo;
use serde_json::Value;
use std::net::TcpListener;
use std::process::Child;
use support::{Desk, signal, wait_for};

/// A daemon whose page is served at an address of its own.
struct Served {
    daemon: Child,
    address: String,
    _desk: Desk,
}

impl Served {
    fn start(feeds: &[String], status: &str) -> Self {
        // Free a moment ago; nobody else in these tests asks for one like it.
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = port.expect("a free port").port();
        let desk = Desk::new(feeds, "");
        let text = std::fs::read_to_string(desk.config()).expect("written");
        let text = text.replace(
            "listen = \"off\"",
            &format!("listen = \"127.0.0.1:{port}\"\n{status}"),
        );
        std::fs::write(desk.config(), text).expect("the test's own folder");
        let daemon = desk.spawn();
        wait_for(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self {
            daemon,
            address: format!("http://127.0.0.1:{port}"),
            _desk: desk,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        signal(&self.daemon, "TERM");
        let _ = self.daemon.wait();
    }
}

async fn keep(browser: &Browser, name: &str) {
    let Some(folder) = std::env::var_os("COPYDESK_PICTURES") else {
        return;
    };
    let picture = base64::engine::general_purpose::STANDARD.decode(browser.picture().await);
    let path = std::path::Path::new(&folder).join(format!("{name}.png"));
    std::fs::write(path, picture.expect("base64")).expect("a folder that can be written");
}

/// No error in the console, and no request that left for another host.
async fn check_quiet(browser: &Browser, address: &str) {
    for entry in browser.log("browser").await {
        assert!(
            !matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")),
            "{entry}"
        );
    }
    let mut requests = 0;
    for entry in browser.log("performance").await {
        let message: Value =
            serde_json::from_str(entry["message"].as_str().unwrap_or("{}")).expect("JSON");
        let sent = &message["message"]["params"];
        // The browser's own first page is none of ours.
        let is_ours = |text: &Value| {
            text.as_str()
                .is_some_and(|text| !text.starts_with("chrome:"))
        };
        if message["message"]["method"] == "Network.requestWillBeSent"
            && is_ours(&sent["documentURL"])
        {
            let url = sent["request"]["url"].as_str().unwrap_or_default();
            assert!(url.starts_with(address), "{sent}");
            requests += 1;
        }
    }
    assert!(requests > 2, "the page, its style and its script at least");
}

/// The feeds in the table, from the top.
const FEEDS: &str = "return [...document.querySelectorAll('#feeds tbody th .title')].map(cell => cell.textContent).join('|')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn page_lives_sorts_filters_and_shows_what_was_copied() {
    if !browser::is_installed() {
        return;
    }
    let demo = Demo::start().await.expect("loopback addresses are free");
    let feeds: Vec<String> = demo.feeds.iter().map(|(url, _)| url.clone()).collect();
    let served = Served::start(&feeds, "");
    let address = served.address.as_str();
    let browser = Browser::start(1280, 900, false).await;
    browser.open(address).await;
    browser
        .until("return document.querySelectorAll('#feeds tbody tr').length === 9")
        .await;
    browser
        .until("return document.getElementById('live').textContent.includes('live')")
        .await;

    // The demo's script publishes and corrects while one looks: nothing is loaded anew.
    browser.run("window.stays = true").await;
    let count = "return Number(document.querySelector('.legend b').textContent)";
    browser
        .until("return document.querySelectorAll('#latest .badge.duplicate').length >= 3")
        .await;
    let before = browser.run(count).await.as_u64().expect("a number");
    demo.run_script().await;
    browser
        .until(&format!("{count} > {before} && window.stays"))
        .await;
    browser
        .until("return document.querySelectorAll('#latest .badge.update').length >= 1")
        .await;
    keep(&browser, "light").await;

    let sorted = "const names = [...document.querySelectorAll('#feeds tbody th .title')].map(cell => cell.textContent.toLowerCase()); return names.length === 9 && names.every((name, place) => place === 0 || names[place - 1] ";
    browser
        .run("document.querySelector('[data-sort=feed]').focus()")
        .await;
    // Enter, and once more for the other way round: the keyboard keeps its place.
    browser.press(&['\u{e007}']).await;
    browser.until(&format!("{sorted}<= name)")).await;
    browser.until("return document.activeElement.dataset.sort === 'feed' && document.querySelector('[aria-sort=ascending]') !== null").await;
    browser.press(&['\u{e007}']).await;
    browser.until(&format!("{sorted}>= name)")).await;
    assert_eq!(browser.run("return location.search").await, "?sort=-feed");
    browser.run("const field = document.querySelector('[name=filter]'); field.focus(); field.value = 'ledger'; field.dispatchEvent(new Event('input', { bubbles: true }))").await;
    browser
        .until("return document.querySelectorAll('#feeds tbody tr').length === 1")
        .await;
    assert_eq!(browser.run(FEEDS).await, "The Harbour Ledger");
    let search = browser.run("return location.search").await;
    assert_eq!(search, "?filter=ledger&sort=-feed", "the order stays");
    assert_eq!(browser.run("return window.stays").await, true);
    check_quiet(&browser, address).await;

    // One of the copies of the agency item, beside the item itself.
    browser.open(&format!("{address}/?show=duplicate")).await;
    browser
        .run("[...document.querySelectorAll('#latest li')].find(item => item.textContent.includes('ANI')).querySelector('a.title').click()")
        .await;
    browser
        .until("return document.querySelectorAll('.beside article').length === 2")
        .await;
    let sides = "return [...document.querySelectorAll('.beside article')].map(side => [[...side.querySelectorAll('mark')], [...side.querySelectorAll(':scope > p')]].map(parts => parts.map(part => part.textContent).join(' ')))";
    let sides = browser.run(sides).await;
    let words = |text: &str| -> String {
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        let words: Vec<String> = words
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        format!(" {} ", words.join(" "))
    };
    let [new_marked, new, old_marked, old] = [(0, 0), (0, 1), (1, 0), (1, 1)]
        .map(|(side, part)| words(sides[side][part].as_str().expect("text")));
    let item = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../newsroom/demo/dispatch/sound-agreement.txt"
    );
    let item = std::fs::read_to_string(item).expect("the demo's agency item");
    let mut copied = 0;
    for sentence in item.split(['.', '\n']).map(words) {
        if sentence.split(' ').count() > 10 && new.contains(&sentence) && old.contains(&sentence) {
            assert!(
                new_marked.contains(&sentence) && old_marked.contains(&sentence),
                "{sentence}"
            );
            copied += 1;
        }
    }
    assert!(
        copied >= 2,
        "{copied} sentences of the item stand in both:\n{new}\n{old}"
    );
    let links = "return [...document.querySelectorAll('mark a')].every(link => document.querySelector(link.getAttribute('href')))";
    assert_eq!(
        browser.run(links).await,
        true,
        "each passage leads to its counterpart"
    );
    keep(&browser, "beside").await;
    check_quiet(&browser, address).await;

    browser
        .run("document.getElementById('theme').click()")
        .await;
    assert_eq!(
        browser
            .run("return document.documentElement.dataset.theme")
            .await,
        "dark"
    );
    browser.open(address).await;
    let ground = "return getComputedStyle(document.body).backgroundColor";
    browser
        .until("return document.documentElement.dataset.theme === 'dark'")
        .await;
    assert_eq!(browser.run(ground).await, "rgb(22, 20, 18)");
    keep(&browser, "dark").await;
    check_quiet(&browser, address).await;

    let phone = Browser::start(390, 844, false).await;
    phone.open(address).await;
    phone
        .until("return document.querySelectorAll('#feeds tbody tr').length === 9")
        .await;
    let overflow =
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(
        phone.run(overflow).await,
        0,
        "nothing is wider than the phone"
    );
    keep(&phone, "phone").await;
    check_quiet(&phone, address).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn page_works_without_script_and_metrics_and_probes_answer() {
    let demo = Demo::start().await.expect("loopback addresses are free");
    let feeds: Vec<String> = demo.feeds.iter().map(|(url, _)| url.clone()).collect();
    let served = Served::start(&feeds, "token = \"t0ken\"");
    let client = browser::client();
    let ask = async |method: &str, path: &str, token: &str| {
        let request = client.request(
            method.parse().expect("a method"),
            format!("{}{path}", served.address),
        );
        let answer = request
            .header("authorization", format!("Bearer {token}"))
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        (status, headers, answer.text().await.expect("text"))
    };
    while !ask("GET", "/metrics", "t0ken")
        .await
        .2
        .contains("copydesk_feeds{condition=\"good\"} 9\n")
    {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(ask("GET", "/", "wrong").await.0, 401);
    assert_eq!(ask("POST", "/reload", "wrong").await.0, 403);
    assert_eq!(
        ask("GET", "/reload", "t0ken").await.0,
        405,
        "nothing is changed by GET"
    );
    assert_eq!(ask("POST", "/reload", "t0ken").await.0, 200);
    let (status, headers, page) =
        ask("GET", "/?filter=ledger&sort=-new&show=duplicate", "t0ken").await;
    assert_eq!(status, 200);
    let policy = headers["content-security-policy"].to_str().expect("ASCII");
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(
        page.contains("The Harbour Ledger")
            && !page.contains("Orvecht Courier</span><span class=\"meta\""),
        "{page}"
    );
    assert!(
        !page.contains("style=\"") && !page.contains("onclick"),
        "the policy lets neither through"
    );
    for outside in ["src=\"http", "href=\"//", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let (status, _, metrics) = ask("GET", "/metrics", "t0ken").await;
    assert_eq!(status, 200);
    for series in [
        "copydesk_fetch_duration_seconds_count",
        "copydesk_freshness_seconds_bucket",
        "copydesk_queue_depth{queue=\"writer\"}",
        "copydesk_index_articles",
        "copydesk_outbox_rows",
    ] {
        assert!(metrics.contains(series), "{series}");
    }
    let value = |series: &str| -> f64 {
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {series}"))
            .parse()
            .expect("a number")
    };
    assert!(value("copydesk_settled_total{outcome=\"duplicate\"}") >= 3.0);
    assert!(value("copydesk_freshness_seconds_count") >= 5.0);
    assert!(value("copydesk_index_size_bytes") > 0.0);
    assert_eq!(ask("GET", "/readyz", "").await.2, "ok\n");
    assert_eq!(ask("GET", "/healthz", "").await.2, "ok\n");
    assert_eq!(ask("GET", "/livez", "").await.2, "ok\n");
    assert_eq!(ask("GET", "/article/999999", "t0ken").await.0, 404);
}
