//! What is done beside the judging, on one thread: full segments are written to files, files are
//! checked, keys are entered into the sieve, memory is given back. None of it changes a verdict.

use crate::Error;
use crate::facts::Frequencies;
use crate::growing::Growing;
use crate::sealed::{self, Sealed};
use crate::sieve::Sieve;
use std::any::Any;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// A segment that is full, to be written.
pub(crate) struct Full {
    pub number: u64,
    pub growing: Growing,
    /// Of the words of its new articles.
    pub frequencies: Frequencies,
    pub history: u64,
    /// None where nobody else will read it.
    pub path: Option<PathBuf>,
}

pub(crate) enum Job {
    Seal(Arc<Full>),
    Sift {
        number: u64,
        segment: Arc<Sealed>,
        /// Of all sealed segments.
        keys: usize,
        /// Whether another segment has the same bit.
        is_bit_shared: bool,
    },
    /// Memory that takes a while to be given back.
    Free(Box<dyn Any + Send>),
}

pub(crate) enum Done {
    Sealed(Result<Sealed, Error>),
    /// All keys of this segment are in this sieve, and its file is whole.
    Sifted(u64, Arc<Sieve>),
}

/// The thread and the way to it.
pub(crate) struct Aside {
    jobs: Option<Sender<Job>>,
    done: Receiver<Done>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Aside {
    pub fn start() -> std::io::Result<Self> {
        let (jobs, waiting) = channel();
        let (report, done) = channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let worker = Worker {
            report,
            is_over: is_over.clone(),
            sieve: Arc::new(Sieve::new()),
            entered: 0,
        };
        let thread = std::thread::Builder::new()
            .name("index".to_owned())
            .spawn(move || worker.run(&waiting))?;
        Ok(Self {
            jobs: Some(jobs),
            done,
            is_over,
            thread: Some(thread),
        })
    }

    pub fn give(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread is gone only after a panic, which nobody hides: `wait` then finds out.
            let _ = jobs.send(job);
        }
    }

    /// What is done by now.
    pub fn done(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }

    /// Waits for the next thing to be done; jobs must be under way.
    pub fn wait(&self) -> Done {
        self.done.recv().expect("the index's thread does not panic")
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // Its panic was printed when it happened.
            let _ = thread.join();
        }
    }
}

struct Worker {
    report: Sender<Done>,
    is_over: Arc<AtomicBool>,
    sieve: Arc<Sieve>,
    /// The bits that stand in it.
    entered: u32,
}

/// The bit of a segment in the sieve.
pub(crate) fn bit(number: u64) -> u32 {
    1 << (number % 32)
}

impl Worker {
    fn run(mut self, waiting: &Receiver<Job>) {
        while let Ok(job) = waiting.recv() {
            // Nobody listens any more when the index is being dropped.
            match job {
                Job::Seal(full) => {
                    let sealed = seal(&full);
                    drop(full);
                    let _ = self.report.send(Done::Sealed(sealed));
                }
                Job::Sift { .. } if self.is_over() => {}
                Job::Sift {
                    number,
                    segment,
                    keys,
                    is_bit_shared,
                } => {
                    if let Some(wider) = self.sieve.widened(keys) {
                        self.sieve = Arc::new(wider);
                    }
                    if !is_bit_shared && self.entered & bit(number) != 0 {
                        self.sieve.clear(bit(number));
                    }
                    self.entered |= bit(number);
                    if self.sift(&segment, bit(number)) {
                        let _ = self.report.send(Done::Sifted(number, self.sieve.clone()));
                    }
                }
                Job::Free(memory) => drop(memory),
            }
        }
    }

    /// Whether it came to the end: the index may be dropped, or the file be damaged.
    fn sift(&self, segment: &Sealed, bit: u32) -> bool {
        for keys in segment.keys() {
            let Some(keys) = keys else { return false };
            keys.for_each(|key| self.sieve.enter(key, bit));
            if self.is_over() {
                return false;
            }
        }
        segment
            .check_blocks()
            .all(|is_whole| is_whole && !self.is_over())
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

fn seal(full: &Full) -> Result<Sealed, Error> {
    let path = match &full.path {
        Some(path) => path.clone(),
        None => {
            let name = format!("copydesk-{}-{}.segment", std::process::id(), full.history);
            std::env::temp_dir().join(name)
        }
    };
    let temporary = path.with_extension("tmp");
    let written = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&temporary)
        .and_then(|file| {
            if full.path.is_none() {
                fs::remove_file(&temporary)?;
            }
            sealed::write(&file, full.history, &full.growing, &full.frequencies)?;
            if full.path.is_some() {
                file.sync_all()?;
                fs::rename(&temporary, &path)?;
                File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
            }
            Ok(file)
        });
    let file = written.map_err(|source| Error::Io {
        action: "writing",
        path: path.clone(),
        source,
    })?;
    Sealed::of(&file, &path)
}
