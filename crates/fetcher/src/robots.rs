//! robots.txt (RFC 9309): what a host lets us fetch.

use copydesk_model::{Failure, Reason};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

use crate::body::Over;
use crate::exchange::{Request, failure};
use crate::{Feed, Fetcher};

const DOING: &str = "fetching robots.txt";
/// RFC 9309, 2.4: no longer than a day.
const KNOWN_FOR: Duration = Duration::from_secs(24 * 3600);
/// A host whose robots.txt cannot be had is closed; it is asked again after this.
const CLOSED_FOR: Duration = Duration::from_secs(10 * 60);
/// The same where there was no answer at all: a page's own attempts may find it again.
const UNREACHED_FOR: Duration = Duration::from_secs(5);
/// RFC 9309, 2.5: at least 500 KiB are parsed. The rest of a longer file is not read.
const BYTES_MAX: u64 = 512 << 10;
/// Crawl-delay is no part of the RFC; believed up to this.
const CRAWL_DELAY_MAX: Duration = Duration::from_secs(30);
/// Bytes of a URL's path that rules are held against.
const PATH_MAX: usize = 2048;
/// Origins remembered.
const ORIGINS_MAX: usize = 4096;

/// What each origin said last.
#[derive(Default)]
pub struct RobotsCache {
    origins: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<Known>>>>>,
}

struct Known {
    until: Instant,
    answer: Result<Arc<Robots>, Failure>,
}

impl Fetcher {
    /// Errs where the host's robots.txt forbids the URL or cannot be had. Asks for it once a day.
    pub(crate) async fn ask_robots(
        &self,
        doing: &str,
        feed: &Feed,
        url: &Url,
    ) -> Result<(), Failure> {
        let origin = url.origin().ascii_serialization();
        let known = self.robots.origin(origin);
        // Held while asking, so that a host is asked once however many of its pages wait.
        let mut known = known.lock().await;
        if known
            .as_ref()
            .is_none_or(|known| known.until <= Instant::now())
        {
            let answer = self.fetch_robots(feed, url).await.map(Arc::new);
            let lasts = match &answer {
                Ok(_) => KNOWN_FOR,
                Err(failure) => failure.retry_after.unwrap_or(CLOSED_FOR),
            };
            *known = Some(Known {
                until: Instant::now() + lasts,
                answer,
            });
        }
        let robots = match known.as_ref().map(|known| &known.answer) {
            Some(Ok(robots)) => Arc::clone(robots),
            Some(Err(failure)) => return Err(failure.clone()),
            None => return Ok(()),
        };
        if let Some(delay) = robots.crawl_delay {
            // Each time, for an idle host's pace is forgotten before its robots.txt is.
            self.hosts.widen_gap(url, delay.min(CRAWL_DELAY_MAX));
        }
        match robots.allows(url) {
            true => Ok(()),
            false => Err(failure(Reason::Robots, doing, url, "robots.txt forbids it")),
        }
    }

    async fn fetch_robots(&self, feed: &Feed, url: &Url) -> Result<Robots, Failure> {
        let mut at = url.clone();
        at.set_path("/robots.txt");
        at.set_query(None);
        at.set_fragment(None);
        let request = Request {
            doing: DOING,
            url: &at,
            feed,
            accept: "text/plain, */*;q=0.1",
            validators: None,
            wait_max: self.config.retry_wait_max,
            robots: false,
        };
        let closed = |failed: Failure| Failure {
            reason: match failed.reason {
                // These say more than that robots.txt cannot be had, and are true of the page too.
                Reason::AddressRefused
                | Reason::BadUrl
                | Reason::Dns
                | Reason::Connect
                | Reason::Tls
                | Reason::SlowDown => failed.reason,
                _ => Reason::Robots,
            },
            retry_after: match failed.reason {
                Reason::AddressRefused | Reason::BadUrl => None,
                Reason::Dns | Reason::Connect | Reason::Timeout | Reason::Tls => {
                    Some(UNREACHED_FOR)
                }
                _ => Some(failed.retry_after.unwrap_or_default().max(CLOSED_FOR)),
            },
            ..failed
        };
        let answer = self.exchange(request).await.map_err(closed)?;
        match answer.status.as_u16() {
            200..=299 => {
                let room = &self.page_room;
                let body = answer.body(BYTES_MAX, Over::IsCut, room).await;
                let bytes = body.map_err(closed)?.bytes;
                Ok(Robots::parse(
                    &bytes,
                    user_agent_token(
                        feed.user_agent
                            .as_deref()
                            .unwrap_or(&self.config.user_agent),
                    ),
                ))
            }
            // "Unavailable": the host has no robots.txt. 429 is no such answer.
            300..=428 | 430..=499 => Ok(Robots::default()),
            status => {
                let failed = failure(
                    Reason::Robots,
                    DOING,
                    &at,
                    &format!("status {status}, so nothing may be fetched"),
                );
                Err(closed(Failure {
                    retry_after: answer.retry_after,
                    ..failed
                }))
            }
        }
    }
}

