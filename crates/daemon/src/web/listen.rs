//! The TCP listener.

use super::guard::guard;
use axum::Router;
use copydesk_fetcher::Secret;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tracing::{debug, info, warn};

/// Connections at once; the next ones wait. Feeds are polled whatever happens here.
const CONNECTIONS_MAX: usize = 128;
/// Until the next request's head is there, and until the other side takes what it was sent: who is
/// slower gives its place to others. Browsers open a connection anew without a word.
const PATIENCE: Duration = Duration::from_secs(30);
/// After an accept that failed, which mostly means that no file handle is left.
const BREATH: Duration = Duration::from_secs(1);

/// Serves the router behind the guard for ever. copydesk works all the same
/// without its page, so a failure is a warning.
pub async fn serve(address: SocketAddr, token: Option<Secret>, router: Router) {
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) => {
            warn!(%address, %error, "no status page; [status] listen names another address or \"off\"");
            return;
        }
    };
    info!(page = %format_args!("http://{address}/"), "status page");
    let router = router.layer(axum::middleware::from_fn_with_state(token, guard));
    answer(listener, router, PATIENCE).await;
}

/// Gives each connection a place, for ever.
async fn answer(listener: TcpListener, router: Router, patience: Duration) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = places.clone().acquire_owned().await;
        let place = place.expect("the places are never closed");
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                debug!(%error, "connection to the page not accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        // The system ends a connection whose other side takes nothing; no read would notice.
        let bounded = SockRef::from(&stream).set_tcp_user_timeout(Some(patience));
        if let Err(error) = bounded {
            debug!(%error, "no time limit on sending");
        }
        let router = router.clone();
        tokio::spawn(async move {
            connection(stream, router, patience).await;
            drop(place);
        });
    }
}

/// Answers one request after another, each of whose heads has to come within `patience`.
async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    patience: Duration,
) {
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = served.await {
        debug!(%error, "connection to the page ended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, Bytes};
    use axum::routing::get;
    use futures_util::stream;
    use std::convert::Infallible;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::mpsc;

    /// What is answered to these bytes up to the end, which only the server brings about.
    async fn check(sent: &str, answers: usize) {
        let (mut client, server) = tokio::io::duplex(4096);
        let router = Router::new().route("/", get("answered"));
        let served = tokio::spawn(connection(server, router, Duration::from_millis(300)));
        client.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.matches("answered").count(), answers, "{answer}");
        served.await.unwrap();
    }

    #[tokio::test]
    async fn half_a_head_and_an_idle_connection_are_ended() {
        let whole = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
        check("", 0).await;
        check(&whole[..20], 0).await;
        check(whole, 1).await;
        check(&format!("{whole}{}", &whole[..20]), 1).await;
    }

    #[tokio::test]
    async fn connection_that_takes_nothing_is_ended() {
        let (answering, mut answered) = mpsc::channel::<()>(1);
        let weak = answering.downgrade();
        // Endless, and it holds the channel open for as long as it is being sent.
        let body = move || {
            let answering = weak.upgrade();
            let blocks = stream::repeat_with(move || {
                let _held = &answering;
                Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 65_536]))
            });
            async { Body::from_stream(blocks) }
        };
        let router = Router::new().route("/", get(body));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(answer(listener, router, Duration::from_millis(300)));
        let mut client = TcpStream::connect(address).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
        client.write_all(request).await.unwrap();
        client.peek(&mut [0]).await.unwrap();
        drop(answering);
        let ended = tokio::time::timeout(Duration::from_secs(60), answered.recv()).await;
        assert_eq!(ended, Ok(None), "it still has its place");
        served.abort();
    }
}
