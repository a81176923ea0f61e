//! One URL for one article: what a URL is without the ways in which it was reached.

use url::{Host, Url};

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
];

/// Beginnings of such names.
const TRACKING_PREFIXES: &[&str] = &["utm_", "at_", "pk_", "mtm_", "hsa_", "ga_", "trk_", "amp_"];

/// Parameters that ask for a page in another form, with the values that do. Lowercase.
const FORMS: &[(&str, &[&str])] = &[
    ("amp", &["", "1", "true", "yes"]),
    ("m", &["1"]),
    ("mobile", &["1", "true"]),
    ("output", &["amp", "rss"]),
    ("outputtype", &["amp"]),
    ("view", &["amp"]),
];

/// Subdomains on which sites keep the same articles in another form.
const FORM_HOSTS: &[&str] = &["amp.", "m.", "mobile."];

/// Paths over this are left as they are: no article has one.
const PATH_MAX: usize = 2048;

/// A URL without what makes no other article: tracking parameters, fragment, default port, the
/// order of parameters, AMP and mobile forms of an article, the AMP cache that it came through.
/// None where it is not absolute http or https with a host.
///
/// Doing it twice is doing it once. The scheme stays as it is, and so does everything of which it
/// is not sure: two articles never become one.
pub fn canonical_url(text: &str) -> Option<String> {
    let mut url = of_its_site(Url::parse(text.trim()).ok()?)?;
    // Some sites are one page, and what follows the mark names the article.
    let is_route = |fragment: &str| fragment.starts_with('/') || fragment.starts_with("!/");
    if !url.fragment().is_some_and(is_route) {
        url.set_fragment(None);
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let path = own_path(url.path());
    if path != url.path() {
        url.set_path(&path);
    }
    let query = own_query(&url);
    url.set_query(query.as_deref());
    Some(url.into())
}

/// The same URL on the article's own host: not on a cache's, nor on the one for telephones.
fn of_its_site(url: Url) -> Option<Url> {
    let url = on_own_host(url)?;
    match cached(&url).and_then(on_own_host) {
        // A cache of a cache is nothing that any site has.
        Some(inner) if cached(&inner).is_none() => Some(inner),
        _ => Some(url),
    }
}

fn on_own_host(mut url: Url) -> Option<Url> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let Host::Domain(name) = url.host()? else {
        return Some(url);
    };
    let mut own = name.trim_end_matches('.');
    let is_home = url.path() == "/" && url.query().is_none();
    while let Some(rest) = (FORM_HOSTS.iter()).find_map(|form| own.strip_prefix(form)) {
        // "m.example" may be all the name there is, and a home page in another form is another page.
        if is_home || psl::domain_str(rest).is_none() {
            break;
        }
        own = rest;
    }
    if own.is_empty() {
        return None;
    }
    let own = own.to_owned();
    url.set_host(Some(&own)).ok()?;
    Some(url)
}

/// The URL that an AMP cache or viewer shows: its path says whether in TLS, then host and path.
fn cached(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let is_cache = host == "cdn.ampproject.org" || host.ends_with(".cdn.ampproject.org");
    let rest = match is_cache {
        true => (url.path().strip_prefix("/c/")).or_else(|| url.path().strip_prefix("/v/"))?,
        false if host == "www.google.com" => url.path().strip_prefix("/amp/")?,
        false => return None,
    };
    let (scheme, rest) = match rest.strip_prefix("s/") {
        Some(rest) => ("https", rest),
        None => ("http", rest),
    };
    let host = rest.split('/').next()?;
    psl::domain_str(host)?;
    let query = url.query().map(|query| format!("?{query}"));
    Url::parse(&format!("{scheme}://{rest}{}", query.unwrap_or_default())).ok()
}

/// The path of the article itself, where the one given is its AMP form or holds a session.
fn own_path(path: &str) -> String {
    let mut own = path.to_owned();
    if path.len() > PATH_MAX {
        return own;
    }
    while let Some(shorter) = shorter_path(&own) {
        own = shorter;
    }
    own
}

