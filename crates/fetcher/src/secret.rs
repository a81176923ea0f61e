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

/// Query parameters that are credentials wherever they stand. Lowercase.
const SECRET_PARAMETERS: &[&str] = &[
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "key",
    "pass",
    "password",
    "secret",
    "sig",
    "signature",
    "token",
];

/// A URL as it may stand in a log: without userinfo, and with `***` for the values of parameters
/// that are credentials by their names.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both refuse only URLs that cannot have userinfo.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let is_secret = |name: &str| SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str());
    if url.query_pairs().any(|(name, _)| is_secret(&name)) {
        let pairs: Vec<String> = (url.query().unwrap_or_default().split('&'))
            .map(|pair| match pair.split_once('=') {
                Some((name, _)) if is_secret(name) => format!("{name}=***"),
                _ => pair.to_owned(),
            })
            .collect();
        url.set_query(Some(&pairs.join("&")));
    }
    url.to_string()
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
            ("https://a.example/x?key", "https://a.example/x?key"),
            ("https://user:pw@a b/x?token=1", "***@a b/x"),
            ("not a url", "not a url"),
        ] {
            assert_eq!(shown_text(given), wanted);
        }
        assert_eq!(format!("{:?}", Secret::from("hunter2")), "***");
    }
}
