//! `[[site]]`: rules for the pages of single sites, read and written.

use super::reader::{Problems, Section, Shape, TEXTS};
use copydesk_cleaner::site::{Place, Site};
use std::fmt::Write;
use toml::de::DeValue;

const PAIRS: Shape<Vec<(String, String)>> = Shape {
    expected: "a list of pairs of texts",
    example: "[[\"find\", \"with\"]]",
    read: |value| {
        let pair = |item: &DeValue| match &item.as_array()?[..] {
            [find, with] => {
                let (find, with) = (find.get_ref().as_str()?, with.get_ref().as_str()?);
                (!find.is_empty()).then(|| (find.to_owned(), with.to_owned()))
            }
            _ => None,
        };
        let items = value.as_array()?.iter();
        items.map(|item| pair(item.get_ref())).collect()
    },
};

pub fn read(root: &mut Section, problems: &Problems) -> Vec<Site> {
    let Some(value) = root.take("site") else {
        return Vec::new();
    };
    let DeValue::Array(tables) = value.get_ref() else {
        problems.add(
            value.span(),
            "site",
            "expected a list of tables",
            "write [[site]]",
        );
        return Vec::new();
    };
    let mut sites = Vec::new();
    for table in tables {
        let mut section = Section::new("site", Some(table), problems);
        let mut site = Site::default();
        section.read("hosts", &mut site.hosts, TEXTS);
        if site.hosts.iter().all(String::is_empty) {
            section.object("hosts", "missing", "write hosts = [\"paper.example\"]");
        }
        for (key, places) in [
            ("body", &mut site.body),
            ("remove", &mut site.remove),
            ("title", &mut site.title),
            ("author", &mut site.author),
            ("date", &mut site.date),
        ] {
            *places = read_places(&mut section, key, problems);
        }
        section.read("replace", &mut site.replace, PAIRS);
        section.read("test", &mut site.test, TEXTS);
        section.finish();
        sites.push(site);
    }
    sites
}

fn read_places(section: &mut Section, key: &'static str, problems: &Problems) -> Vec<Place> {
    let Some(value) = section.take(key) else {
        return Vec::new();
    };
    let path = format!("site.{key}");
    let fix = format!("write for example {key} = [\"div.story\"]");
    let Some(items) = value.get_ref().as_array() else {
        problems.add(value.span(), &path, "expected a list of CSS selectors", fix);
        return Vec::new();
    };
    let mut places = Vec::new();
    for item in items {
        let css = item.get_ref().as_str().unwrap_or("");
        match Place::parse(css) {
            Ok(place) => places.push(place),
            Err(error) => {
                let what = format!("{css:?} is no CSS selector: {error}");
                problems.add(item.span(), &path, what, fix.as_str());
            }
        }
    }
    places
}

/// The rules as a table that [`read`] reads.
pub fn written(site: &Site) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let list = |texts: Vec<String>| format!("[{}]", texts.join(", "));
    let texts = |texts: &[String]| list(texts.iter().map(|text| quoted(text)).collect());
    let places =
        |places: &[Place]| list(places.iter().map(|place| quoted(place.as_str())).collect());
    let mut table = format!("[[site]]\nhosts = {}\n", texts(&site.hosts));
    for (key, chosen) in [
        ("body", &site.body),
        ("remove", &site.remove),
        ("title", &site.title),
        ("author", &site.author),
        ("date", &site.date),
    ] {
        if !chosen.is_empty() {
            let _ = writeln!(table, "{key} = {}", places(chosen));
        }
    }
    if !site.replace.is_empty() {
        let pair =
            |(find, with): &(String, String)| format!("[{}, {}]", quoted(find), quoted(with));
        let pairs = site.replace.iter().map(pair).collect();
        let _ = writeln!(table, "replace = {}", list(pairs));
    }
    if !site.test.is_empty() {
        let _ = writeln!(table, "test = {}", texts(&site.test));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let file = "body: //div[@id=\"a'b\"]\nstrip: //aside\nfind_string: <x a='1'>\nreplace_string: \"\"\"\ntest_url: https://a.example/1\n";
        let site = copydesk_cleaner::site::fivefilters::import("a.example.txt", file).site;
        let text = format!("[[feed]]\nurl = \"https://a.example/\"\n{}", written(&site));
        let config = Config::parse("c.toml", &text).map_err(|found| format!("{found:?}"));
        assert_eq!(
            config.map(|config| config.clean.cleaner.sites),
            Ok(vec![site])
        );
    }
}
