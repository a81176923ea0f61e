//! One request and its redirects: each hop is judged by the guard, waits for its host's turn, and
//! is sent credentials only where they belong.

use copydesk_model::{Failure, Reason};
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use std::error::Error;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::{Position, Url};
use xxhash_rust::xxh3::xxh3_64;

use crate::body::{self, ACCEPT_ENCODING, Body, Over};
use crate::host::Slot;
use crate::room::Room;
use crate::secret::shown;
use crate::{Auth, Feed, Fetcher, guard, resolver, schedule};

/// How long a host is left alone that says 429 and not for how long; doubled at each further one.
const REFUSED_FOR: Duration = Duration::from_secs(60);
/// The same for 503: it may be one page alone that cannot be served.
const BUSY_FOR: Duration = Duration::from_secs(10);

/// What is asked for, and how.
pub struct Request<'a> {
    /// For the detail of failures: "polling feed", "fetching page".
    pub doing: &'static str,
    pub url: &'a Url,
    /// Whose headers, credentials, proxy and user agent are used.
    pub feed: &'a Feed,
    pub accept: &'static str,
    /// Sent to the one URL that gave them, whichever hop that is: another may mean another thing by
    /// the same tag.
    pub validators: Option<Validators>,
    /// The longest wait for a host that asked to be left alone.
    pub wait_max: Duration,
    /// Whether robots.txt is asked, at each hop.
    pub robots: bool,
}

/// What makes a request conditional.
pub struct Validators {
    /// The `url_hash` of the URL that gave them.
    pub of: u64,
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

/// An answer that is no redirect, its body not yet read.
pub struct Answer {
    pub url: Url,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Where permanent redirects led, up to the first that was not permanent.
    pub moved_to: Option<Url>,
    /// What the host said of waiting, where the status means that.
    pub retry_after: Option<Duration>,
    /// When the last hop's request was sent.
    pub sent: Instant,
    doing: &'static str,
    deadline: Instant,
    response: reqwest::Response,
    /// Held until the body is read.
    _slot: Slot,
}

impl Answer {
    /// Whether it is a success and its body the whole of what was asked for: a part of it (206) or
    /// the changes since some version (226) are nothing that we ever ask for.
    pub fn is_whole(&self) -> bool {
        self.status.is_success() && !matches!(self.status.as_u16(), 206 | 226)
    }

    /// The decoded body; at most `bytes_max`, and before the deadline, once there is room for it.
    pub async fn body(self, bytes_max: u64, over: Over, room: &Room) -> Result<Body, Failure> {
        body::read(self.response, bytes_max, over, room, self.deadline)
            .await
            .map_err(|(reason, cause)| failure(reason, self.doing, &self.url, &cause))
    }
}

impl Fetcher {
    /// Sends the request and follows its redirects.
    pub(crate) async fn exchange(&self, request: Request<'_>) -> Result<Answer, Failure> {
        let doing = request.doing;
        let client = self.client(request.feed)?;
        let home = request.url;
        let mut url = home.clone();
        let mut moved_to = None;
        let mut only_permanent = true;
        let mut seen = vec![without_userinfo(&url)];
        // Waiting for a host's turn does not count.
        let mut budget = self.config.timeout;
        loop {
            let allow_private =
                self.config.allow_private_addresses || request.feed.allow_private_addresses;
            guard::check(&url, allow_private).map_err(|refused| Failure {
                detail: format!("{doing} {}", refused.detail),
                ..refused
            })?;
            if request.robots {
                Box::pin(self.ask_robots(doing, request.feed, &url)).await?;
            }
            let slot = self
                .hosts
                .slot(&url, request.wait_max)
                .await
                .map_err(|left| {
                    let cause = format!(
                        "the host asked to be left alone for {} s more",
                        left.as_secs()
                    );
                    Failure {
                        retry_after: Some(left),
                        ..failure(Reason::SlowDown, doing, &url, &cause)
                    }
                })?;
            let sent = Instant::now();
            let deadline = sent + budget;
            let built = client
                .get(without_userinfo(&url))
                .headers(self.headers(&request, home, &url)?);
            let response = match timeout_at(deadline, built.send()).await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => return Err(told(doing, &url, &error)),
                Err(_) => return Err(failure(Reason::Timeout, doing, &url, "no answer in time")),
            };
            let status = response.status();
            let retry_after = self.mind_slow_down(&url, status, response.headers());
            let Some(location) = redirect_location(status, response.headers()) else {
                return Ok(Answer {
                    headers: response.headers().clone(),
                    url: without_userinfo(&url),
                    status,
                    moved_to,
                    retry_after,
                    sent,
                    doing,
                    deadline,
                    response,
                    _slot: slot,
                });
            };
            budget = deadline.saturating_duration_since(Instant::now());
            let next = url.join(&location).map_err(|error| {
                failure(
                    Reason::Redirect,
                    doing,
                    &url,
                    &format!("redirect to an unreadable URL: {error}"),
                )
            })?;
            let next = without_userinfo(&next);
            only_permanent &= matches!(status.as_u16(), 301 | 308);
            if only_permanent {
                moved_to = Some(next.clone());
            }
            if seen.contains(&next) {
                return Err(failure(
                    Reason::Redirect,
                    doing,
                    &url,
                    "redirects go round in a loop",
                ));
            }
            if seen.len() > self.config.redirects_max {
                let cause = format!("more than {} redirects", self.config.redirects_max);
                return Err(failure(Reason::Redirect, doing, home, &cause));
            }
            seen.push(next.clone());
            url = next;
        }
    }

