//! Polls a feed once, and works out what is to be remembered of it.

mod read;
mod remember;
mod validators;

use copydesk_model::{Failure, FeedDocument, Reason};
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue};
use url::Url;

use crate::body::{Body, Over};
use crate::exchange::{Answer, Request, failure, url_hash};
use crate::page::begins_as_html;
use crate::room::Held;
use crate::secret::{shown, shown_text};
use crate::{Feed, FeedKind, FeedState, Fetcher, Poll, PollOutcome, charset, find, schedule};
use remember::take_good;
use validators::{is_conditional, validators};

const DOING: &str = "polling feed";
const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, \
    application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1";
/// Answers of 410 after which a feed is only probed.
pub const GONE_ANSWERS: u32 = 2;
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
    held: Held,
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
                let held = good.held;
                Poll {
                    outcome,
                    state,
                    held,
                }
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
                held: Held::default(),
            })));
        }
        if !answer.is_whole() {
            return Err(refused(&answer));
        }
        let final_url = answer.url.clone();
        let room = &self.feed_room;
        let Body { bytes, mut held } = answer
            .body(self.config.feed_bytes_max, Over::Fails, room)
            .await?;
        if feed.kind == FeedKind::Sitemap {
            // Who reads the sitemaps of an index waits for room again, and so may hold none.
            held = Held::default();
        }
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
            held,
        })))
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
