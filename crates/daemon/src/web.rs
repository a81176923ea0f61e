//! The pages, the metrics and the probes, as one router for whoever serves it, and the TCP listener
//! that serves it with a guard before it.
//!
//! The guard: without a token only the machine itself is answered, and only under its own names, so
//! that no page in a browser can reach in by a name that it made point here. With a token, every
//! request but the probes has to show it; a change of state wants it as a bearer, which no browser
//! sends by itself.

mod article;
mod chart;
mod feeds;
mod guard;
mod listen;
mod page;

pub use listen::serve;

use crate::overview::Overview;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use feeds::Query;
use jiff::Timestamp;
use maud::Markup;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Between two looks for what changed.
const TICK: Duration = Duration::from_secs(2);
/// Pages that are kept up to date at once; further ones are shown and stay as they are.
const LIVE_MAX: usize = 32;

/// What the pages are made of.
#[derive(Debug, Clone)]
struct Web {
    overview: Arc<Overview>,
    live: Arc<Semaphore>,
}

/// Pages, metrics, probes.
pub fn router(overview: Arc<Overview>) -> Router {
    let web = Web {
        overview,
        live: Arc::new(Semaphore::new(LIVE_MAX)),
    };
    Router::new()
        .route("/", get(index))
        .route("/article/{number}", get(article))
        .route("/events", get(events))
        .route("/metrics", get(metrics))
        .route("/livez", get(livez))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route(
            "/style.css",
            asset("text/css", include_str!("web/style.css")),
        )
        .route(
            "/script.js",
            asset("text/javascript", include_str!("web/script.js")),
        )
        .route(
            "/icon.svg",
            asset("image/svg+xml", include_str!("web/icon.svg")),
        )
        .with_state(web)
}

fn asset(kind: &'static str, text: &'static str) -> MethodRouter<Web> {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    get(async move || (headers, text))
}

async fn index(State(web): State<Web>, RawQuery(query): RawQuery) -> Response {
    let query = Query::parse(query.as_deref().unwrap_or_default());
    draw(move || Some(page::page(&web.overview, &query, Timestamp::now()))).await
}

async fn article(
    State(web): State<Web>,
    Path(number): Path<u64>,
    RawQuery(query): RawQuery,
) -> Response {
    let with = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(key, _)| key == "with")
        .map(|(_, id)| id.into_owned());
    draw(move || article::page(&web.overview, number, with.as_deref())).await
}

/// Drawing takes CPU time: beside the runtime.
async fn draw(page: impl FnOnce() -> Option<Markup> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(page).await {
        Ok(Some(markup)) => markup.into_response(),
        Ok(None) => {
            let text = "This article is older than those kept in memory, or never was.\n";
            (StatusCode::NOT_FOUND, text).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}

/// The parts of the page that changed, each as an event that goes by its id.
async fn events(State(web): State<Web>, RawQuery(query): RawQuery) -> Response {
    let Ok(place) = web.live.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many live pages\n").into_response();
    };
    let query = Arc::new(Query::parse(query.as_deref().unwrap_or_default()));
    let (sender, receiver) = tokio::sync::mpsc::channel::<Event>(page::PARTS.len());
    tokio::spawn(async move {
        let mut sent = vec![0; page::PARTS.len()];
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !sender.is_closed() {
            tick.tick().await;
            let (overview, query) = (web.overview.clone(), query.clone());
            let drawn = tokio::task::spawn_blocking(move || parts(&overview, &query)).await;
            for ((id, html), sent) in drawn.unwrap_or_default().into_iter().zip(&mut sent) {
                let hash = hash(&html);
                if std::mem::replace(sent, hash) != hash {
                    let _ = sender.send(Event::default().event(id).data(html)).await;
                }
            }
        }
        drop(place);
    });
    let stream = futures_util::stream::unfold(receiver, async |mut receiver| {
        let event = receiver.recv().await?;
        Some((Ok::<_, Infallible>(event), receiver))
    });
    Sse::new(stream)
        .keep_alive(KeepAlive::default())
        .into_response()
}

fn parts(overview: &Overview, query: &Query) -> Vec<(&'static str, String)> {
    let now = Timestamp::now();
    let parts = page::PARTS.iter();
    parts
        .map(|(id, draw)| {
            // The stream has no other way to say a line break.
            (
                *id,
                draw(overview, query, now).into_string().replace('\r', " "),
            )
        })
        .collect()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

async fn metrics(State(web): State<Web>, headers: HeaderMap) -> Response {
    let accepted = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    let is_openmetrics =
        accepted.is_some_and(|accept| accept.contains("application/openmetrics-text"));
    let text = tokio::task::spawn_blocking(move || {
        let overview = &web.overview;
        overview
            .summary
            .metrics
            .text(&overview.now(), is_openmetrics)
    });
    let kind = match is_openmetrics {
        true => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        false => "text/plain; version=0.0.4; charset=utf-8",
    };
    match text.await {
        Ok(text) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}

/// Whether a restart would help: only a stage that stands still is named, as room on a disk comes
/// back without one.
async fn livez(State(web): State<Web>) -> Response {
    probe(web.overview.pulse.stuck().map(|(part, _)| part.name()))
}

/// The parts that fail; why, the log and the page tell.
async fn healthz(State(web): State<Web>) -> Response {
    let failing = web.overview.failing();
    probe(failing.keys().map(|part| part.name()))
}

async fn readyz(State(web): State<Web>) -> Response {
    let starting = (!web.overview.pulse.is_ready()).then_some("starting");
    let failing = web.overview.failing();
    let failing = failing.keys().map(|part| part.name());
    probe(starting.into_iter().chain(failing))
}

/// 503 with these parts, a line each, or 200 where there are none.
fn probe<'a>(parts: impl IntoIterator<Item = &'a str>) -> Response {
    let parts: String = parts.into_iter().map(|part| format!("{part}\n")).collect();
    match parts.is_empty() {
        true => "ok\n".into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, parts).into_response(),
    }
}
