//! Entries are told apart, and known again through what publishers change.

use super::*;

#[test]
fn ids_are_the_same_at_every_parse_and_through_repair() {
    let items = "<item><guid isPermaLink='false'>7</guid><title>One</title></item>
        <item><link>http://www.a.example/two?utm_source=rss</link><title>Two</title></item>
        <item><title>Three</title></item><item><description>Four</description></item>";
    let well = format!(
        "<rss version='2.0'><channel><link>http://a.example/</link>{items}</channel></rss>"
    );
    let ill = well.replace("<channel>", "<channel><copyright>a & b<br></copyright>");
    let ids = |text: &str| -> Vec<String> {
        read(text)
            .entries
            .into_iter()
            .map(|entry| entry.id)
            .collect()
    };
    assert_eq!(ids(&well), ids(&well));
    assert_eq!(ids(&well), ids(&ill));
    let mut unique = ids(&well);
    unique.dedup();
    assert_eq!(unique.len(), 4);
    let moved = well
        .replace(
            "http://www.a.example/two?utm_source=rss",
            "https://a.example/two/",
        )
        .replace(">Two<", ">Two, again<");
    assert_eq!(
        ids(&well),
        ids(&moved),
        "a link is known with other scheme, host alias and headline"
    );
}

#[test]
fn entry_behind_feedburner_is_known_by_its_own_link() {
    let entry = item(
        "<link>http://burner.example/~r/1</link>
         <feedburner:origLink>http://a.example/1</feedburner:origLink>",
    );
    assert!(
        entry
            .keys
            .contains(&copydesk_model::Key::of_url("http://a.example/1").expect("it is a URL"))
    );
    assert_eq!(entry.url.as_deref(), Some("http://burner.example/~r/1"));
}

#[test]
fn guids_belong_to_the_site_wherever_its_feed_is_hosted() {
    let id = |link: &str, base: &str| {
        let text = format!(
            "<rss version='2.0'><channel>{link}<item><guid>7</guid></item></channel></rss>"
        );
        only(read_feed(text.as_bytes(), None, Some(base)).expect("it is a feed")).id
    };
    let (one, two) = (
        "<link>http://one.example/</link>",
        "<link>http://two.example/</link>",
    );
    assert_eq!(
        id(one, "http://host.example/1"),
        id(one, "https://www.one.example/feed")
    );
    assert_eq!(
        id("", "http://news.one.example/feed"),
        id(one, "http://host.example/1")
    );
    assert_ne!(
        id(one, "http://host.example/1"),
        id(two, "http://host.example/2")
    );
}

/// Whether the one entry of the one feed is taken for that of the other.
#[track_caller]
fn same(one: &str, other: &str) -> bool {
    let feed = |item: &str| {
        format!(
            "<rss version='2.0'><channel><link>http://a.example/</link><item>{item}</item></channel></rss>"
        )
    };
    let (one, other) = (only(read(&feed(one))), only(read(&feed(other))));
    one.keys.iter().any(|key| other.keys.contains(key))
}

