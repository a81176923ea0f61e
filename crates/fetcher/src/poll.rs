//! Polls a feed once, and works out what is to be remembered of it.

use copydesk_model::{Entry, Failure, FeedDocument, Reason};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tracing::warn;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::body::Over;
use crate::exchange::{Answer, Request, Validators, failure, url_hash};
use crate::links::{self, Links};
use crate::page::begins_as_html;
use crate::secret::{shown, shown_text};
use crate::{
    Auth, Feed, FeedKind, FeedState, Fetcher, Move, Poll, PollOutcome, Secret, charset, find,
    read_feed, schedule,
};

const DOING: &str = "polling feed";
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, \
    application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1";
/// Once in this time a feed is asked without validators: some servers answer 304 for ever.
const UNCONDITIONAL_EVERY: Duration = Duration::from_secs(3 * 24 * 3600);
/// A permanent redirect is believed after this many equal answers …
const MOVED_ANSWERS: u32 = 3;
/// … over at least this long: maintenance pages answer 301 too.
const MOVED_FOR: SignedDuration = SignedDuration::from_hours(3 * 24);
/// A URL that was rewritten and fails this often in a row is given up for the configured one.
const MOVED_FAILURES_MAX: u32 = 3;
/// Answers of 410 after which a feed is only probed.
pub const GONE_ANSWERS: u32 = 2;
/// Entries remembered of the last poll, to see what is new and whether some were missed.
const RECENT_MAX: usize = 256;
/// How much of the entries' pace is taken from the last poll; the rest from before.
const PACE_SHARE: f32 = 0.2;

/// A good answer: what it held and what its headers said.
struct Good {
    /// None: 304.
    document: Option<FeedDocument>,
    body_hash: u64,
    /// The `url_hash` of the URL that gave it in the end.
    answered_by: u64,
    headers: HeaderMap,
    moved_to: Option<Url>,
    /// The feed that the page at the configured URL named: this is its answer.
    named: Option<Url>,
    was_conditional: bool,
}

/// What the URL of a feed holds.
enum Asked {
    Good(Box<Good>),
    /// A web page, and the feed that it names.
    Page {
        at: Url,
        named: Option<Url>,
    },
}

/// A bad one, and whether it said that the feed is gone for good.
struct Bad {
    failure: Failure,
    is_gone: bool,
}

impl From<Failure> for Bad {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            is_gone: false,
        }
    }
}

impl Fetcher {
    /// Asks for the feed once, with the validators of `state`. Never errs: a failure is an outcome
    /// with a state of its own (back-off). Waits for the host's turn.
    pub async fn poll(&self, feed: &Feed, state: &FeedState) -> Poll {
        self.poll_at(feed, state, Timestamp::now()).await
    }

    /// `poll` with the time of day given.
    pub(crate) async fn poll_at(&self, feed: &Feed, state: &FeedState, now: Timestamp) -> Poll {
        let mut state = state.clone();
        self.forget_other_variant(feed, &mut state);
        match self.ask(feed, &state, now).await {
            Ok(good) => {
                let known_body = state.body_hash == Some(good.body_hash);
                let fresh = schedule::freshness(&good.headers, now);
                take_good(feed, &mut state, &good, now);
                state.next_poll = Some(schedule::next_poll(&self.config, feed, &state, now, fresh));
                let outcome = match good.document {
                    Some(document) if !known_body => PollOutcome::Document(document),
                    _ => PollOutcome::NotModified,
                };
                Poll { outcome, state }
            }
            Err(bad) => self.take_bad(feed, state, bad, now),
        }
    }

    /// Asks where the feed is known to be. A page in place of a feed that never was one is taken for
    /// the site's, and the feed asked that it names.
    async fn ask(&self, feed: &Feed, state: &FeedState, now: Timestamp) -> Result<Good, Bad> {
        let asked = state.moved_to.as_deref().unwrap_or(&feed.url);
        let url = Url::parse(asked).map_err(|error| {
            let detail = format!("{DOING} {}: {error}", shown_text(asked));
            Failure::permanent(Reason::BadUrl, detail)
        })?;
        let is_site =
            feed.kind == FeedKind::Feed && (state.is_site || state.last_success.is_none());
        match self.ask_at(&url, feed, state, now).await? {
            Asked::Good(good) => Ok(*good),
            Asked::Page {
                named: Some(named), ..
            } if is_site && state.moved_to.is_none() => {
                match self.ask_at(&named, feed, state, now).await? {
                    Asked::Good(good) => Ok(Good {
                        named: Some(named),
                        ..*good
                    }),
                    Asked::Page { at, .. } => Err(page_in_place(&at, None).into()),
                }
            }
            Asked::Page { at, named } => Err(page_in_place(&at, named.as_ref()).into()),
        }
    }

