use super::{exit, load, log, runtime};
use crate::config::Config;
use crate::is_broken_pipe;
use crate::pipeline::{self, Mode};
use crate::pulse::notify;
use crate::reload::Reloader;
use crate::words::causes;
use sd_notify::NotifyState;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// Runs the daemon until it is stopped, or once.
pub fn run(path: &Path, mode: Mode) -> anyhow::Result<ExitCode> {
    let config = match load(path) {
        Ok(config) => config,
        Err(code) => return Ok(code),
    };
    log("info");
    let ended = runtime()?.block_on(daemon(config, mode));
    match ended {
        // Where the log is read by machines, so is this; the reader of a pipe may leave.
        Err(error) if !is_broken_pipe(&error) => {
            error!(reason = causes(&error), "cannot go on");
            Ok(ExitCode::from(exit::SOFTWARE))
        }
        ended => ended,
    }
}

async fn daemon(config: Config, mode: Mode) -> anyhow::Result<ExitCode> {
    let (stop, cut) = (CancellationToken::new(), CancellationToken::new());
    tokio::spawn(signals(
        stop.clone(),
        cut.clone(),
        config.state.stop_timeout,
    ));
    let is_watched = config.watch_config;
    let is_once = mode.is_once;
    let running = pipeline::start(config, mode, stop, cut.clone())?;
    if let Some(reloader) = running.reloader.clone() {
        tokio::spawn(hangups(reloader.clone()));
        if is_watched {
            tokio::spawn(async move { reloader.watch().await });
        }
    }
    let (summary, health) = (running.summary.clone(), running.health.clone());
    tokio::select! {
        ended = running.ended() => ended?,
        () = forever_after(&cut) => {
            let troubles: Vec<&str> = health.troubles().keys().map(|part| part.name()).collect();
            warn!(?troubles, "cut short; what was not committed will come again");
            return Ok(ExitCode::from(exit::SOFTWARE));
        }
    }
    if is_once {
        eprint!("{summary}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The first SIGTERM or SIGINT stops, a second one or the timeout cuts.
async fn signals(
    stop: CancellationToken,
    cut: CancellationToken,
    timeout: std::time::Duration,
) -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let mut next = async || {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    };
    next().await;
    info!("stopping");
    notify(&[NotifyState::Stopping]);
    stop.cancel();
    tokio::select! { () = next() => {}, () = tokio::time::sleep(timeout) => {} }
    cut.cancel();
    Ok(())
}

/// SIGHUP reads the configuration anew. What came of it is in log and status.
async fn hangups(reloader: Arc<Reloader>) -> anyhow::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    while hangup.recv().await.is_some() {
        let _ = reloader.reload().await;
    }
    Ok(())
}

/// Stages that wait for better times see the cut and end by themselves; a moment for that.
async fn forever_after(cut: &CancellationToken) {
    cut.cancelled().await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
}
