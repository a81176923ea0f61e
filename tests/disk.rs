//! What the disk and other people do to the folders: full, read-only, tampered with.

mod support;

use copydesk_newsroom::{FeedKind, Newsroom, Site, generate};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Instant;
use support::{Desk, SmallDisk, check_lines, signal, wait_for};

async fn newsroom(stories: usize) -> Newsroom {
    let site = Site {
        stories: generate(3, stories),
        ..Site::new("harbour", "The Harbour Ledger")
    };
    let newsroom = Newsroom::start(vec![site]).await;
    newsroom.expect("loopback addresses are free")
}

/// A desk with some of its folders on a small disk.
fn desk_on(disk: &SmallDisk, folders: &[&str], feed: String) -> Desk {
    let desk = Desk::new(&[feed], "");
    for name in folders {
        let target = disk.path().join(name);
        std::fs::create_dir(&target).expect("the test's own folder");
        let link = desk.output().with_file_name(name);
        std::os::unix::fs::symlink(target, link).expect("the test's own folder");
    }
    desk
}

/// Lines come, the disk is full and the daemon says so and holds them back, there is room again and
/// they come, each once; where `is_killed`, a new process finds the disk full, too.
async fn check_full(folders: &[&str], is_killed: bool) {
    let Some(disk) = SmallDisk::mount("32m") else {
        eprintln!("SKIPPED: mounting a tmpfs needs root");
        return;
    };
    let (first, all) = (20, 320);
    let newsroom = newsroom(first).await;
    let harbour = newsroom.site("harbour");
    let desk = desk_on(&disk, folders, harbour.feed_url(FeedKind::Rss));
    let mut daemon = desk.spawn();
    wait_for(|| desk.lines("news").len() == first);
    disk.fill();
    for mut story in generate(4, all - first) {
        story.slug = format!("late-{}", story.slug);
        harbour.publish(story);
    }
    wait_for(|| desk.log().contains("held back, trying again"));
    assert!(desk.get("/healthz").starts_with("HTTP/1.0 503"));
    let alive = desk.get("/livez");
    assert!(alive.starts_with("HTTP/1.0 200"), "no restart: {alive}");
    if is_killed {
        daemon.kill().expect("it is ours");
        daemon.wait().expect("it is ours");
        let said = desk.log().matches("held back").count();
        daemon = desk.spawn();
        wait_for(|| desk.log().matches("held back").count() > said);
    }
    assert!(desk.log().contains("No space left"), "{}", desk.log());
    let before = desk.lines("news").len();
    assert!(before < all, "some are held back");
    let ended = daemon.try_wait().expect("it is ours");
    assert!(ended.is_none(), "it waits: {}", desk.log());

    disk.clear();
    let cleared = Instant::now();
    wait_for(|| desk.lines("news").len() > before);
    let seconds = cleared.elapsed().as_secs_f64();
    println!("{folders:?} full: on its way again {seconds:.1} s after there was room");
    wait_for(|| desk.lines("news").len() == all);
    assert!(desk.log().contains("on its way again") || is_killed);
    signal(&daemon, "TERM");
    assert!(daemon.wait().expect("it ends").success(), "{}", desk.log());
    let lines = desk.lines("news");
    check_lines(&lines);
    let urls: HashSet<String> = lines.iter().map(|line| line["url"].to_string()).collect();
    assert_eq!(urls.len(), all, "each once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_output_disk_holds_lines_back_until_there_is_room() {
    check_full(&["out"], false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_state_disk_holds_lines_back_until_there_is_room() {
    check_full(&["state"], false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_on_a_full_disk_it_waits_for_room_at_its_next_start() {
    check_full(&["out", "state"], true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_only_folder_is_named() {
    let Some(disk) = SmallDisk::mount("8m") else {
        eprintln!("SKIPPED: mounting a tmpfs needs root");
        return;
    };
    let newsroom = newsroom(1).await;
    for folder in ["out", "state"] {
        disk.make_writable(true);
        let feed = newsroom.site("harbour").feed_url(FeedKind::Rss);
        let desk = desk_on(&disk, &[folder], feed);
        disk.make_writable(false);
        let output = desk.command("run").arg("--once").output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(70), "{said}");
        assert!(said.contains("Read-only file system"), "{said}");
        let path = desk.output().with_file_name(folder);
        assert!(said.contains(&path.display().to_string()), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_else_did_is_refused_and_mended_when_told() {
    let newsroom = newsroom(3).await;
    let desk = Desk::new(&[newsroom.site("harbour").feed_url(FeedKind::Rss)], "");
    desk.once();
    let file = std::fs::read_link(desk.output().join("news.current")).expect("a link");
    let path = desk.output().join(&file);
    let text = std::fs::read_to_string(&path).expect("an output file");
    std::fs::write(&path, text.clone() + "{}\n").expect("the test's own folder");

    let run = |action: &str, more: &[&str]| desk.command(action).args(more).output().expect("runs");
    let refused = run("run", &["--once"]);
    let said = said(&refused);
    assert_eq!(refused.status.code(), Some(70), "{said}");
    for part in [
        &*file.to_string_lossy(),
        "somebody else wrote to it",
        "copydesk repair",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let shown = run("repair", &[]);
    assert_eq!(shown.status.code(), Some(65));
    let text_shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(
        text_shown.contains("found:") && text_shown.contains("--yes"),
        "{text_shown}"
    );
    assert_ne!(std::fs::read_to_string(&path).expect("as it was"), text);
    assert!(run("repair", &["--yes"]).status.success());
    assert_eq!(std::fs::read_to_string(&path).expect("mended"), text);
    assert!(
        run("repair", &[]).status.success(),
        "nothing is left to repair"
    );
    newsroom.site("harbour").publish(generate(9, 1).remove(0));
    desk.once();
    check_lines(&desk.lines("news"));
}

/// Nothing comes after the entry that cannot be settled: no poll would find that a stage is gone.
async fn check_taken_away(folder: impl Fn(&Desk) -> PathBuf, said: &str) {
    let newsroom = newsroom(3).await;
    let harbour = newsroom.site("harbour");
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Rss)], "");
    let text = std::fs::read_to_string(desk.config()).expect("written");
    let quiet = text.replace("interval = \"1s\"", "interval = \"1h\"");
    std::fs::write(desk.config(), &quiet).expect("the test's own folder");
    let mut daemon = desk.spawn();
    wait_for(|| desk.lines("news").len() == 3);
    std::fs::remove_dir_all(folder(&desk)).expect("the test's own folder");
    harbour.publish(generate(9, 1).remove(0));
    let other = harbour.feed_url(FeedKind::Atom);
    let more = format!("{quiet}[[feed]]\nurl = {other:?}\n");
    std::fs::write(desk.config(), more).expect("the test's own folder");
    signal(&daemon, "HUP");
    wait_for(|| desk.log().contains("cannot go on"));
    let code = daemon.wait().expect("it is ours").code();
    assert_eq!((code, desk.log().matches(said).count()), (Some(70), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn output_taken_away_ends_it_also_on_a_quiet_day() {
    check_taken_away(Desk::output, "copydesk repair").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn state_taken_away_ends_it() {
    check_taken_away(Desk::state, "state.redb: gone").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_state_does_not_begin_again_among_the_lines_of_another() {
    let newsroom = newsroom(3).await;
    let desk = Desk::new(&[newsroom.site("harbour").feed_url(FeedKind::Rss)], "");
    desk.once();
    let before = desk.lines("news");
    let (state, away) = (desk.state(), desk.state().with_extension("away"));
    std::fs::rename(&state, &away).expect("the test's own folder");
    let run = || desk.command("run").arg("--once").output().expect("runs");
    let refused = run();
    let text = said(&refused);
    assert_eq!(refused.status.code(), Some(70), "{text}");
    for part in ["begins with seq 1,", "none past 0", "empty folder"] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(desk.lines("news"), before);
    std::fs::remove_dir_all(&state).expect("the test's own folder");
    std::fs::rename(&away, &state).expect("the test's own folder");
    assert!(run().status.success());
    assert_eq!(desk.lines("news"), before);
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reader_of_a_pipe_may_leave_at_any_time() {
    let newsroom = newsroom(3).await;
    let desk = Desk::new(&[newsroom.site("harbour").feed_url(FeedKind::Rss)], "");
    desk.once();
    let tail = |more: &[&str]| {
        let mut command = support::copydesk();
        command.arg("tail").arg(desk.output()).args(more);
        command.stdout(Stdio::piped()).spawn().expect("it runs")
    };
    let all = tail(&["--from", "2"]).wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&all.stdout).lines().count(), 2);
    // No line comes any more, so that only the closed pipe can tell.
    let mut follower = tail(&["--follow"]);
    drop(follower.stdout.take());
    assert!(follower.wait().expect("it ends").success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn state_goes_to_another_folder_as_lines() {
    let newsroom = newsroom(5).await;
    let feeds = [newsroom.site("harbour").feed_url(FeedKind::Rss)];
    let (here, there) = (Desk::new(&feeds, ""), Desk::new(&feeds, ""));
    here.once();
    let state = |desk: &Desk, action: &str, more: &[&Path]| {
        let mut command = support::copydesk();
        command
            .args(["state", action, "--config"])
            .arg(desk.config());
        command.args(more).output().expect("it runs")
    };
    let exported = state(&here, "export", &[]);
    assert!(exported.status.success());
    let lines = there.config().with_file_name("state.ndjson");
    std::fs::write(&lines, exported.stdout).expect("the test's own folder");
    std::fs::rename(here.output(), there.output()).expect("the test's own folders");
    let imported = state(&there, "import", &[&lines]);
    assert!(imported.status.success(), "{}", said(&imported));
    assert!(String::from_utf8_lossy(&imported.stdout).contains("dedup rebuild"));
    let again = state(&there, "import", &[&lines]);
    assert_eq!(again.status.code(), Some(70));
    assert!(said(&again).contains("not empty"), "{}", said(&again));
    assert!(state(&there, "compact", &[]).status.success());
    newsroom.site("harbour").publish(generate(9, 1).remove(0));
    let (sums, _) = there.once();
    assert_eq!((sums.entries, sums.new), (1, 1), "the others are known");
    check_lines(&there.lines("news"));
}
