use axum::body::{Body, Bytes};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};
use std::convert::Infallible;
use std::io::{self, Write};
use std::time::Duration;

/// What a path does instead of answering well. Set by [`crate::RunningSite::misbehave`].
#[derive(Debug, Clone, PartialEq)]
pub enum Misbehaviour {
    /// The right answer, after this long.
    Slow(Duration),
    /// Takes the request and never answers.
    Hang,
    /// Takes the request and closes the connection.
    Drop,
    /// This status with a short HTML page, and a Retry-After (seconds or a date) if given.
    Status {
        /// Any from 200 to 599.
        code: u16,
        /// Byte for byte.
        retry_after: Option<String>,
    },
    /// This status and a Location, byte for byte.
    Redirect {
        /// 301, 302, 303, 307, 308.
        code: u16,
        /// Absolute, or a path.
        to: String,
    },
    /// So many redirects (`?hop=1`, `?hop=2` …) and then the right answer.
    RedirectChain {
        /// 301, 302, 303, 307, 308.
        code: u16,
        /// Redirects before the answer.
        hops: u32,
    },
    /// Redirects between `?loop=1` and `?loop=2` for ever.
    RedirectLoop,
    /// The right document in one charset, declared as another in the header (or not at all). What
    /// the document says of itself stays.
    Charset {
        /// A label of the WHATWG encoding standard: "windows-1251".
        sent: String,
        /// Byte for byte.
        declared: Option<String>,
    },
    /// The whole length declared, half of the body sent, the connection closed.
    Truncated,
    /// The first half of the document as if it were all: transport in order, markup torn.
    HalfDocument,
    /// The right answer in pieces of so many bytes with a pause after each.
    Drip {
        /// Bytes in a piece.
        bytes: usize,
        /// Between two pieces.
        gap: Duration,
    },
    /// A body of so many bytes, streamed as fast as it is read. It begins like the right one.
    Huge {
        /// 1 << 30 and the like; it costs no memory here.
        bytes: u64,
    },
    /// The same, gzipped to a thousandth.
    GzipBomb {
        /// Decoded.
        bytes: u64,
    },
    /// Bytes that are no document, under the right media type.
    Garbage,
    /// An HTML page with status 200, whatever was asked for.
    Html,
    /// These bytes under this media type.
    Other(crate::File),
}

impl Misbehaviour {
    /// A status and no Retry-After.
    pub fn status(code: u16) -> Self {
        Self::Status {
            code,
            retry_after: None,
        }
    }

    /// 429 with a Retry-After in seconds.
    pub fn slow_down(seconds: u64) -> Self {
        Self::Status {
            code: 429,
            retry_after: Some(seconds.to_string()),
        }
    }
}

/// Half of `bytes`, then an error: the connection closes with the rest of the length owed.
pub(crate) fn truncated(bytes: &Bytes) -> Body {
    let half = bytes.slice(..bytes.len() / 2);
    let pieces = stream::iter([Some(half), None]).then(|piece| async move {
        match piece {
            Some(piece) => Ok(piece),
            None => {
                // The half must reach the wire before the error takes the connection down.
                tokio::time::sleep(Duration::from_millis(5)).await;
                Err(io::Error::from(io::ErrorKind::ConnectionReset))
            }
        }
    });
    Body::from_stream(pieces)
}

/// `bytes` in pieces with a pause after each.
pub(crate) fn dripped(bytes: Bytes, size: usize, gap: Duration) -> Body {
    Body::from_stream(stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        let piece = rest.split_to(size.clamp(1, rest.len()));
        tokio::time::sleep(gap).await;
        Some((Ok::<_, Infallible>(piece), rest))
    }))
}

static FILLER: [u8; 64 << 10] = [b' '; 64 << 10];

/// `head`, then spaces up to a length of `bytes_max`.
pub(crate) fn huge(head: Bytes, bytes_max: u64) -> Body {
    let head = head.slice(
        ..head
            .len()
            .min(usize::try_from(bytes_max).unwrap_or(usize::MAX)),
    );
    Body::from_stream(stream::unfold(
        (Some(head), bytes_max),
        |(head, left)| async move {
            let piece = match head {
                Some(head) => head,
                None if left == 0 => return None,
                None => Bytes::from_static(&FILLER).slice(..left.min(FILLER.len() as u64) as usize),
            };
            let left = left - piece.len() as u64;
            Some((Ok::<_, Infallible>(piece), (None, left)))
        },
    ))
}

/// The whole of `bytes`, gzipped.
pub(crate) fn gzipped(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect(IN_MEMORY);
    Bytes::from(encoder.finish().expect(IN_MEMORY))
}

/// The same as [`huge`], gzipped while it is read: who stops early costs us nothing for the rest.
pub(crate) fn gzip_bomb(head: &Bytes, bytes_max: u64) -> Body {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(head).expect(IN_MEMORY);
    let state = (Some(encoder), bytes_max.saturating_sub(head.len() as u64));
    Body::from_stream(stream::unfold(state, |(encoder, left)| async move {
        let mut encoder = encoder?;
        if left == 0 {
            let tail = encoder.finish().expect(IN_MEMORY);
            return Some((Ok::<_, Infallible>(Bytes::from(tail)), (None, 0)));
        }
        let filler = &FILLER[..left.min(FILLER.len() as u64) as usize];
        encoder.write_all(filler).expect(IN_MEMORY);
        let piece = std::mem::take(encoder.get_mut());
        Some((
            Ok(Bytes::from(piece)),
            (Some(encoder), left - filler.len() as u64),
        ))
    }))
}

const IN_MEMORY: &str = "a vector takes every write";

/// Neither XML nor JSON nor HTML nor UTF-8; the same at every call.
pub(crate) fn garbage() -> Bytes {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..4096)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}
