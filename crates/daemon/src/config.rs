//! The configuration file: every key, its unit and its default in one place.
//!
//! `config/copydesk.toml` shows the same keys with the same defaults; a test keeps the two equal.

pub mod reader;
mod sites;

pub use sites::written as written_site;

pub use reader::Settings;

use copydesk_fetcher::{Auth, Backfill, FeedKind, FullText, Secret, shown_text};
use copydesk_sink::{Compression, Durability};
use reader::{
    COUNT, COUNT_OR_ZERO, DURATION, DURATIONS, Problem, Problems, SIZE, Section, Shape, TEXT,
    TEXTS, TRUTH,
};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::de::{DeTable, DeValue};
use url::Url;

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// Reload when the file changes.
    pub watch_config: bool,
    pub output: Output,
    pub state: State,
    pub fetch: Fetch,
    pub clean: Clean,
    pub dedup: copydesk_deduplicator::Config,
    pub status: Status,
    pub traces: Traces,
    pub feeds: Vec<copydesk_fetcher::Feed>,
    /// The value of each key outside `[[feed]]`, as text.
    pub settings: Settings,
}

/// `[status]`
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Where the page is served; None is nowhere.
    pub listen: Option<SocketAddr>,
    /// What must be shown to read it.
    pub token: Option<Secret>,
    /// Texts of the latest articles kept in memory.
    pub recent_bytes_max: u64,
    /// Metrics by host.
    pub host_metrics: bool,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 8323))),
            token: None,
            recent_bytes_max: 16 << 20,
            host_metrics: false,
        }
    }
}

/// `[traces]`
#[derive(Debug, Clone, PartialEq)]
pub struct Traces {
    /// The collector's URL, to the last part of its path; None sends none.
    pub endpoint: Option<String>,
    /// Sent with every request.
    pub headers: Vec<(String, Secret)>,
    /// Of the entries, from 0 to 1.
    pub sample_share: f64,
    /// Spans waiting to be sent; more are dropped.
    pub queue_max: usize,
    /// How long one request may take.
    pub timeout: Duration,
}

impl Default for Traces {
    fn default() -> Self {
        Self {
            endpoint: None,
            headers: Vec::new(),
            sample_share: 1.0,
            queue_max: 8192,
            timeout: Duration::from_secs(10),
        }
    }
}

/// `[output]`
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Output {
    pub duplicates: Duplicates,
    pub files: copydesk_sink::Config,
}

/// What becomes of duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Duplicates {
    /// A short line without text, in files of their own.
    #[default]
    Mark,
    /// The short line in the main stream.
    Inline,
    /// The full record in the main stream.
    Keep,
    /// Only counted.
    Drop,
}

/// `[state]`
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub store: copydesk_store::Config,
    /// Entries settled by one commit at the most.
    pub commit_entries_max: usize,
    /// Bytes of their lines, after which it is made without waiting for more.
    pub commit_bytes_max: u64,
    /// An entry waits this long for others to share its commit.
    pub commit_delay: Duration,
    /// How long a stop may take before it is cut short.
    pub stop_timeout: Duration,
}

impl Default for State {
    fn default() -> Self {
        Self {
            store: Default::default(),
            commit_entries_max: 200,
            commit_bytes_max: 8 << 20,
            commit_delay: Duration::from_millis(100),
            stop_timeout: Duration::from_secs(30),
        }
    }
}

/// `[fetch]`
#[derive(Debug, Clone, PartialEq)]
pub struct Fetch {
    pub client: copydesk_fetcher::Config,
    /// Feeds being polled at once.
    pub polls_max: usize,
    /// Entries between poll and commit at once; when reached, polling waits.
    pub entries_max: usize,
    /// Of these, for one host; the rest of its entries waits for a later poll.
    pub host_entries_max: usize,
    /// How much of a feed's first document is taken.
    pub backfill: Backfill,
    /// When to look at a page again for corrections, counted from its first line.
    pub recheck: Vec<Duration>,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            client: Default::default(),
            polls_max: 256,
            entries_max: 4096,
            host_entries_max: 512,
            backfill: Backfill::All,
            recheck: Vec::new(),
        }
    }
}

/// `[clean]`
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clean {
    pub cleaner: copydesk_cleaner::Config,
    /// Pages cleaned at once; 0 is one a core.
    pub threads: usize,
}

