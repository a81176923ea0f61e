//! A server on loopback that records what it is sent and answers what a test tells it to: in plain
//! text or behind TLS, there in HTTP/2 where the client wants it.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
    /// "HTTP/1.1", "HTTP/2.0".
    pub version: String,
    /// Which connection it came over, from 0.
    pub connection: usize,
    /// The header lines, as sent.
    pub lines: Vec<String>,
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.lines.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// The status, header lines and body of an answer. Status 0 says nothing and holds the connection
/// open. A content-length among the lines is sent as it is, and the connection closed after it; a
/// line `x-then: silence` stays silent where the body ends, `x-then: drip` goes on byte by byte.
#[derive(Clone)]
pub struct Told(pub u16, pub Vec<String>, pub Vec<u8>);

impl Told {
    pub fn new(status: u16, headers: &[&str], body: impl Into<Vec<u8>>) -> Self {
        Self(
            status,
            headers.iter().map(|line| line.to_string()).collect(),
            body.into(),
        )
    }

    fn has(&self, line: &str) -> bool {
        self.1.iter().any(|own| own == line)
    }

    /// In HTTP/1.1, and whether another answer may follow on the connection.
    fn bytes(&self) -> (Vec<u8>, bool) {
        let Self(status, lines, body) = self;
        let is_own_length =
            (lines.iter()).any(|line| line.to_ascii_lowercase().starts_with("content-length"));
        let mut bytes = format!("HTTP/1.1 {status} X\r\n").into_bytes();
        if !is_own_length {
            bytes.extend(format!("content-length: {}\r\n", body.len()).bytes());
        }
        for line in lines {
            // A character for each byte.
            bytes.extend(line.chars().map(|c| u8::try_from(u32::from(c)).unwrap()));
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        (bytes, !is_own_length && !self.has("connection: close"))
    }
}

type Answer = Box<dyn Fn(&Asked, usize) -> Told + Send + Sync>;

pub struct Recorder {
    /// `http://127.0.0.1:port`, without a slash at the end.
    pub base: String,
    desk: Arc<Desk>,
}

/// What the connections of one server share.
struct Desk {
    answer: Answer,
    asked: Mutex<Vec<Asked>>,
}

impl Desk {
    fn told(&self, asked: Asked) -> Told {
        let number = {
            let mut all = self.asked.lock().unwrap();
            all.push(asked.clone());
            all.len() - 1
        };
        (self.answer)(&asked, number)
    }
}

impl Recorder {
    /// `answer` is given each request and its number from 0.
    pub async fn start(answer: impl Fn(&Asked, usize) -> Told + Send + Sync + 'static) -> Self {
        Self::on("127.0.0.1", answer).await
    }

    pub async fn on(
        host: &str,
        answer: impl Fn(&Asked, usize) -> Told + Send + Sync + 'static,
    ) -> Self {
        Self::listen(host, None, Box::new(answer)).await
    }

    /// Behind TLS, for the name `paper.example` and the address 127.0.0.1; and the authority that a
    /// client has to trust for it.
    pub async fn over_tls(
        protocols: &[&str],
        answer: impl Fn(&Asked, usize) -> Told + Send + Sync + 'static,
    ) -> (Self, reqwest::Certificate) {
        let (config, authority) = certified(protocols);
        let server = Self::listen("127.0.0.1", Some(config), Box::new(answer)).await;
        (server, authority)
    }

    async fn listen(host: &str, tls: Option<ServerConfig>, answer: Answer) -> Self {
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://{}", listener.local_addr().unwrap());
        let asked = Mutex::default();
        let desk = Arc::new(Desk { answer, asked });
        let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
        let shared = Arc::clone(&desk);
        tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                let (desk, tls) = (Arc::clone(&shared), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => speak(stream, &desk, connection).await,
                        Some(tls) => speak_behind_tls(&tls, stream, desk, connection).await,
                    }
                });
            }
        });
        Self { base, desk }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.desk.asked.lock().unwrap().clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

/// HTTP/1.1, in which a test may say things that no server library would.
async fn speak(mut stream: impl AsyncRead + AsyncWrite + Unpin, desk: &Desk, connection: usize) {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        let head: String = head.into_iter().map(char::from).collect();
        let mut lines = head.lines().map(str::to_owned);
        let first = lines.next().unwrap();
        let mut words = first.split(' ').skip(1).map(str::to_owned);
        let told = desk.told(Asked {
            path: words.next().unwrap(),
            version: words.next().unwrap(),
            connection,
            lines: lines.filter(|line| !line.is_empty()).collect(),
        });
        if told.0 == 0 {
            std::future::pending::<()>().await;
        }
        let (bytes, stays_open) = told.bytes();
        let mut is_open = stream.write_all(&bytes).await.is_ok();
        while is_open && told.has("x-then: drip") {
            tokio::time::sleep(Duration::from_millis(2)).await;
            is_open = stream.write_all(b" ").await.is_ok();
        }
        if told.has("x-then: silence") {
            std::future::pending::<()>().await;
        }
        if !stays_open {
            return;
        }
    }
}

async fn speak_behind_tls(
    tls: &TlsAcceptor,
    stream: TcpStream,
    desk: Arc<Desk>,
    connection: usize,
) {
    let Ok(stream) = tls.accept(stream).await else {
        return;
    };
    if stream.get_ref().1.alpn_protocol() != Some(b"h2") {
        return speak(stream, &desk, connection).await;
    }
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let line = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
            format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()))
        };
        let Told(status, lines, body) = desk.told(Asked {
            path: request.uri().path_and_query().unwrap().to_string(),
            version: format!("{:?}", request.version()),
            connection,
            lines: request.headers().iter().map(line).collect(),
        });
        let mut response = hyper::Response::builder().status(status);
        for line in &lines {
            let (name, value) = line.split_once(": ").unwrap();
            response = response.header(name, value);
        }
        async move { Ok::<_, Infallible>(response.body(Full::<Bytes>::from(body)).unwrap()) }
    });
    let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// A server's certificate by an authority made for it alone.
fn certified(protocols: &[&str]) -> (ServerConfig, reqwest::Certificate) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let names = ["127.0.0.1", "paper.example"].map(str::to_owned);
    let key = KeyPair::generate().unwrap();
    let own = (CertificateParams::new(names).unwrap())
        .signed_by(&key, &authority)
        .unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    let authority = reqwest::Certificate::from_der(authority.der()).unwrap();
    (config, authority)
}
