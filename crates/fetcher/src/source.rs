//! A feed as its operator wrote it down.

use std::fmt;
use std::time::Duration;
use url::Url;

use crate::Secret;
use crate::secret::shown_text;

/// One feed as configured. `headers` and credentials are never logged.
#[derive(Clone, PartialEq, Default)]
pub struct Feed {
    /// Where it is polled. Userinfo in it is sent as basic credentials.
    pub url: String,
    /// How many feeds before it have URLs that are shown in the same way: those differ only in
    /// credentials.
    pub namesakes: usize,
    /// Carried to the record.
    pub tags: Vec<String>,
    /// In place of what the feed says of its rhythm.
    pub interval: Option<Duration>,
    /// Never send validators.
    pub unconditional: bool,
    /// Sent to the origin of `url` only, as `cookies` and `auth` are.
    pub headers: Vec<(String, Secret)>,
    /// The value of the Cookie header.
    pub cookies: Option<Secret>,
    /// In place of userinfo in `url`.
    pub auth: Option<Auth>,
    /// In place of `Config::user_agent`.
    pub user_agent: Option<String>,
    /// `http://`, with userinfo where the proxy asks for it. The proxy resolves names by itself, so
    /// names that resolve inside are its own to refuse.
    pub proxy: Option<Secret>,
    /// In place of `Config::http2`.
    pub http2: Option<bool>,
    /// Dial loopback, private and other special addresses for this feed.
    pub allow_private_addresses: bool,
    /// Where the articles' text is taken from.
    pub full_text: FullText,
    /// How much of its first document is taken, where that is set for this feed.
    pub backfill: Option<Backfill>,
    /// What `url` holds.
    pub kind: FeedKind,
    /// A CSS selector of the links of a `FeedKind::Page`.
    pub links: Option<String>,
}

impl Feed {
    /// What it goes by in store, log and output: its URL without credentials, and a number where
    /// that is not enough.
    pub fn name(&self) -> String {
        let shown = shown_text(&self.url);
        match self.namesakes {
            0 => shown,
            before => format!("{shown}#{}", before + 1),
        }
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Feed");
        debug
            .field("url", &shown_text(&self.url))
            .finish_non_exhaustive()
    }
}

/// Credentials of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// RFC 7617.
    Basic {
        /// May be empty.
        user: Secret,
        /// May be empty.
        password: Secret,
    },
    /// RFC 6750.
    Bearer(Secret),
}

impl Auth {
    /// The credentials in a URL, percent-decoded.
    pub(crate) fn of_userinfo(url: &Url) -> Option<Self> {
        if url.username().is_empty() && url.password().is_none() {
            return None;
        }
        let (user, password) = (url.username(), url.password().unwrap_or_default());
        Some(Self::Basic {
            user: percent_decoded(user).into(),
            password: percent_decoded(password).into(),
        })
    }

    /// The value of the Authorization header.
    pub(crate) fn header(&self) -> String {
        match self {
            Self::Basic { user, password } => {
                format!(
                    "Basic {}",
                    base64(format!("{}:{}", user.expose(), password.expose()).as_bytes())
                )
            }
            Self::Bearer(token) => format!("Bearer {}", token.expose()),
        }
    }
}

fn percent_decoded(text: &str) -> String {
    // A form's decoding also makes spaces of pluses; userinfo means its pluses.
    let pairs = format!("={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pairs.as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| {
            bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > chunk.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    text
}

/// Where the articles' text is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FullText {
    /// The feed, where it has proved to hold whole articles; else the page. See [`crate::FullTexts`].
    #[default]
    Auto,
    /// The article's page.
    Page,
    /// The feed's entry.
    Feed,
}

/// How much of a feed's first document is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backfill {
    /// Every entry.
    #[default]
    All,
    /// So many, the newest.
    Count(usize),
    /// Those that are no older, and those without a date.
    Age(Duration),
}

/// What the URL of a feed holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FeedKind {
    /// RSS, Atom, JSON Feed.
    #[default]
    Feed,
    /// A news sitemap or an index of them.
    Sitemap,
    /// An HTML page with links.
    Page,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn userinfo_becomes_basic_credentials() {
        let url = Url::parse("https://Aladdin:open%20sesame%3A+@a.example/").unwrap();
        let header = Auth::of_userinfo(&url).unwrap().header();
        assert_eq!(header, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZTor");
        assert_eq!(
            (base64(b"a"), base64(b"ab"), base64(b"")),
            ("YQ==".into(), "YWI=".into(), "".into())
        );
    }

    #[test]
    fn debug_shows_no_credential() {
        let feed = Feed {
            url: "https://u:hunter2@a.example/?token=hunter2".into(),
            headers: vec![("X-Key".into(), "hunter2".into())],
            cookies: Some("hunter2".into()),
            auth: Some(Auth::Basic {
                user: "hunter2".into(),
                password: "hunter2".into(),
            }),
            proxy: Some("http://u:hunter2@proxy".into()),
            ..Feed::default()
        };
        assert!(!format!("{feed:?} {:?}", feed.auth).contains("hunter2"));
    }
}