impl Config {
    /// Reads the file; on failure every problem in it. Relative folders are taken from the
    /// working folder.
    pub fn load(path: &Path) -> Result<Self, Vec<Problem>> {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&file, &text),
            Err(error) => Err(vec![Problem {
                file,
                line: 1,
                key: "--config".into(),
                what: format!("cannot be read: {error}"),
                fix: "name an existing TOML file".into(),
                source: None,
            }]),
        }
    }

    /// Where the file says that state is kept, however wrong the rest of it is: a daemon that runs
    /// from it can then be asked, and says what is wrong itself.
    pub fn state_directory(path: &Path) -> std::io::Result<PathBuf> {
        let text = std::fs::read_to_string(path)?;
        let (table, _) = DeTable::parse_recoverable(&text);
        let config = Self::read(table.get_ref(), &Problems::new("", &text));
        Ok(config.state.store.directory)
    }

    /// The same for text; `file` is what problems call it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new(file, text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            problems.add(
                error.span().unwrap_or(0..0),
                "syntax",
                error.message().replace('\n', ", "),
                "see https://toml.io",
            );
        }
        let mut config = Self::read(table.get_ref(), &problems);
        config.settings = problems.take_settings();
        let found = problems.into_found();
        if found.is_empty() {
            Ok(config)
        } else {
            Err(found)
        }
    }

    fn read(table: &DeTable, problems: &Problems) -> Self {
        let mut root = Section::root(table, problems);
        let mut watch_config = false;
        root.read("watch_config", &mut watch_config, TRUTH);
        let mut config = Self {
            watch_config,
            output: output(Section::new("output", root.take("output"), problems)),
            state: state(Section::new("state", root.take("state"), problems)),
            fetch: fetch(Section::new("fetch", root.take("fetch"), problems)),
            clean: clean(Section::new("clean", root.take("clean"), problems)),
            dedup: dedup(Section::new("dedup", root.take("dedup"), problems)),
            status: status(Section::new("status", root.take("status"), problems)),
            traces: traces(Section::new("traces", root.take("traces"), problems)),
            feeds: feeds(&mut root, problems),
            settings: Settings::default(),
        };
        config.clean.cleaner.sites = sites::read(&mut root, problems);
        root.finish();
        // A page of links is a page.
        config.fetch.client.budget = copydesk_fetcher::Budget {
            nodes_max: config.clean.cleaner.nodes_max,
            cpu_max: Duration::from_millis(config.clean.cleaner.cpu_ms_max),
        };
        config
    }
}

const DUPLICATES: Shape<Duplicates> = Shape {
    expected: "mark, inline, keep or drop",
    example: "\"mark\"",
    read: |value| match value.as_str()? {
        "mark" => Some(Duplicates::Mark),
        "inline" => Some(Duplicates::Inline),
        "keep" => Some(Duplicates::Keep),
        "drop" => Some(Duplicates::Drop),
        _ => None,
    },
};

const COMPRESSION: Shape<Compression> = Shape {
    expected: "none, zstd or gzip",
    example: "\"zstd\"",
    read: |value| match value.as_str()? {
        "none" => Some(Compression::None),
        "zstd" => Some(Compression::Zstd),
        "gzip" => Some(Compression::Gzip),
        _ => None,
    },
};

const DURABILITY: Shape<Durability> = Shape {
    expected: "commit or a duration",
    example: "\"commit\" or \"10s\"",
    read: |value| match value.as_str()? {
        "commit" => Some(Durability::Commit),
        text => reader::duration(text).map(Durability::Interval),
    },
};

const KIND: Shape<FeedKind> = Shape {
    expected: "feed, sitemap or page",
    example: "\"sitemap\"",
    read: |value| match value.as_str()? {
        "feed" => Some(FeedKind::Feed),
        "sitemap" => Some(FeedKind::Sitemap),
        "page" => Some(FeedKind::Page),
        _ => None,
    },
};

const FULL_TEXT: Shape<FullText> = Shape {
    expected: "auto, page or feed",
    example: "\"page\"",
    read: |value| match value.as_str()? {
        "auto" => Some(FullText::Auto),
        "page" => Some(FullText::Page),
        "feed" => Some(FullText::Feed),
        _ => None,
    },
};

