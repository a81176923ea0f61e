//! The TCP listener.

use super::guard::guard;
use axum::Router;
use axum::serve::Listener;
use copydesk_fetcher::Secret;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::{info, warn};

/// Connections at once; the next ones wait. Feeds are polled whatever happens here.
const CONNECTIONS_MAX: usize = 128;

/// Serves the router behind the guard for ever. copydesk works all the same
/// without its page, so a failure is a warning.
pub async fn serve(address: SocketAddr, token: Option<Secret>, router: Router) {
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => Limited {
            listener,
            places: Arc::new(Semaphore::new(CONNECTIONS_MAX)),
        },
        Err(error) => {
            warn!(%address, %error, "no status page; [status] listen names another address or \"off\"");
            return;
        }
    };
    info!(page = %format_args!("http://{address}/"), "status page");
    let router = router.layer(axum::middleware::from_fn_with_state(token, guard));
    if let Err(error) = axum::serve(listener, router).await {
        warn!(%error, "the status page has ended");
    }
}

struct Limited {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Listener for Limited {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let place = self.places.clone().acquire_owned().await;
        let place = place.expect("the places are never closed");
        let (stream, address) = Listener::accept(&mut self.listener).await;
        (
            Connection {
                stream,
                _place: place,
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection, and its place among those allowed.
struct Connection {
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        buffer: &mut ReadBuf,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
