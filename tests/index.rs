//! The index of near-duplicates, lost or damaged: what the daemon says, and how it goes on.

mod support;

use copydesk_newsroom::{FeedKind, Newsroom, generate};
use std::path::PathBuf;
use support::{Desk, copydesk, two_papers};

/// The second paper is polled only later.
async fn newsroom() -> Newsroom {
    two_papers(generate(11, 6), |copy| copy).await
}

fn feed(newsroom: &Newsroom, site: &str) -> String {
    newsroom.site(site).feed_url(FeedKind::Rss)
}

/// What a run that ends badly prints.
fn failure(desk: &Desk) -> String {
    let output = desk
        .command("run")
        .arg("--once")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(70));
    String::from_utf8(output.stderr).expect("UTF-8")
}

fn index(desk: &Desk) -> PathBuf {
    desk.output().with_file_name("state").join("index")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_index_rebuilt_from_the_output_knows_the_old_articles() {
    for compression in ["none", "zstd", "gzip"] {
        let newsroom = newsroom().await;
        let first = feed(&newsroom, "first");
        let desk = Desk::new(&[&first], "");
        // Closed before each line but the first, so that compressed files are read as well.
        let text = std::fs::read_to_string(desk.config()).expect("the test's own");
        let files =
            format!("[output]\nfile_bytes_max = \"4KiB\"\ncompression = \"{compression}\"\n");
        std::fs::write(desk.config(), text.replace("[output]\n", &files)).expect("the test's own");
        assert_eq!(desk.once().0.new, 6);
        std::fs::remove_dir_all(index(&desk)).expect("it is there");

        let printed = failure(&desk);
        assert!(printed.contains("articles-0.log"), "{printed}");
        assert!(printed.contains("copydesk dedup rebuild"), "{printed}");

        let output = copydesk()
            .args(["dedup", "rebuild", "--config"])
            .arg(desk.config())
            .output()
            .expect("the binary runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{output:?}");
        assert!(printed.contains("6 articles read"), "{printed}");

        desk.configure(&[first, feed(&newsroom, "second")], "");
        let (sums, _) = desk.once();
        assert_eq!((sums.new, sums.duplicates), (0, 6), "{compression}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_damaged_index_is_named_and_set_aside_when_told() {
    let newsroom = newsroom().await;
    let (first, second) = (feed(&newsroom, "first"), feed(&newsroom, "second"));
    let desk = Desk::new(&[&first], "");
    assert_eq!(desk.once().0.new, 6);
    let log = index(&desk).join("articles-0.log");
    let mut bytes = std::fs::read(&log).expect("reads");
    // In the last article, so that those before it can still be read.
    let at = bytes.len() - 20;
    bytes[at] ^= 1;
    std::fs::write(&log, bytes).expect("writes");

    let printed = failure(&desk);
    assert!(printed.contains("articles-0.log"), "{printed}");
    assert!(printed.contains("--without-damaged-index"), "{printed}");

    desk.configure(&[first, second], "");
    let output = desk
        .command("run")
        .args(["--once", "--without-damaged-index"])
        .output()
        .expect("the binary runs");
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains("articles-0.log.damaged"), "{printed}");
    let duplicates = desk.lines("duplicates").len();
    assert_eq!(
        duplicates, 5,
        "all but the copy of the article that was lost"
    );
    // And it goes on as usual.
    assert_eq!(desk.once().0.entries, 0);
}
