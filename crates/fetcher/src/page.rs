//! Fetches one article's page.

use copydesk_model::{Failure, FetchedFrom, Page, Reason};
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use std::time::Duration;
use url::Url;

use crate::body::{Body, Over};
use crate::exchange::{Request, failure};
use crate::room::Held;
use crate::secret::shown_text;
use crate::{Feed, Fetcher, charset, schedule};

const DOING: &str = "fetching page";
const ACCEPT: &str = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";
/// Before the second attempt; doubled before each further one.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// When to come back for a page whose attempts all failed in ways that pass.
const LATER: Duration = Duration::from_secs(10 * 60);

impl Fetcher {
    /// Fetches one article's page: waits for the host's turn, honours robots.txt, retries what may
    /// pass up to `attempts_max`, decodes to text by BOM, header, meta, detection.
    pub async fn page(&self, url: &str) -> Result<Page, Failure> {
        self.page_of(&Feed::default(), url)
            .await
            .map(|(page, _)| page)
    }

    /// `page` with the user agent, the proxy and, on the feed's own origin, the credentials of the
    /// feed that announced it; and the page's share of the room for bodies, to be held as long as
    /// what is made of it.
    pub async fn page_of(&self, feed: &Feed, url: &str) -> Result<(Page, Held), Failure> {
        let parsed = Url::parse(url).map_err(|error| {
            let detail = format!("{DOING} {}: {error}", shown_text(url));
            Failure::permanent(Reason::BadUrl, detail)
        })?;
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(feed, &parsed).await {
                Ok((mut page, held)) => {
                    url.clone_into(&mut page.requested);
                    return Ok((page, held));
                }
                Err(failure) => failure,
            };
            let Some(wait) = passes_after(&failure) else {
                return Err(failure);
            };
            if attempt >= self.config.attempts_max || wait > self.config.retry_wait_max {
                let retry_after = Some(wait.max(LATER));
                return Err(Failure {
                    retry_after,
                    ..failure
                });
            }
            // Where the host said how long, the wait for its slot is that long already.
            if failure.reason != Reason::SlowDown {
                let backoff = RETRY_AFTER.saturating_mul(1 << (attempt - 1).min(6));
                let backoff = backoff + schedule::jitter(url, attempt.into(), backoff / 2);
                tokio::time::sleep(backoff.max(wait).min(self.config.retry_wait_max)).await;
            }
            attempt += 1;
        }
    }

    async fn attempt(&self, feed: &Feed, url: &Url) -> Result<(Page, Held), Failure> {
        let request = Request {
            doing: DOING,
            url,
            feed,
            accept: ACCEPT,
            validators: None,
            wait_max: self.config.retry_wait_max,
            robots: self.config.robots,
        };
        let answer = self.exchange(request).await?;
        let (final_url, status, sent) = (answer.url.clone(), answer.status.as_u16(), answer.sent);
        if !answer.is_whole() {
            let reason = if answer.retry_after.is_some() {
                Reason::SlowDown
            } else {
                Reason::HttpStatus
            };
            let retry_after = answer
                .retry_after
                .or(is_passing(status).then_some(Duration::ZERO));
            return Err(Failure {
                retry_after,
                ..failure(reason, DOING, &final_url, &format!("status {status}"))
            });
        }
        let content_type = (answer.headers.get(CONTENT_TYPE))
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let wrong_type = |what: &str| {
            failure(
                Reason::WrongType,
                DOING,
                &final_url,
                &format!("{what} in place of a page"),
            )
        };
        let kind = content_type.as_deref().map(media_type).unwrap_or_default();
        if !may_be_page(&kind) {
            return Err(wrong_type(&kind));
        }
        let room = &self.page_room;
        let Body { bytes, held } = answer
            .body(self.config.page_bytes_max, Over::Fails, room)
            .await?;
        if !is_html(&kind) && !begins_as_html(&bytes) {
            return Err(wrong_type(if kind.is_empty() {
                "something else"
            } else {
                &kind
            }));
        }
        let page = Page {
            url: final_url.into(),
            requested: url.to_string(),
            status,
            bytes: bytes.len() as u64,
            elapsed_ms: sent.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
            from: FetchedFrom::Page,
            fetched: Timestamp::now(),
            html: charset::decode(bytes, content_type.as_deref()),
        };
        Ok((page, held))
    }
}

/// After how long the same request may end better; `None` where it will not.
fn passes_after(failure: &Failure) -> Option<Duration> {
    let passes = matches!(
        failure.reason,
        Reason::Dns | Reason::Connect | Reason::Timeout | Reason::Body
    );
    failure.retry_after.or(passes.then_some(Duration::ZERO))
}

fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502..=599)
}

fn media_type(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn is_html(kind: &str) -> bool {
    matches!(kind, "text/html" | "application/xhtml+xml")
}

/// False where it is not worth reading the body. The vague ones are judged by their first bytes.
fn may_be_page(kind: &str) -> bool {
    const VAGUE: &[&str] = &[
        "",
        "text/plain",
        "text/xml",
        "application/xml",
        "application/octet-stream",
        "unknown/unknown",
        "*/*",
        "text",
    ];
    is_html(kind) || kind.contains("html") || VAGUE.contains(&kind)
}

/// Whether the bytes begin, after space, marks and comments, with a tag that only HTML begins with.
pub fn begins_as_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let mut rest =
        head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{fffd}');
    while let Some(after) = rest.strip_prefix("<!--") {
        rest = after
            .split_once("-->")
            .map_or("", |(_, after)| after)
            .trim_start();
    }
    [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<script",
        "<title",
        "<meta",
    ]
    .iter()
    .any(|start| rest.starts_with(start))
}
