//! Wires the stages, in the order of the picture: schedule → poll → fetch → clean → desk (judge,
//! commit) → writer, with a bounded channel at every arrow.
//!
//! A stop reaches the schedule and the fetches: what is not yet fetched is let go (its poll is
//! unsettled, so it is listed again), what is fetched is cleaned, judged, committed and written.

use crate::channels::Level;
use crate::config::Config;
use crate::control::{self, Control, Serving};
use crate::desk::{Desk, Open, ToWriter};
use crate::health::Health;
use crate::intake::Intake;
use crate::metrics::Metrics;
use crate::overview::Overview;
use crate::part::Part;
use crate::polling::Worker;
use crate::pulse::Pulse;
use crate::recent::Recent;
use crate::reload::Reloader;
use crate::roster::Roster;
use crate::schedule::Schedule;
use crate::summary::Summary;
use crate::traces::Traces;
use crate::work::Arrival;
use crate::writing::{CLOSINGS, Closing, Destination, Done, Progress};
use crate::{cleaning, web, writing};
use anyhow::{Context, anyhow};
use copydesk_deduplicator::{Judge, Position};
use copydesk_fetcher::{Fetcher, FullTexts};
use copydesk_sink::{Closer, Cursor, Step, Writer};
use copydesk_store::{Batch, Store};
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Pages between fetch and clean, and arrivals before the desk: enough to keep both busy, few
/// enough that a page is not kept waiting in memory.
const PAGES: usize = 32;
const ARRIVALS: usize = 256;
/// Batches between commit and file. A slow disk fills it and so slows the polling.
const BATCHES: usize = 4;

/// How to run.
#[derive(Debug, Clone, Default)]
pub struct Mode {
    /// The file of the configuration, for reloads.
    pub path: Option<PathBuf>,
    /// Poll every feed once, settle everything, and end.
    pub is_once: bool,
    /// Lines to standard output in place of files.
    pub is_stdout: bool,
    /// Damaged files of the judge's index are set aside.
    pub without_damaged_index: bool,
}

/// A pipeline that is running.
pub struct Running {
    pub summary: Arc<Summary>,
    pub health: Arc<Health>,
    /// Where there is a file to read anew.
    pub reloader: Option<Arc<Reloader>>,
    stages: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    /// Waits for the end; the first stage that failed tells why.
    pub async fn ended(self) -> anyhow::Result<()> {
        self.stages.await.context("the pipeline panicked")?
    }
}

