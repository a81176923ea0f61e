//! Real pages and the seed articles through the whole daemon, where the evaluation data is there.

mod support;

use copydesk_newsroom::{Body, FeedKind, File, Newsroom, Site, Story};
use flate2::read::GzDecoder;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::HashSet;
use std::io::Read;
use std::path::Path;
use support::{Desk, check_lines, feeds_of_all_kinds, shared};

fn published(number: usize) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + number as i64 * 3600).expect("in range")
}

fn stories(folder: &Path) -> Vec<Story> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("it exists")
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    let story = |(number, path): (usize, &std::path::PathBuf)| {
        let mut html = String::new();
        GzDecoder::new(std::fs::File::open(path).expect("readable"))
            .read_to_string(&mut html)
            .expect("UTF-8");
        let slug = format!("page-{number}");
        Story::from_html(&slug, &format!("Page {number}"), &html, published(number))
    };
    paths.iter().enumerate().map(story).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_real_page_is_settled_once_and_updated_when_changed() {
    let Some(folder) = shared("extraction/pages/fundus_tests") else {
        return;
    };
    let all = stories(&folder);
    let count = all.len() as u64;
    let mut sites: Vec<Site> = (0..6)
        .map(|number| Site::new(&format!("s{number}"), &format!("Paper {number}")))
        .collect();
    for (number, story) in all.into_iter().enumerate() {
        sites[number % 6].stories.push(story);
    }
    for site in &mut sites {
        site.feed_entries_max = 200;
    }
    let newsroom = Newsroom::start(sites)
        .await
        .expect("loopback addresses are free");
    let desk = Desk::new(&feeds_of_all_kinds(&newsroom), "");

    let (sums, output) = desk.once();
    println!(
        "{}",
        String::from_utf8_lossy(&output.stderr)
            .lines()
            .filter(|line| !line.starts_with('{'))
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert_eq!(sums.entries, count);
    assert_eq!(sums.new + sums.duplicates + sums.failed, count, "{sums:?}");
    assert!(sums.new >= count * 9 / 10, "{sums:?}");
    let lines = desk.lines("news");
    check_lines(&lines);
    check_lines(&desk.lines("duplicates"));
    assert_eq!(lines.len() as u64, sums.new);

    let (again, _) = desk.once();
    assert_eq!(again.entries, 0, "{again:?}");
    assert_eq!(
        desk.lines("news").len(),
        lines.len(),
        "a second run adds no line"
    );

    let changed = change_three(&newsroom, &lines);
    let (third, _) = desk.once();
    assert_eq!(
        (third.updated, third.new, third.duplicates, third.failed),
        (3, 0, 0, 0),
        "{third:?}"
    );
    let after = desk.lines("news");
    check_lines(&after);
    let updated: HashSet<String> = after[lines.len()..]
        .iter()
        .map(|line| line["id"].to_string())
        .collect();
    assert_eq!(updated, changed);
}

/// Puts a sentence into three articles on three sites, before a phrase that their text and their
/// HTML share.
fn change_three(newsroom: &Newsroom, lines: &[Value]) -> HashSet<String> {
    let mut changed = HashSet::new();
    for site in newsroom.sites() {
        for story in site.stories() {
            let url = site.url(&story.path());
            let Some(line) = lines
                .iter()
                .find(|line| line["fetch"]["url"] == url.as_str())
            else {
                continue;
            };
            let text = line["text"].as_str().unwrap_or_default();
            let Some(phrase) = text
                .split("\n\n")
                .filter(|part| part.len() > 200)
                .find_map(|part| part.get(..60))
            else {
                continue;
            };
            let Body::Page(file) = &story.body else {
                continue;
            };
            let html = String::from_utf8_lossy(&file.bytes);
            // Only where the phrase opens a visible paragraph, not where it stands in metadata.
            let paragraph = format!("<p>{phrase}");
            if html.matches(&paragraph).count() != 1 {
                continue;
            }
            let corrected = html.replace(
                &paragraph,
                &format!("<p>This report has been corrected in one point. {phrase}"),
            );
            site.correct(&story.slug, |story| {
                story.body = Body::Page(File::html(corrected))
            });
            changed.insert(line["id"].to_string());
            break;
        }
        if changed.len() == 3 {
            return changed;
        }
    }
    panic!("three pages to change");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_reports_of_one_event_are_five_new_lines_without_residue() {
    let Some(folder) = shared("seeds") else {
        return;
    };
    let sites = (0..5).map(|number| {
        let text =
            std::fs::read_to_string(folder.join(format!("seed-{number}.txt"))).expect("readable");
        let escape = |line: &str| line.replace('&', "&amp;").replace('<', "&lt;");
        let paragraphs: String = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| format!("<p>{}</p>\n", escape(line)))
            .collect();
        let html =
            format!("<!DOCTYPE html><html><body><article>{paragraphs}</article></body></html>");
        let story = Story::from_html(&format!("seed-{number}"), "", &html, published(number));
        Site {
            stories: vec![story],
            ..Site::new(&format!("s{number}"), &format!("Paper {number}"))
        }
    });
    let newsroom = Newsroom::start(sites.collect())
        .await
        .expect("loopback addresses are free");
    let feeds: Vec<String> = newsroom
        .sites()
        .iter()
        .map(|site| site.feed_url(FeedKind::Rss))
        .collect();
    let desk = Desk::new(&feeds, "");
    let (sums, _) = desk.once();
    assert_eq!((sums.new, sums.duplicates, sums.failed), (5, 0, 0));
    let lines = desk.lines("news");
    check_lines(&lines);
    let seed = |number: usize| {
        let url = newsroom
            .site(&format!("s{number}"))
            .url(&format!("/seed-{number}"));
        lines
            .iter()
            .find(|line| line["fetch"]["url"] == url.as_str())
            .expect("a line")
    };
    let text = |number: usize| seed(number)["text"].as_str().expect("text");
    // What must be gone or kept is taken from the files: none of their words stand here.
    let raw = |number: usize| {
        std::fs::read_to_string(folder.join(format!("seed-{number}.txt"))).expect("readable")
    };
    let story_after = |number: usize, mark: &str| -> String {
        let raw = raw(number);
        let (_, story) = raw.split_once(mark).expect("as its README says");
        story.trim_start().chars().take(60).collect()
    };
    for number in [0, 1] {
        let raw = raw(number);
        let headline = raw.lines().next().expect("a first line");
        assert_eq!(seed(number)["title"], headline);
        assert!(!text(number).contains(headline), "{}", text(number));
    }
    for residue in ["Published", "Photo:", "amu.tv", "Read also"] {
        assert!(!text(1).contains(residue), "{residue}: {}", text(1));
    }
    assert_eq!(seed(1)["image_credit"], "amu.tv");
    for residue in ["Image:", "Modern Diplomacy", "(The Post News)"] {
        assert!(!text(2).contains(residue), "{residue}: {}", text(2));
    }
    assert_eq!(seed(2)["image_credit"], "Modern Diplomacy");
    assert!(
        text(2).starts_with(&story_after(2, "(The Post News) –")),
        "{}",
        text(2)
    );
    assert!(!text(3).contains("Based On ANI"));
    assert_eq!(seed(3)["agency"], "ANI");
    assert!(
        text(4).starts_with(&story_after(4, "ISLAMABAD:")),
        "{}",
        text(4)
    );
    assert_eq!(seed(4)["dateline"], "ISLAMABAD");
    assert_eq!(seed(4)["agency"], Value::Null);
}
