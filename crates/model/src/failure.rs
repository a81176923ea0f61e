use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// Why a feed or an entry came to nothing: a code for machines and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The code.
    pub reason: Reason,
    /// What was tried, on what, why it failed: lowercase, no full stop, no secrets.
    pub detail: String,
    /// Set where another try may end better: not before this long from now.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure that the same request will meet again.
    pub fn permanent(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// A failure that may pass.
    pub fn passing(reason: Reason, detail: impl Into<String>, retry_after: Duration) -> Self {
        Self {
            reason,
            detail: detail.into(),
            retry_after: Some(retry_after),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.reason, self.detail)
    }
}

impl std::error::Error for Failure {}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// The closed list of reasons; the codes appear in log, status and metrics.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Reason { $($(#[$doc])* #[serde(rename = $code)] $name,)* }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Reason] = &[$(Reason::$name,)*];

            /// The code: lowercase words joined by underscores.
            pub fn code(self) -> &'static str {
                match self { $(Reason::$name => $code,)* }
            }
        }
    };
}

reasons! {
    /// The URL cannot be read, or is neither http nor https.
    BadUrl = "bad_url",
    /// The address is not one that may be dialled (loopback, private …).
    AddressRefused = "address_refused",
    /// The name did not resolve.
    Dns = "dns",
    /// No connection.
    Connect = "connect",
    /// The TLS handshake failed.
    Tls = "tls",
    /// A deadline passed.
    Timeout = "timeout",
    /// An answer that is neither success nor redirect.
    HttpStatus = "http_status",
    /// Too many redirects, or a loop.
    Redirect = "redirect",
    /// Body over the cap on the wire or decoded.
    TooLarge = "too_large",
    /// The body broke off or could not be decoded.
    Body = "body",
    /// The host asked us to slow down for longer than we wait.
    SlowDown = "slow_down",
    /// robots.txt forbids it.
    Robots = "robots",
    /// The document is not of the kind expected (HTML in place of a feed, a PDF in place of a page).
    WrongType = "wrong_type",
    /// The feed cannot be read even after repair.
    BadFeed = "bad_feed",
    /// The entry has no URL and no content.
    NothingToFetch = "nothing_to_fetch",
    /// The page holds no article.
    NoArticle = "no_article",
    /// A consent wall.
    ConsentWall = "consent_wall",
    /// A login wall.
    LoginWall = "login_wall",
    /// A page that asks whether we are a robot.
    BotWall = "bot_wall",
    /// An error page that answers 200.
    Soft404 = "soft_404",
    /// A home, section or tag page.
    IndexPage = "index_page",
    /// A video or gallery page without a story.
    MediaPage = "media_page",
    /// Parsing went over its budget with nothing readable yet.
    Budget = "budget",
    /// A bug in us, contained.
    Panic = "panic",
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}