/// Opens everything and starts. `stop` ends it gently, `cut` at once; nothing committed is lost by
/// either.
pub fn start(
    mut config: Config,
    mode: Mode,
    stop: CancellationToken,
    cut: CancellationToken,
) -> anyhow::Result<Running> {
    // What the stages share.
    let roster = Arc::new(Roster::new(std::mem::take(&mut config.feeds)));
    let config = Arc::new(config);
    let pulse = Pulse::new();
    let health = Arc::new(Health::new(cut.clone(), pulse.clone()));
    let store = health.when_there_is_room(Part::State, || {
        Store::open(config.state.store.clone()).context("opening the state")
    })?;
    let store = Arc::new(store);
    let metrics = Metrics::new(config.status.host_metrics);
    let summary = Arc::new(Summary::new(&roster, metrics));
    let traces = Arc::new(Traces::start(&config.traces)?);
    let recent = Arc::new(Recent::new(config.status.recent_bytes_max));

    // The arrows.
    let (to_clean, pages) = mpsc::channel(PAGES);
    let (to_desk, arrivals) = mpsc::channel::<Arrival>(ARRIVALS);
    let (to_writer, committed) = mpsc::channel::<ToWriter>(BATCHES);
    let (to_schedule, changes) = mpsc::channel(1);
    let polls = Arc::new(Semaphore::new(config.fetch.polls_max));
    let places = Arc::new(Semaphore::new(config.fetch.entries_max));
    let levels = vec![
        Level::places("polls", config.fetch.polls_max, &polls),
        Level::places("entries", config.fetch.entries_max, &places),
        Level::channel("clean", &to_clean),
        Level::channel("desk", &to_desk),
        Level::channel("writer", &to_writer),
    ];
    let overview = Overview::new(
        summary.clone(),
        health.clone(),
        pulse.clone(),
        store.clone(),
        recent.clone(),
        levels,
    );
    let reloader = mode.path.map(|path| {
        let settings = config.settings.clone();
        Arc::new(Reloader::new(path, settings, to_schedule, overview.clone()))
    });
    summary
        .history
        .restore(value(&store, "day")?.unwrap_or_default());
    // Before anything that may take long or fail, so that it can be asked about that.
    let control = Control {
        roster: roster.clone(),
        overview: overview.clone(),
        reloader: reloader.clone(),
    };
    let told = Told::begin(&config, control, mode.is_once);

    // What is kept over runs, from where the last one left it.
    let cursor: Cursor = value(&store, "cursor")?.unwrap_or_default();
    let judge = open_index(&config, &store, mode.without_damaged_index)?;
    let progress = Arc::new(Progress::default());
    let output = Output::open(&config, &store, &health, &cursor, mode.is_stdout)?;
    let (to_closer, closings) = mpsc::channel::<Closing>(CLOSINGS.max(output.left.len()));
    for (number, step) in output.left {
        progress.is_closing(number);
        to_closer
            .try_send((number, step))
            .context("there is room for all of them")?;
    }
    summary.metrics.index_articles(judge.len());
    info!(feeds = roster.followed().len(), known = judge.len(), output = %config.output.files.directory.display(), "started");

    // The stages.
    let fetcher = Arc::new(Fetcher::new(config.fetch.client.clone())?);
    let intake = Arc::new(Intake::new(config.fetch.host_entries_max));
    // Bounded by their use: at most one message a feed, as a feed is not polled before it is back.
    let (settled, back) = mpsc::unbounded_channel();
    let (has_answered, answered) = mpsc::unbounded_channel();
    let full_texts = Arc::new(FullTexts::default());
    let worker = Worker {
        config: config.clone(),
        roster,
        fetcher,
        full_texts: full_texts.clone(),
        store: store.clone(),
        intake: intake.clone(),
        summary: summary.clone(),
        traces: traces.clone(),
        health: health.clone(),
        places,
        to_clean,
        to_desk: to_desk.clone(),
        answered: has_answered,
        stop: stop.clone(),
    };
    let schedule = Schedule {
        config: config.clone(),
        worker: Arc::new(worker),
        polls,
        answered,
        back,
        changes,
        pulse,
        stop: stop.clone(),
        is_once: mode.is_once,
    };
    let cleaning = cleaning::run(config.clone(), full_texts, summary.clone(), pages, to_desk)?;
    let desk = Desk {
        config,
        store: store.clone(),
        judge,
        cursor,
        intake,
        summary: summary.clone(),
        recent,
        health: health.clone(),
        settled,
        committed: to_writer,
        progress: progress.clone(),
        forgotten: progress.done(),
        retained: None,
        is_stdout: mode.is_stdout,
        batch: Open::default(),
    };
    let desk = on_own_thread("desk", stop.clone(), desk.run(arrivals))?;
    let writer = on_own_thread(
        "writer",
        stop.clone(),
        writing::run(
            output.destination,
            committed,
            to_closer,
            health.clone(),
            summary.clone(),
            progress.clone(),
        ),
    )?;
    let closer = on_own_thread(
        "closer",
        stop.clone(),
        writing::close(output.closer, closings, health.clone(), progress.clone()),
    )?;

    // And they run.
    let cleaning = ending_all(stop, cleaning);
    let (schedule, cleaning) = (tokio::spawn(schedule.run()), tokio::spawn(cleaning));
    let stages = tokio::spawn(async move {
        let ends = [
            schedule.await.unwrap_or_else(|panic| Err(panic.into())),
            cleaning.await.unwrap_or_else(|panic| Err(panic.into())),
            desk.await
                .unwrap_or_else(|_| Err(anyhow!("the desk panicked"))),
            writer
                .await
                .unwrap_or_else(|_| Err(anyhow!("the writer panicked"))),
            closer
                .await
                .unwrap_or_else(|_| Err(anyhow!("the closer panicked"))),
        ];
        // A stage that fails drops its channel; the ones before it then find nobody to send to. So
        // the last stage that failed is the cause.
        for end in ends.into_iter().rev() {
            end?;
        }
        close(&store, progress.done())?;
        traces.close().await;
        drop(told);
        info!("stopped");
        Ok(())
    });
    Ok(Running {
        summary,
        health,
        reloader,
        stages,
    })
}

/// What tells how it goes, until this is dropped: the page, the control socket, the supervisor.
struct Told {
    _serving: Option<Serving>,
    tasks: Vec<JoinHandle<()>>,
}

