use serde::{Deserialize, Serialize};
use std::fmt;
use xxhash_rust::xxh3::xxh3_128;

use crate::canonical_url;

/// One name that an article goes by: a feed's guid or a canonical URL, hashed.
///
/// An article has several. The one of an entry's own address is sure; a guid, or the address that a
/// page gives for itself, may be shared by mistake, and then the texts say which article it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u128);

impl Key {
    /// A guid is scoped to the registrable domain of its feed, so that `1` of one site is not `1`
    /// of another and a feed may move within its site. A guid that is a URL is keyed as that URL.
    pub fn of_guid(feed_domain: &str, guid: &str) -> Self {
        match canonical_url(guid) {
            Some(url) => Self::of_canonical(&url),
            None => Self(xxh3_128(
                format!("guid\n{feed_domain}\n{}", guid.trim()).as_bytes(),
            )),
        }
    }

    /// None where the URL cannot be read.
    pub fn of_url(url: &str) -> Option<Self> {
        canonical_url(url).map(|url| Self::of_canonical(&url))
    }

    /// What stays of a URL when its headline is edited: the folder, and the number that its last part
    /// begins or ends with. None where there is no such number beside words, or where it may be a
    /// date: two articles never share one but by the site's own will.
    pub fn of_numbered_url(url: &str) -> Option<Self> {
        let url = canonical_url(url)?;
        let bare = bare(&url);
        let (folder, last) = bare
            .split_once('?')
            .is_none()
            .then(|| bare.rsplit_once('/'))??;
        let name = last.split_once('.').map_or(last, |(name, _)| name);
        let (first, final_) = (
            name.split(['-', '_']).next()?,
            name.rsplit(['-', '_']).next()?,
        );
        let is_number = |part: &&str| {
            let is_date = matches!(part.len(), 8 | 10 | 12 | 14)
                && (part.starts_with("19") || part.starts_with("20"));
            part.len() >= NUMBER_DIGITS_MIN
                && part.len() < name.len()
                && part.bytes().all(|byte| byte.is_ascii_digit())
                && !is_date
        };
        let number = [final_, first].into_iter().find(is_number)?;
        Some(Self(xxh3_128(
            format!("number\n{folder}\n{number}").as_bytes(),
        )))
    }

    /// For entries with neither guid nor URL of their own: whatever else tells them apart.
    pub fn of_content(feed_domain: &str, content: &str) -> Self {
        Self(xxh3_128(
            format!("content\n{feed_domain}\n{content}").as_bytes(),
        ))
    }

    fn of_canonical(url: &str) -> Self {
        Self(xxh3_128(format!("url\n{}", bare(url)).as_bytes()))
    }
}

/// Shorter numbers are those of days, pages and lists.
const NUMBER_DIGITS_MIN: usize = 7;

/// http and https, with and without `www.`, a closing slash, and how a letter is encoded make no
/// other article.
fn bare(url: &str) -> String {
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let mut parts = bare.trim_end_matches('/').split('%');
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(part.floor_char_boundary(2));
        bare.push('%');
        bare.push_str(&digits.to_ascii_uppercase());
        bare.push_str(rest);
    }
    bare
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u128::from_str_radix(&digits, 16)
            .map(Key)
            .map_err(serde::de::Error::custom)
    }
}

/// What a record calls its article: 16 characters of lowercase base 32, 80 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleId(u128);

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl ArticleId {
    /// The same key gives the same id, also after all state is lost.
    pub fn from_key(key: Key) -> Self {
        Self(key.0 >> 48)
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = (0..16)
            .rev()
            .map(|place| char::from(DIGITS[(self.0 >> (place * 5)) as usize & 31]))
            .collect();
        formatter.write_str(&digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_the_same_for_host_aliases() {
        let key = Key::of_url("https://www.a.example/story/");
        assert_eq!(key, Key::of_url("http://a.example/story"));
        assert_eq!(
            key,
            Some(Key::of_guid("b.example", "https://a.example/story"))
        );
        assert_ne!(
            Key::of_guid("a.example", "1"),
            Key::of_guid("b.example", "1")
        );
        assert_eq!(
            Key::of_url("https://a.example/caf%c3%a9/%"),
            Key::of_url("http://amp.a.example./caf\u{e9}/%?utm_source=rss#top")
        );
    }

    #[test]
    fn a_numbered_url_is_known_through_an_edit_of_its_headline() {
        let key = |path: &str| Key::of_numbered_url(&format!("https://www.a.example{path}"));
        let story = key("/news/storm-hits-coast-12345678");
        assert!(story.is_some());
        for same in [
            "/news/storm-hits-coast-again-12345678",
            "/news/storm-hits-coast-12345678/amp",
            "/news/12345678-storm-hits",
            "/news/storm_12345678.html?utm_source=rss",
        ] {
            assert_eq!(key(same), story, "{same}");
        }
        for other in [
            "/news/storm-hits-coast-12345679",
            "/sport/storm-hits-coast-12345678",
            "/news/storm-12345678/photos",
        ] {
            assert_ne!(key(other), story, "{other}");
        }
        for none in [
            "/news/12345678",
            "/news/storm-of-20261121",
            "/news/storm-2026-11-21",
            "/news/top-100000",
            "/news/storm-12345678?page=2",
            "/",
        ] {
            assert_eq!(key(none), None, "{none}");
        }
    }

    #[test]
    fn article_id_is_sixteen_characters() {
        let id = ArticleId::from_key(Key(u128::MAX)).to_string();
        assert_eq!(id, "zzzzzzzzzzzzzzzz");
        assert_eq!(ArticleId::from_key(Key(0)).to_string(), "0".repeat(16));
    }
}