fn shorter_path(path: &str) -> Option<String> {
    if let Some((before, after)) = split_once_ignoring_case(path, ";jsessionid=") {
        let after = after.find('/').map_or("", |end| &after[end..]);
        return Some(format!("{before}{after}"));
    }
    let before = path.trim_end_matches('/');
    if let Some(article) = before
        .strip_suffix("/amp")
        .filter(|path| ends_in_slug(path))
    {
        // With the slash at its end where the AMP form had one: sites keep to one way.
        return Some(format!("{article}{}", &path[before.len()..]));
    }
    if let Some(article) = path.strip_suffix(".amp.html") {
        return Some(format!("{article}.html"));
    }
    if let Some(article) = path.strip_suffix(".amp").filter(|path| ends_in_slug(path)) {
        return Some(article.to_owned());
    }
    let article = path
        .strip_prefix("/amp")
        .filter(|rest| rest.starts_with('/'))?;
    ends_in_slug(article).then(|| article.to_owned())
}

fn split_once_ignoring_case<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let at = text.to_ascii_lowercase().find(mark)?;
    Some((&text[..at], &text[at + mark.len()..]))
}

fn ends_in_slug(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    is_slug(path.rsplit('/').next().unwrap_or_default())
}

/// Whether a segment of a path looks like an article's own name, and not like a section's or a
/// date's: words joined by hyphens or underscores, a document, or a long number.
pub fn is_slug(segment: &str) -> bool {
    let joints = segment.bytes().filter(|byte| matches!(byte, b'-' | b'_'));
    let is_document = [".html", ".htm", ".php", ".aspx", ".shtml", ".cms"]
        .iter()
        .any(|end| segment.len() > end.len() && segment.ends_with(end))
        && !segment.starts_with("index.");
    let digits = |run: &[u8]| run.len() >= 5;
    let is_numbered = (segment.as_bytes())
        .split(|byte| !byte.is_ascii_digit())
        .any(digits);
    joints.count() >= 2 || is_document || is_numbered
}

