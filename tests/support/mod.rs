//! What the end-to-end tests share: a folder with a configuration, the binary run on it, its lines.

#![allow(dead_code)] // Each test file uses its own part.

use copydesk_newsroom::{FeedKind, Newsroom};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// One copydesk with folders of its own.
pub struct Desk {
    folder: tempfile::TempDir,
}

/// What a run printed at its end: the row of sums.
#[derive(Debug, PartialEq, Eq)]
pub struct Sums {
    pub entries: u64,
    pub new: u64,
    pub updated: u64,
    pub duplicates: u64,
    pub unchanged: u64,
    pub failed: u64,
}

impl Desk {
    /// With these feeds, no pauses between requests, and `extra` TOML before the feeds.
    pub fn new<S: AsRef<str>>(feeds: &[S], extra: &str) -> Self {
        let desk = Self {
            folder: tempfile::tempdir().expect("a folder for the test"),
        };
        desk.configure(feeds, extra);
        desk
    }

    pub fn configure<S: AsRef<str>>(&self, feeds: &[S], extra: &str) {
        let feeds: String = feeds
            .iter()
            .map(|url| format!("[[feed]]\nurl = {:?}\n", url.as_ref()))
            .collect();
        let folder = self.folder.path().display();
        let config = format!(
            "[output]\ndirectory = \"{folder}/out\"\n[state]\ndirectory = \"{folder}/state\"\n\
             [fetch]\nallow_private_addresses = true\nhost_gap = \"0s\"\nhost_concurrency = 8\ninterval_min = \"1s\"\n\
             interval = \"1s\"\n{extra}\n{feeds}"
        );
        std::fs::write(self.config(), config).expect("the test's own folder");
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("copydesk.toml")
    }

    pub fn output(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub fn command(&self, action: &str) -> Command {
        let mut command = copydesk();
        command.arg(action).arg("--config").arg(self.config());
        command
    }

    /// Polls each feed once; the run must end well.
    pub fn once(&self) -> (Sums, Output) {
        let output = self
            .command("run")
            .arg("--once")
            .output()
            .expect("the binary runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        (sums(&String::from_utf8_lossy(&output.stderr)), output)
    }

    /// The daemon, with its log in a file.
    pub fn spawn(&self) -> Child {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"));
        self.command("run")
            .stderr(log.expect("the test's own folder"))
            .stdout(Stdio::null())
            .spawn()
            .expect("it runs")
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The lines of a stream in file order: "news" or "duplicates".
    pub fn lines(&self, prefix: &str) -> Vec<Value> {
        let texts = files(&self.output(), prefix);
        texts
            .values()
            .flat_map(|text| text.lines())
            .map(|line| serde_json::from_str(line).expect("valid JSON"))
            .collect()
    }
}

/// Complete lines of each file of a stream, by name.
pub fn files(output: &Path, prefix: &str) -> BTreeMap<String, String> {
    let Ok(folder) = std::fs::read_dir(output) else {
        return BTreeMap::new();
    };
    let names = folder
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.starts_with(&format!("{prefix}-")) && name.ends_with(".ndjson"))
        .filter_map(|name| {
            let bytes = std::fs::read(output.join(&name)).ok()?;
            let whole = bytes
                .iter()
                .rposition(|&byte| byte == b'\n')
                .map_or(0, |end| end + 1);
            Some((
                name,
                String::from_utf8(bytes[..whole].to_vec()).expect("UTF-8"),
            ))
        })
        .collect()
}

pub fn copydesk() -> Command {
    Command::new(env!("CARGO_BIN_EXE_copydesk"))
}

fn sums(stderr: &str) -> Sums {
    let row = stderr
        .lines()
        .rfind(|line| line.starts_with("all "))
        .expect("a row of sums");
    let numbers: Vec<u64> = row
        .split_whitespace()
        .skip(1)
        .take(6)
        .map(|cell| cell.parse().expect("a number"))
        .collect();
    let [entries, new, updated, duplicates, unchanged, failed] = numbers[..] else {
        panic!("six sums: {row}")
    };
    Sums {
        entries,
        new,
        updated,
        duplicates,
        unchanged,
        failed,
    }
}

/// One feed of each site: RSS, Atom and JSON in turn.
pub fn feeds_of_all_kinds(newsroom: &Newsroom) -> Vec<String> {
    let kinds = FeedKind::ALL.iter().cycle();
    let sites = newsroom.sites().iter().zip(kinds);
    sites.map(|(site, kind)| site.feed_url(*kind)).collect()
}

/// Checks every line against the checked-in schema, and that `seq` counts from 1 without a gap.
pub fn check_lines(lines: &[Value]) {
    let schema = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../config/record.schema.json"
    );
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(schema).expect("checked in")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for (line, seq) in lines.iter().zip(1..) {
        if let Err(error) = validator.validate(line) {
            panic!("{error} in {line}");
        }
        assert_eq!(line["seq"], seq, "gap in seq at {line}");
    }
}

/// Sends the signal of this name.
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(child.id().to_string())
        .status();
    assert!(sent.expect("kill exists").success());
}

/// Waits a minute at the most.
pub fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The folder of evaluation data beside the checkout, where there is one.
pub fn shared(part: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root =
        std::env::var_os("COPYDESK_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = root.join(part);
    if !path.exists() {
        eprintln!(
            "SKIPPED: {} is absent; set COPYDESK_SHARED to the folder that holds {part}",
            path.display()
        );
        return None;
    }
    Some(path)
}
