//! What keeps copydesk from doing its work at the moment, part by part.

use crate::part::Part;
use crate::pulse::Pulse;
use crate::words::causes;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// Between two tries of a write that failed: soon enough that work goes on within seconds of space
/// returning.
pub const RETRY: Duration = Duration::from_secs(1);

/// The parts in trouble, with the reason.
#[derive(Debug)]
pub struct Health {
    troubles: Mutex<BTreeMap<Part, String>>,
    /// Told to stop now: nothing waits for better times any more.
    cut: CancellationToken,
    pulse: Arc<Pulse>,
}

impl Health {
    pub fn new(cut: CancellationToken, pulse: Arc<Pulse>) -> Self {
        Self {
            troubles: Mutex::default(),
            cut,
            pulse,
        }
    }

    /// Tries until it works. What cannot pass by itself (a damaged file, another's file) and a
    /// trouble that lasts when copydesk is cut short are given back as errors.
    pub fn patiently<T>(
        &self,
        part: Part,
        mut attempt: impl FnMut() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        loop {
            match self.noted(part, attempt())? {
                Some(done) => return Ok(done),
                None => {
                    // Desk and writer wait here with what comes after them: no reason to be killed.
                    self.pulse.held_back();
                    std::thread::sleep(RETRY);
                }
            }
        }
    }

    /// The same for tasks that share their thread.
    pub async fn patiently_async<T>(
        &self,
        part: Part,
        mut attempt: impl FnMut() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        loop {
            match self.noted(part, attempt())? {
                Some(done) => return Ok(done),
                None => tokio::time::sleep(RETRY).await,
            }
        }
    }

    /// The same at the start, where somebody is watching: only a full disk is waited for.
    pub fn when_there_is_room<T>(
        &self,
        part: Part,
        mut attempt: impl FnMut() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.patiently(part, || match attempt() {
            Err(trouble) if !is_full(&trouble) => Ok(Err(trouble)),
            other => other.map(Ok),
        })?
    }

    /// None where a try failed in a way that may pass: noted, and to be tried again.
    pub fn noted<T>(&self, part: Part, tried: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
        match tried {
            Ok(done) => {
                self.clear(part);
                Ok(Some(done))
            }
            Err(trouble) if may_pass(&trouble) && !self.cut.is_cancelled() => {
                self.note(part, &trouble);
                Ok(None)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// The parts in trouble and their reasons; empty when healthy.
    pub fn troubles(&self) -> BTreeMap<Part, String> {
        self.lock().clone()
    }

    fn note(&self, part: Part, trouble: &anyhow::Error) {
        let reason = causes(trouble);
        if self.lock().insert(part, reason.clone()).is_none() {
            error!(part = part.name(), reason, "held back, trying again");
        }
    }

    fn clear(&self, part: Part) {
        if self.lock().remove(&part).is_some() {
            info!(part = part.name(), "on its way again");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Part, String>> {
        self.troubles.lock().expect("no holder of this lock panics")
    }
}

fn may_pass(trouble: &anyhow::Error) -> bool {
    use {
        copydesk_deduplicator::Error as Index, copydesk_sink::Error as Sink,
        copydesk_store::Error as Store,
    };
    matches!(trouble.downcast_ref(), Some(Sink::Io { .. }))
        || matches!(trouble.downcast_ref(), Some(Store::Io { .. }))
        || matches!(trouble.downcast_ref(), Some(Index::Io { .. }))
}

fn is_full(trouble: &anyhow::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    let mut causes = trouble.chain().filter_map(|cause| cause.downcast_ref());
    causes.any(|cause: &std::io::Error| matches!(cause.kind(), StorageFull | QuotaExceeded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_disk_is_waited_for_and_a_damaged_file_is_not() {
        let health = Health::new(CancellationToken::new(), Pulse::new());
        let mut tries = 0;
        let done = health.patiently(Part::Output, || {
            tries += 1;
            if tries == 1 {
                let source = std::io::ErrorKind::StorageFull.into();
                return Err(copydesk_sink::Error::Io {
                    action: "writing",
                    path: "news.ndjson".into(),
                    source,
                }
                .into());
            }
            assert!(health.troubles()[&Part::Output].contains("news.ndjson"));
            Ok(tries)
        });
        assert_eq!(done.unwrap(), 2);
        assert!(health.troubles().is_empty());
        let conflict = copydesk_sink::Error::Conflict {
            path: "news.ndjson".into(),
            what: "shorter than logged".into(),
        };
        let mut conflict = Some(conflict);
        assert!(
            health
                .patiently(Part::Output, || Err::<(), _>(
                    conflict.take().unwrap().into()
                ))
                .is_err()
        );
    }
}