const BACKFILL: Shape<Backfill> = Shape {
    expected: "all, a whole number or a duration",
    example: "\"all\", 20 or \"2d\"",
    read: |value| match value.as_str() {
        Some("all") => Some(Backfill::All),
        Some(text) => reader::duration(text).map(Backfill::Age),
        None => (COUNT_OR_ZERO.read)(value).map(Backfill::Count),
    },
};

const SOME_BACKFILL: Shape<Option<Backfill>> = Shape {
    expected: BACKFILL.expected,
    example: BACKFILL.example,
    read: |value| (BACKFILL.read)(value).map(Some),
};

const SOME_TEXT: Shape<Option<String>> = Shape {
    expected: TEXT.expected,
    example: TEXT.example,
    read: |value| (TEXT.read)(value).map(Some),
};

const SOME_TRUTH: Shape<Option<bool>> = Shape {
    expected: TRUTH.expected,
    example: TRUTH.example,
    read: |value| (TRUTH.read)(value).map(Some),
};

const SOME_SECRET: Shape<Option<Secret>> = Shape {
    expected: "a text, or the name of a set variable or of a readable file",
    example: "{ env = \"NAME\" }",
    read: |value| secret(value).map(Some),
};

const HEADERS: Shape<Vec<(String, Secret)>> = Shape {
    expected: "a table of header names and values",
    example: "{ X-Key = { env = \"NAME\" } }",
    read: |value| {
        value
            .as_table()?
            .iter()
            .map(|(name, value)| Some((name.get_ref().to_string(), secret(value.get_ref())?)))
            .collect()
    },
};

const AUTH: Shape<Option<Auth>> = Shape {
    expected: "user and password, or bearer",
    example: "{ user = \"desk\", password = { env = \"NAME\" } } or { bearer = { file = \"/run/token\" } }",
    read: |value| {
        let table = value.as_table()?;
        let part = |wanted: &str| {
            table
                .iter()
                .find(|(name, _)| name.get_ref() == wanted)
                .map(|(_, value)| secret(value.get_ref()))
        };
        match (part("user"), part("password"), part("bearer"), table.len()) {
            (Some(user), Some(password), None, 2) => Some(Some(Auth::Basic {
                user: user?,
                password: password?,
            })),
            (None, None, Some(token), 1) => Some(Some(Auth::Bearer(token?))),
            _ => None,
        }
    },
};

/// A value that is not to be shown: as it is, from a variable of the environment, or from a file
/// (less its closing line break).
fn secret(value: &DeValue) -> Option<Secret> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned().into());
    }
    let table = value.as_table().filter(|table| table.len() == 1)?;
    let (name, place) = table.iter().next()?;
    let place = place.get_ref().as_str()?;
    match name.get_ref().as_ref() {
        "env" => std::env::var(place).ok().map(Secret::from),
        "file" => Some(
            std::fs::read_to_string(place)
                .ok()?
                .trim_end_matches(['\r', '\n'])
                .to_owned()
                .into(),
        ),
        _ => None,
    }
}

const SHARE: Shape<f64> = Shape {
    expected: "a share from 0 to 1",
    example: "0.1",
    read: |value| {
        let text = value.as_float().map(|number| number.as_str());
        let share = match text {
            Some(text) => text.replace('_', "").parse().ok(),
            None => (COUNT_OR_ZERO.read)(value).map(|whole| whole as f64),
        };
        share.filter(|share| (0.0..=1.0).contains(share))
    },
};

const LISTEN: Shape<Option<SocketAddr>> = Shape {
    expected: "an address with a port, or off",
    example: "\"127.0.0.1:8323\"",
    read: |value| match value.as_str()? {
        "off" => Some(None),
        text => text.parse().ok().map(Some),
    },
};

const FOLDER: Shape<PathBuf> = Shape {
    expected: "a folder",
    example: "\"/var/lib/copydesk\"",
    read: |value| {
        value
            .as_str()
            .filter(|text| !text.is_empty())
            .map(PathBuf::from)
    },
};

fn output(mut section: Section) -> Output {
    let mut output = Output::default();
    section.read("directory", &mut output.files.directory, FOLDER);
    section.read("duplicates", &mut output.duplicates, DUPLICATES);
    section.read("file_bytes_max", &mut output.files.file_bytes_max, SIZE);
    section.read("file_age_max", &mut output.files.file_age_max, DURATION);
    section.read("compression", &mut output.files.compression, COMPRESSION);
    section.read("durability", &mut output.files.durability, DURABILITY);
    section.read("keep_age_max", &mut output.files.keep_age_max, DURATION);
    section.read("keep_bytes_max", &mut output.files.keep_bytes_max, SIZE);
    section.finish();
    output
}

