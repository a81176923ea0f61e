//! What must never be shown: credentials, and the parts of URLs that hold them.

use std::fmt;
use url::Url;

/// A credential. Prints as `***`; only `expose` gives it away.
#[derive(Clone, PartialEq, Eq, Default, Hash)]
pub struct Secret(String);

impl Secret {
    /// The credential itself, to be sent and never to be logged.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// Query parameters that are credentials wherever they stand: lowercase, less all that is neither
/// letter nor digit.
const SECRET_PARAMETERS: &[&str] = &[
    "auth", "code", "hash", "hmac", "pass", "pw", "pwd", "sid", "sig", "ticket",
];
/// The same for parts of their names, of which many are made up: `feed_token`, `X-Amz-Signature`.
const SECRET_PARTS: &[&str] = &[
    "apikey",
    "authkey",
    "authorization",
    "credential",
    "jwt",
    "passw",
    "secret",
    "session",
    "signature",
    "token",
];

fn is_secret(parameter: &str) -> bool {
    let letters = parameter.chars().filter(|char| char.is_alphanumeric());
    let name = letters.collect::<String>().to_lowercase();
    SECRET_PARAMETERS.contains(&name.as_str())
        || name.ends_with("key")
        || SECRET_PARTS.iter().any(|part| name.contains(part))
}

/// A URL as it may stand in a log: without userinfo and fragment, and with `***` for the values of
/// parameters that are credentials by their names.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both refuse only URLs that cannot have userinfo.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    let Some(query) = url.query() else {
        return url.to_string();
    };
    let pairs: Vec<String> = (query.split('&'))
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret(&decoded(name)) => format!("{name}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    let query = pairs.join("&");
    url.set_query(Some(&query));
    url.to_string()
}

fn decoded(name: &str) -> String {
    url::form_urlencoded::parse(name.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

/// `shown` for a URL that may be unreadable: then only that much of it as can hold no credential.
pub fn shown_text(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) => shown(&url),
        Err(_) => {
            let text = text.split(['?', '#']).next().unwrap_or_default();
            match text.rsplit_once('@') {
                Some((_, after)) => format!("***@{after}"),
                None => text.to_owned(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_urls_without_credentials() {
        for (given, wanted) in [
            (
                "https://user:pw@a.example/x?id=1",
                "https://a.example/x?id=1",
            ),
            (
                "https://a.example/x?id=1&Token=abc",
                "https://a.example/x?id=1&Token=***",
            ),
            (
                "https://a.example/x?api-key=a&to%6ben=b#c&feed_token=d",
                "https://a.example/x?api-key=***&to%6ben=***",
            ),
            (
                "https://a.example/x?author=a&q=b&X-Amz-Signature=c",
                "https://a.example/x?author=a&q=b&X-Amz-Signature=***",
            ),
            ("https://a.example/x?key", "https://a.example/x?key"),
            ("https://user:pw@a b/x?token=1", "***@a b/x"),
            ("not a url", "not a url"),
        ] {
            assert_eq!(shown_text(given), wanted);
        }
        assert_eq!(format!("{:?}", Secret::from("hunter2")), "***");
    }
}
