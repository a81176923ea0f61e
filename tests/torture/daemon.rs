//! The daemon and what it goes through.

use crate::Settings;
use crate::ledger::Ledger;
use crate::support::{Desk, Dice, SmallDisk, signal};
use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub struct Daemon {
    desk: Desk,
    child: Option<Child>,
    /// How much of its log was there when it was started.
    log_read: u64,
    recoveries_ms: Vec<f64>,
    kills: usize,
    pub killed_starting: usize,
    pub killed_compressing: usize,
    pub full_disks: usize,
    samples: Option<Samples>,
    dice: Dice,
}

const LOOK: Duration = Duration::from_millis(2);

impl Daemon {
    pub fn new(desk: &Desk, settings: &Settings, ledger: &Arc<Ledger>) -> Self {
        Self {
            desk: desk.clone(),
            child: None,
            log_read: 0,
            recoveries_ms: Vec::new(),
            kills: 0,
            killed_starting: 0,
            killed_compressing: 0,
            full_disks: 0,
            samples: (settings.samples.as_deref()).map(|path| Samples::new(path, ledger.clone())),
            dice: Dice::new(2),
        }
    }

    pub fn kills(&self) -> usize {
        self.kills
    }

    /// One life: one in five ends while it starts and replays, one in five while a file is being
    /// compressed, one in twelve meets a full disk, and the others end at any moment.
    pub fn live_and_die(&mut self, disk: Option<&SmallDisk>) {
        self.spawn();
        let kind = self.dice.below(60);
        if kind < 12 {
            std::thread::sleep(Duration::from_millis(self.dice.below(120) as u64));
            self.killed_starting += 1;
        } else {
            self.wait_for_start();
            let wait = Duration::from_millis(self.dice.below(1500) as u64);
            match disk {
                Some(disk) if kind < 17 => {
                    self.full_disks += 1;
                    disk.fill();
                    std::thread::sleep(wait);
                    // Half of them die with the disk still full.
                    if kind < 15 {
                        disk.clear();
                        std::thread::sleep(Duration::from_millis(1500));
                    }
                }
                _ if kind > 47 => self.wait_for_compression(),
                _ => std::thread::sleep(wait),
            }
        }
        self.check_alive();
        let mut child = self.child.take().expect("spawned above");
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
        self.kills += 1;
        self.killed_compressing += usize::from(self.is_compressing());
        if let Some(disk) = disk {
            disk.clear();
        }
    }

    /// Lives for so long, and on.
    pub fn live(&mut self, time: Duration) {
        self.live_until(time, || false);
    }

    /// The same, or until it is done.
    pub fn live_until(&mut self, time: Duration, is_done: impl Fn() -> bool) {
        if self.child.is_none() {
            self.spawn();
            self.wait_for_start();
        }
        let started = Instant::now();
        while started.elapsed() < time && !is_done() {
            std::thread::sleep(Duration::from_millis(100));
            self.check_alive();
            let id = self.child.as_ref().expect("it lives").id();
            if let Some(samples) = &mut self.samples {
                samples.take(id, &self.desk);
            }
        }
    }

    /// As a person would.
    pub fn stop(&mut self) {
        let mut child = self.child.take().expect("it lives");
        signal(&child, "TERM");
        let status = child.wait().expect("it is ours");
        assert!(status.success(), "{}", self.log_end());
    }

    fn spawn(&mut self) {
        self.log_read = self.log_bytes();
        self.child = Some(self.desk.spawn_with_log("warn,copydesk::pipeline=info"));
    }

    fn wait_for_start(&mut self) {
        let started = Instant::now();
        while !self.log_since().contains("\"started\"") {
            assert!(
                started.elapsed() < Duration::from_secs(120),
                "it does not start"
            );
            self.check_alive();
            std::thread::sleep(LOOK);
        }
        self.recoveries_ms
            .push(started.elapsed().as_secs_f64() * 1e3);
    }

    fn wait_for_compression(&self) {
        let started = Instant::now();
        while !self.is_compressing() && started.elapsed() < Duration::from_secs(4) {
            std::thread::sleep(LOOK / 4);
        }
    }

    /// Whether a file is half compressed, or lies there under both its names.
    fn is_compressing(&self) -> bool {
        let entries = std::fs::read_dir(self.desk.output()).into_iter().flatten();
        let names = entries.flatten().map(|entry| entry.file_name());
        let names: HashSet<String> = names.filter_map(|name| name.into_string().ok()).collect();
        names.iter().any(|name| {
            name.ends_with(".zst.tmp")
                || name
                    .strip_suffix(".zst")
                    .is_some_and(|plain| names.contains(plain))
        })
    }

    fn check_alive(&mut self) {
        let child = self.child.as_mut().expect("it lives");
        let ended = child.try_wait().expect("it is ours");
        assert!(ended.is_none(), "it ended by itself: {}", self.log_end());
    }

    /// URLs of entries that came to nothing, as the log says.
    pub fn failed_entries(&self) -> HashSet<String> {
        let log = self.desk.log();
        let lines = log.lines().filter(|line| line.contains("\"entry failed\""));
        lines
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter_map(|line| line["entry"].as_str().map(str::to_owned))
            .collect()
    }

    /// Milliseconds from the start of the process until it goes on, for this share of the starts.
    pub fn recovery(&self, share: f64) -> f64 {
        let mut sorted = self.recoveries_ms.clone();
        sorted.sort_by(f64::total_cmp);
        let place = (sorted.len() as f64 * share) as usize;
        sorted.get(place).or(sorted.last()).copied().unwrap_or(0.0)
    }

    pub fn log_end(&self) -> String {
        let log = self.desk.log();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn log_bytes(&self) -> u64 {
        std::fs::metadata(self.desk.log_path()).map_or(0, |metadata| metadata.len())
    }

    fn log_since(&self) -> String {
        let mut bytes = Vec::new();
        let read = File::open(self.desk.log_path()).and_then(|mut log| {
            log.seek(SeekFrom::Start(self.log_read))?;
            log.read_to_end(&mut bytes)
        });
        let _ = read;
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Lines, memory, handles and sizes over time.
struct Samples {
    path: PathBuf,
    ledger: Arc<Ledger>,
    started: Instant,
    taken: u64,
}

const SAMPLE_EVERY_S: u64 = 10;

impl Samples {
    fn new(path: &Path, ledger: Arc<Ledger>) -> Self {
        let columns = "second,lines,rss_kib,handles,state_bytes,output_bytes\n";
        std::fs::write(path, columns).expect("the file for samples can be written");
        Self {
            path: path.to_owned(),
            ledger,
            started: Instant::now(),
            taken: 0,
        }
    }

    fn take(&mut self, id: u32, desk: &Desk) {
        let second = self.started.elapsed().as_secs();
        if second < self.taken * SAMPLE_EVERY_S {
            return;
        }
        self.taken = second / SAMPLE_EVERY_S + 1;
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let rss = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .unwrap_or("0");
        let handles = std::fs::read_dir(format!("/proc/{id}/fd")).map_or(0, Iterator::count);
        let (state, output) = (bytes(&desk.state()), bytes(&desk.output()));
        let lines = self.ledger.lines();
        let file = File::options().append(true).open(&self.path);
        let mut file = file.expect("made before");
        writeln!(file, "{second},{lines},{rss},{handles},{state},{output}").expect("there is room");
    }
}

/// What the files in a folder and those below take on the disk.
fn bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes(&entry.path()),
        Ok(metadata) => metadata.blocks() * 512,
        Err(_) => 0,
    });
    sizes.sum()
}
