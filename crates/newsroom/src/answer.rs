use crate::feed::{self, http_date};
use crate::ledger::{REQUESTS_MAX, Request as Entered};
use crate::line::Scissors;
use crate::misbehaviour::{self, Misbehaviour};
use crate::newsroom::{Desk, OnAir, UNPOISONED};
use crate::page;
use crate::site::{Body as StoryBody, Validators};
use crate::sitemap;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use xxhash_rust::xxh3::xxh3_64;

const HTML: &str = "text/html; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";

/// Enters the request in the ledger and answers it: well, or as the path was told to misbehave.
pub(crate) async fn answer(
    State(on_air): State<Arc<OnAir>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let whole = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.clone(),
    };
    let _under_way = enter(&on_air, &request, &whole);
    let (right, told, at) = {
        let mut desk = on_air.desk();
        let told = desk.told(&path, &whole);
        (desk.right(&on_air.base, &path), told, Instant::now())
    };
    let Some(told) = told else {
        let response = right.respond(request.headers());
        if response.status() == StatusCode::OK {
            on_air.desk().listed(&path, at);
        }
        return response;
    };
    misbehave(told, right, &path, &query, request.headers(), &scissors).await
}

/// Counts a request as under way until dropped.
struct UnderWay(Arc<OnAir>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

fn enter(on_air: &Arc<OnAir>, request: &Request, path: &str) -> UnderWay {
    let under_way = on_air.under_way.fetch_add(1, Ordering::Relaxed) + 1;
    let headers = request.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let entered = Entered {
        site: on_air.name.clone(),
        method: request.method().to_string(),
        path: path.to_owned(),
        headers: headers.collect(),
        at: Instant::now(),
        under_way,
    };
    on_air.ledger.lock().expect(UNPOISONED).enter(entered);
    UnderWay(Arc::clone(on_air))
}

impl Desk {
    /// What the most exact of the paths is to do, once less.
    fn told(&mut self, path: &str, whole: &str) -> Option<Misbehaviour> {
        for name in [whole, path, "*"] {
            if let Some((misbehaviour, times)) = self.misbehaviours.get_mut(name) {
                let told = misbehaviour.clone();
                if *times != u32::MAX {
                    *times -= 1;
                }
                if *times == 0 {
                    self.misbehaviours.remove(name);
                }
                return Some(told);
            }
        }
        None
    }

    /// A path was answered in full with what stood there at that moment.
    fn listed(&mut self, path: &str, at: Instant) {
        if self.site.feeds.iter().any(|kind| kind.path() == path) {
            if self.listings.len() == REQUESTS_MAX {
                self.listings.pop_front();
            }
            self.listings.push_back(at);
        }
    }

    /// The right answer to a path.
    fn right(&mut self, base: &str, path: &str) -> Answer {
        let site = &self.site;
        let of = |content_type: &str, body: Bytes, changed: Timestamp| Answer {
            status: StatusCode::OK,
            content_type: content_type.to_owned(),
            body,
            changed,
            validators: site.validators,
            is_gzipped: site.is_gzipped,
            headers: Vec::new(),
        };
        if let Some(file) = site.files.get(path) {
            return of(&file.content_type, file.bytes.clone(), self.changed);
        }
        if let Some(kind) = site.feeds.iter().copied().find(|kind| kind.path() == path) {
            let cached = self.feeds.get(&kind);
            let body = match cached.filter(|(revision, _)| *revision == self.revision) {
                Some((_, body)) => body.clone(),
                None => Bytes::from(feed::render(site, kind, base, self.changed)),
            };
            self.feeds.insert(kind, (self.revision, body.clone()));
            return Answer {
                headers: site.feed_headers.clone(),
                ..of(kind.content_type(), body, self.changed)
            };
        }
        let slug = path.strip_prefix('/').unwrap_or(path);
        if let Some(story) = site.stories.iter().find(|story| story.slug == slug) {
            let changed = story.modified.unwrap_or(story.published);
            return match &story.body {
                StoryBody::Page(file) => of(&file.content_type, file.bytes.clone(), changed),
                StoryBody::Paragraphs(paragraphs) => {
                    let html = page::render(site, story, paragraphs, base);
                    // Related links change with the site, so the page is as new as the site.
                    of(HTML, Bytes::from(html), self.changed)
                }
            };
        }
        let (content_type, body) = match path {
            "/" => (HTML, page::home(site, base).into()),
            "/sitemap.xml" => (XML, sitemap::index(base).into()),
            "/sitemap-news.xml" => (XML, sitemap::news(site, base).into()),
            "/sitemap-news.xml.gz" => {
                let sitemap = sitemap::news(site, base);
                (
                    "application/gzip",
                    misbehaviour::gzipped(sitemap.as_bytes()),
                )
            }
            _ => return self.not_found(),
        };
        of(content_type, body, self.changed)
    }

    fn not_found(&self) -> Answer {
        Answer {
            status: StatusCode::NOT_FOUND,
            content_type: HTML.to_owned(),
            body: short_page("Not found"),
            changed: self.changed,
            validators: Validators::None,
            is_gzipped: false,
            headers: Vec::new(),
        }
    }
}

/// The right answer, before anything is done to it.
struct Answer {
    status: StatusCode,
    content_type: String,
    body: Bytes,
    changed: Timestamp,
    validators: Validators,
    is_gzipped: bool,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// With validators, and 304 where the request's still hold.
    fn respond(self, request: &HeaderMap) -> Response {
        let has_etag = matches!(self.validators, Validators::Both | Validators::Etag);
        let has_date = matches!(self.validators, Validators::Both | Validators::LastModified);
        let etag = has_etag.then(|| format!("\"{:016x}\"", xxh3_64(&self.body)));
        let date = has_date.then(|| http_date(self.changed));
        let asked = |name: HeaderName| request.get(name).and_then(|value| value.to_str().ok());
        // RFC 9110: a date beside an ETag is not looked at. Ours is compared as a string, as many
        // servers do: a client must send back what it got.
        let holds = match (asked(IF_NONE_MATCH), asked(IF_MODIFIED_SINCE)) {
            (Some(tags), _) if has_etag => etag.as_deref().is_some_and(|etag| {
                let known = |tag: &str| tag.trim().trim_start_matches("W/") == etag;
                tags.split(',').any(known)
            }),
            (_, since) => since.is_some() && since == date.as_deref(),
        };
        let mut headers: Vec<(HeaderName, String)> = Vec::new();
        headers.extend(self.headers.into_iter().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes());
            (name.expect("a test names a real header"), value)
        }));
        headers.extend(etag.map(|etag| (ETAG, etag)));
        headers.extend(date.map(|date| (LAST_MODIFIED, date)));
        if holds {
            return response(StatusCode::NOT_MODIFIED, headers, Body::empty());
        }
        headers.push((CONTENT_TYPE, self.content_type));
        if self.is_gzipped && asked(ACCEPT_ENCODING).is_some_and(|list| list.contains("gzip")) {
            headers.push((CONTENT_ENCODING, "gzip".to_owned()));
            return response(
                self.status,
                headers,
                Body::from(misbehaviour::gzipped(&self.body)),
            );
        }
        response(self.status, headers, Body::from(self.body))
    }
}

