//! The configuration file: every key, its unit and its default in one place.
//!
//! `config/copydesk.toml` shows the same keys with the same defaults; a test keeps the two equal.

mod feeds;
pub mod reader;
mod sections;
mod shapes;
mod sites;

pub use sites::written as written_site;

pub use reader::{Problem, Settings};

use copydesk_fetcher::{Backfill, Secret};
use reader::{Problems, Section, TRUTH};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::de::DeTable;

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
    /// When to look at a page again for corrections, counted from its last line.
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
        let text = Self::text(path)?;
        Self::parse(&path.display().to_string(), &text)
    }

    fn text(path: &Path) -> Result<String, Vec<Problem>> {
        std::fs::read_to_string(path).map_err(|error| {
            vec![Problem {
                file: path.display().to_string(),
                line: None,
                key: "--config".into(),
                what: format!("cannot be read: {error}"),
                fix: "name a TOML file in UTF-8".into(),
                source: None,
            }]
        })
    }

    /// Where the file says that state is kept, however wrong the rest of it is: a daemon that runs
    /// from it can then be asked, and says what is wrong itself.
    pub fn state_directory(path: &Path) -> Result<PathBuf, Vec<Problem>> {
        let text = Self::text(path)?;
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
            output: sections::output(Section::new("output", root.take("output"), problems)),
            state: sections::state(Section::new("state", root.take("state"), problems)),
            fetch: sections::fetch(Section::new("fetch", root.take("fetch"), problems)),
            clean: sections::clean(Section::new("clean", root.take("clean"), problems)),
            dedup: sections::dedup(Section::new("dedup", root.take("dedup"), problems)),
            status: sections::status(Section::new("status", root.take("status"), problems)),
            traces: sections::traces(Section::new("traces", root.take("traces"), problems)),
            feeds: feeds::read(&mut root, problems),
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

#[cfg(test)]
mod tests;