/// The parameters that are left, in the order of their letters.
fn own_query(url: &Url) -> Option<String> {
    let mut pairs: Vec<&str> = (url.query()?.split('&'))
        .filter(|pair| {
            let (name, value) = url::form_urlencoded::parse(pair.as_bytes())
                .next()
                .unwrap_or_default();
            let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
            let is_form = |(form, values): &(&str, &[&str])| {
                *form == name && values.contains(&value.as_str())
            };
            !pair.is_empty() && !is_tracking(&name) && !FORMS.iter().any(is_form)
        })
        .collect();
    pairs.sort_unstable();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

fn is_tracking(name: &str) -> bool {
    TRACKING.contains(&name) || (TRACKING_PREFIXES.iter()).any(|prefix| name.starts_with(prefix))
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
    use proptest::prelude::*;

    #[track_caller]
    fn check(given: &str, wanted: &str) {
        assert_eq!(canonical_url(given).as_deref(), Some(wanted), "{given}");
        assert_eq!(
            canonical_url(wanted).as_deref(),
            Some(wanted),
            "twice is once"
        );
    }

    #[test]
    fn drops_what_makes_no_other_article() {
        for (given, wanted) in [
            (
                "https://a.example/x?utm_source=rss&id=2#top",
                "https://a.example/x?id=2",
            ),
            ("HTTPS://A.Example:443/x/", "https://a.example/x/"),
            ("https://a.example./x", "https://a.example/x"),
            ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"),
            (
                "https://a.example/x?UTM_Campaign=1&&",
                "https://a.example/x",
            ),
            ("https://user:pw@a.example/", "https://a.example/"),
            (
                "https://a.example/x;JSESSIONID=9F?id=1",
                "https://a.example/x?id=1",
            ),
            (
                "https://a.example/?12345&fbclid=q",
                "https://a.example/?12345",
            ),
            (
                "https://a.example/app#!/story/1",
                "https://a.example/app#!/story/1",
            ),
        ] {
            check(given, wanted);
        }
        for refused in [
            "tag:a.example,2026:1",
            "/relative",
            "mailto:a@b.example",
            "http://",
            "http://./",
            "",
        ] {
            assert_eq!(canonical_url(refused), None, "{refused}");
        }
    }

    #[test]
    fn amp_and_mobile_forms_are_the_article() {
        let story = "https://paper.example/news/storm-hits-coast";
        for given in [
            "https://paper.example/news/storm-hits-coast/amp",
            "https://paper.example/amp/news/storm-hits-coast",
            "https://paper.example/news/storm-hits-coast.amp",
            "https://paper.example/news/storm-hits-coast?amp",
            "https://paper.example/news/storm-hits-coast?amp=1",
            "https://paper.example/news/storm-hits-coast?outputType=amp",
            "https://amp.paper.example/news/storm-hits-coast",
            "https://m.paper.example/news/storm-hits-coast",
            "https://mobile.paper.example/news/storm-hits-coast?m=1",
            "https://paper-example.cdn.ampproject.org/c/s/paper.example/news/storm-hits-coast",
            "https://cdn.ampproject.org/v/s/paper.example/news/storm-hits-coast/amp?amp_js_v=0.1",
            "https://www.google.com/amp/s/amp.paper.example/news/storm-hits-coast",
        ] {
            check(given, story);
        }
        check(
            "http://a-example.cdn.ampproject.org/c/a.example/2026/x.amp.html",
            "http://a.example/2026/x.html",
        );
        check(
            "https://a.example/story/1234567/amp/",
            "https://a.example/story/1234567/",
        );
    }

    #[test]
    fn what_may_be_another_article_stays() {
        for url in [
            "https://a.example/amp",
            "https://a.example/amp/",
            "https://a.example/music/amp",
            "https://a.example/2026/11/amp",
            "https://a.example/amp/reviews",
            "https://a.example/guitar-amp",
            "https://a.example/x?amp=valve",
            "https://a.example/x?m=201",
            "https://a.example/x?output=27",
            "https://m.example/story",
            "https://m.co.uk/story",
            "https://amp.dev/about",
            "https://m.a.example/",
            "https://mm.a.example/story",
            "https://a.cdn.ampproject.org/i/s/a.example/photo.jpg",
            "https://cdn.ampproject.org/c/s/cdn.ampproject.org/c/s/a.example/x",
            "https://www.google.com/amp/s/localhost/x",
            "http://127.0.0.1:8080/x",
            "http://[::1]/x",
        ] {
            check(url, url);
        }
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

    proptest! {
        #[test]
        fn twice_is_once(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..14)) {
            if let Some(once) = canonical_url(&format!("https://{}", pieces.concat())) {
                prop_assert_eq!(canonical_url(&once), Some(once.clone()));
            }
        }

        #[test]
        fn twice_is_once_for_any_text(text in ".{0,60}") {
            if let Some(once) = canonical_url(&format!("http://a.example/{text}")) {
                prop_assert_eq!(canonical_url(&once), Some(once.clone()));
            }
        }
    }

    const PIECES: &[&str] = &[
        "amp.",
        "m.",
        "mobile.",
        "www.",
        "a.example",
        "google.com",
        "cdn.ampproject.org",
        "co.uk",
        "/c/s/",
        "/v/",
        "/amp",
        "/amp/",
        ".amp",
        ".amp.html",
        "/story-1-2",
        "/12345",
        "/x",
        "/",
        "//",
        ";jsessionid=1",
        ";",
        "?",
        "amp=1",
        "&",
        "utm_x=1",
        "b=2",
        "a",
        "%41",
        "%2f",
        "+",
        " ",
        "#",
        "#!/",
        "..",
        ".",
        ":80",
        ":443",
        "@",
        "é",
        "\\",
    ];
}