fn state(mut section: Section) -> State {
    let mut state = State::default();
    section.read("directory", &mut state.store.directory, FOLDER);
    section.read("remember", &mut state.store.remember, DURATION);
    section.read("commit_entries_max", &mut state.commit_entries_max, COUNT);
    section.read("commit_bytes_max", &mut state.commit_bytes_max, SIZE);
    section.read("commit_delay", &mut state.commit_delay, DURATION);
    section.read("stop_timeout", &mut state.stop_timeout, DURATION);
    section.finish();
    state
}

fn fetch(mut section: Section) -> Fetch {
    let mut fetch = Fetch::default();
    let client = &mut fetch.client;
    section.read("user_agent", &mut client.user_agent, TEXT);
    section.read("timeout", &mut client.timeout, DURATION);
    section.read("connect_timeout", &mut client.connect_timeout, DURATION);
    section.read("read_timeout", &mut client.read_timeout, DURATION);
    section.read("feed_bytes_max", &mut client.feed_bytes_max, SIZE);
    section.read("page_bytes_max", &mut client.page_bytes_max, SIZE);
    section.read("bodies_bytes_max", &mut client.bodies_bytes_max, SIZE);
    section.read("redirects_max", &mut client.redirects_max, COUNT_OR_ZERO);
    section.read("host_concurrency", &mut client.host_concurrency, COUNT);
    section.read("host_gap", &mut client.host_gap, DURATION);
    let mut attempts = client.attempts_max as usize;
    section.read("attempts_max", &mut attempts, COUNT);
    client.attempts_max = u32::try_from(attempts).unwrap_or(u32::MAX);
    section.read("retry_wait_max", &mut client.retry_wait_max, DURATION);
    section.read("interval", &mut client.interval, DURATION);
    section.read("interval_min", &mut client.interval_min, DURATION);
    section.read("interval_max", &mut client.interval_max, DURATION);
    section.read("robots", &mut client.robots, TRUTH);
    section.read("robots_for_feeds", &mut client.robots_for_feeds, TRUTH);
    section.read(
        "allow_private_addresses",
        &mut client.allow_private_addresses,
        TRUTH,
    );
    section.read("http2", &mut client.http2, TRUTH);
    if client.interval_min > client.interval_max {
        section.object(
            "interval_min",
            "longer than interval_max",
            "make it the shorter of the two",
        );
    }
    section.read("polls_max", &mut fetch.polls_max, COUNT);
    section.read("entries_max", &mut fetch.entries_max, COUNT);
    section.read("host_entries_max", &mut fetch.host_entries_max, COUNT);
    section.read("backfill", &mut fetch.backfill, BACKFILL);
    section.read("recheck", &mut fetch.recheck, DURATIONS);
    section.finish();
    fetch
}

fn clean(mut section: Section) -> Clean {
    let mut clean = Clean::default();
    let cleaner = &mut clean.cleaner;
    section.read("nodes_max", &mut cleaner.nodes_max, COUNT);
    section.read("depth_max", &mut cleaner.depth_max, COUNT);
    let mut cpu_max = Duration::from_millis(cleaner.cpu_ms_max);
    section.read("cpu_max", &mut cpu_max, DURATION);
    cleaner.cpu_ms_max = u64::try_from(cpu_max.as_millis()).unwrap_or(u64::MAX);
    section.read("words_min", &mut cleaner.words_min, COUNT_OR_ZERO);
    section.read("threads", &mut clean.threads, COUNT_OR_ZERO);
    section.finish();
    clean
}

fn dedup(mut section: Section) -> copydesk_deduplicator::Config {
    let mut dedup = copydesk_deduplicator::Config::default();
    section.read("window", &mut dedup.window, DURATION);
    section.read("documents_max", &mut dedup.documents_max, COUNT);
    section.finish();
    dedup
}