#[test]
fn entry_is_the_same_through_what_publishers_change() {
    const DATE: &str = "<pubDate>Tue, 03 Mar 2026 12:00:00 GMT</pubDate>";
    for (what, one, other) in [
        (
            "a guid made anew",
            "<guid>1</guid><link>http://a.example/storm</link>",
            "<guid>2</guid><link>http://a.example/storm</link>",
        ),
        (
            "a move to TLS and www",
            "<guid>http://a.example/storm</guid>",
            "<guid>https://www.a.example/storm/</guid>",
        ),
        (
            "a link edited under its guid",
            "<guid>1</guid><link>http://a.example/storm</link>",
            "<guid>1</guid><link>http://a.example/big-storm</link>",
        ),
        (
            "a headline edited in the link",
            "<link>http://a.example/n/storm-hits-12345678</link>",
            "<link>http://a.example/n/big-storm-hits-12345678</link>",
        ),
        (
            "tracking",
            "<link>http://a.example/storm</link>",
            "<link>http://a.example/storm?utm_source=rss#x</link>",
        ),
        (
            "an AMP link",
            "<link>http://a.example/storm-hits-coast</link>",
            "<link>http://a.example/storm-hits-coast/amp</link>",
        ),
        (
            "a mobile link",
            "<link>http://a.example/storm</link>",
            "<link>https://m.a.example/storm</link>",
        ),
        (
            "a date touched",
            "<guid>1</guid><title>Storm</title><pubDate>Tue, 03 Mar 2026 12:00:00 GMT</pubDate>",
            "<guid>1</guid><title>Storm</title><pubDate>Tue, 03 Mar 2026 13:00:00 GMT</pubDate>",
        ),
        (
            "a guid made anew and no link but the site's",
            &format!("<guid>1</guid><link>http://a.example/</link><title>Storm</title>{DATE}"),
            &format!("<guid>2</guid><link>http://a.example/</link><title>Storm</title>{DATE}"),
        ),
    ] {
        assert!(same(one, other), "{what}");
    }
    for (what, one, other) in [
        (
            "two numbers",
            "<link>http://a.example/n/storm-hits-12345678</link>",
            "<link>http://a.example/n/storm-hits-12345679</link>",
        ),
        (
            "two parameters",
            "<link>http://a.example/?id=1</link>",
            "<link>http://a.example/?id=2</link>",
        ),
        (
            "one headline on two days",
            "<guid>1</guid><title>Weather</title>",
            "<guid>2</guid><title>Weather</title>",
        ),
        (
            "the home page alone",
            "<link>http://a.example/</link><title>A</title>",
            "<link>http://a.example/</link><title>B</title>",
        ),
    ] {
        assert!(!same(one, other), "{what}");
    }
}

#[test]
fn what_entries_share_names_none_of_them() {
    let text = "<rss version='2.0'><channel><link>http://a.example/</link>
        <item><guid>1</guid><link>http://a.example/all</link><title>One</title></item>
        <item><guid>1</guid><link>http://a.example/all</link><title>Two</title></item>
        <item><guid>1</guid><link>http://a.example/three</link><title>Three</title></item>
        <item><link>http://a.example/</link><title>Home</title></item></channel></rss>";
    let entries = read(text).entries;
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(entry.keys.len(), 1, "{entry:?}");
        let others = entries.iter().enumerate().filter(|(other, _)| *other != at);
        assert!(
            others.clone().all(|(_, other)| other.id != entry.id),
            "{entry:?}"
        );
    }
    assert_eq!(
        Some(entries[2].keys[0]),
        copydesk_model::Key::of_url("http://a.example/three")
    );
    assert_ne!(
        Some(entries[3].keys[0]),
        copydesk_model::Key::of_url("http://a.example/")
    );
    let twice = "<rss version='2.0'><channel><item><guid>1</guid><title>One</title></item><item><guid>1</guid><title>One</title></item></channel></rss>";
    let entries = read(twice).entries;
    assert_eq!(entries[0].id, entries[1].id, "the same entry twice");
}

#[test]
fn a_number_that_two_entries_share_names_neither() {
    let text = "<rss version='2.0'><channel>
        <item><title>Preview</title><link>http://a.example/m/preview-12345678</link></item>
        <item><title>Report</title><link>http://a.example/m/report-12345678</link></item></channel></rss>";
    let entries = read(text).entries;
    assert!(
        !entries[0]
            .keys
            .iter()
            .any(|key| entries[1].keys.contains(key))
    );
}

#[test]
fn posts_of_a_live_page_keep_their_ids_through_an_edit() {
    let text = "<rss version='2.0'><channel>
        <item><guid>http://a.example/live#1</guid><title>One</title></item>
        <item><guid>http://a.example/live#2</guid><title>Two</title></item></channel></rss>";
    let ids = |text: &str| {
        read(text)
            .entries
            .into_iter()
            .map(|entry| entry.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(text), ids(&text.replace("Two", "Two, corrected")));
    assert_ne!(ids(text)[0], ids(text)[1]);
}
