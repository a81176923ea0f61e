//! Lists of feeds: from other readers and to them, and from a site.

use super::{load, log, places, runtime, wrong};
use crate::config::Config;
use crate::words;
use anyhow::{Context, bail};
use copydesk_fetcher::{
    Feed, FeedKind, Fetcher, OPML_BYTES_MAX, Opml, Subscription, feed_identity, read_opml,
    shown_text, write_opml,
};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{ErrorKind, Read, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Turns an OPML list into `[[feed]]` tables, printed, or added to the end of a configuration.
pub fn import(opml: &Path, into: Option<&Path>) -> anyhow::Result<ExitCode> {
    let mut bytes = Vec::new();
    let reading = || format!("reading {}", opml.display());
    let file = places::open(opml).with_context(reading)?;
    // One more than is read, so that a longer one is told from one of just that length.
    let mut file = file.take(OPML_BYTES_MAX + 1);
    file.read_to_end(&mut bytes).with_context(reading)?;
    let Opml { feeds, flaws } = read_opml(bytes).with_context(reading)?;
    for flaw in flaws {
        eprintln!("{}: {flaw}", opml.display());
    }
    let before = match into {
        Some(path) => configured(path)?,
        None => (String::new(), Vec::new()),
    };
    let (text, listed) = before;
    let (new, left_out) = without_known(feeds, &listed);
    for feed in &left_out {
        eprintln!("left out, is there already: {}", shown_text(&feed.url));
    }
    let tables: String = new.iter().map(table).collect();
    match into {
        None => write!(stdout(), "{tables}")?,
        Some(path) if !new.is_empty() => {
            let text = appended(&text, &tables);
            if let Err(problems) = Config::parse(&path.display().to_string(), &text) {
                let code = wrong(&problems);
                eprintln!("nothing is changed: mend {} first", path.display());
                return Ok(code);
            }
            replace(path, &text).with_context(|| format!("writing {}", path.display()))?;
        }
        Some(_) => {}
    }
    let feeds = words::some(new.len() as u64, "feeds");
    eprintln!("{feeds}, {} left out", left_out.len());
    Ok(ExitCode::SUCCESS)
}

/// Prints the feeds of a configuration as OPML.
pub fn export(path: &Path) -> anyhow::Result<ExitCode> {
    let config = match load(path) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    let (feeds, others): (Vec<&Feed>, Vec<&Feed>) = config
        .feeds
        .iter()
        .partition(|feed| feed.kind == FeedKind::Feed);
    for feed in others {
        eprintln!(
            "left out, no reader knows its kind: {}",
            shown_text(&feed.url)
        );
    }
    // Titles are what the feeds call themselves, where they have been polled.
    let known = super::status::report(&config).map(|report| report.feeds);
    let titles: HashMap<String, Option<String>> = (known.unwrap_or_default().into_iter())
        .map(|feed| (feed.url, feed.title))
        .collect();
    let subscriptions: Vec<Subscription> = (feeds.into_iter())
        .map(|feed| {
            let shown = shown_text(&feed.url);
            // Lists are passed around.
            if feed_identity(&shown) != feed_identity(&feed.url) {
                eprintln!("its credentials are left out: {shown}");
            }
            Subscription {
                title: titles.get(&feed.name()).cloned().flatten(),
                url: shown,
                tags: feed.tags.clone(),
            }
        })
        .collect();
    write!(stdout(), "{}", write_opml("copydesk", &subscriptions))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the feeds of a site, each of them read, as a table or as `[[feed]]` tables.
pub fn find(url: &str, is_toml: bool, allow_private_addresses: bool) -> anyhow::Result<ExitCode> {
    log("error");
    let config = copydesk_fetcher::Config {
        allow_private_addresses,
        ..Default::default()
    };
    let url = match url.contains("://") {
        true => url.to_owned(),
        false => format!("https://{url}"),
    };
    let site = Feed {
        url: url.clone(),
        ..Feed::default()
    };
    let found = runtime()?.block_on(async { Fetcher::new(config)?.find(&site).await })?;
    if found.is_empty() {
        bail!("{} has no feed that can be found", shown_text(&url));
    }
    if !is_toml {
        let widths = found
            .iter()
            .map(|found| shown_text(&found.url).chars().count());
        let width = widths.max().unwrap_or(0).max(3);
        writeln!(
            stdout(),
            "{:width$}  {:8} {:>7}  {:16}  title",
            "url",
            "kind",
            "entries",
            "newest"
        )?;
        for found in &found {
            let document = &found.document;
            let newest = (document.entries.iter())
                .filter_map(|entry| entry.published.or(entry.modified))
                .max();
            let newest = newest.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string());
            writeln!(
                stdout(),
                "{:width$}  {:8} {:>7}  {:16}  {}",
                shown_text(&found.url),
                document.kind.as_deref().unwrap_or("-"),
                document.entries.len(),
                newest.as_deref().unwrap_or("-"),
                document.title.as_deref().unwrap_or("-"),
            )?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    for found in found {
        write!(
            stdout(),
            "{}",
            table(&Subscription {
                url: found.url,
                title: found.document.title,
                tags: Vec::new(),
            })
        )?;
        if found.kind == FeedKind::Sitemap {
            writeln!(stdout(), "kind = \"sitemap\"")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The text of a configuration and the feeds in it; nothing of either where there is no file.
fn configured(path: &Path) -> anyhow::Result<(String, Vec<Feed>)> {
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        text => text.with_context(|| format!("reading {}", path.display()))?,
    };
    // What is wrong in it shows when the whole is read.
    let feeds = Config::parse("", &text).map(|config| config.feeds);
    Ok((text, feeds.unwrap_or_default()))
}

/// The feeds that are neither listed nor come twice, and the others.
fn without_known(
    feeds: Vec<Subscription>,
    listed: &[Feed],
) -> (Vec<Subscription>, Vec<Subscription>) {
    let mut known: HashSet<String> = listed.iter().map(|feed| feed_identity(&feed.url)).collect();
    feeds
        .into_iter()
        .partition(|feed| known.insert(feed_identity(&feed.url)))
}

fn table(feed: &Subscription) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let title = feed.title.as_ref().map(|title| {
        let title: String = title.chars().filter(|char| !char.is_control()).collect();
        format!("# {title}\n")
    });
    let tags: Vec<String> = feed.tags.iter().map(|tag| quoted(tag)).collect();
    let tags = match tags.is_empty() {
        true => String::new(),
        false => format!("tags = [{}]\n", tags.join(", ")),
    };
    format!(
        "\n{}[[feed]]\nurl = {}\n{tags}",
        title.unwrap_or_default(),
        quoted(&feed.url)
    )
}

/// Tables may stand at the end of any TOML file, so nothing in it is touched.
fn appended(text: &str, tables: &str) -> String {
    let gap = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{text}{gap}{tables}")
}

/// The whole file or the old one, whatever happens meanwhile; a link stays a link, and who may read
/// it stays as it was.
fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = path.file_name().context("it names no file")?.to_owned();
    name.push(".new");
    let beside: PathBuf = path.with_file_name(name);
    let mut file = File::create(&beside)?;
    if let Ok(metadata) = std::fs::metadata(&path) {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, &path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(url: &str, title: Option<&str>, tags: &[&str]) -> Subscription {
        Subscription {
            url: url.into(),
            title: title.map(str::to_owned),
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        }
    }

    #[test]
    fn tables_are_read_as_what_they_were_written_from() {
        let feeds = [
            feed(
                "https://a.example/f?x=\"1\"",
                Some("A\n[[feed]]"),
                &["W\"orld\\", "[x]"],
            ),
            feed("https://b.example/", None, &[]),
        ];
        let text = appended(
            "# mine\n[fetch]\nrobots = true # yes",
            &feeds.iter().map(table).collect::<String>(),
        );
        assert!(
            text.starts_with("# mine\n[fetch]\nrobots = true # yes\n\n# A[[feed]]\n[[feed]]\n")
        );
        let config = Config::parse("c.toml", &text).expect("it can be read");
        for (read, written) in config.feeds.iter().zip(&feeds) {
            assert_eq!((&read.url, &read.tags), (&written.url, &written.tags));
        }
        assert_eq!(config.feeds.len(), 2);
    }

    #[test]
    fn feeds_that_are_there_already_are_left_out() {
        let listed = [Feed {
            url: "https://www.a.example/feed/".into(),
            ..Feed::default()
        }];
        let feeds = [
            "http://a.example/feed",
            "https://b.example/",
            "https://b.example",
        ];
        let (new, left_out) = without_known(feeds.map(|url| feed(url, None, &[])).into(), &listed);
        assert_eq!(new, [feed("https://b.example/", None, &[])]);
        assert_eq!(left_out.len(), 2);
    }
}
