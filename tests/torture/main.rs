//! The torture: a newsroom that never rests, the daemon, readers with a ledger of their own, and
//! somebody who kills the daemon and the readers, drops connections and fills the disk.
//!
//! ```sh
//! cargo test -p copydesk-daemon --test torture -- --nocapture
//! ```
//!
//! kills 25 times within a minute. What is longer is said by the environment, see [`Settings`]:
//! `COPYDESK_KILLS=1000` with `--release` is the long form, `COPYDESK_KILLS=0 COPYDESK_MINUTES=60
//! COPYDESK_SAMPLES=soak.csv` the soak. It ends with a table: kills, lines, lost, repeated, torn,
//! vanished, recovery time.

#[path = "../support/mod.rs"]
mod support;

mod daemon;
mod ledger;
mod publisher;
mod readers;

use daemon::Daemon;
use ledger::Ledger;
use publisher::Publisher;
use readers::{Readers, Watcher};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use support::{Desk, Extra, SmallDisk};

/// From the environment.
pub struct Settings {
    /// `COPYDESK_KILLS`: how often the daemon is killed.
    kills: usize,
    /// `COPYDESK_MINUTES`: how long it goes on at least.
    minutes: u64,
    /// `COPYDESK_SITES`: papers, each with a feed.
    sites: usize,
    /// `COPYDESK_RATE`: stories a second; fewer while the daemon is behind.
    rate: f64,
    /// `COPYDESK_LISTED`: what a feed lists; a story that falls out of it before a poll is lost by
    /// its paper, not by us.
    listed: usize,
    /// `COPYDESK_BACKLOG`: stories that the daemon may be behind with one paper; then that paper
    /// waits, or would lose stories.
    backlog: usize,
    /// `COPYDESK_DISK`: the size of the tmpfs for state and output, as root, which is filled now
    /// and then; "none" for the disk at hand.
    disk: String,
    /// `COPYDESK_FOLDER`: where the disk at hand is, in place of a temporary folder.
    folder: Option<PathBuf>,
    /// `COPYDESK_OUTPUT`: TOML of the section; by default rotation every hundred lines or so, and
    /// what is closed is compressed.
    output: String,
    /// `COPYDESK_WINDOW`: how long entries and articles are remembered.
    window: Option<String>,
    /// `COPYDESK_SAMPLES`: lines, memory, handles and sizes go here every ten seconds.
    samples: Option<PathBuf>,
}

impl Settings {
    fn from_environment() -> Self {
        let text = |name: &str| std::env::var(name).ok();
        let number = |name: &str, default: f64| {
            text(name).map_or(default, |text| text.parse().expect("a number"))
        };
        Self {
            kills: number("COPYDESK_KILLS", 25.0) as usize,
            minutes: number("COPYDESK_MINUTES", 0.0) as u64,
            sites: number("COPYDESK_SITES", 20.0) as usize,
            rate: number("COPYDESK_RATE", 40.0),
            listed: number("COPYDESK_LISTED", 150.0) as usize,
            backlog: number("COPYDESK_BACKLOG", 60.0) as usize,
            disk: text("COPYDESK_DISK").unwrap_or_else(|| "64m".to_owned()),
            folder: text("COPYDESK_FOLDER").map(PathBuf::from),
            output: text("COPYDESK_OUTPUT").unwrap_or_else(|| {
                "file_bytes_max = \"256KiB\"\ncompression = \"zstd\"".to_owned()
            }),
            window: text("COPYDESK_WINDOW"),
            samples: text("COPYDESK_SAMPLES").map(PathBuf::from),
        }
    }
}

