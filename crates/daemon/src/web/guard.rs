//! Who is answered over TCP.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use copydesk_fetcher::Secret;
use subtle::ConstantTimeEq;

/// Paths that tell nobody anything but whether it works.
const PROBES: &[&str] = &["/livez", "/healthz", "/readyz"];

/// The policy of every page: nothing but our own style and script, no frame, no other origin.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The middleware of a TCP listener.
pub async fn guard(State(token): State<Option<Secret>>, request: Request, next: Next) -> Response {
    let refused = refusal(
        token.as_ref(),
        request.method(),
        request.uri().path(),
        request.headers(),
    );
    let mut response = match refused {
        Some(refused) => refused,
        None => next.run(request).await,
    };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    let cache = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(cache);
    response
}

fn refusal(
    token: Option<&Secret>,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Option<Response> {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    let (is_shown, is_bearer) = match (token, headers.get(header::AUTHORIZATION)) {
        (Some(token), Some(shown)) => shows(shown, token),
        _ => (false, false),
    };
    match token {
        _ if is_read && PROBES.contains(&path) => None,
        None if !is_loopback(headers) => {
            let text = "only the names of this machine's loopback are answered without a token\n";
            Some((StatusCode::FORBIDDEN, text).into_response())
        }
        None if is_read => None,
        Some(_) if is_read && is_shown => None,
        Some(_) if is_bearer => None,
        Some(_) if is_read => {
            let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"copydesk\"")];
            let text = "the token is wanted, as a bearer or as the password\n";
            Some((StatusCode::UNAUTHORIZED, challenge, text).into_response())
        }
        _ => {
            let text = "a change wants [status] token as a bearer, or the control socket\n";
            Some((StatusCode::FORBIDDEN, text).into_response())
        }
    }
}

/// Whether the token is shown, and whether as a bearer.
fn shows(authorization: &HeaderValue, token: &Secret) -> (bool, bool) {
    let same = |shown: &[u8]| bool::from(shown.ct_eq(token.expose().as_bytes()));
    let text = authorization.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, shown)) if scheme.eq_ignore_ascii_case("bearer") => {
            let is_same = same(shown.trim().as_bytes());
            (is_same, is_same)
        }
        Some((scheme, shown)) if scheme.eq_ignore_ascii_case("basic") => {
            let decoded = base64::engine::general_purpose::STANDARD.decode(shown.trim());
            let decoded = decoded.unwrap_or_default();
            let password = decoded.iter().position(|&byte| byte == b':');
            (
                password.is_some_and(|colon| same(&decoded[colon + 1..])),
                false,
            )
        }
        _ => (false, false),
    }
}

/// Whether the request names this machine's loopback.
fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let Some(host) = host.and_then(|host| url::Url::parse(&format!("http://{host}/")).ok()) else {
        return false;
    };
    match host.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(token: Option<&str>, request: &str, headers: &[(&str, &str)], wanted: u16) {
        let (method, path) = request.split_once(' ').unwrap();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: header::HeaderName = name.parse().unwrap();
            map.insert(name, value.parse().unwrap());
        }
        let token = token.map(|token| Secret::from(token.to_owned()));
        let refused = refusal(token.as_ref(), &method.parse().unwrap(), path, &map);
        let status = refused.map_or(200, |response| response.status().as_u16());
        assert_eq!(status, wanted, "{request} {headers:?}");
    }

    #[test]
    fn without_a_token_only_loopback_is_answered_and_nothing_is_changed() {
        for (host, wanted) in [
            ("localhost:8323", 200),
            ("127.0.0.1:8323", 200),
            ("[::1]:8323", 200),
            ("evil.example:8323", 403),
            ("localhost.evil.example", 403),
            ("127.0.0.1.evil.example", 403),
            ("10.0.0.7", 403),
        ] {
            check(None, "GET /", &[("host", host)], wanted);
        }
        check(None, "GET /", &[], 403);
        check(None, "GET /healthz", &[("host", "10.0.0.7")], 200);
        check(None, "GET /livez", &[("host", "10.0.0.7")], 200);
        check(None, "POST /reload", &[("host", "localhost")], 403);
        check(None, "POST /healthz", &[("host", "localhost")], 403);
    }

    #[test]
    fn with_a_token_it_is_wanted_everywhere_but_at_the_probes() {
        let token = Some("t0ken");
        // "desk:t0ken" and ":t0ken2".
        let (basic, wrong) = ("Basic ZGVzazp0MGtlbg==", "Basic OnQwa2VuMg==");
        check(token, "GET /", &[("host", "localhost")], 401);
        check(
            token,
            "GET /metrics",
            &[("authorization", "Bearer t0ken")],
            200,
        );
        check(
            token,
            "GET /metrics",
            &[("authorization", "Bearer t0ke")],
            401,
        );
        check(token, "GET /metrics", &[("authorization", "Bearer")], 401);
        check(token, "GET /", &[("authorization", basic)], 200);
        check(token, "GET /", &[("authorization", wrong)], 401);
        check(token, "GET /", &[("authorization", "Basic !!")], 401);
        check(token, "GET /readyz", &[], 200);
        // A browser sends a password by itself, also for another site's form.
        check(token, "POST /reload", &[("authorization", basic)], 403);
        check(
            token,
            "POST /reload",
            &[("authorization", "bearer t0ken")],
            200,
        );
    }
}
