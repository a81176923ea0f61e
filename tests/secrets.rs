//! No credential is shown, wherever it stands and whatever goes wrong: each one here holds one word,
//! and all that copydesk prints and writes is searched for it.

mod support;

use copydesk_newsroom::{FeedKind, File, Misbehaviour, Newsroom, RunningSite, Site, generate};
use std::path::Path;
use std::process::Command;
use support::{Desk, copydesk, files, signal, wait_for};

const SECRET: &str = "hunter2";

fn site(name: &str) -> Site {
    Site {
        stories: generate(name.len() as u64, 1),
        ..Site::new(name, name)
    }
}

/// Runs it to its end with everything logged; gives back all that it printed.
fn printed(command: &mut Command) -> String {
    let output = command.env("RUST_LOG", "trace").output().expect("it runs");
    let (out, error) = (output.stdout, output.stderr);
    String::from_utf8_lossy(&[out, error].concat()).into_owned()
}

/// `by` says whose words these are.
fn check(by: &str, text: &str) {
    assert!(!text.is_empty(), "{by} says something");
    let found = text.lines().find(|line| line.contains(SECRET));
    assert_eq!(found, None, "{by} shows a credential");
}

fn with_userinfo(url: &str) -> String {
    url.replace("http://", &format!("http://desk:{SECRET}@"))
}

/// A `[[feed]]` for each place in which a credential may stand.
fn feeds(newsroom: &Newsroom, folder: &Path) -> Vec<String> {
    let rss = |name: &str| newsroom.site(name).feed_url(FeedKind::Rss);
    let file = folder.join("token");
    std::fs::write(&file, format!("{SECRET}-file\n")).expect("the test's own folder");
    let proxy = newsroom.site("proxy").base().replace("http://", "");
    vec![
        format!("url = \"{}\"", with_userinfo(&rss("userinfo"))),
        format!("url = \"{}?api-key={SECRET}&x=1\"", rss("query")),
        format!("url = \"{}?to%6ben={SECRET}\"", rss("missing")),
        format!("url = \"{}\"", with_userinfo(&rss("html"))),
        format!("url = \"{}?sessionToken={SECRET}\"", rss("silent")),
        format!("url = \"http://desk:{SECRET}@127.0.0.1:1/feed?password={SECRET}\""),
        format!("url = \"http://desk:{SECRET}@name.invalid/feed\""),
        format!(
            "url = \"{}\"\nheaders = {{ X-Key = \"{SECRET}\", Bad = {{ env = \"COPYDESK_TEST\" }} }}\ncookies = {{ env = \"COPYDESK_TEST\" }}\n\
             auth = {{ user = \"{SECRET}\", password = {{ env = \"COPYDESK_TEST\" }} }}",
            rss("headers")
        ),
        format!(
            "url = \"{}\"\nauth = {{ bearer = {{ file = {file:?} }} }}",
            rss("bearer")
        ),
        format!(
            "url = \"{}\"\nproxy = \"http://desk:{SECRET}@{proxy}\"",
            rss("proxied")
        ),
        format!(
            "url = \"{}\"\nproxy = \"http://desk:{SECRET}@127.0.0.1:1\"",
            rss("unproxied")
        ),
        format!("url = \"{}\"", rss("moved")),
        format!("url = \"{}\"", rss("astray")),
        format!("url = \"{}\"", rss("round")),
        format!("url = \"{}\"", newsroom.site("page").url("/names")),
    ]
}

fn misbehave(newsroom: &Newsroom) {
    let rss = FeedKind::Rss.path();
    let redirect = |to: String| Misbehaviour::Redirect { code: 301, to };
    let site = |name: &str| newsroom.site(name);
    site("html").misbehave(rss, Misbehaviour::Html);
    site("missing").misbehave(rss, Misbehaviour::status(404));
    site("silent").misbehave(rss, Misbehaviour::Hang);
    let target = with_userinfo(&site("headers").feed_url(FeedKind::Rss));
    site("moved").misbehave(rss, redirect(format!("{target}?token={SECRET}")));
    site("astray").misbehave(rss, redirect(format!("http://desk:{SECRET}@[x/feed")));
    site("round").misbehave(rss, redirect(format!("{rss}?sig={SECRET}")));
}

