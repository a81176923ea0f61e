use copydesk_model::{Failure, Page};

use crate::{Config, Feed, FeedState, Poll};

/// The one client of the process. Cheap to share behind an `Arc`; needs a tokio runtime.
pub struct Fetcher {}

impl Fetcher {
    /// Errs where the TLS roots cannot be loaded or the user agent is no header value.
    pub fn new(config: Config) -> Result<Self, Failure> {
        let _ = config;
        todo!()
    }

    /// Asks for the feed once, with the validators of `state`. Never errs: a failure is an outcome
    /// with a state of its own (back-off). Waits for the host's turn.
    pub async fn poll(&self, feed: &Feed, state: &FeedState) -> Poll {
        let _ = (feed, state);
        todo!()
    }

    /// Fetches one article's page: waits for the host's turn, honours robots.txt, retries what may
    /// pass up to `attempts_max`, decodes to text by BOM, header, meta, detection.
    pub async fn page(&self, url: &str) -> Result<Page, Failure> {
        let _ = url;
        todo!()
    }
}