    fn headers(&self, request: &Request<'_>, home: &Url, url: &Url) -> Result<HeaderMap, Failure> {
        let feed = request.feed;
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: &str| {
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                let cause = format!("the value of the header {name} cannot be sent");
                failure(Reason::BadUrl, request.doing, home, &cause)
            })?;
            value.set_sensitive(true);
            headers.insert(name, value);
            Ok(())
        };
        put(header::ACCEPT, request.accept)?;
        put(header::ACCEPT_ENCODING, ACCEPT_ENCODING)?;
        put(
            header::USER_AGENT,
            feed.user_agent
                .as_deref()
                .unwrap_or(&self.config.user_agent),
        )?;
        // Credentials are for the origin that the operator wrote down, and for its upgrade to TLS.
        let owner = Url::parse(&feed.url).ok();
        if owner
            .as_ref()
            .is_some_and(|owner| is_same_origin(owner, url))
        {
            for (name, value) in &feed.headers {
                let name = HeaderName::try_from(name.as_str()).map_err(|_| {
                    let cause = format!("{name:?} is no name of a header");
                    failure(Reason::BadUrl, request.doing, home, &cause)
                })?;
                put(name, value.expose())?;
            }
            if let Some(cookies) = &feed.cookies {
                put(header::COOKIE, cookies.expose())?;
            }
            if let Some(auth) = feed
                .auth
                .clone()
                .or_else(|| owner.as_ref().and_then(Auth::of_userinfo))
            {
                put(header::AUTHORIZATION, &auth.header())?;
            }
        }
        if let Some(validators) = &request.validators
            && validators.of == url_hash(url)
        {
            headers.extend(validators.headers.iter().cloned());
        }
        Ok(headers)
    }

    /// Slows the host where the answer asks for that; gives back what it asked for.
    fn mind_slow_down(
        &self,
        url: &Url,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Option<Duration> {
        let asked = schedule::retry_after(headers, Timestamp::now());
        match (status.as_u16(), asked) {
            (429 | 503, Some(time)) => self.hosts.slow(url, time),
            (429, None) => self.hosts.slow_by(url, REFUSED_FOR),
            (503, None) => self.hosts.slow_by(url, BUSY_FOR),
            (200..400, _) => self.hosts.answered_well(url),
            _ => {}
        }
        asked.filter(|_| matches!(status.as_u16(), 429 | 503))
    }
}

fn redirect_location(status: StatusCode, headers: &HeaderMap) -> Option<String> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = headers.get(header::LOCATION)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

/// Whether credentials of `owner` may go to `url`.
pub fn is_same_origin(owner: &Url, url: &Url) -> bool {
    let is_upgrade = owner.scheme() == "http"
        && url.scheme() == "https"
        && (owner.port(), url.port()) == (None, None);
    owner.host() == url.host()
        && ((owner.scheme() == url.scheme() && owner.port() == url.port()) || is_upgrade)
}

/// The same for the same resource: what follows `#` and who asks make no other.
pub fn url_hash(url: &Url) -> u64 {
    let place = &url[Position::BeforeHost..Position::AfterQuery];
    xxh3_64(format!("{}://{place}", url.scheme()).as_bytes())
}

fn without_userinfo(url: &Url) -> Url {
    let mut url = url.clone();
    // Both refuse only URLs that cannot have userinfo.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// A failure whose detail says what was tried, on what, and why it failed.
pub fn failure(reason: Reason, doing: &str, url: &Url, cause: &str) -> Failure {
    Failure::permanent(reason, format!("{doing} {}: {cause}", shown(url)))
}

fn told(doing: &str, url: &Url, error: &reqwest::Error) -> Failure {
    if let Some(refused) = cause::<resolver::Refused>(error) {
        return failure(Reason::AddressRefused, doing, url, &refused.to_string());
    }
    let (reason, prefix) = if error.is_timeout() && error.is_connect() {
        (Reason::Timeout, "no connection in time: ")
    } else if error.is_timeout() {
        (Reason::Timeout, "no answer in time: ")
    } else if error.is_builder() {
        (Reason::BadUrl, "")
    } else if error.is_dns() {
        (Reason::Dns, "the name does not resolve: ")
    } else if cause::<rustls::Error>(error).is_some() {
        (Reason::Tls, "no TLS connection: ")
    } else {
        (Reason::Connect, "")
    };
    failure(
        reason,
        doing,
        url,
        &format!("{prefix}{}", root_cause(error)),
    )
}

fn cause<T: Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // io::Error hides what it wraps from source(), which may be one of its own kind again.
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// The innermost error: the others only say that something failed, and one of them where.
pub fn root_cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_belong_to_one_origin_and_its_upgrade_to_tls() {
        for (owner, url, is_same) in [
            ("http://a.example/feed", "http://a.example/story", true),
            ("http://a.example/feed", "http://a.example:80/", true),
            ("http://a.example/feed", "https://a.example/feed", true),
            ("https://a.example/feed", "http://a.example/feed", false),
            ("http://a.example:8080/", "https://a.example/", false),
            ("http://a.example/", "https://a.example:8443/", false),
            ("https://a.example/", "https://a.example:8443/", false),
            ("https://a.example/", "https://www.a.example/", false),
            (
                "https://a.example/",
                "https://a.example.evil.example/",
                false,
            ),
        ] {
            let [owner, url] = [owner, url].map(|text| Url::parse(text).unwrap());
            assert_eq!(is_same_origin(&owner, &url), is_same, "{owner} {url}");
        }
    }
}