impl Settings {
    fn desk(&self, folder: Option<PathBuf>, feeds: &[String]) -> Desk {
        let window = self.window.as_deref();
        let state = window.map(|window| format!("remember = {window:?}"));
        let dedup = window.map(|window| format!("[dedup]\nwindow = {window:?}"));
        let extra = Extra {
            output: &self.output,
            state: &state.unwrap_or_default(),
            fetch: &dedup.unwrap_or_default(),
        };
        Desk::in_folder(folder.or(self.folder.clone()), feeds, &extra)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_repeated_torn_or_taken_back() {
    let settings = Settings::from_environment();
    let disk = match settings.disk.as_str() {
        "none" => None,
        size => SmallDisk::mount(size),
    };
    if disk.is_none() && settings.disk != "none" {
        eprintln!("the disk is never full: mounting a tmpfs needs root");
    }
    let ledger = Arc::new(Ledger::default());
    let publisher = Publisher::start(&settings, ledger.clone()).await;
    let folder = disk.as_ref().map(|disk| disk.path().to_owned());
    let desk = settings.desk(folder, &publisher.feeds());
    let is_over = Arc::new(AtomicBool::new(false));
    let mut readers = Readers::start(desk.output(), ledger.clone(), is_over.clone());
    let watcher = Watcher::start(desk.output(), is_over.clone());

    let mut daemon = Daemon::new(&desk, &settings, &ledger);
    let work = tokio::task::spawn_blocking(move || {
        let started = Instant::now();
        let least = Duration::from_secs(settings.minutes * 60);
        while daemon.kills() < settings.kills || started.elapsed() < least {
            if daemon.kills() < settings.kills {
                daemon.live_and_die(disk.as_ref());
            } else {
                daemon.live(least.saturating_sub(started.elapsed()));
            }
        }
        (daemon, disk)
    });
    let archive = publisher.run_until(&work).await;
    let (mut daemon, _disk) = work
        .await
        .expect("the daemon was killed, and did not end by itself");

    // All is well now: whatever is unsettled has its time to settle.
    let archive = Arc::new(archive);
    let wanted = archive.clone();
    let settling = {
        let ledger = ledger.clone();
        tokio::task::spawn_blocking(move || {
            daemon.live_until(Duration::from_secs(180), || {
                let missing = ledger.missing(&wanted.published);
                missing.iter().all(|url| !wanted.fate(url).1)
            });
            daemon.stop();
            daemon
        })
    };
    let daemon = settling.await.expect("it stops when told");
    is_over.store(true, Ordering::Relaxed);
    readers.end();
    let vanished = watcher.end();

    let failed = daemon.failed_entries();
    let missing = ledger.missing(&archive.published);
    let unsettled = missing.iter().filter(|url| !failed.contains(*url));
    let fates = unsettled.map(|url| archive.fate(url));
    let (lost, lost_by_papers): (Vec<_>, Vec<_>) = fates.partition(|(_, is_told)| *is_told);
    let verdict = ledger.verdict();
    let verify = support::copydesk()
        .arg("verify")
        .arg(desk.output())
        .output()
        .expect("it runs");
    let [p50, p99] = [0.50, 0.99].map(|share| daemon.recovery(share));
    println!(
        "{} kills ({} starting, {} compressing), {} full disks, {} stories, {} lines, {} failed entries, {} readers",
        daemon.kills(),
        daemon.killed_starting,
        daemon.killed_compressing,
        daemon.full_disks,
        archive.published.len(),
        verdict.lines,
        missing.len() - lost.len() - lost_by_papers.len(),
        readers.count(),
    );
    println!(
        "lost {}, repeated {}, torn {}, vanished {}; lost by papers {}; recovery p50 {p50:.0} ms, p99 {p99:.0} ms",
        lost.len() + verdict.gone.len(),
        verdict.repeated.len(),
        verdict.torn.len(),
        vanished.len(),
        lost_by_papers.len(),
    );
    for (fate, _) in lost_by_papers.iter().take(5).chain(&lost) {
        println!("{fate}");
    }
    print!("{}", String::from_utf8_lossy(&verify.stdout));
    let none: [String; 0] = [];
    assert!(lost.is_empty(), "{}", daemon.log_end());
    assert_eq!(verdict.gone, none);
    assert_eq!(verdict.repeated, none);
    assert_eq!(verdict.torn, none);
    assert_eq!(vanished, none);
    assert!(verify.status.success(), "verify finds nothing wrong");
    assert!(
        daemon.kills() > 0 || verdict.lines > 0,
        "something happened"
    );
}