fn status(mut section: Section) -> Status {
    let mut status = Status::default();
    section.read("listen", &mut status.listen, LISTEN);
    section.read("token", &mut status.token, SOME_SECRET);
    section.read("recent_bytes_max", &mut status.recent_bytes_max, SIZE);
    section.read("host_metrics", &mut status.host_metrics, TRUTH);
    let is_open = status.listen.is_some_and(|at| !at.ip().is_loopback());
    if is_open && status.token.is_none() {
        section.object(
            "listen",
            "others than this machine can reach it",
            "add token = { env = \"NAME\" }",
        );
    }
    section.finish();
    status
}

fn traces(mut section: Section) -> Traces {
    let mut traces = Traces::default();
    section.read("endpoint", &mut traces.endpoint, SOME_TEXT);
    section.read("headers", &mut traces.headers, HEADERS);
    section.read("sample_share", &mut traces.sample_share, SHARE);
    section.read("queue_max", &mut traces.queue_max, COUNT);
    section.read("timeout", &mut traces.timeout, DURATION);
    if let Some(endpoint) = &traces.endpoint {
        if !Url::parse(endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            section.object(
                "endpoint",
                "not an http or https URL",
                "write for example endpoint = \"http://127.0.0.1:4318/v1/traces\"",
            );
        }
        if !cfg!(feature = "opentelemetry") {
            section.object(
                "endpoint",
                "this copydesk was built without traces",
                "build it with --features opentelemetry, or remove [traces]",
            );
        }
    }
    section.finish();
    traces
}

