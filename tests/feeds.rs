//! What the daemon knows of its feeds, and how it is asked.

mod support;

use copydesk_newsroom::{FeedKind, Misbehaviour, Newsroom, Site, Story, generate};
use serde_json::Value;
use support::{Desk, signal, wait_for};

fn site(name: &str, stories: u64) -> Site {
    Site {
        stories: (0..stories)
            .map(|number| Story {
                slug: format!("{name}{number}"),
                ..generate(number + 1, 1).remove(0)
            })
            .collect(),
        ..Site::new(name, &format!("The {name} Gazette"))
    }
}

async fn newsroom(sites: Vec<Site>) -> Newsroom {
    Newsroom::start(sites)
        .await
        .expect("loopback addresses are free")
}

fn status(desk: &Desk) -> Value {
    let output = desk.command("status").arg("--json").output();
    let output = output.expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn status_is_told_by_the_daemon_and_by_the_state_it_leaves() {
    let newsroom = newsroom(vec![site("harbour", 2), site("valley", 1)]).await;
    let (harbour, valley) = (newsroom.site("harbour"), newsroom.site("valley"));
    valley.misbehave(FeedKind::Rss.path(), Misbehaviour::status(404));
    let feeds = [harbour, valley].map(|site| site.feed_url(FeedKind::Rss));
    let desk = Desk::new(&feeds, "");
    let before = status(&desk);
    assert_eq!(before["feeds"][0]["condition"], "new");

    let mut daemon = desk.spawn();
    wait_for(|| desk.state().join("control.sock").exists());
    let is_polled = |report: &Value| {
        report["feeds"][0]["condition"] == "good" && report["feeds"][1]["condition"] == "failing"
    };
    wait_for(|| {
        let report = status(&desk);
        !report["started"].is_null() && is_polled(&report)
    });
    // Its socket stays behind and leads nowhere.
    signal(&daemon, "KILL");
    daemon.wait().expect("it ends");
    let left = status(&desk);
    assert!(left["started"].is_null() && is_polled(&left), "{left}");
    assert_eq!(left["feeds"][0]["title"], "The harbour Gazette");
    assert!(left["feeds"][0]["next_poll"].is_string());
    let error = &left["feeds"][1]["last_error"];
    assert_eq!(error["reason"], "http_status");
    assert!(
        error["detail"]
            .as_str()
            .is_some_and(|words| words.contains("status 404"))
    );
    let table = desk.command("status").output().expect("it runs");
    let table = String::from_utf8_lossy(&table.stdout).into_owned();
    assert!(table.contains("no daemon runs") && table.contains("1 good, 1 failing"));
    for url in &feeds {
        assert!(table.contains(url.as_str()), "{table}");
    }

    let mut daemon = desk.spawn();
    wait_for(|| desk.log().matches("\"started\"").count() == 2);
    assert!(status(&desk)["started"].is_string());
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success());
    assert!(status(&desk)["started"].is_null());
}
