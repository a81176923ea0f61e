//! Names that stories share by mistake: each story comes all the same, and none as another's update.

mod support;

use copydesk_newsroom::{FeedKind, File, Newsroom, Site, Story, generate};
use serde_json::Value;
use support::{Desk, check_lines};

fn story(number: u64) -> Story {
    Story {
        slug: format!("story-{number}"),
        ..generate(number + 1, 1).remove(0)
    }
}

async fn newsroom(sites: Vec<Site>) -> Newsroom {
    Newsroom::start(sites)
        .await
        .expect("loopback addresses are free")
}

fn said(lines: &[Value]) -> Vec<(&str, u64)> {
    let said = |line| {
        let line: &Value = line;
        let version = line["version"].as_u64();
        Some((line["op"].as_str()?, version?))
    };
    lines.iter().filter_map(said).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guid_that_names_a_place_hides_no_story() {
    let placed = |place: u64, number| Story {
        guid: Some(format!("place-{place}")),
        ..story(number)
    };
    let newsroom = newsroom(vec![Site {
        stories: vec![placed(1, 1), placed(2, 2)],
        ..Site::new("harbour", "The Harbour Gazette")
    }])
    .await;
    let harbour = newsroom.site("harbour");
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Rss)], "");
    desk.once();
    // Two newer ones push the first down to another place, and the second out.
    harbour.change(|site| site.stories = vec![placed(1, 4), placed(2, 3), placed(3, 1)]);
    let (sums, _) = desk.once();
    assert_eq!((sums.new, sums.updated), (2, 0), "{sums:?}");
    // A correction is still one, of the story that now has the place.
    harbour.correct("story-3", |story| story.title.push_str(", says council"));
    let (sums, _) = desk.once();
    assert_eq!((sums.new, sums.updated), (0, 1), "{sums:?}");
    let lines = desk.lines("news");
    check_lines(&lines);
    assert_eq!(
        said(&lines),
        [
            ("new", 1),
            ("new", 1),
            ("new", 1),
            ("new", 1),
            ("update", 2)
        ]
    );
    let update = &lines[4]["url"];
    assert!(update.as_str().is_some_and(|url| url.ends_with("/story-3")));
    assert_eq!(
        lines.iter().filter(|line| line["url"] == *update).count(),
        2
    );
    assert_eq!(desk.once().0.entries, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn story_that_moves_with_its_headline_is_an_update_of_itself() {
    let guid = Some("https://harbour.example/?p=7".to_owned());
    let newsroom = newsroom(vec![Site {
        stories: vec![Story { guid, ..story(1) }],
        ..Site::new("harbour", "The Harbour Gazette")
    }])
    .await;
    let harbour = newsroom.site("harbour");
    let desk = Desk::new(&[harbour.feed_url(FeedKind::Rss)], "");
    desk.once();
    harbour.change(|site| {
        let story = &mut site.stories[0];
        (story.slug, story.title) = ("moved".into(), "A headline of another day".into());
    });
    desk.once();
    let lines = desk.lines("news");
    assert_eq!(said(&lines), [("new", 1), ("update", 2)]);
    assert_eq!(lines[0]["id"], lines[1]["id"]);
    assert_eq!(lines[1]["url"], harbour.url("/moved"));
    assert_eq!(desk.once().0.entries, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn feeds_of_one_site_that_number_their_entries_alike_hide_no_story() {
    let other = "<rss version='2.0'><channel><title>Sport</title><item><guid isPermaLink='false'>1</guid>\
        <title>Another headline</title><link>/story-2</link></item></channel></rss>";
    let mut site = Site {
        stories: vec![
            Story {
                guid: Some("1".to_owned()),
                ..story(1)
            },
            story(2),
        ],
        feed_entries_max: 1,
        ..Site::new("harbour", "The Harbour Gazette")
    };
    site.files.insert("/sport".to_owned(), File::text(other));
    let newsroom = newsroom(vec![site]).await;
    let harbour = newsroom.site("harbour");
    let feeds = [harbour.feed_url(FeedKind::Rss), harbour.url("/sport")];
    let desk = Desk::new(&feeds, "");
    desk.once();
    assert_eq!(said(&desk.lines("news")), [("new", 1), ("new", 1)]);
}

/// A page that says that its address is another.
fn page(number: u64, address: &str) -> Story {
    let story = story(number);
    let text = story.text().replace("\n\n", "</p><p>");
    let html = format!(
        "<!doctype html><html><head><title>{0}</title><link rel=canonical href={address}>\
         </head><body><article><h1>{0}</h1><p>{text}</p></article></body></html>",
        story.title
    );
    Story::from_html(&story.slug, &story.title, html, story.published)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn address_that_every_page_gives_for_its_own_hides_no_story() {
    // No page's, and the address of one of them.
    for (address, believed) in [("/latest-news-today", 3), ("/story-2", 4)] {
        let newsroom = newsroom(vec![Site {
            stories: (1..5).map(|number| page(number, address)).collect(),
            ..Site::new("harbour", "The Harbour Gazette")
        }])
        .await;
        let harbour = newsroom.site("harbour");
        let desk = Desk::new(&[harbour.feed_url(FeedKind::Rss)], "");
        desk.once();
        let lines = desk.lines("news");
        check_lines(&lines);
        assert_eq!(said(&lines), [("new", 1); 4], "{address}");
        let own = |line: &&Value| {
            let url = line["url"].as_str();
            url.is_some_and(|url| url.contains("/story-"))
        };
        assert_eq!(lines.iter().filter(own).count(), believed, "{address}");
        assert_eq!(desk.once().0.entries, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn entries_that_all_link_to_the_home_page_are_told_from_the_feed() {
    let items: String = (1..5)
        .map(|number| {
            let (story, text) = (story(number), story(number).text());
            let title = story.title;
            format!(
                "<item><title>{title}</title><link>/</link><description>{text}</description></item>"
            )
        })
        .collect();
    let feed = format!("<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>");
    let mut site = Site {
        stories: (10..50).map(story).collect(),
        ..Site::new("harbour", "The Harbour Gazette")
    };
    site.files.insert("/wire".to_owned(), File::text(&feed));
    let newsroom = newsroom(vec![site]).await;
    let desk = Desk::new(&[newsroom.site("harbour").url("/wire")], "");
    desk.once();
    let lines = desk.lines("news");
    check_lines(&lines);
    assert_eq!(said(&lines), [("new", 1); 4]);
}