    async fn ask_at(
        &self,
        url: &Url,
        feed: &Feed,
        state: &FeedState,
        now: Timestamp,
    ) -> Result<Asked, Bad> {
        let validators = validators(state).filter(|_| is_conditional(feed, state, now));
        let validators_of = validators.as_ref().map(|validators| validators.of);
        let request = Request {
            doing: DOING,
            url,
            feed,
            accept: ACCEPT,
            validators,
            wait_max: self.config.host_gap,
            robots: self.config.robots_for_feeds,
        };
        let answer = self.exchange(request).await?;
        let (headers, moved_to) = (answer.headers.clone(), answer.moved_to.clone());
        let answered_by = url_hash(&answer.url);
        let was_conditional = validators_of == Some(answered_by);
        if answer.status.as_u16() == 304 && was_conditional {
            let body_hash = state.body_hash.unwrap_or_default();
            return Ok(Asked::Good(Box::new(Good {
                document: None,
                body_hash,
                answered_by,
                headers,
                moved_to,
                named: None,
                was_conditional,
            })));
        }
        if !answer.is_whole() {
            return Err(refused(&answer));
        }
        let final_url = answer.url.clone();
        let bytes = answer.body(self.config.feed_bytes_max, Over::Fails).await?;
        let is_page = feed.kind == FeedKind::Feed && begins_as_html(&bytes);
        if is_page && challenge(&headers).is_empty() {
            let at = final_url.clone();
            let page = move || Ok(find::named_feed(&charset::decode(bytes, None), &at));
            let named = self.parsed(page).await?;
            return Ok(Asked::Page {
                at: final_url,
                named,
            });
        }
        let (document, body_hash) =
            self.read(feed, bytes, &headers, &final_url)
                .await
                .map_err(|unread| Failure {
                    detail: format!(
                        "{DOING} {}: {}{}",
                        shown(&final_url),
                        unread.detail,
                        challenge(&headers)
                    ),
                    ..unread
                })?;
        Ok(Asked::Good(Box::new(Good {
            document: Some(document),
            body_hash,
            answered_by,
            headers,
            moved_to,
            named: None,
            was_conditional,
        })))
    }

    /// The document, and a hash that is the same only where nothing changed in it. A sitemap or a
    /// page is first written as a JSON Feed, so that all are read in one way.
    pub(crate) async fn read(
        &self,
        feed: &Feed,
        bytes: Vec<u8>,
        headers: &HeaderMap,
        url: &Url,
    ) -> Result<(FeedDocument, u64), Failure> {
        if feed.kind != FeedKind::Page && begins_as_html(&bytes) {
            return Err(Failure::permanent(
                Reason::WrongType,
                "a web page in place of a feed",
            ));
        }
        let hash = xxh3_64(&bytes);
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .map(|value| latin1(value.as_bytes()));
        let base = url.clone();
        match feed.kind {
            FeedKind::Feed => {
                let read = move || read_feed(&bytes, content_type.as_deref(), Some(base.as_str()));
                Ok((self.parsed(read).await?, hash))
            }
            FeedKind::Page => {
                let (selector, budget) = (feed.links.clone(), self.config.budget.clone());
                let read = move || {
                    let html = charset::decode(bytes, content_type.as_deref());
                    links::read_page(&html, &base, selector.as_deref(), &budget)
                        .and_then(|found| found.document(&base))
                };
                Ok((self.parsed(read).await?, hash))
            }
            FeedKind::Sitemap => {
                let found = self.sitemap(feed, bytes).await?;
                let hash = found.hash();
                Ok((self.parsed(move || found.document(&base)).await?, hash))
            }
        }
    }

    /// The links of a sitemap; those of an index are the links of its newest sitemaps.
    async fn sitemap(&self, feed: &Feed, bytes: Vec<u8>) -> Result<Links, Failure> {
        let bytes_max = self.config.feed_bytes_max;
        let index = self
            .parsed(move || links::read_sitemap(bytes, bytes_max))
            .await?;
        let mut found = index.links;
        for child in index.sitemaps {
            let Ok(url) = Url::parse(&child) else {
                continue;
            };
            let request = Request {
                doing: DOING,
                url: &url,
                feed,
                accept: ACCEPT,
                validators: None,
                wait_max: self.config.retry_wait_max,
                robots: self.config.robots_for_feeds,
            };
            let answer = self.exchange(request).await?;
            if !answer.is_whole() {
                let detail = format!(
                    "its sitemap {}: status {}",
                    shown(&url),
                    answer.status.as_u16()
                );
                return Err(Failure::permanent(Reason::HttpStatus, detail));
            }
            let bytes = answer.body(bytes_max, Over::Fails).await?;
            found.extend(
                self.parsed(move || links::read_sitemap(bytes, bytes_max))
                    .await?
                    .links,
            );
        }
        Ok(found)
    }