fn feeds(root: &mut Section, problems: &Problems) -> Vec<copydesk_fetcher::Feed> {
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
        let mut interval = Duration::ZERO;
        section.read("interval", &mut interval, DURATION);
        feed.interval = Some(interval).filter(|interval| !interval.is_zero());
        let mut conditional = true;
        section.read("conditional", &mut conditional, TRUTH);
        feed.unconditional = !conditional;
        section.read("kind", &mut feed.kind, KIND);
        section.read("links", &mut feed.links, SOME_TEXT);
        section.read("full_text", &mut feed.full_text, FULL_TEXT);
        section.read("backfill", &mut feed.backfill, SOME_BACKFILL);
        section.read("headers", &mut feed.headers, HEADERS);
        section.read("cookies", &mut feed.cookies, SOME_SECRET);
        section.read("auth", &mut feed.auth, AUTH);
        section.read("user_agent", &mut feed.user_agent, SOME_TEXT);
        section.read("proxy", &mut feed.proxy, SOME_SECRET);
        section.read("http2", &mut feed.http2, SOME_TRUTH);
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
                if section.take("url").is_none() {
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
        if !feed.url.is_empty() && !urls.insert(feed.url.clone()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: &str = include_str!("../../../config/copydesk.toml");

    fn problems(text: &str) -> Vec<String> {
        Config::parse("c.toml", text)
            .map(|_| Vec::new())
            .unwrap_or_else(|found| found.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn documented_defaults_are_the_defaults() {
        let read = Config::parse("copydesk.toml", COMPLETE).unwrap();
        let feeds = read.feeds.clone();
        assert_eq!(
            read,
            Config {
                feeds,
                settings: read.settings.clone(),
                ..Config::default()
            }
        );
    }

    #[test]
    fn configuration_of_the_service_writes_where_the_unit_lets_it() {
        let unit = include_str!("../../../deploy/copydesk.service");
        let folder = unit
            .lines()
            .find_map(|line| line.strip_prefix("StateDirectory="));
        let folder = std::path::Path::new("/var/lib").join(folder.unwrap());
        let text = include_str!("../../../deploy/service.toml");
        let config = Config::parse("service.toml", text).unwrap();
        assert_eq!(config.output.files.directory, folder.join("out"));
        assert_eq!(config.state.store.directory, folder.join("state"));
    }

    #[test]
    fn every_key_is_documented() {
        // A misspelt key in each table makes the reader list what it knows.
        for section in [
            "output", "state", "fetch", "clean", "dedup", "status", "traces", "feed", "site",
        ] {
            let header = match section {
                "feed" => "[[feed]]\nurl = \"https://a.example/\"\n".into(),
                "site" => "[[site]]\nhosts = [\"a.example\"]\n".into(),
                _ => format!("[{section}]\n"),
            };
            let found = problems(&format!("{header}qqqqqqqqqqqqqqqq = 1"));
            let known = found
                .iter()
                .find_map(|line| line.split_once("known keys: "))
                .unwrap()
                .1;
            for key in known.split(", ") {
                assert!(
                    COMPLETE.lines().any(|line| line
                        .trim_start_matches("# ")
                        .starts_with(&format!("{key} ="))),
                    "{section}.{key} is not in config/copydesk.toml"
                );
            }
        }
    }

    #[test]
    fn five_mistakes_are_named_at_once() {
        let found = problems(
            "[output]\ndirectry = \"x\"\n[fetch]\ntimeout = \"soon\"\nfeed_bytes_max = 5\nrobots = \"yes\"\n[[feed]]\nurl = \"ftp://a.example/\"\n",
        );
        assert_eq!(
            found,
            [
                "c.toml:2: output.directry: unknown key; did you mean directory?",
                "c.toml:4: fetch.timeout: expected a duration, found \"soon\"; write for example timeout = \"10m\" (ms, s, m, h, d)",
                "c.toml:5: fetch.feed_bytes_max: expected a size, found 5; write for example feed_bytes_max = \"8MiB\" (B, KiB, MiB, GiB)",
                "c.toml:6: fetch.robots: expected true or false, found \"yes\"; write for example robots = true",
                "c.toml:8: feed.url: scheme ftp is not polled; use http or https",
            ]
        );
    }

    #[test]
    fn site_rules_are_read_and_a_bad_selector_named_with_its_line() {
        let text = "[[feed]]\nurl = \"https://a.example/\"\n[[site]]\nhosts = [\"a.example\"]\nbody = [\"div.story\", \"article\"]\ndate = [\"time@datetime\"]\nreplace = [[\"<x>\", \"<p>\"]]\n";
        let site = &Config::parse("c.toml", text).unwrap().clean.cleaner.sites[0];
        assert_eq!((site.body.len(), site.date.len()), (2, 1));
        assert_eq!(site.replace, [("<x>".to_owned(), "<p>".to_owned())]);
        let found = problems(
            "[[feed]]\nurl = \"https://a.example/\"\n[[site]]\nbody = [\n  \"div\",\n  \"div[[\",\n]\n",
        );
        assert_eq!(found.len(), 2);
        assert!(
            found[0].starts_with("c.toml:3: site.hosts: missing"),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("c.toml:6: site.body: \"div[[\""),
            "{found:?}"
        );
    }

    #[test]
    fn mistake_is_marked_in_its_line_unless_that_may_hold_a_credential() {
        let marked = |text: &str| Config::parse("c.toml", text).unwrap_err()[0].marked();
        let feed = "[[feed]]\nurl = \"https://a.example/\"\n";
        assert_eq!(
            marked(&format!("[fetch]\ntimeout = \"soon\"\n{feed}")),
            "c.toml:2: fetch.timeout: expected a duration, found \"soon\"; write for example timeout = \"10m\" (ms, s, m, h, d)\n   |\n 2 | timeout = \"soon\"\n   |           ^^^^^^\n"
        );
        for line in [
            "auth = \"s3cret\"",
            "proxy = 5 # s3cret",
            "url = \"ftp://u:s3cret@a/\"",
        ] {
            assert!(
                !marked(&format!("[[feed]]\n{line}\n")).contains("s3cret"),
                "{line}"
            );
        }
    }

    #[test]
    fn a_feed_with_a_url_is_enough() {
        let config = Config::parse("c.toml", "[[feed]]\nurl = \"https://a.example/feed\"").unwrap();
        assert_eq!(config.feeds.len(), 1);
        assert_eq!(problems("").len(), 1);
        assert_eq!(problems("[[feed]]\n").len(), 1);
        assert!(!problems("[[feed]\nurl = ").is_empty());
    }

    #[test]
    fn every_configuration_that_is_shipped_can_be_read() {
        for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../config")).unwrap()
        {
            let path = file.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                assert_eq!(
                    Config::load(&path).map(|_| ()),
                    Ok(()),
                    "{}",
                    path.display()
                );
            }
        }
    }

    #[test]
    fn backfill_is_all_a_count_or_an_age() {
        for (text, wanted) in [
            ("\"all\"", Backfill::All),
            ("0", Backfill::Count(0)),
            ("20", Backfill::Count(20)),
            ("\"2d\"", Backfill::Age(Duration::from_secs(172_800))),
        ] {
            let text = format!(
                "[fetch]\nbackfill = {text}\n[[feed]]\nurl = \"https://a.example/\"\nbackfill = {text}"
            );
            let config = Config::parse("c.toml", &text).unwrap();
            assert_eq!(
                (config.fetch.backfill, config.feeds[0].backfill),
                (wanted, Some(wanted))
            );
        }
        assert_eq!(
            problems("[[feed]]\nurl = \"https://a.example/\"\nbackfill = \"some\"").len(),
            1
        );
    }

    #[test]
    fn feeds_that_differ_in_their_credentials_have_names_of_their_own() {
        let tables =
            ["a", "b"].map(|key| format!("[[feed]]\nurl = \"https://a.example/?key={key}\"\n"));
        let config = Config::parse("c.toml", &tables.concat()).unwrap();
        let names: Vec<String> = config.feeds.iter().map(|feed| feed.name()).collect();
        assert_eq!(
            names,
            ["https://a.example/?key=***", "https://a.example/?key=***#2"]
        );
    }

    #[test]
    fn secrets_come_from_environment_or_file_and_are_never_shown() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "s3cret\n").unwrap();
        let text = format!(
            "[[feed]]\nurl = \"https://user:s3cret@a.example/feed\"\ncookies = {{ file = {:?} }}\nheaders = {{ X-Key = \"s3cret\" }}\nauth = {{ bearer = {{ env = \"PATH\" }} }}\n",
            file.path()
        );
        let config = Config::parse("c.toml", &text).unwrap();
        assert_eq!(
            config.feeds[0].cookies.as_ref().map(Secret::expose),
            Some("s3cret")
        );
        assert!(!format!("{config:?}").contains("s3cret"));
        let unset = problems(
            "[[feed]]\nurl = \"https://a.example/\"\ncookies = { env = \"COPYDESK_NOT_SET\" }",
        );
        assert!(
            unset[0].contains("feed.cookies: expected a text, or the name of a set variable"),
            "{unset:?}"
        );
    }

    #[test]
    fn page_that_others_can_reach_wants_a_token() {
        let feed = "[[feed]]\nurl = \"https://a.example/\"\n";
        let open = "[status]\nlisten = \"0.0.0.0:8323\"\n";
        let found = problems(&format!("{open}{feed}"));
        assert!(
            found[0].contains("status.listen: others than this machine"),
            "{found:?}"
        );
        assert!(problems(&format!("{open}token = \"t0ken\"\n{feed}")).is_empty());
        assert!(problems(&format!("[status]\nlisten = \"off\"\n{feed}")).is_empty());
        assert!(problems(&format!("[status]\nlisten = \"[::1]:1\"\n{feed}")).is_empty());
    }

    #[test]
    #[cfg(not(feature = "opentelemetry"))]
    fn traces_are_refused_where_they_were_not_built_in() {
        let traces = "[traces]\nendpoint = \"http://127.0.0.1:4318/v1/traces\"\nsample_share = 2";
        let found = problems(&format!(
            "{traces}\n[[feed]]\nurl = \"https://a.example/\"\n"
        ));
        assert_eq!(
            found,
            [
                "c.toml:2: traces.endpoint: this copydesk was built without traces; build it with --features opentelemetry, or remove [traces]",
                "c.toml:3: traces.sample_share: expected a share from 0 to 1, found 2; write for example sample_share = 0.1",
            ]
        );
    }

    #[test]
    fn settings_that_differ_are_named_whether_or_not_they_are_written() {
        let feed = "[[feed]]\nurl = \"https://a.example/\"\n";
        let read = |text: &str| {
            Config::parse("c.toml", &format!("{text}{feed}"))
                .unwrap()
                .settings
        };
        let (default, written) = (read(""), read("[fetch]\ntimeout = \"30s\"\n"));
        assert_eq!(default.differing(&written), [""; 0]);
        let other = read("[fetch]\ntimeout = \"31s\"\n[output]\ncompression = \"zstd\"\n");
        assert_eq!(
            default.differing(&other),
            ["fetch.timeout", "output.compression"]
        );
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("10m", 600),
            ("1h 30m", 5400),
            ("30d", 2_592_000),
            ("45s", 45),
        ] {
            assert_eq!(
                reader::duration(text),
                Some(Duration::from_secs(seconds)),
                "{text}"
            );
        }
        assert_eq!(reader::duration("-5s"), None);
        assert_eq!(reader::duration("10"), None);
    }
}
