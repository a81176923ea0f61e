//! FiveFilters' site configuration files (`paper.example.txt`) as rules of ours.

use super::{Place, Site, xpath};

/// What came of one file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Imported {
    /// Its rules, as far as they could be taken over.
    pub site: Site,
    /// What could not.
    pub left_out: Vec<LeftOut>,
}

/// A line that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// From 1.
    pub line: usize,
    /// What stands before the colon.
    pub directive: String,
    /// Why.
    pub why: String,
}

/// What becomes of a directive.
enum Meaning {
    Body,
    Title,
    Author,
    Date,
    Remove,
    /// An id or class, or a part of one.
    RemoveNamed,
    Find,
    With,
    Test,
    /// There is nothing to do for it here.
    Needless,
    /// Said why.
    Unsupported(&'static str),
}

/// All directives that such files are known to use.
const DIRECTIVES: &[(&str, Meaning)] = &[
    ("body", Meaning::Body),
    ("title", Meaning::Title),
    ("author", Meaning::Author),
    ("date", Meaning::Date),
    ("strip", Meaning::Remove),
    ("strip_id_or_class", Meaning::RemoveNamed),
    ("find_string", Meaning::Find),
    ("replace_string", Meaning::With),
    ("test_url", Meaning::Test),
    // Pictures, markup and comments never reach the text; the story's box is kept whole, and where it
    // is not found the story is looked for as on any page.
    ("strip_image_src", Meaning::Needless),
    ("tidy", Meaning::Needless),
    ("prune", Meaning::Needless),
    ("autodetect_on_failure", Meaning::Needless),
    ("parser", Meaning::Needless),
    ("strip_comments", Meaning::Needless),
    ("convert_double_br_tags", Meaning::Needless),
    ("insert_detected_image", Meaning::Needless),
    ("src_lazy_load_attr", Meaning::Needless),
    ("dissolve", Meaning::Needless),
    ("wrap_in", Meaning::Needless),
    ("skip_json_ld", Meaning::Needless),
    ("test_contains", Meaning::Needless),
    ("footnotes", Meaning::Needless),
    (
        "single_page_link",
        Meaning::Unsupported("no other page is fetched for an article"),
    ),
    (
        "single_page_link_in_feed",
        Meaning::Unsupported("no other page is fetched for an article"),
    ),
    (
        "next_page_link",
        Meaning::Unsupported("no other page is fetched for an article"),
    ),
    (
        "if_page_contains",
        Meaning::Unsupported("rules hold for all pages of a host"),
    ),
    (
        "http_header",
        Meaning::Unsupported("set headers, cookies or user_agent of the feed"),
    ),
    (
        "requires_login",
        Meaning::Unsupported("set cookies of the feed"),
    ),
    (
        "not_logged_in_xpath",
        Meaning::Unsupported("set cookies of the feed"),
    ),
    ("login_uri", Meaning::Unsupported("set cookies of the feed")),
    (
        "login_username_field",
        Meaning::Unsupported("set cookies of the feed"),
    ),
    (
        "login_password_field",
        Meaning::Unsupported("set cookies of the feed"),
    ),
    (
        "login_extra_fields",
        Meaning::Unsupported("set cookies of the feed"),
    ),
    (
        "native_ad_clue",
        Meaning::Unsupported("no page is dropped by a rule"),
    ),
    (
        "move_into",
        Meaning::Unsupported("the order of a page is kept"),
    ),
    ("replace_image", Meaning::Needless),
];

/// Reads a file; its name is its host, with a dot before it for all hosts below, too.
pub fn import(file_name: &str, text: &str) -> Imported {
    let mut imported = Imported::default();
    let host = file_name.strip_suffix(".txt").unwrap_or(file_name);
    imported.site.hosts = vec![match host.strip_prefix('.') {
        Some(domain) => format!("*.{domain}"),
        None => host.to_owned(),
    }];
    // Finds and replacements stand in pairs, but not always next to each other.
    let mut finds: Vec<(usize, &str)> = Vec::new();
    let mut with: Vec<&str> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line_number = at + 1;
        let mut leave = |directive: &str, why: String| {
            imported.left_out.push(LeftOut {
                line: line_number,
                directive: directive.to_owned(),
                why,
            });
        };
        let Some((directive, value)) = split(line) else {
            leave(line, "not a directive with a value".to_owned());
            continue;
        };
        // `replace_string(find): with` and `http_header(name): value` carry an argument.
        let (name, argument) = match directive.split_once('(') {
            Some((name, argument)) => (name.trim(), argument.strip_suffix(')')),
            None => (directive, None),
        };
        let name = name.to_ascii_lowercase();
        let site = &mut imported.site;
        let found = DIRECTIVES.iter().find(|(known, _)| *known == name);
        let places = match found.map(|(_, meaning)| meaning) {
            None => {
                leave(&name, "unknown directive".to_owned());
                continue;
            }
            Some(Meaning::Needless) => continue,
            Some(Meaning::Unsupported(why)) => {
                leave(&name, (*why).to_owned());
                continue;
            }
            Some(Meaning::Test) => {
                site.test.push(value.to_owned());
                continue;
            }
            Some(Meaning::Find) => {
                finds.push((line_number, value));
                continue;
            }
            Some(Meaning::With) => {
                match argument {
                    Some(find) => site.replace.push((find.to_owned(), value.to_owned())),
                    None => with.push(value),
                }
                continue;
            }
            Some(Meaning::RemoveNamed) => {
                let name = value.trim_matches(['"', '\'']).replace('"', "\\\"");
                let css = format!("[class*=\"{name}\"], [id*=\"{name}\"]");
                site.remove.extend(Place::parse(&css));
                continue;
            }
            Some(Meaning::Body) => &mut site.body,
            Some(Meaning::Title) => &mut site.title,
            Some(Meaning::Author) => &mut site.author,
            Some(Meaning::Date) => &mut site.date,
            Some(Meaning::Remove) => &mut site.remove,
        };
        let selectors = match xpath::translate(value) {
            Ok(selectors) => selectors,
            Err(what) => {
                leave(&name, format!("no CSS selector for {what}"));
                continue;
            }
        };
        // One place with alternatives; with an attribute each stands alone.
        let joined = match selectors.iter().any(|css| css.contains('@')) {
            true => selectors,
            false => vec![selectors.join(", ")],
        };
        for css in joined {
            match Place::parse(&css) {
                Ok(place) => places.push(place),
                Err(error) => leave(&name, format!("no CSS selector: {error}")),
            }
        }
    }
    for (at, (line, find)) in finds.into_iter().enumerate() {
        match with.get(at) {
            Some(with) => {
                let pair = (find.to_owned(), (*with).to_owned());
                imported.site.replace.push(pair);
            }
            None => imported.left_out.push(LeftOut {
                line,
                directive: "find_string".to_owned(),
                why: "no replace_string goes with it".to_owned(),
            }),
        }
    }
    imported.left_out.sort_by_key(|left_out| left_out.line);
    imported
}

