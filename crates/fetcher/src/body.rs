//! Reads a body within bounds: on the wire, decoded, and the ratio between them.
//!
//! Decoding is ours and not the client's, because the client tells neither how much came over the
//! wire nor decodes what was encoded twice.

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use copydesk_model::Reason;
use futures_util::StreamExt;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::time::{Instant, timeout_at};
use tokio_util::io::StreamReader;

use crate::room::{Held, Room, Taken};

/// What we can decode, as we say it to servers.
pub const ACCEPT_ENCODING: &str = "gzip, br, zstd";
/// Encodings upon each other.
const ENCODINGS_MAX: usize = 3;
/// Decoded bytes per wire byte above which a body is a bomb. Text rarely passes 30.
const RATIO_MAX: u64 = 300;
/// The ratio is not looked at below this: a small body harms nobody.
const RATIO_FROM: u64 = 1 << 20;
/// RFC 9659: what a zstd window may need at most over HTTP, 8 MiB.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// What is done with a body over its cap.
#[derive(Clone, Copy, PartialEq)]
pub enum Over {
    /// It fails.
    Fails,
    /// Its beginning is kept.
    IsCut,
}

/// The reason and the cause, in words.
pub type BodyError = (Reason, String);

type Reader = Box<dyn AsyncBufRead + Send + Unpin>;

/// A body, and its share of the room for bodies.
pub struct Body {
    pub bytes: Vec<u8>,
    pub held: Held,
}

