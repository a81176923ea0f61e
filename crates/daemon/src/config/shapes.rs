//! Which values a key may have, where that is more than a number, a text or a time.

use super::Duplicates;
use super::reader::{self, COUNT_OR_ZERO, Shape};
use copydesk_fetcher::{
    Auth, Backfill, FeedKind, FullText, HeaderName, HeaderValue, Secret, is_selector,
};
use copydesk_sink::{Compression, Durability};
use std::net::SocketAddr;
use std::path::PathBuf;
use toml::de::DeValue;

pub const DUPLICATES: Shape<Duplicates> = Shape {
    expected: "mark, inline, keep or drop",
    example: "\"mark\"",
    read: |value| match value.as_str()? {
        "mark" => Some(Duplicates::Mark),
        "inline" => Some(Duplicates::Inline),
        "keep" => Some(Duplicates::Keep),
        "drop" => Some(Duplicates::Drop),
        _ => None,
    },
};

pub const COMPRESSION: Shape<Compression> = Shape {
    expected: "none, zstd or gzip",
    example: "\"zstd\"",
    read: |value| match value.as_str()? {
        "none" => Some(Compression::None),
        "zstd" => Some(Compression::Zstd),
        "gzip" => Some(Compression::Gzip),
        _ => None,
    },
};

pub const DURABILITY: Shape<Durability> = Shape {
    expected: "commit or a duration",
    example: "\"commit\" or \"10s\"",
    read: |value| match value.as_str()? {
        "commit" => Some(Durability::Commit),
        text => reader::duration(text).map(Durability::Interval),
    },
};

pub const KIND: Shape<FeedKind> = Shape {
    expected: "feed, sitemap or page",
    example: "\"sitemap\"",
    read: |value| match value.as_str()? {
        "feed" => Some(FeedKind::Feed),
        "sitemap" => Some(FeedKind::Sitemap),
        "page" => Some(FeedKind::Page),
        _ => None,
    },
};

pub const FULL_TEXT: Shape<FullText> = Shape {
    expected: "auto, page or feed",
    example: "\"page\"",
    read: |value| match value.as_str()? {
        "auto" => Some(FullText::Auto),
        "page" => Some(FullText::Page),
        "feed" => Some(FullText::Feed),
        _ => None,
    },
};

pub const BACKFILL: Shape<Backfill> = Shape {
    expected: "all, a whole number or a duration",
    example: "\"all\", 20 or \"2d\"",
    read: |value| match value.as_str() {
        Some("all") => Some(Backfill::All),
        Some(text) => reader::duration(text).map(Backfill::Age),
        None => (COUNT_OR_ZERO.read)(value).map(Backfill::Count),
    },
};

pub const SELECTOR: Shape<String> = Shape {
    expected: "a CSS selector",
    example: "\"h2 a\"",
    read: |value| {
        let css = value.as_str().filter(|css| is_selector(css));
        css.map(str::to_owned)
    },
};

/// What is sent as the value of a header.
pub const SENT: Shape<String> = Shape {
    expected: "a text that a header can hold",
    example: "\"copydesk/0.1.0 (+https://example.org/copydesk)\"",
    read: |value| sent(value.as_str()?).ok().map(str::to_owned),
};

pub const SECRET: Shape<Secret> = Shape {
    expected: "a text, or the name of a set variable or of a readable file",
    example: "{ env = \"NAME\" }",
    read: |value| {
        let text = kept(value)?.ok()?;
        sent(&text).is_ok().then(|| text.into())
    },
};

pub const HEADERS: Shape<Vec<(String, Secret)>> = Shape {
    expected: "a table of header names and values",
    example: "{ X-Key = { env = \"NAME\" } }",
    read: |value| {
        value
            .as_table()?
            .iter()
            .map(|(name, value)| {
                let (name, text) = (name.get_ref().to_string(), kept(value.get_ref())?.ok()?);
                HeaderName::try_from(name.as_str()).ok()?;
                HeaderValue::from_str(&text).ok()?;
                Some((name, text.into()))
            })
            .collect()
    },
};

pub const AUTH: Shape<Option<Auth>> = Shape {
    expected: "user and password, or bearer",
    example: "{ user = \"desk\", password = { env = \"NAME\" } } or { bearer = { file = \"/run/token\" } }",
    read: |value| {
        let table = value.as_table()?;
        let part = |wanted: &str| {
            table
                .iter()
                .find(|(name, _)| name.get_ref() == wanted)
                .map(|(_, value)| Some(Secret::from(kept(value.get_ref())?.ok()?)))
        };
        match (part("user"), part("password"), part("bearer"), table.len()) {
            (Some(user), Some(password), None, 2) => Some(Some(Auth::Basic {
                user: user?,
                password: password?,
            })),
            (None, None, Some(token), 1) => {
                let token = token.filter(|token| sent(token.expose()).is_ok())?;
                Some(Some(Auth::Bearer(token)))
            }
            _ => None,
        }
    },
};

/// A text that is written as it is, or in a variable of the environment or a file (less its closing
/// line break), or why it cannot be had; None for any other value.
fn kept(value: &DeValue) -> Option<Result<String, String>> {
    if let Some(text) = value.as_str() {
        return Some(Ok(text.to_owned()));
    }
    let table = value.as_table().filter(|table| table.len() == 1)?;
    let (name, place) = table.iter().next()?;
    let place = place.get_ref().as_str()?;
    match name.get_ref().as_ref() {
        "env" => Some(match std::env::var(place) {
            Ok(text) => Ok(text),
            Err(_) => Err("a variable that is not set".to_owned()),
        }),
        "file" => Some(match std::fs::read_to_string(place) {
            Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => Err(format!("a file that cannot be read ({error})")),
        }),
        _ => None,
    }
}

/// The text, where it can be the value of a header and says something.
fn sent(text: &str) -> Result<&str, String> {
    match HeaderValue::from_str(text) {
        _ if text.trim().is_empty() => Err("an empty text".to_owned()),
        Err(_) => Err("a text that no header can hold".to_owned()),
        Ok(_) => Ok(text),
    }
}

/// What is wrong with a secret, or with one inside a table; never the secret itself.
pub fn wrong_secret(value: &DeValue) -> Option<String> {
    match kept(value) {
        Some(kept) => kept.and_then(|text| sent(&text).map(drop)).err(),
        None => (value.as_table()?.iter()).find_map(|(_, inner)| wrong_secret(inner.get_ref())),
    }
}

pub const SHARE: Shape<f64> = Shape {
    expected: "a share from 0 to 1",
    example: "0.1",
    read: |value| {
        let text = value.as_float().map(|number| number.as_str());
        let share = match text {
            Some(text) => text.replace('_', "").parse().ok(),
            None => (COUNT_OR_ZERO.read)(value).map(|whole| whole as f64),
        };
        share.filter(|share| (0.0..=1.0).contains(share))
    },
};

pub const LISTEN: Shape<Option<SocketAddr>> = Shape {
    expected: "an address with a port, or off",
    example: "\"127.0.0.1:8323\"",
    read: |value| match value.as_str()? {
        "off" => Some(None),
        text => text.parse().ok().map(Some),
    },
};

pub const FOLDER: Shape<PathBuf> = Shape {
    expected: "a folder",
    example: "\"/var/lib/copydesk\"",
    read: |value| {
        value
            .as_str()
            .filter(|text| !text.is_empty())
            .map(PathBuf::from)
    },
};