async fn misbehave(
    told: Misbehaviour,
    right: Answer,
    path: &str,
    query: &str,
    request: &HeaderMap,
    scissors: &Scissors,
) -> Response {
    let typed = |body: Body| {
        let headers = vec![(CONTENT_TYPE, right.content_type.clone())];
        response(StatusCode::OK, headers, body)
    };
    let head = || right.body.slice(..right.body.len().min(512));
    match told {
        Misbehaviour::Slow(delay) => {
            tokio::time::sleep(delay).await;
            right.respond(request)
        }
        Misbehaviour::Hang => std::future::pending().await,
        Misbehaviour::Drop => {
            scissors.cut();
            std::future::pending().await
        }
        Misbehaviour::Status { code, retry_after } => {
            let status = StatusCode::from_u16(code).expect("a test names a real status");
            let mut headers = vec![(CONTENT_TYPE, HTML.to_owned())];
            headers.extend(retry_after.map(|value| (RETRY_AFTER, value)));
            let words = status.canonical_reason().unwrap_or("Trouble");
            response(status, headers, Body::from(short_page(words)))
        }
        Misbehaviour::Redirect { code, to } => redirect(code, to),
        Misbehaviour::RedirectChain { code, hops } => {
            let hop = numbered(query, "hop=");
            if hop < hops {
                redirect(code, format!("{path}?hop={}", hop + 1))
            } else {
                right.respond(request)
            }
        }
        Misbehaviour::RedirectLoop => {
            let next = if numbered(query, "loop=") == 1 { 2 } else { 1 };
            redirect(302, format!("{path}?loop={next}"))
        }
        Misbehaviour::Charset { sent, declared } => {
            let encoding = encoding_rs::Encoding::for_label(sent.as_bytes())
                .expect("a test names a real charset");
            let text = String::from_utf8_lossy(&right.body);
            let body = encoding.encode(&text).0.into_owned();
            let media = right.content_type.split(';').next().unwrap_or_default();
            let content_type = match declared {
                Some(charset) => format!("{media}; charset={charset}"),
                None => media.to_owned(),
            };
            let headers = vec![(CONTENT_TYPE, content_type)];
            response(StatusCode::OK, headers, Body::from(body))
        }
        Misbehaviour::Truncated => {
            let headers = vec![
                (CONTENT_TYPE, right.content_type.clone()),
                (CONTENT_LENGTH, right.body.len().to_string()),
            ];
            let body = misbehaviour::truncated(&right.body);
            response(StatusCode::OK, headers, body)
        }
        Misbehaviour::HalfDocument => typed(Body::from(right.body.slice(..right.body.len() / 2))),
        Misbehaviour::Drip { bytes, gap } => {
            typed(misbehaviour::dripped(right.body.clone(), bytes, gap))
        }
        Misbehaviour::Huge { bytes } => typed(misbehaviour::huge(head(), bytes)),
        Misbehaviour::GzipBomb { bytes } => {
            let headers = vec![
                (CONTENT_TYPE, right.content_type.clone()),
                (CONTENT_ENCODING, "gzip".to_owned()),
            ];
            let body = misbehaviour::gzip_bomb(&head(), bytes);
            response(StatusCode::OK, headers, body)
        }
        Misbehaviour::Garbage => typed(Body::from(misbehaviour::garbage())),
        Misbehaviour::Html => {
            let headers = vec![(CONTENT_TYPE, HTML.to_owned())];
            response(StatusCode::OK, headers, Body::from(short_page("Welcome")))
        }
        Misbehaviour::Other(file) => {
            let headers = vec![(CONTENT_TYPE, file.content_type)];
            response(StatusCode::OK, headers, Body::from(file.bytes))
        }
    }
}

fn numbered(query: &str, name: &str) -> u32 {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.parse().ok())
        .unwrap_or(0)
}

fn redirect(code: u16, to: String) -> Response {
    let status = StatusCode::from_u16(code).expect("a test names a real status");
    response(status, vec![(LOCATION, to)], Body::empty())
}

fn short_page(words: &str) -> Bytes {
    Bytes::from(format!(
        "<!doctype html><html><head><title>{words}</title></head><body><h1>{words}</h1></body></html>"
    ))
}

fn response(status: StatusCode, headers: Vec<(HeaderName, String)>, body: Body) -> Response {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response
        .body(body)
        .expect("a test names real header values")
}
