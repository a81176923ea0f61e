//! `[[feed]]`: what is polled, and how.

use super::reader::{DURATION, Problems, Section, TEXT, TEXTS, TRUTH};
use super::shapes::{AUTH, BACKFILL, FULL_TEXT, HEADERS, KIND, SECRET, SELECTOR, SENT};
use copydesk_fetcher::{FeedKind, shown_text};
use std::collections::{HashMap, HashSet};
use toml::de::DeValue;
use url::Url;

pub fn read(root: &mut Section, problems: &Problems) -> Vec<copydesk_fetcher::Feed> {
    let mut feeds: Vec<copydesk_fetcher::Feed> = Vec::new();
    let Some(value) = root.take("feed") else {
        root.object("feed", "no feed to poll", "add [[feed]] with a url");
        return feeds;
    };
    let DeValue::Array(tables) = value.get_ref() else {
        problems.add(
            value.span(),
            "feed",
            "expected a list of tables",
            "write [[feed]]",
        );
        return feeds;
    };
    let mut urls: HashSet<String> = HashSet::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    for table in tables {
        let mut section = Section::new("feed", Some(table), problems);
        let mut feed = copydesk_fetcher::Feed::default();
        section.read("url", &mut feed.url, TEXT);
        section.read("tags", &mut feed.tags, TEXTS);
        section.read("interval", &mut feed.interval, DURATION);
        let mut conditional = true;
        section.read("conditional", &mut conditional, TRUTH);
        feed.unconditional = !conditional;
        section.read("kind", &mut feed.kind, KIND);
        section.read("links", &mut feed.links, SELECTOR);
        section.read("full_text", &mut feed.full_text, FULL_TEXT);
        section.read("backfill", &mut feed.backfill, BACKFILL);
        section.read("headers", &mut feed.headers, HEADERS);
        section.read("cookies", &mut feed.cookies, SECRET);
        section.read("auth", &mut feed.auth, AUTH);
        section.read("user_agent", &mut feed.user_agent, SENT);
        section.read("proxy", &mut feed.proxy, SECRET);
        section.read("http2", &mut feed.http2, TRUTH);
        section.read(
            "allow_private_addresses",
            &mut feed.allow_private_addresses,
            TRUTH,
        );
        if (feed.kind == FeedKind::Page) != feed.links.is_some() {
            section.object(
                "links",
                "goes with kind = \"page\", and it with links",
                "set both or neither",
            );
        }
        match Url::parse(&feed.url) {
            _ if feed.url.is_empty() => {
                if !section.has("url") {
                    section.object("url", "missing", "write url = \"https://…\"");
                }
            }
            Ok(url) if matches!(url.scheme(), "http" | "https") => {}
            Ok(url) => section.object(
                "url",
                format!("scheme {} is not polled", url.scheme()),
                "use http or https",
            ),
            Err(error) => section.object(
                "url",
                format!("{:?}: {error}", shown_text(&feed.url)),
                "write url = \"https://…\"",
            ),
        }
        let known_as = Url::parse(&feed.url).map_or_else(|_| feed.url.clone(), String::from);
        if !feed.url.is_empty() && !urls.insert(known_as) {
            section.object("url", "the same feed twice", "remove one of them");
        }
        section.finish();
        let namesakes = names.entry(shown_text(&feed.url)).or_default();
        feed.namesakes = *namesakes;
        *namesakes += 1;
        feeds.push(feed);
    }
    feeds
}