fn sent(site: &RunningSite, name: &str) -> Vec<String> {
    let requests = site.requests();
    let values = requests.iter().filter_map(|request| request.header(name));
    values.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_credential_is_shown_wherever_it_stands() {
    let names = [
        "userinfo",
        "query",
        "missing",
        "html",
        "silent",
        "headers",
        "bearer",
        "proxy",
        "proxied",
        "unproxied",
        "moved",
        "astray",
        "round",
    ];
    let mut sites: Vec<Site> = names.map(site).into();
    let mut page = site("page");
    let link = format!(
        "<!doctype html><link rel=alternate type=application/rss+xml href='/feed.rss?token={SECRET}'>"
    );
    page.files.insert("/names".into(), File::html(link));
    sites.push(page);
    let newsroom = Newsroom::start(sites)
        .await
        .expect("loopback addresses are free");
    misbehave(&newsroom);

    let desk = Desk::new::<&str>(&[], "");
    let folder = desk.config().parent().expect("a folder").to_owned();
    let tables: Vec<String> = feeds(&newsroom, &folder);
    let config = std::fs::read_to_string(desk.config()).expect("it was written");
    let tables = tables.iter().map(|table| format!("\n[[feed]]\n{table}\n"));
    let config = format!("{config}timeout = \"2s\"\n{}", tables.collect::<String>());
    std::fs::write(desk.config(), &config).expect("the test's own folder");
    let command = |action: &str| {
        let mut command = desk.command(action);
        command.env("COPYDESK_TEST", SECRET);
        command
    };

    // What cannot be sent is refused.
    let refused =
        format!("{config}\n[[feed]]\nurl = \"https://a.example/\"\ncookies = \"{SECRET}\\n\"\n");
    std::fs::write(desk.config(), refused).expect("the test's own folder");
    let refusal = printed(&mut command("run"));
    check("run", &refusal);
    assert!(refusal.contains("cookies"), "{refusal}");
    std::fs::write(desk.config(), &config).expect("the test's own folder");

    check("check --fetch", &printed(command("check").arg("--fetch")));
    let run = printed(command("run").arg("--once"));
    check("run --once", &run);
    assert!(run.contains("\"level\":\"TRACE\""), "everything is logged");
    check("status", &printed(&mut command("status")));
    check("status --json", &printed(command("status").arg("--json")));
    check("feeds export", &printed(command("feeds").arg("export")));
    let mut daemon = command("run")
        .env("RUST_LOG", "trace")
        .stderr(std::fs::File::create(folder.join("log")).expect("the test's own folder"))
        .spawn()
        .expect("it runs");
    wait_for(|| desk.log().contains("poll failed"));
    check(
        "status of the daemon",
        &printed(command("status").arg("--json")),
    );
    signal(&daemon, "TERM");
    daemon.wait().expect("it ends");
    check("run", &desk.log());
    for stream in ["news", "duplicates"] {
        let lines: String = files(&desk.output(), stream).into_values().collect();
        check("the output", &format!("{stream}\n{lines}"));
    }

    let credentials = sent(newsroom.site("userinfo"), "authorization");
    assert!(
        credentials.iter().any(|value| value.starts_with("Basic ")),
        "they are sent"
    );
    assert!(
        sent(newsroom.site("bearer"), "authorization").contains(&format!("Bearer {SECRET}-file"))
    );
    assert!(sent(newsroom.site("headers"), "cookie").contains(&SECRET.to_owned()));
    assert!(!sent(newsroom.site("proxy"), "proxy-authorization").is_empty());
    assert!(
        newsroom
            .site("query")
            .requests()
            .iter()
            .any(|request| request.path.contains(SECRET))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn commands_show_no_credential_of_what_they_are_given() {
    let newsroom = Newsroom::start(vec![site("harbour")])
        .await
        .expect("loopback addresses are free");
    let harbour = newsroom.site("harbour");
    let story = with_userinfo(&format!("{}?token={SECRET}", harbour.url("/nowhere")));
    let feed = with_userinfo(&format!("{}?key={SECRET}", harbour.feed_url(FeedKind::Rss)));
    for (action, url) in [("entries", &feed), ("entries", &story), ("clean", &story)] {
        let mut command = copydesk();
        command.args([action, "--allow-private-addresses", url]);
        check(action, &printed(&mut command));
    }
    for url in [&feed, &story, &with_userinfo(&harbour.url("/"))] {
        let mut command = copydesk();
        command.args(["feeds", "find", "--allow-private-addresses", url]);
        check("feeds find", &printed(&mut command));
    }

    let folder = tempfile::tempdir().expect("a folder for the test");
    let (list, config) = (
        folder.path().join("list.opml"),
        folder.path().join("c.toml"),
    );
    let outlines: String = [
        &feed,
        &feed,
        &format!("ftp://desk:{SECRET}@a.example/"),
        &format!("http://desk:{SECRET}@[x/"),
    ]
    .map(|url| format!("<outline text='x' xmlUrl='{url}'/>"))
    .concat();
    std::fs::write(&list, format!("<opml><body>{outlines}</body></opml>"))
        .expect("the test's own folder");
    let mut import = copydesk();
    import
        .args(["feeds", "import"])
        .arg(&list)
        .arg("--into")
        .arg(&config);
    check("feeds import", &printed(&mut import));
    let written = std::fs::read_to_string(&config).expect("it was written");
    assert!(written.contains(&feed), "it is in the configuration");
}

#[test]
fn a_wrong_configuration_is_told_without_its_credentials() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("c.toml");
    for wrong in [
        format!("url = \"https://desk:{SECRET}@[x/\""),
        format!("url = \"gopher://desk:{SECRET}@a.example/\""),
        format!("url = [\"https://desk:{SECRET}@a.example/\"]"),
        format!("url = \"https://desk:{SECRET}@a.example/"),
        format!("url = \"https://a.example/\"\ncookies = [\"{SECRET}\"]"),
        format!("url = \"https://a.example/\"\nheaders = \"X-Key: {SECRET}\""),
        format!(
            "url = \"https://a.example/\"\nauth = {{ user = \"{SECRET}\", pasword = \"{SECRET}\" }}"
        ),
        format!(
            "url = \"https://a.example/\"\nauth = {{ bearer = {{ file = \"/nowhere/{SECRET}\" }} }}"
        ),
        format!("url = \"https://a.example/\"\nproxy = {{ url = \"http://desk:{SECRET}@proxy\" }}"),
        format!(
            "url = \"https://a.example/?token={SECRET}\"\n[[feed]]\nurl = \"https://a.example/?token={SECRET}\""
        ),
    ] {
        std::fs::write(&path, format!("[[feed]]\n{wrong}\n")).expect("the test's own folder");
        for action in ["check", "run", "status"] {
            let mut command = copydesk();
            command.arg(action).arg("--config").arg(&path);
            check(
                &format!("{action} with {}", wrong.replace(SECRET, "…")),
                &printed(&mut command),
            );
        }
    }
}