/// `name: value`; the name may have an argument in brackets that holds colons.
fn split(line: &str) -> Option<(&str, &str)> {
    let from = match (line.find('('), line.find(':')) {
        (Some(bracket), Some(colon)) if bracket < colon => line.find("):")? + 1,
        (_, colon) => colon?,
    };
    let (name, value) = line.split_at(from);
    Some((name.trim(), value[1..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# The Quay
title: //h1[@class='headline']
body: //div[contains(concat(' ', normalize-space(@class), ' '), ' story ')]
body: //article
author: //meta[@name='author']/@content
date: //time/@datetime
strip: //div[@class='promo'] | //aside
strip: //p[contains(text(), 'Subscribe')]
strip_id_or_class: related
strip_image_src: /ads/
prune: no
tidy: no
find_string: <x-break/>
replace_string: <br>
replace_string(<noscript>): <div>
find_string: <left-alone>
single_page_link: //a[@id='print']
http_header(user-agent): Reader
shout: yes
no directive
test_url: https://quay.example/harbour/1
";

    #[test]
    fn a_file_becomes_rules_and_the_rest_is_named() {
        let Imported { site, left_out } = import("quay.example.txt", FILE);
        let written = |places: &[Place]| {
            let texts = places.iter().map(|place| place.as_str().to_owned());
            texts.collect::<Vec<_>>()
        };
        assert_eq!(site.hosts, ["quay.example"]);
        assert_eq!(written(&site.title), ["h1[class=\"headline\"]"]);
        assert_eq!(written(&site.body), ["div[class~=\"story\"]", "article"]);
        assert_eq!(written(&site.author), ["meta[name=\"author\"]@content"]);
        assert_eq!(written(&site.date), ["time@datetime"]);
        assert_eq!(
            written(&site.remove),
            [
                "div[class=\"promo\"], aside",
                "[class*=\"related\"], [id*=\"related\"]"
            ]
        );
        let pairs = [("<noscript>", "<div>"), ("<x-break/>", "<br>")];
        assert_eq!(
            site.replace,
            pairs.map(|(find, with)| (find.to_owned(), with.to_owned()))
        );
        assert_eq!(site.test, ["https://quay.example/harbour/1"]);
        let left: Vec<_> = left_out
            .iter()
            .map(|left| (left.line, left.directive.as_str()))
            .collect();
        assert_eq!(
            left,
            [
                (8, "strip"),
                (16, "find_string"),
                (17, "single_page_link"),
                (18, "http_header"),
                (19, "shout"),
                (20, "no directive"),
            ]
        );
    }

    #[test]
    fn a_dot_before_the_host_covers_all_below() {
        let site = import(".quay.example.txt", "body: //main").site;
        assert!(site.covers("news.quay.example"));
        assert!(site.covers("quay.example"));
        assert!(!site.covers("aquay.example"));
        let site = import("quay.example.txt", "body: //main").site;
        assert!(site.covers("www.quay.example"));
        assert!(!site.covers("news.quay.example"));
    }
}
