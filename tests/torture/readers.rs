//! Those who read along: `copydesk tail`, killed and stalled, and one who looks at the files alone.

use crate::ledger::Ledger;
use crate::support::{Dice, copydesk, signal};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// One reader a stream, who begins again where the last one ended.
pub struct Readers {
    threads: Vec<JoinHandle<()>>,
    count: Arc<AtomicUsize>,
}

impl Readers {
    pub fn start(output: PathBuf, ledger: Arc<Ledger>, is_over: Arc<AtomicBool>) -> Self {
        let count = Arc::new(AtomicUsize::new(0));
        let threads = (0..2).map(|stream| {
            let (output, ledger) = (output.clone(), ledger.clone());
            let (is_over, count) = (is_over.clone(), count.clone());
            std::thread::spawn(move || {
                let mut dice = Dice::new(100 + stream as u64);
                while !is_over.load(Ordering::Relaxed) {
                    count.fetch_add(1, Ordering::Relaxed);
                    let wait = Duration::from_millis(2000 + dice.below(6000) as u64);
                    let mut child = tail(&output, stream, &ledger, true);
                    let stdout = child.stdout.take().expect("piped");
                    let killer = std::thread::spawn({
                        let (is_stalled, is_over) = (dice.below(2) == 0, is_over.clone());
                        move || kill(child, wait, is_stalled, &is_over)
                    });
                    read(stdout, stream, &ledger);
                    let said = killer.join().expect("no panic");
                    if !said.is_empty() {
                        ledger.gone(said);
                    }
                }
                // Whatever is left, by a reader who does not wait for more.
                let mut child = tail(&output, stream, &ledger, false);
                read(child.stdout.take().expect("piped"), stream, &ledger);
                let output = child.wait_with_output().expect("it ends");
                if !output.status.success() {
                    ledger.gone(String::from_utf8_lossy(&output.stderr).into_owned());
                }
            })
        });
        Self {
            threads: threads.collect(),
            count: count.clone(),
        }
    }

    pub fn end(&mut self) {
        for thread in self.threads.drain(..) {
            thread.join().expect("no panic");
        }
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }
}

fn tail(output: &Path, stream: usize, ledger: &Ledger, is_followed: bool) -> Child {
    let mut command = copydesk();
    command.arg("tail").arg(output);
    command.args(["--from", &ledger.next(stream).to_string()]);
    if stream == 1 {
        command.arg("--duplicates");
    }
    if is_followed {
        command.arg("--follow");
    }
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs")
}

/// Whole lines only: who is killed may leave half a line in the pipe.
fn read(stdout: impl Read, stream: usize, ledger: &Ledger) {
    let (mut lines, mut line) = (BufReader::new(stdout), Vec::new());
    while lines
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        if line.ends_with(b"\n") {
            ledger.enter(stream, &line);
        }
        line.clear();
    }
}

/// Gives back what a reader said that ended by itself.
fn kill(mut child: Child, wait: Duration, is_stalled: bool, is_over: &AtomicBool) -> String {
    let mut left = wait;
    while !left.is_zero() && !is_over.load(Ordering::Relaxed) {
        let step = left.min(Duration::from_millis(100));
        std::thread::sleep(step);
        left -= step;
        if child.try_wait().expect("it is ours").is_some() {
            let mut said = String::new();
            let stderr = child.stderr.as_mut().expect("piped");
            let _ = stderr.read_to_string(&mut said);
            return format!("reader ended: {said}");
        }
    }
    if is_stalled {
        signal(&child, "STOP");
        std::thread::sleep(Duration::from_millis(700));
        signal(&child, "CONT");
    }
    child.kill().expect("it is ours");
    child.wait().expect("it is ours");
    String::new()
}

/// Looks at the bytes of the files again and again: what was there stays as it was.
pub struct Watcher(JoinHandle<Vec<String>>);

/// Of whole lines: how many bytes, and their hash.
type Seen = (usize, u64);

impl Watcher {
    pub fn start(output: PathBuf, is_over: Arc<AtomicBool>) -> Self {
        Self(std::thread::spawn(move || {
            let (mut seen, mut vanished) = (BTreeMap::new(), Vec::new());
            while !is_over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(100));
                // Only the last files change.
                let names = names(&output);
                for name in names.iter().rev().take(6) {
                    look(&output, name, &mut seen, &mut vanished);
                }
            }
            for name in names(&output) {
                look(&output, &name, &mut seen, &mut vanished);
            }
            vanished
        }))
    }

    /// What was seen and then was not there.
    pub fn end(self) -> Vec<String> {
        self.0.join().expect("no panic")
    }
}

/// Of files, compressed or not, in order of age.
fn names(output: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(output).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names
        .filter(|name| name.ends_with(".ndjson") || name.ends_with(".ndjson.zst"))
        .collect();
    let age = |name: &String| name.rsplit('-').next().map(str::to_owned);
    names.sort_by_key(age);
    names
}

fn look(output: &Path, name: &str, seen: &mut BTreeMap<String, Seen>, vanished: &mut Vec<String>) {
    let Ok(mut bytes) = std::fs::read(output.join(name)) else {
        return; // Compressed or removed this moment.
    };
    let base = name.trim_end_matches(".zst").to_owned();
    if name.ends_with(".zst") {
        match zstd::decode_all(&bytes[..]) {
            Ok(unpacked) => bytes = unpacked,
            Err(error) => return vanished.push(format!("{name}: {error}")),
        }
    }
    let whole = bytes
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |end| end + 1);
    let (before, hash) = seen.get(&base).copied().unwrap_or_default();
    if whole < before || before > 0 && hash_of(&bytes[..before]) != hash {
        vanished.push(format!(
            "{name}: the first {before} bytes are not what they were"
        ));
    }
    seen.insert(base, (whole, hash_of(&bytes[..whole])));
}

fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}
