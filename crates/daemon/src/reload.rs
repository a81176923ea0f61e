//! The configuration read anew while copydesk runs. Feeds are taken over at once; a file that is
//! wrong is refused whole, with the old one still in force; what else differs is named, as it takes
//! a restart.

use crate::config::{Config, Settings};
use crate::overview::Overview;
use crate::pulse::notify;
use crate::roster::Changes;
use crate::words;
use copydesk_fetcher::Feed;
use sd_notify::NotifyState;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::{Mutex, mpsc, oneshot};
use tracing::{error, info};

/// How often the file is looked at where it is watched; it is read when two looks in a row saw the
/// same, so that a half-written file is left alone.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// To the schedule: the feeds from now on.
pub struct Change {
    pub feeds: Vec<Feed>,
    pub done: oneshot::Sender<Changes>,
}

/// What came of a reload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    /// Keys that differ and keep their old values until a restart.
    pub restart: Vec<String>,
}

impl fmt::Display for Applied {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            added,
            changed,
            removed,
            restart,
        } = self;
        write!(
            formatter,
            "{} added, {changed} changed, {removed} removed",
            words::some(*added as u64, "feeds")
        )?;
        match restart.is_empty() {
            true => Ok(()),
            false => write!(formatter, "; only after a restart: {}", restart.join(", ")),
        }
    }
}

/// Reads one file, whoever asks; one at a time.
#[derive(Debug)]
pub struct Reloader {
    path: PathBuf,
    /// What is in force.
    settings: Settings,
    changes: mpsc::Sender<Change>,
    overview: Arc<Overview>,
    turn: Mutex<()>,
}

impl Reloader {
    pub fn new(
        path: PathBuf,
        settings: Settings,
        changes: mpsc::Sender<Change>,
        overview: Arc<Overview>,
    ) -> Self {
        Self {
            path,
            settings,
            changes,
            overview,
            turn: Mutex::default(),
        }
    }

    /// Takes the file over, or says why not, a line a problem. Told in log and status too.
    pub async fn reload(&self) -> Result<Applied, String> {
        let _turn = self.turn.lock().await;
        let mut news = vec![NotifyState::Reloading];
        news.extend(NotifyState::monotonic_usec_now());
        notify(&news);
        let outcome = self.apply().await;
        match &outcome {
            Ok(applied) => info!(%applied, "configuration reloaded"),
            Err(reason) => error!(reason, "configuration refused, the old one is in force"),
        }
        let told = outcome.as_ref().map(ToString::to_string);
        self.overview.reloaded(told.map_err(Clone::clone));
        notify(&[NotifyState::Ready]);
        outcome
    }

    async fn apply(&self) -> Result<Applied, String> {
        let path = self.path.clone();
        let read = tokio::task::spawn_blocking(move || Config::load(&path)).await;
        let config = read
            .map_err(|error| error.to_string())?
            .map_err(|problems| {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                lines.join("\n")
            })?;
        let (done, changes) = oneshot::channel();
        let change = Change {
            feeds: config.feeds,
            done,
        };
        let stopping = |_| "copydesk is stopping".to_owned();
        self.changes.send(change).await.map_err(|_| stopping(()))?;
        let changes = changes.await.map_err(|_| stopping(()))?;
        Ok(Applied {
            added: changes.added.len(),
            changed: changes.changed.len(),
            removed: changes.removed.len(),
            restart: self.settings.differing(&config.settings),
        })
    }

    /// Reloads whenever the file has changed.
    pub async fn watch(&self) {
        let mut known = look(&self.path).await;
        let mut last = known;
        loop {
            tokio::time::sleep(WATCH_EVERY).await;
            let now = look(&self.path).await;
            if now == last && now != known {
                known = now;
                let _ = self.reload().await;
            }
            last = now;
        }
    }
}

/// Through symbolic links: some deployments replace the link and not the file.
async fn look(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = tokio::fs::metadata(path).await.ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