    /// What a parser says, off the threads of the runtime and no more of them at once than cores.
    async fn parsed<T: Send + 'static>(
        &self,
        parse: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = Arc::clone(&self.parsers).acquire_owned().await;
        let parsing = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            parse()
        });
        (parsing.await).unwrap_or_else(|_| {
            Err(Failure::permanent(
                Reason::Panic,
                "reading the document panicked",
            ))
        })
    }

    /// Validators, and where the feed moved, belong to the URL, to what is sent with it, and to what
    /// is read out of the answer.
    fn forget_other_variant(&self, feed: &Feed, state: &mut FeedState) {
        let kind = format!("{:?}", feed.kind);
        let mut sent = vec![
            feed.url.as_str(),
            kind.as_str(),
            feed.links.as_deref().unwrap_or_default(),
            feed.user_agent
                .as_deref()
                .unwrap_or(&self.config.user_agent),
        ];
        for (name, value) in &feed.headers {
            sent.extend([name.as_str(), value.expose()]);
        }
        let auth = feed.auth.as_ref().map(Auth::header);
        let cookies = feed.cookies.as_ref().map(Secret::expose);
        sent.extend(cookies.into_iter().chain(auth.as_deref()));
        let variant = xxh3_64(sent.join("\n").as_bytes());
        if state.variant.is_some_and(|known| known != variant) {
            *state = FeedState {
                etag: None,
                last_modified: None,
                body_hash: None,
                moved: None,
                moved_to: None,
                is_site: false,
                distrusts_validators: false,
                gone: 0,
                ..state.clone()
            };
        }
        state.variant = Some(variant);
    }

    fn take_bad(&self, feed: &Feed, mut state: FeedState, bad: Bad, now: Timestamp) -> Poll {
        let Bad {
            mut failure,
            is_gone,
        } = bad;
        let wait = failure.retry_after.take();
        if let (Reason::SlowDown, Some(left)) = (failure.reason, wait) {
            // The host asked for it, perhaps of another feed; this one did nothing wrong.
            let next = schedule::after_slow_down(feed, now, left);
            state.next_poll = Some(next);
        } else {
            state.failures = state.failures.saturating_add(1);
            state.gone = if is_gone {
                state.gone.saturating_add(1)
            } else {
                0
            };
            if state.moved_to.is_some() && state.failures >= MOVED_FAILURES_MAX {
                state = FeedState {
                    moved: None,
                    moved_to: None,
                    etag: None,
                    last_modified: None,
                    ..state
                };
            }
            state.next_poll = Some(schedule::after_failure(
                &self.config,
                feed,
                &state,
                now,
                wait,
            ));
        }
        let next = state.next_poll.unwrap_or(now);
        failure.retry_after = Duration::try_from(next.duration_since(now)).ok();
        state.last_error = Some((now, failure.clone()));
        Poll {
            outcome: PollOutcome::Failed(failure),
            state,
        }
    }
}

fn page_in_place(at: &Url, named: Option<&Url>) -> Failure {
    let fix = match named {
        Some(named) => format!("it names the feed {}", shown(named)),
        None => "copydesk feeds find may find one".to_owned(),
    };
    let cause = format!("a web page in place of a feed; {fix}");
    failure(Reason::WrongType, DOING, at, &cause)
}

fn refused(answer: &Answer) -> Bad {
    let status = answer.status.as_u16();
    let cause = format!("status {status}{}", challenge(&answer.headers));
    let reason = if answer.retry_after.is_some() {
        Reason::SlowDown
    } else {
        Reason::HttpStatus
    };
    let failure = Failure {
        retry_after: answer.retry_after,
        ..failure(reason, DOING, &answer.url, &cause)
    };
    Bad {
        failure,
        is_gone: status == 410,
    }
}

/// What a bot wall says of itself, for the detail of a failure.
fn challenge(headers: &HeaderMap) -> &'static str {
    match headers.get("cf-mitigated").map(HeaderValue::as_bytes) {
        Some(b"challenge") => " (cf-mitigated: challenge)",
        Some(_) => " (cf-mitigated)",
        None => "",
    }
}

fn is_conditional(feed: &Feed, state: &FeedState, now: Timestamp) -> bool {
    let spread = schedule::jitter(&feed.url, 0, UNCONDITIONAL_EVERY / 4);
    let is_stale = state.last_full.is_none_or(|last| {
        SignedDuration::try_from(UNCONDITIONAL_EVERY + spread)
            .is_ok_and(|every| now.duration_since(last) > every)
    });
    !feed.unconditional && !state.distrusts_validators && !is_stale
}

