use std::collections::VecDeque;
use std::time::Instant;

/// One request as it came in.
#[derive(Debug, Clone)]
pub struct Request {
    /// The site that was asked.
    pub site: String,
    /// "GET".
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lowercase, in the order received.
    pub headers: Vec<(String, String)>,
    /// When.
    pub at: Instant,
    /// Requests under way on that site at that moment, this one included.
    pub under_way: usize,
}

impl Request {
    /// The first header of that lowercase name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Requests remembered: about 10 MB at the usual half kilobyte of headers. A soak test makes
/// millions, and asks for their number only.
pub(crate) const REQUESTS_MAX: usize = 20_000;

#[derive(Default)]
pub(crate) struct Ledger {
    pub requests: VecDeque<Request>,
    pub total: u64,
}

impl Ledger {
    pub fn enter(&mut self, request: Request) {
        if self.requests.len() == REQUESTS_MAX {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
        self.total += 1;
    }
}
