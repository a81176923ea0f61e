//! What the end-to-end tests share: a folder with a configuration, the binary run on it, its lines.

#![allow(dead_code)] // Each test file uses its own part.

use copydesk_newsroom::{FeedKind, Newsroom, Site, Story};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One copydesk with folders of its own.
#[derive(Clone)]
pub struct Desk {
    folder: PathBuf,
    /// The folder is gone with the last of these.
    _temporary: Option<Arc<tempfile::TempDir>>,
}

/// What a configuration holds besides folders and feeds, as TOML.
#[derive(Default)]
pub struct Extra<'a> {
    pub output: &'a str,
    pub state: &'a str,
    /// Of `[fetch]`, and sections after it.
    pub fetch: &'a str,
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
    /// With these feeds, no pauses between requests, and `fetch` TOML before the feeds.
    pub fn new<S: AsRef<str>>(feeds: &[S], fetch: &str) -> Self {
        let extra = Extra {
            fetch,
            ..Extra::default()
        };
        Self::in_folder(None, feeds, &extra)
    }

    /// The same in a folder that stays, where one is given.
    pub fn in_folder<S: AsRef<str>>(folder: Option<PathBuf>, feeds: &[S], extra: &Extra) -> Self {
        let made = || Arc::new(tempfile::tempdir().expect("a folder for the test"));
        let temporary = folder.is_none().then(made);
        let made = temporary.as_ref().map(|made| made.path().to_owned());
        let desk = Self {
            folder: folder.or(made).expect("one of the two"),
            _temporary: temporary,
        };
        std::fs::create_dir_all(&desk.folder).expect("a folder that may be made");
        desk.write_config(feeds, extra);
        desk
    }

    pub fn configure<S: AsRef<str>>(&self, feeds: &[S], fetch: &str) {
        let extra = Extra {
            fetch,
            ..Extra::default()
        };
        self.write_config(feeds, &extra);
    }

    fn write_config<S: AsRef<str>>(&self, feeds: &[S], extra: &Extra) {
        let feeds: String = feeds
            .iter()
            .map(|url| format!("[[feed]]\nurl = {:?}\n", url.as_ref()))
            .collect();
        let (output, state) = (self.output(), self.state());
        let config = format!(
            "[output]\ndirectory = {output:?}\n{}\n[state]\ndirectory = {state:?}\n{}\n\
             [status]\nlisten = \"off\"\n\
             [fetch]\nallow_private_addresses = true\nhost_gap = \"0s\"\nhost_concurrency = 8\ninterval_min = \"1s\"\n\
             interval = \"1s\"\n{}\n{feeds}",
            extra.output, extra.state, extra.fetch,
        );
        std::fs::write(self.config(), config).expect("the test's own folder");
    }

    pub fn config(&self) -> PathBuf {
        self.folder.join("copydesk.toml")
    }

    pub fn output(&self) -> PathBuf {
        self.folder.join("out")
    }

    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    pub fn log_path(&self) -> PathBuf {
        self.folder.join("log")
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
        self.spawn_with_log("info")
    }

    /// The same with so much in its log.
    pub fn spawn_with_log(&self, filter: &str) -> Child {
        let mut command = self.run();
        command.env("RUST_LOG", filter).spawn().expect("it runs")
    }

    /// The same before it is started.
    pub fn run(&self) -> Command {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_path());
        let mut command = self.command("run");
        command
            .stderr(log.expect("the test's own folder"))
            .stdout(Stdio::null());
        command
    }

    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.log_path()).unwrap_or_default()).into_owned()
    }

    /// What the running daemon answers to a GET, head and body.
    pub fn get(&self, path: &str) -> String {
        let socket = self.state().join("control.sock");
        let mut stream = std::os::unix::net::UnixStream::connect(socket).expect("it listens");
        write!(stream, "GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
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

/// The binary under test; another build of it where `COPYDESK_BINARY` says so.
pub fn copydesk() -> Command {
    let other = std::env::var_os("COPYDESK_BINARY");
    Command::new(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_copydesk").into()))
}

/// Sends the signal of this name.
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(child.id().to_string())
        .status();
    assert!(sent.expect("kill exists").success());
}

/// A filesystem of its own in memory, which can be filled; gone with this value.
pub struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `mount -t tmpfs -o size=…`; None where that is not allowed.
    pub fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "copydesk-test"])
            .arg(folder.path())
            .output();
        let is_mounted = mounted.is_ok_and(|output| output.status.success());
        is_mounted.then_some(Self(folder))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room that is left.
    pub fn fill(&self) {
        let file = std::fs::File::create(self.0.path().join("filler"));
        let (mut file, piece) = (file.expect("the test's own folder"), vec![1; 64 << 10]);
        for bytes in [piece.len(), 1] {
            while file.write_all(&piece[..bytes]).is_ok() {}
        }
    }

    pub fn make_writable(&self, is_writable: bool) {
        let options = if is_writable {
            "remount,rw"
        } else {
            "remount,ro"
        };
        let mut mount = Command::new("mount");
        let status = mount.args(["-o", options]).arg(self.path()).status();
        assert!(status.expect("mount exists").success());
    }

    pub fn clear(&self) {
        let _ = std::fs::remove_file(self.0.path().join("filler"));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// xorshift: the same at every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// 0 to `bound` - 1.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }
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

/// Two papers, "first" and "second", of which the second carries the first one's stories, changed so.
pub async fn two_papers(stories: Vec<Story>, change: impl Fn(Story) -> Story) -> Newsroom {
    let copies = stories.iter().map(|story| {
        change(Story {
            title: format!("From our wires: {}", story.title),
            ..story.clone()
        })
    });
    let second = Site {
        stories: copies.collect(),
        ..Site::new("second", "The Second")
    };
    let first = Site {
        stories,
        ..Site::new("first", "The First")
    };
    Newsroom::start(vec![first, second])
        .await
        .expect("loopback addresses are free")
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

/// Ends a test that would never end; a busy machine may take long.
pub fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(
            start.elapsed() < Duration::from_secs(300),
            "waited too long"
        );
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