impl RobotsCache {
    fn origin(&self, origin: String) -> Arc<tokio::sync::Mutex<Option<Known>>> {
        let mut origins = self
            .origins
            .lock()
            .expect("no holder of this lock can panic");
        if origins.len() >= ORIGINS_MAX && !origins.contains_key(&origin) {
            let now = Instant::now();
            let is_live = |known: &Arc<tokio::sync::Mutex<Option<Known>>>| match known.try_lock() {
                Ok(known) => known.as_ref().is_some_and(|known| known.until > now),
                Err(_) => true,
            };
            origins.retain(|_, known| is_live(known));
            if origins.len() >= ORIGINS_MAX {
                origins.clear();
            }
        }
        Arc::clone(origins.entry(origin).or_default())
    }
}

/// "copydesk" for "copydesk/0.1 (+https://…)".
fn user_agent_token(user_agent: &str) -> &str {
    let end = user_agent.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    &user_agent[..end.unwrap_or(user_agent.len())]
}

/// The rules of one robots.txt that are ours.
#[derive(Debug, Default, PartialEq)]
pub struct Robots {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Debug, PartialEq)]
struct Rule {
    allows: bool,
    /// Normalised; `*` stands for any bytes, a `$` at the end for the end.
    pattern: Vec<u8>,
}

impl Robots {
    /// The rules of all groups that name the agent, or else of all groups for `*`.
    pub fn parse(bytes: &[u8], agent: &str) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (mut ours, mut everyones) = (None, Self::default());
        // Which groups the lines belong to, and whether the last line was a user-agent line: those
        // in a row share one group.
        let (mut for_us, mut for_everyone, mut in_agents) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if matches!(key.as_str(), "user-agent" | "useragent") {
                if !in_agents {
                    (for_us, for_everyone) = (false, false);
                }
                in_agents = true;
                for_everyone |= value.starts_with('*');
                if user_agent_token(value).eq_ignore_ascii_case(agent) {
                    for_us = true;
                    ours.get_or_insert_with(Self::default);
                }
                continue;
            }
            let groups = [
                ours.as_mut().filter(|_| for_us),
                Some(&mut everyones).filter(|_| for_everyone),
            ];
            for group in groups.into_iter().flatten() {
                match key.as_str() {
                    "allow" | "disallow" if !value.is_empty() => {
                        let pattern = normal(value.as_bytes());
                        group.rules.push(Rule {
                            allows: key == "allow",
                            pattern,
                        });
                    }
                    "crawl-delay" => {
                        let delay = value.parse::<f64>().ok();
                        group.crawl_delay =
                            delay.and_then(|delay| Duration::try_from_secs_f64(delay).ok());
                    }
                    _ => {}
                }
            }
            // Other records, such as Sitemap, belong to no group and end none.
            in_agents &= !matches!(key.as_str(), "allow" | "disallow" | "crawl-delay");
        }
        ours.unwrap_or(everyones)
    }

    /// The rule with the longest pattern decides; of two as long, the one that allows.
    pub fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" {
            return true;
        }
        // No rule is meant for more; a redirect may lead to a URL of any length.
        let cut = |text: &str| text.bytes().take(PATH_MAX).collect::<Vec<u8>>();
        let path = match url.query() {
            Some(query) => normal(&cut(&format!("{}?{query}", url.path()))),
            None => normal(&cut(url.path())),
        };
        let matching = self
            .rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path));
        matching
            .max_by_key(|rule| (rule.pattern.len(), rule.allows))
            .is_none_or(|rule| rule.allows)
    }
}

/// Percent-encoding in one form: what need not be encoded is not, hex digits are upper case.
fn normal(text: &[u8]) -> Vec<u8> {
    let hex = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut normal = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let encoded = match (text.get(at + 1), text.get(at + 2)) {
            (Some(&high), Some(&low)) if byte == b'%' => {
                hex(high).zip(hex(low)).map(|(high, low)| high << 4 | low)
            }
            _ => None,
        };
        at += if encoded.is_some() { 3 } else { 1 };
        match encoded {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                normal.push(byte)
            }
            Some(byte) => normal.extend(format!("%{byte:02X}").bytes()),
            None if byte.is_ascii_graphic() => normal.push(byte),
            None => normal.extend(format!("%{byte:02X}").bytes()),
        }
    }
    normal
}

