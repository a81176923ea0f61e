use serde::{Deserialize, Serialize};
use std::fmt;
use url::{Host, Url};
use xxhash_rust::xxh3::xxh3_128;

/// One name that an article goes by: a feed's guid or a canonical URL, hashed.
///
/// An article has several; any match makes two entries the same article.
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

    /// For entries with neither guid nor URL of their own: whatever else tells them apart.
    pub fn of_content(feed_domain: &str, content: &str) -> Self {
        Self(xxh3_128(
            format!("content\n{feed_domain}\n{content}").as_bytes(),
        ))
    }

    /// http and https, with and without `www.`, and a closing slash make no other article.
    fn of_canonical(url: &str) -> Self {
        let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
        let bare = bare
            .strip_prefix("www.")
            .unwrap_or(bare)
            .trim_end_matches('/');
        Self(xxh3_128(format!("url\n{bare}").as_bytes()))
    }
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

/// Parameters that say where a reader came from, not what is read. Exact names, lowercase.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "cmpid",
    "cmp",
    "ocid",
    "ncid",
    "smid",
    "smtyp",
    "sref",
    "srnd",
    "rss",
    "partner",
    "xtor",
    "at_medium",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "at_custom3",
    "at_custom4",
    "at_link_id",
    "at_link_type",
    "at_link_origin",
    "at_ptr_name",
    "at_format",
    "ref_src",
    "ref_url",
    "spm",
    "share",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "__twitter_impression",
    "ns_mchannel",
    "ns_source",
    "ns_campaign",
    "ns_linkname",
    "ns_fee",
    "ito",
    "mod",
    "traffic_source",
    "wt_mc",
    "wtmc",
    "feedtype",
    "feedname",
    "output",
    "outputtype",
];

/// Beginnings of such names.
const TRACKING_PREFIXES: &[&str] = &["utm_", "at_", "pk_", "mtm_", "hsa_", "ga_", "trk_"];

/// A URL without what makes no other article: tracking parameters, fragment, default port, the
/// order of parameters, AMP forms. None where it is not absolute http or https with a host.
///
/// Doing it twice is doing it once. The scheme stays as it is.
pub fn canonical_url(text: &str) -> Option<String> {
    let mut url = Url::parse(text.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_tracking(&name.to_ascii_lowercase()))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    pairs.sort();
    if pairs.is_empty() {
        url.set_query(None);
    } else {
        url.query_pairs_mut().clear().extend_pairs(pairs);
    }
    Some(url.to_string())
}

fn is_tracking(name: &str) -> bool {
    TRACKING.contains(&name)
        || name == "amp"
        || TRACKING_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// "bbc.co.uk" for `https://www.bbc.co.uk/news`; the address itself for an IP; the whole host where
/// the public suffix list knows none. None where there is no host.
pub fn registrable_domain(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            Some(psl::domain_str(name).unwrap_or(name).to_owned())
        }
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(format!("[{address}]")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_url_drops_what_makes_no_other_article() {
        for (given, wanted) in [
            (
                "https://a.example/x?utm_source=rss&id=2#top",
                "https://a.example/x?id=2",
            ),
            ("HTTPS://A.Example:443/x/", "https://a.example/x/"),
            ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"),
            ("https://user:pw@a.example/", "https://a.example/"),
        ] {
            assert_eq!(canonical_url(given).as_deref(), Some(wanted));
            assert_eq!(
                canonical_url(wanted).as_deref(),
                Some(wanted),
                "twice is once"
            );
        }
        for refused in [
            "tag:a.example,2026:1",
            "/relative",
            "mailto:a@b.example",
            "http://",
            "",
        ] {
            assert_eq!(canonical_url(refused), None, "{refused}");
        }
    }

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
    }

    #[test]
    fn article_id_is_sixteen_characters() {
        let id = ArticleId::from_key(Key(u128::MAX)).to_string();
        assert_eq!(id, "zzzzzzzzzzzzzzzz");
        assert_eq!(ArticleId::from_key(Key(0)).to_string(), "0".repeat(16));
    }

    #[test]
    fn registrable_domain_knows_public_suffixes() {
        for (url, domain) in [
            ("https://www.bbc.co.uk/news", "bbc.co.uk"),
            ("https://x.y.example.com/", "example.com"),
            ("http://127.0.0.3:8080/a", "127.0.0.3"),
            ("http://localhost/", "localhost"),
        ] {
            assert_eq!(registrable_domain(url).as_deref(), Some(domain));
        }
    }
}
