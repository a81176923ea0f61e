//! A beat that travels the pipeline as entries do, through every channel and every stage, and tells
//! the supervisor at its end that all of them go on. A wedged stage keeps the beat, so the watchdog
//! bites and `/healthz` names the stage; no timer beside the pipeline says otherwise.

use crate::part::Part;
use sd_notify::NotifyState;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tracing::debug;

/// Between two beats where no watchdog asks for more.
const EVERY: Duration = Duration::from_secs(5);
/// A beat that has not moved for so long is stuck, where no watchdog says otherwise. The longest
/// honest work of a stage is a commit on a busy disk: seconds.
const STUCK: Duration = Duration::from_secs(60);

/// One a pipeline.
#[derive(Debug)]
pub struct Pulse {
    every: Duration,
    stuck: Duration,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The part that has the beat, and since when.
    at: Part,
    since: Instant,
    /// It is on its way.
    is_out: bool,
    /// A beat has come through: polling has begun and every stage answers.
    is_ready: bool,
    status: String,
}

impl Pulse {
    /// As often as the supervisor's watchdog asks.
    pub fn new() -> Arc<Self> {
        let watchdog = sd_notify::watchdog_enabled();
        let inner = Inner {
            at: Part::Schedule,
            since: Instant::now(),
            is_out: false,
            is_ready: false,
            status: String::new(),
        };
        Arc::new(Self {
            every: watchdog.map_or(EVERY, |limit| limit / 4),
            stuck: watchdog.unwrap_or(STUCK),
            inner: Mutex::new(inner),
        })
    }

    /// Gives out the next beat when it is time; there is one at a time.
    pub async fn next(self: &Arc<Self>) -> Beat {
        loop {
            let wait = {
                let mut inner = self.lock();
                let wait = self.every.saturating_sub(inner.since.elapsed());
                if !inner.is_out && (wait.is_zero() || !inner.is_ready) {
                    inner.is_out = true;
                    break;
                }
                if inner.is_out { self.every } else { wait }
            };
            tokio::time::sleep(wait).await;
        }
        let beat = Beat(self.clone());
        beat.reach(Part::Schedule);
        beat
    }

    /// A stage waits for better times and says why: that is no reason to be killed.
    pub fn held_back(&self) {
        self.lock().since = Instant::now();
        notify(&[NotifyState::Watchdog]);
    }

    /// The part that has had the beat for too long.
    pub fn stuck(&self) -> Option<(Part, Duration)> {
        let inner = self.lock();
        let since = inner.since.elapsed();
        (since > self.stuck).then_some((inner.at, since))
    }

    /// Whether polling has begun and every stage has answered.
    pub fn is_ready(&self) -> bool {
        self.lock().is_ready
    }

    /// What the supervisor shows from the next beat on.
    pub fn say(&self, status: String) {
        self.lock().status = status;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no holder of this lock panics")
    }
}

/// On its way through the pipeline.
#[derive(Debug)]
pub struct Beat(Arc<Pulse>);

impl Beat {
    /// The part has it now.
    pub fn reach(&self, part: Part) {
        {
            let mut inner = self.0.lock();
            (inner.at, inner.since) = (part, Instant::now());
        }
        wedge(part);
    }

    /// Through: the supervisor hears of it.
    pub fn arrive(self) {
        let mut inner = self.0.lock();
        (inner.at, inner.since, inner.is_out) = (Part::Schedule, Instant::now(), false);
        let is_first = !std::mem::replace(&mut inner.is_ready, true);
        let status = std::mem::take(&mut inner.status);
        drop(inner);
        let mut news = vec![NotifyState::Watchdog];
        if is_first {
            news.insert(0, NotifyState::Ready);
        }
        if !status.is_empty() {
            news.push(NotifyState::Status(&status));
        }
        notify(&news);
    }
}

/// Tells the supervisor, where there is one.
pub fn notify(news: &[NotifyState]) {
    if let Err(error) = sd_notify::notify(news) {
        debug!(%error, "the supervisor does not listen");
    }
}

/// For tests of debug builds: the stage that `COPYDESK_WEDGE` names stands still for good once the
/// beat reaches it for the second time.
fn wedge(part: Part) {
    #[cfg(debug_assertions)]
    {
        use std::sync::atomic::{AtomicU32, Ordering};
        static BEATS: AtomicU32 = AtomicU32::new(0);
        if std::env::var("COPYDESK_WEDGE").is_ok_and(|wedged| wedged == part.name())
            && BEATS.fetch_add(1, Ordering::Relaxed) > 0
        {
            // The other tasks of this thread go to another one: only the stage is to stand still.
            tokio::task::block_in_place(|| {
                loop {
                    std::thread::park();
                }
            });
        }
    }
    let _ = part;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beat_that_does_not_move_names_the_part_that_has_it() {
        let pulse = Arc::new(Pulse {
            every: Duration::ZERO,
            stuck: Duration::ZERO,
            inner: Mutex::new(Inner {
                at: Part::Schedule,
                since: Instant::now(),
                is_out: false,
                is_ready: false,
                status: String::new(),
            }),
        });
        let beat = pulse.next().await;
        beat.reach(Part::Desk);
        assert!(!pulse.is_ready());
        assert_eq!(pulse.stuck().map(|(part, _)| part), Some(Part::Desk));
        beat.arrive();
        assert!(pulse.is_ready());
        assert_eq!(pulse.stuck().map(|(part, _)| part), Some(Part::Schedule));
    }
}