/// Both where the server gave both; none are invented.
fn validators(state: &FeedState) -> Option<Validators> {
    let pairs = [
        (header::IF_NONE_MATCH, &state.etag),
        (header::IF_MODIFIED_SINCE, &state.last_modified),
    ];
    let headers: Vec<(HeaderName, HeaderValue)> = (pairs.into_iter())
        .filter_map(|(name, value)| Some((name, header_value(value.as_deref()?)?)))
        .collect();
    let of = state.validators_of?;
    (!headers.is_empty()).then_some(Validators { of, headers })
}

/// A header's bytes as text, one character a byte, so that `header_value` gives the same bytes back.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

fn header_value(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

fn take_good(feed: &Feed, state: &mut FeedState, good: &Good, now: Timestamp) {
    let header = |name: HeaderName| good.headers.get(name).map(|value| latin1(value.as_bytes()));
    let (etag, last_modified) = (header(header::ETAG), header(header::LAST_MODIFIED));
    match &good.document {
        Some(document) => {
            let same_validators = (etag.is_some() && etag == state.etag)
                || (etag.is_none()
                    && last_modified.is_some()
                    && last_modified == state.last_modified);
            let brought_new = take_entries(state, document, now);
            if state.last_missed == Some(now) {
                warn!(feed = %shown_text(&feed.url), "no entry shared with the last poll, some may be missed");
            }
            if brought_new && same_validators && !good.was_conditional && !feed.unconditional {
                // It would have answered 304 to new entries.
                warn!(feed = %shown_text(&feed.url), "validators stay while entries change, no longer sent");
                state.distrusts_validators = true;
            }
            (state.etag, state.last_modified) = (etag, last_modified);
            state.validators_of = Some(good.answered_by);
            state.body_hash = Some(good.body_hash);
            state.last_full = Some(now);
            state.hints = document.hints.clone();
            if document.title.is_some() {
                state.title.clone_from(&document.title);
            }
        }
        None => {
            // A 304 may renew either; what it leaves out stays.
            state.etag = etag.or(state.etag.take());
            state.last_modified = last_modified.or(state.last_modified.take());
            take_pace(state, 0, 0, now);
        }
    }
    let before = state.moved_to.clone();
    match &good.named {
        Some(named) => (state.is_site, state.moved_to) = (true, Some(named.to_string())),
        None => take_move(state, good.moved_to.as_ref(), now),
    }
    if let Some(to) = state
        .moved_to
        .as_deref()
        .filter(|_| state.moved_to != before)
    {
        warn!(feed = %shown_text(&feed.url), to = %shown_text(to), "feed is elsewhere from now on");
    }
    state.last_success = Some(now);
    state.last_error = None;
    (state.failures, state.gone) = (0, 0);
}

/// Compares the entries with those of the last poll; gives back whether some are new.
fn take_entries(state: &mut FeedState, document: &FeedDocument, now: Timestamp) -> bool {
    let known: HashSet<u64> = state.recent.iter().copied().collect();
    let marks: Vec<u64> = document.entries.iter().take(RECENT_MAX).map(mark).collect();
    let new = marks.iter().filter(|mark| !known.contains(mark)).count();
    let is_first = state.last_success.is_none();
    if !is_first {
        if new > 0 && new == marks.len() && !known.is_empty() {
            state.last_missed = Some(now);
        }
        take_pace(state, new, marks.len(), now);
    }
    if !marks.is_empty() {
        state.recent = marks;
    }
    new > 0 && !is_first
}

fn mark(entry: &Entry) -> u64 {
    xxh3_64(entry.id.as_bytes())
}

/// Averages the entries a day, with less weight for what lies longer back.
fn take_pace(state: &mut FeedState, new: usize, of: usize, now: Timestamp) {
    let Some(last) = state.last_success else {
        return;
    };
    let days = (now.duration_since(last).as_secs_f32() / (24.0 * 3600.0)).max(1.0 / 1440.0);
    let seen = new as f32 / days;
    let average = |before: Option<f32>, seen: f32| {
        Some(before.map_or(seen, |before| before + PACE_SHARE * (seen - before)))
    };
    state.entries_per_day = average(state.entries_per_day, seen);
    if of > 0 {
        state.share_new = average(state.share_new, new as f32 / of as f32);
    }
}

/// Counts equal permanent redirects, and believes them in the end.
fn take_move(state: &mut FeedState, to: Option<&Url>, now: Timestamp) {
    let Some(to) = to.map(Url::as_str) else {
        state.moved = None;
        return;
    };
    let moved = match state.moved.take() {
        Some(moved) if moved.to == to => Move {
            answers: moved.answers.saturating_add(1),
            ..moved
        },
        _ => Move {
            to: to.to_owned(),
            answers: 1,
            since: now,
        },
    };
    if moved.answers >= MOVED_ANSWERS && now.duration_since(moved.since) >= MOVED_FOR {
        state.moved_to = Some(moved.to);
    } else {
        state.moved = Some(moved);
    }
}