impl Told {
    fn begin(config: &Config, control: Control, is_once: bool) -> Self {
        let page = config.status.listen.filter(|_| !is_once);
        let page = page.map(|address| {
            let router = control::router(control.clone());
            tokio::spawn(web::serve(address, config.status.token.clone(), router))
        });
        let watching = tokio::spawn(control.overview.clone().watch());
        Self {
            _serving: control::serve(control),
            tasks: page.into_iter().chain([watching]).collect(),
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// The judge, with all that it knew at the last commit.
fn open_index(config: &Config, store: &Store, without_damage: bool) -> anyhow::Result<Judge> {
    // Without a committed position nothing that the index holds was ever committed.
    let position: Position = value(store, "position")?.unwrap_or_default();
    let folder = store.directory().join("index");
    if !without_damage {
        return Judge::open(&folder, config.dedup.clone(), Some(position))
            .context("opening the index");
    }
    let (judge, aside) = Judge::open_without_damage(&folder, config.dedup.clone(), position)
        .context("opening the index")?;
    for file in aside {
        warn!(file = %file.display(), "damaged file of the index set aside");
    }
    Ok(judge)
}

/// Where lines go, with everything written that was committed.
struct Output {
    destination: Destination,
    closer: Option<Closer>,
    /// Files that were still to be closed.
    left: Vec<Closing>,
}

impl Output {
    fn open(
        config: &Config,
        store: &Store,
        health: &Health,
        cursor: &Cursor,
        is_stdout: bool,
    ) -> anyhow::Result<Self> {
        if is_stdout {
            return Ok(Self {
                destination: Destination::Stdout,
                closer: None,
                left: Vec::new(),
            });
        }
        let mut writer = Writer::open(config.output.files.clone())?;
        let left = health.when_there_is_room(Part::Output, || replay(store, &mut writer))?;
        writer.check(cursor)?;
        Ok(Self {
            closer: Some(writer.closer()),
            destination: Destination::Files(writer),
            left,
        })
    }
}

/// The last commit: what of the outbox is done.
fn close(store: &Store, done: Done) -> anyhow::Result<()> {
    let batch = Batch {
        outbox_done: Some(done.through).filter(|&through| through > 0),
        outbox_kept: done.closing,
        ..Batch::default()
    };
    store
        .commit(batch, Timestamp::now())
        .context("closing the state")?;
    Ok(())
}

/// Carries out what was committed but perhaps not written when the last run ended. Gives back what
/// is left for the closer.
fn replay(store: &Store, writer: &mut Writer) -> anyhow::Result<Vec<Closing>> {
    let rows = store.outbox().context("reading the outbox")?;
    let Some((last, count)) = rows.last().map(|(last, _)| (*last, rows.len())) else {
        return Ok(Vec::new());
    };
    let steps = rows
        .into_iter()
        .map(|(number, row)| Ok((number, serde_json::from_value(row)?)));
    let steps: Vec<(u64, Step)> = steps
        .collect::<anyhow::Result<_>>()
        .context("reading the outbox")?;
    let mut left = copydesk_sink::needed(steps);
    for (_, step) in &left {
        writer.apply(step)?;
    }
    left.retain(|(_, step)| step.is_closing());
    if writer.sync()? {
        let batch = Batch {
            outbox_done: Some(last),
            outbox_kept: left.iter().map(|(number, _)| *number).collect(),
            ..Batch::default()
        };
        store.commit(batch, Timestamp::now())?;
    }
    info!(steps = count, "outbox replayed");
    Ok(left)
}

fn value<T: serde::de::DeserializeOwned>(store: &Store, name: &str) -> anyhow::Result<Option<T>> {
    let value = store
        .value(name)
        .with_context(|| format!("reading {name}"))?;
    value
        .map(serde_json::from_value)
        .transpose()
        .with_context(|| format!("reading {name}"))
}

type Ended = tokio::sync::oneshot::Receiver<anyhow::Result<()>>;

/// The stage, whose end stops the schedule, whether it was done, failed or panicked: without it
/// nothing would be done with what is polled, and on a quiet day nothing would come to tell.
fn ending_all<T>(
    stop: CancellationToken,
    stage: impl Future<Output = T>,
) -> impl Future<Output = T> {
    let stop = stop.drop_guard();
    async move {
        let _stop = stop;
        stage.await
    }
}

/// Runs a stage that blocks on the disk on a thread of its own. A panic in it drops the sender.
fn on_own_thread(
    name: &str,
    stop: CancellationToken,
    stage: impl Future<Output = anyhow::Result<()>> + Send + 'static,
) -> anyhow::Result<Ended> {
    let (ended, end) = tokio::sync::oneshot::channel();
    let stage = ending_all(stop, stage);
    let runtime = tokio::runtime::Handle::current();
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            // Nobody waits for the end only when the process is ending anyway.
            let _ = ended.send(runtime.block_on(stage));
        })
        .with_context(|| format!("starting the {name}"))?;
    Ok(end)
}