/// Whether the pattern matches a beginning of the path. Greedy from star to star: linear in the
/// path for each star, without backtracking over more than the last one.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let (mut in_pattern, mut in_path) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if in_pattern == pattern.len() && (!to_the_end || in_path == path.len()) {
            return true;
        }
        match pattern.get(in_pattern) {
            Some(b'*') => {
                in_pattern += 1;
                star = Some((in_pattern, in_path));
            }
            Some(byte) if path.get(in_path) == Some(byte) => {
                in_pattern += 1;
                in_path += 1;
            }
            _ => match star {
                // The star takes one byte more.
                Some((after, from)) if from < path.len() => {
                    star = Some((after, from + 1));
                    (in_pattern, in_path) = (after, from + 1);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(robots: &str, path: &str, allowed: bool) {
        let robots = Robots::parse(robots.as_bytes(), "copydesk");
        let url = Url::parse(&format!("https://a.example{path}")).unwrap();
        assert_eq!(robots.allows(&url), allowed, "{path} under {robots:?}");
    }

    #[test]
    fn the_group_that_names_us_stands_in_place_of_the_one_for_all() {
        let robots = "User-agent: *\nDisallow: /\n\nUser-agent: Other\nUser-agent: CopyDesk/9\nDisallow: /x\n";
        check(robots, "/story", true);
        check(robots, "/x/story", false);
        check("User-agent: copydesk-images\nDisallow: /\n", "/story", true);
        check(
            "User-agent: *\nDisallow: /a\nUser-agent: other\nDisallow: /\nUser-agent: *\nDisallow: /b",
            "/b",
            false,
        );
        check(
            "User-agent: copydesk\nSitemap: https://a.example/s.xml\nDisallow: /b",
            "/b",
            false,
        );
        check(
            "user-agent: copydesk\n\nuser-agent: *\ndisallow: /",
            "/a",
            false,
        );
    }

    #[test]
    fn the_longest_pattern_decides_and_allow_wins_a_tie() {
        let robots = "user-agent: *\nallow: /p\ndisallow: /\nallow: /news/a\ndisallow: /news\n";
        check(robots, "/page", true);
        check(robots, "/other", false);
        check(robots, "/news/able", true);
        check(robots, "/news/b", false);
        check("user-agent: *\ndisallow: /x\nallow: /x", "/x", true);
        check("user-agent: *\ndisallow:\n", "/x", true);
        check("", "/x", true);
    }

    #[test]
    fn stars_and_dollars_are_patterns() {
        let robots = "user-agent: *\ndisallow: /*.php$\ndisallow: /*?print=\ndisallow: /a*b*c";
        check(robots, "/x.php", false);
        check(robots, "/x.php?id=1", true);
        check(robots, "/story?print=1", false);
        check(robots, "/axxbxxc/d", false);
        check(robots, "/axxbxx", true);
        check(
            "user-agent: *\ndisallow: /fish*.html$",
            "/fish.html.html",
            false,
        );
    }

    #[test]
    fn percent_encoding_makes_no_difference() {
        check("user-agent: *\ndisallow: /caf%c3%A9", "/caf\u{e9}", false);
        check("user-agent: *\ndisallow: /caf\u{e9}", "/caf%C3%A9", false);
        check("user-agent: *\ndisallow: /%7Ejoe", "/~joe/x", false);
        check("user-agent: *\ndisallow: /a%2Fb", "/a/b", true);
        check("user-agent: *\ndisallow: /100%", "/100%", false);
    }

    #[test]
    fn hostile_patterns_end() {
        let robots = format!("user-agent: *\ndisallow: /{}b$", "*a".repeat(2000));
        check(&robots, &format!("/{}", "a".repeat(8000)), true);
        Robots::parse(&[0xff; 1000], "copydesk");
        Robots::parse(b"user-agent\ndisallow: /\n:::\nuser-agent:*:", "copydesk");
    }

    #[test]
    fn crawl_delay_is_read() {
        let delay = |text: &str| Robots::parse(text.as_bytes(), "copydesk").crawl_delay;
        assert_eq!(
            delay("user-agent: *\ncrawl-delay: 2.5"),
            Some(Duration::from_millis(2500))
        );
        assert_eq!(delay("user-agent: *\ncrawl-delay: -1"), None);
        assert_eq!(delay("user-agent: *\ncrawl-delay: 1e300"), None);
    }
}
