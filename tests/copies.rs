//! What a reader is told of a copy: which came first, and the two texts beside each other.

mod support;

use copydesk_newsroom::{FeedKind, Newsroom, Story, generate};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Output, Stdio};
use support::{Desk, copydesk, two_papers};

/// Stories of the first paper, and the same in the second one, polled after it but published so
/// much before.
async fn newsroom(before: SignedDuration) -> Newsroom {
    let at_noon = |story: Story| Story {
        published: story.published + SignedDuration::from_hours(12),
        ..story
    };
    let stories: Vec<Story> = generate(23, 4).into_iter().map(at_noon).collect();
    let earlier = |copy: Story| Story {
        published: copy.published - before,
        ..copy
    };
    two_papers(stories, earlier).await
}

/// Polls the first paper, then both.
fn copies(newsroom: &Newsroom, desk: &Desk) -> Vec<Value> {
    assert_eq!(desk.once().0.new, 4);
    let feeds = ["first", "second"].map(|site| newsroom.site(site).feed_url(FeedKind::Rss));
    let text = std::fs::read_to_string(desk.config()).expect("the test's own");
    let second = format!("{text}\n[[feed]]\nurl = {:?}\n", feeds[1]);
    std::fs::write(desk.config(), second).expect("the test's own");
    assert_eq!(desk.once().0.duplicates, 4);
    desk.lines("duplicates")
}

fn desk(newsroom: &Newsroom) -> Desk {
    Desk::new(&[newsroom.site("first").feed_url(FeedKind::Rss)], "")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_later_arrival_that_was_published_earlier_is_named_as_the_source() {
    for (before, hint) in [
        (SignedDuration::from_mins(50), json!("published_earlier")),
        (SignedDuration::ZERO, Value::Null),
    ] {
        let newsroom = newsroom(before).await;
        let desk = desk(&newsroom);
        for line in copies(&newsroom, &desk) {
            assert_eq!(line["duplicate_of"]["source_hint"], hint, "{line}");
        }
    }
}

/// Text of a process that must succeed.
fn printed(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    text
}

/// The left and the right column of each row.
fn columns(text: &str) -> Vec<(&str, &str)> {
    text.lines()
        .filter_map(|row| row.split_once(" | ").or(row.split_once(" |")))
        .map(|(left, right)| (left.trim_end(), right))
        .collect()
}

const WIRE: &str = "The harbour board closed the north pier on Tuesday after divers found cracks in \
    two of its pillars. Ferries will leave from the south quay until the spring, its chairwoman \
    Ines Abel said.\n\nThe repair is put at four million crowns. Fishermen asked for a date.";

#[test]
fn shows_a_copy_beside_its_original_with_the_copied_sentences_marked() {
    let local = "Readers had written to us about the noise.";
    let articles = [
        ("wire", WIRE.to_owned()),
        (
            "other",
            WIRE.replace(|sign: char| sign.is_alphabetic(), "x"),
        ),
        ("paper", format!("{local} {WIRE}")),
    ];
    let input: String = articles
        .iter()
        .map(|(id, text)| {
            format!(
                "{}\n",
                json!({"id": id, "title": format!("About {id}"), "text": text})
            )
        })
        .collect();
    let mut child = copydesk()
        .args(["dedup", "--explain"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    let text = printed(&child.wait_with_output().expect("it ends"));

    assert_eq!(text.matches(" repeats ").count(), 1, "{text}");
    assert!(text.contains("paper repeats wire: near, "), "{text}");
    let rows = columns(&text);
    assert!(rows.contains(&("  About paper", "  About wire")), "{text}");
    let marked = |column: Vec<&str>| -> String {
        let lines = column
            .into_iter()
            .filter_map(|line| line.strip_prefix("= "));
        lines.collect::<Vec<_>>().join(" ")
    };
    let (left, right) = rows.iter().copied().unzip();
    let wire = WIRE.replace("\n\n", " ");
    assert_eq!(
        (marked(left), marked(right)),
        (wire.clone(), wire),
        "{text}"
    );
    assert!(
        rows.iter().any(|(left, _)| *left == format!("  {local}")),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn shows_a_copy_of_the_output_files() {
    let newsroom = newsroom(SignedDuration::ZERO).await;
    let desk = desk(&newsroom);
    let copies = copies(&newsroom, &desk);
    let id = copies[0]["id"].as_str().expect("a string");
    let of = copies[0]["duplicate_of"]["id"].as_str().expect("a string");
    let explain = |id: &str| {
        let mut command = copydesk();
        command.args(["dedup", "explain", id]).arg(desk.output());
        command.output().expect("the binary runs")
    };
    let text = printed(&explain(id));
    assert!(text.contains(&format!("{id} repeats {of}: ")), "{text}");
    // The line of a duplicate has no text, and the reader hears how to get it.
    assert!(text.contains("output.duplicates"), "{text}");
    let unknown = explain(of);
    assert!(!unknown.status.success());
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no duplicate of this id"));
}