/// The decoded body, at most `bytes_max` long, and before the deadline. Waiting for room does not
/// count.
pub async fn read(
    response: reqwest::Response,
    bytes_max: u64,
    over: Over,
    room: &Room,
    mut deadline: Instant,
) -> Result<Body, BodyError> {
    let too_large = |what: &str| Err((Reason::TooLarge, format!("{what} over {bytes_max} bytes")));
    if over == Over::Fails
        && response
            .content_length()
            .is_some_and(|length| length > bytes_max)
    {
        return too_large("body on the wire");
    }
    let encodings = encodings(response.headers())?;
    let start = Instant::now();
    let mut taken = room.begin().await;
    deadline += start.elapsed();
    let wire = Arc::new(AtomicU64::new(0));
    let wire_bytes = wire_bytes(response, Arc::clone(&wire), bytes_max);
    let mut reader = within(deadline, decoder(wire_bytes, &encodings)).await??;
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 16 << 10];
    let done = |mut bytes: Vec<u8>, taken: Taken| {
        bytes.shrink_to_fit();
        let held = taken.keep(bytes.len() as u64);
        Ok(Body { bytes, held })
    };
    loop {
        let count = match within(deadline, reader.read(&mut chunk)).await? {
            Ok(0) => return done(bytes, taken),
            Ok(count) => count,
            Err(error) => return Err(told(error)),
        };
        let decoded = bytes.len() as u64 + count as u64;
        if decoded > bytes_max {
            if over == Over::Fails {
                return too_large("body");
            }
            let fits = count - (decoded - bytes_max) as usize;
            bytes.extend_from_slice(&chunk[..fits]);
            return done(bytes, taken);
        }
        if decoded > RATIO_FROM && decoded / RATIO_MAX > wire.load(Ordering::Relaxed) {
            let detail = format!("body grows more than {RATIO_MAX} times when decoded");
            return Err((Reason::TooLarge, detail));
        }
        if decoded > taken.bytes {
            let start = Instant::now();
            room.grow(&mut taken, bytes_max).await;
            deadline += start.elapsed();
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
}

async fn within<T>(deadline: Instant, work: impl Future<Output = T>) -> Result<T, BodyError> {
    let late = |_| (Reason::Timeout, "the whole answer took too long".into());
    timeout_at(deadline, work).await.map_err(late)
}

fn encodings(headers: &HeaderMap) -> Result<Vec<String>, BodyError> {
    let encodings: Vec<String> = (headers.get_all(CONTENT_ENCODING).iter())
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .filter(|name| !matches!(name.as_str(), "" | "identity" | "none"))
        .collect();
    if encodings.len() > ENCODINGS_MAX {
        return Err((
            Reason::Body,
            format!("body encoded {} times", encodings.len()),
        ));
    }
    Ok(encodings)
}

fn wire_bytes(response: reqwest::Response, wire: Arc<AtomicU64>, bytes_max: u64) -> Reader {
    let chunks = response.bytes_stream().map(move |chunk| {
        let chunk = chunk.map_err(io::Error::other)?;
        let length = chunk.len() as u64;
        if wire.fetch_add(length, Ordering::Relaxed) + length > bytes_max.saturating_add(RATIO_FROM)
        {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(chunk)
    });
    Box::new(StreamReader::new(chunks))
}

async fn decoder(mut reader: Reader, encodings: &[String]) -> Result<Reader, BodyError> {
    for encoding in encodings.iter().rev() {
        reader = match encoding.as_str() {
            "gzip" | "x-gzip" => {
                // Some servers name gzip and send plain text.
                let is_gzip = reader.fill_buf().await.map_err(told)?.first() == Some(&0x1f);
                if !is_gzip {
                    continue;
                }
                let mut decoder = GzipDecoder::new(reader);
                decoder.multiple_members(true);
                Box::new(BufReader::new(decoder))
            }
            "br" => Box::new(BufReader::new(BrotliDecoder::new(reader))),
            "deflate" => Box::new(BufReader::new(ZlibDecoder::new(reader))),
            "zstd" => {
                let window = [DParameter::window_log_max(ZSTD_WINDOW_LOG_MAX)];
                let mut decoder = ZstdDecoder::with_params(reader, &window);
                decoder.multiple_members(true);
                Box::new(BufReader::new(decoder))
            }
            other => {
                let other: String = other.chars().take(40).collect();
                return Err((
                    Reason::Body,
                    format!("body has the unknown encoding {other:?}"),
                ));
            }
        };
    }
    Ok(reader)
}

fn told(error: io::Error) -> BodyError {
    if error.kind() == io::ErrorKind::FileTooLarge {
        return (Reason::TooLarge, "body on the wire over its cap".into());
    }
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    match inner {
        Some(inner) if inner.is_timeout() => {
            (Reason::Timeout, "no byte of the body for too long".into())
        }
        Some(inner) => (
            Reason::Body,
            format!("body broke off: {}", crate::exchange::root_cause(inner)),
        ),
        None => (Reason::Body, format!("body cannot be decoded: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
    use futures_util::stream;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};
    use std::io::Cursor;

    async fn encoded(body: Vec<u8>, encoding: &str) -> Vec<u8> {
        let plain = Cursor::new(body);
        let mut reader: Reader = match encoding {
            "gzip" => Box::new(BufReader::new(GzipEncoder::new(plain))),
            "br" => Box::new(BufReader::new(BrotliEncoder::new(plain))),
            "deflate" => Box::new(BufReader::new(ZlibEncoder::new(plain))),
            "zstd" => Box::new(BufReader::new(ZstdEncoder::new(plain))),
            _ => Box::new(plain),
        };
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await.unwrap();
        bytes
    }

    /// An answer whose body comes in these pieces.
    fn response(encodings: &[&str], pieces: Vec<Vec<u8>>) -> reqwest::Response {
        let stream = stream::iter(pieces.into_iter().map(Ok::<_, io::Error>));
        hyper::Response::builder()
            .header(CONTENT_ENCODING, encodings.join(", "))
            .body(reqwest::Body::wrap_stream(stream))
            .unwrap()
            .into()
    }

    async fn whole(
        response: reqwest::Response,
        bytes_max: u64,
        over: Over,
    ) -> Result<Vec<u8>, BodyError> {
        let room = Room::new(bytes_max, bytes_max);
        let deadline = Instant::now() + std::time::Duration::from_secs(60);
        let body = read(response, bytes_max, over, &room, deadline).await?;
        Ok(body.bytes)
    }

    fn cut(bytes: &[u8], places: &[Index]) -> Vec<Vec<u8>> {
        let mut places: Vec<usize> = (places.iter())
            .map(|place| place.index(bytes.len() + 1))
            .collect();
        places.extend([0, bytes.len()]);
        places.sort_unstable();
        (places.windows(2))
            .map(|pair| bytes[pair[0]..pair[1]].to_vec())
            .collect()
    }

    proptest! {
        #[test]
        fn how_a_body_is_cut_into_pieces_changes_nothing(
            body in vec(any::<u8>(), 0..3000),
            encodings in vec(select(&["gzip", "br", "deflate", "zstd", "identity"][..]), 0..3),
            places in vec(any::<Index>(), 0..12),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            runtime.block_on(async {
                let mut wire = body.clone();
                for encoding in &encodings {
                    wire = encoded(wire, encoding).await;
                }
                let one_piece = response(&encodings, vec![wire.clone()]);
                let at_once = whole(one_piece, 1 << 20, Over::Fails).await;
                prop_assert_eq!(at_once.as_ref(), Ok(&body));
                let pieces = response(&encodings, cut(&wire, &places));
                prop_assert_eq!(whole(pieces, 1 << 20, Over::Fails).await, at_once);
                Ok(())
            })?;
        }

        #[test]
        fn a_damaged_body_ends_within_its_cap(
            wire in vec(any::<u8>(), 0..2000),
            encodings in vec(select(&["gzip", "br", "deflate", "zstd", "x"][..]), 1..5),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let read = whole(response(&encodings, vec![wire]), 1000, Over::IsCut);
            if let Ok(bytes) = runtime.block_on(read) {
                prop_assert!(bytes.len() <= 1000);
            }
        }
    }
}
