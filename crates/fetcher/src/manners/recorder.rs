//! A server on loopback that records what it is sent and answers what a test tells it to.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
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

pub struct Recorder {
    /// `http://127.0.0.1:port`, without a slash at the end.
    pub base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// The status, header lines and body of an answer.
pub struct Told(pub u16, pub Vec<String>, pub Vec<u8>);

impl Told {
    pub fn new(status: u16, headers: &[&str], body: impl Into<Vec<u8>>) -> Self {
        Self(
            status,
            headers.iter().map(|line| line.to_string()).collect(),
            body.into(),
        )
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
        let listener = TcpListener::bind((host, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let recorded = Arc::clone(&asked);
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (asked, answer) = (Arc::clone(&recorded), Arc::clone(&answer));
                tokio::spawn(async move {
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
                    let path = first.split(' ').nth(1).unwrap().to_owned();
                    let request = Asked {
                        path,
                        lines: lines.filter(|line| !line.is_empty()).collect(),
                    };
                    let number = {
                        let mut asked = asked.lock().unwrap();
                        asked.push(request.clone());
                        asked.len() - 1
                    };
                    let Told(status, headers, body) = answer(&request, number);
                    if status == 0 {
                        // Says nothing, and holds the connection open.
                        std::future::pending::<()>().await;
                    }
                    let mut bytes =
                        format!("HTTP/1.1 {status} X\r\nconnection: close\r\n").into_bytes();
                    if !headers
                        .iter()
                        .any(|line| line.to_ascii_lowercase().starts_with("content-length"))
                    {
                        bytes.extend(format!("content-length: {}\r\n", body.len()).into_bytes());
                    }
                    let then_silence = headers.iter().any(|line| line == "x-then: silence");
                    for line in headers {
                        // A character for each byte.
                        bytes.extend(line.chars().map(|c| u8::try_from(u32::from(c)).unwrap()));
                        bytes.extend(b"\r\n");
                    }
                    bytes.extend(b"\r\n");
                    bytes.extend(body);
                    let _ = stream.write_all(&bytes).await;
                    if then_silence {
                        std::future::pending::<()>().await;
                    }
                });
            }
        });
        Self { base, asked }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}
