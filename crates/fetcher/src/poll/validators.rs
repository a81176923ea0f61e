//! What a feed is asked with: validators, and when they are left out.

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderName, HeaderValue};
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_64;

use crate::exchange::Validators;
use crate::{Auth, Feed, FeedState, Fetcher, Secret, schedule};

/// Once in this time a feed is asked without validators: some servers answer 304 for ever.
const UNCONDITIONAL_EVERY: Duration = Duration::from_secs(3 * 24 * 3600);

impl Fetcher {
    /// Validators, and where the feed moved, belong to the URL, to what is sent with it, and to what
    /// is read out of the answer.
    pub(super) fn forget_other_variant(&self, feed: &Feed, state: &mut FeedState) {
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
}

pub(super) fn is_conditional(feed: &Feed, state: &FeedState, now: Timestamp) -> bool {
    let spread = schedule::jitter(&feed.url, 0, UNCONDITIONAL_EVERY / 4);
    let is_stale = state.last_full.is_none_or(|last| {
        SignedDuration::try_from(UNCONDITIONAL_EVERY + spread)
            .is_ok_and(|every| now.duration_since(last) > every)
    });
    !feed.unconditional && !state.distrusts_validators && !is_stale
}

/// Both where the server gave both; none are invented.
pub(super) fn validators(state: &FeedState) -> Option<Validators> {
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
pub(super) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

fn header_value(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    HeaderValue::from_bytes(&bytes?).ok()
}
