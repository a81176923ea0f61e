use copydesk_model::{Failure, FeedDocument};

/// Reads a feed document from its bytes, whatever state it is in. `base` is the URL that it came
/// from (relative links stay relative without it), `content_type` the HTTP header.
///
/// Pure; bounded in time by the length of `bytes`; never panics.
pub fn read_feed(
    bytes: &[u8],
    content_type: Option<&str>,
    base: Option<&str>,
) -> Result<FeedDocument, Failure> {
    let _ = (bytes, content_type, base);
    todo!()
}
