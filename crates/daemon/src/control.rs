//! The control socket in the state folder: who may write there may ask the running daemon how it
//! does. One router, so that other listeners can offer the same.

use crate::overview::Overview;
use crate::reload::Reloader;
use crate::report::Report;
use crate::roster::Roster;
use crate::web;
use crate::words::causes;
use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{UnixListener, UnixSocket};
use tokio::task::AbortHandle;
use tracing::warn;

/// The socket's name in the state folder.
const SOCKET: &str = "control.sock";
/// Connections that wait to be accepted.
const BACKLOG: u32 = 16;

/// What answers are made of.
#[derive(Debug, Clone)]
pub struct Control {
    pub roster: Arc<Roster>,
    pub overview: Arc<Overview>,
    /// None where the configuration is no file.
    pub reloader: Option<Arc<Reloader>>,
}

/// A socket that is being served, until this is dropped.
#[derive(Debug)]
pub struct Serving {
    path: PathBuf,
    task: AbortHandle,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
        // One that stays is replaced at the next start.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Where the daemon that owns the state folder listens.
pub fn socket(state_directory: &Path) -> PathBuf {
    state_directory.join(SOCKET)
}

/// A daemon that is at work answers well within this.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// What the daemon that owns the folder answers; None where no daemon listens there.
pub async fn ask(
    state_directory: &Path,
    method: &str,
    path: &str,
) -> anyhow::Result<Option<(reqwest::StatusCode, String)>> {
    let socket = socket(state_directory);
    let asking = || format!("asking the daemon at {}", socket.display());
    match tokio::net::UnixStream::connect(&socket).await {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(error).with_context(asking);
        }
        Err(_) => return Ok(None),
    }
    let client = reqwest::Client::builder()
        .unix_socket(socket.as_path())
        .timeout(ANSWER_MAX)
        .build()?;
    let request = client.request(method.parse()?, format!("http://localhost{path}"));
    let answer = request.send().await.with_context(asking)?;
    let status = answer.status();
    let body = answer.bytes().await.with_context(asking)?;
    Ok(Some((status, String::from_utf8_lossy(&body).into_owned())))
}

/// `GET /status`: the report as JSON. `POST /reload`: reads the configuration anew, and answers 422
/// with the reasons where it is refused. And everything that the page offers.
pub fn router(control: Control) -> Router {
    let overview = control.overview.clone();
    Router::new()
        .route("/status", get(status))
        .route("/reload", post(reload))
        .with_state(control)
        .merge(web::router(overview))
}

/// Serves the router on the control socket. The caller owns the state folder: a socket found there
/// is a dead process's. Without a socket copydesk works all the same, so a failure is a warning.
pub fn serve(control: Control) -> Option<Serving> {
    let path = socket(control.overview.store.directory());
    let listener = match listen(&path) {
        Ok(listener) => listener,
        Err(error) => {
            warn!(path = %path.display(), %error, "no control socket, status cannot ask this daemon; where the path is too long, use a shorter state folder");
            return None;
        }
    };
    let serving = tokio::spawn(async move { axum::serve(listener, router(control)).await });
    Some(Serving {
        path,
        task: serving.abort_handle(),
    })
}

fn listen(path: &Path) -> io::Result<UnixListener> {
    if std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket()) {
        std::fs::remove_file(path)?;
    }
    let socket = UnixSocket::new_stream()?;
    socket.bind(path)?;
    // Nobody can connect before it listens, so nobody finds it open to all.
    std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
    socket.listen(BACKLOG)
}

async fn status(State(control): State<Control>) -> Response {
    let report = tokio::task::spawn_blocking(move || {
        let report = Report::new(
            &control.roster.followed(),
            Some(&control.overview.store),
            Some(&control.overview),
            Timestamp::now(),
        )?;
        serde_json::to_vec(&report).context("writing the report")
    });
    let report = report.await.context("the report panicked");
    match report.and_then(|report| report) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("{}\n", causes(&error)),
        )
            .into_response(),
    }
}

async fn reload(State(control): State<Control>) -> Response {
    let Some(reloader) = &control.reloader else {
        return (StatusCode::NOT_FOUND, "there is no file to read anew\n").into_response();
    };
    match reloader.reload().await {
        Ok(applied) => format!("{applied}\n").into_response(),
        Err(reason) => (StatusCode::UNPROCESSABLE_ENTITY, format!("{reason}\n")).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn socket_is_its_owners_alone_and_a_dead_one_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = socket(folder.path());
        // Dropped, it leaves its file behind, as a killed process does.
        drop(listen(&path).expect("a free path"));
        let _listener = listen(&path).expect("the dead one is replaced");
        let mode = std::fs::metadata(&path)
            .expect("it is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(tokio::net::UnixStream::connect(&path).await.is_ok());
    }

    #[tokio::test]
    async fn path_that_is_too_long_or_taken_is_an_error_and_nothing_is_removed() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let long = folder.path().join("x".repeat(120));
        assert!(listen(&long.join(SOCKET)).is_err());
        let taken = folder.path().join("notes");
        std::fs::write(&taken, "mine").expect("the test's own folder");
        assert!(listen(&taken).is_err());
        assert!(taken.exists());
    }
}
