//! What the readers were given, line by line.

use crate::publisher::{CORRECTED, Publication, Published};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

#[derive(Default)]
pub struct Ledger(Mutex<Book>);

#[derive(Default)]
struct Book {
    /// The `seq` to come, by stream.
    next: [u64; 2],
    /// Versions written, by id.
    versions: HashMap<String, u32>,
    /// The last headline, by the URL that was fetched.
    titles: HashMap<String, String>,
    /// How many of these, by the beginning of their URLs.
    settled: HashMap<String, usize>,
    verdict: Verdict,
}

/// What was found wrong, in words.
#[derive(Default, Clone)]
pub struct Verdict {
    pub lines: u64,
    pub repeated: Vec<String>,
    pub torn: Vec<String>,
    pub gone: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    seq: u64,
    id: String,
    version: u32,
    title: Option<String>,
    fetch: Fetch,
}

#[derive(Deserialize)]
struct Fetch {
    url: Option<String>,
}

impl Ledger {
    /// Enters a line of a stream, with its line break.
    pub fn enter(&self, stream: usize, line: &[u8]) {
        let mut book = self.book();
        let Ok(line) = serde_json::from_slice::<Line>(line) else {
            let line = String::from_utf8_lossy(line).into_owned();
            return book.verdict.torn.push(line);
        };
        let wanted = book.next[stream].max(1);
        if line.seq < wanted {
            book.verdict.repeated.push(format!("seq {}", line.seq));
        } else if line.seq > wanted {
            book.verdict
                .gone
                .push(format!("seq {wanted} to {}", line.seq - 1));
        }
        book.next[stream] = line.seq + 1;
        book.verdict.lines += 1;
        // The two streams are read apart, so that version 2 may be met before version 1: what
        // counts is that none comes twice and none is left out in the end.
        let seen = book.versions.entry(line.id.clone()).or_default();
        let bit = 1 << line.version.min(31);
        let is_known = *seen & bit != 0;
        *seen |= bit;
        let is_latest = *seen < bit << 1;
        if is_known {
            let (id, version) = (line.id, line.version);
            book.verdict
                .repeated
                .push(format!("{id} version {version}"));
        } else if is_latest {
            let url = line.fetch.url.unwrap_or_default();
            let site = site_of(&url).to_owned();
            let before = book.titles.insert(url, line.title.unwrap_or_default());
            if before.is_none() {
                *book.settled.entry(site).or_default() += 1;
            }
        }
    }

    /// The `seq` that a reader of the stream goes on at.
    pub fn next(&self, stream: usize) -> u64 {
        self.book().next[stream].max(1)
    }

    pub fn gone(&self, what: String) {
        self.book().verdict.gone.push(what);
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.book().verdict.lines
    }

    /// Stories of a site that have a line.
    pub fn settled(&self, site: &str) -> usize {
        self.book().settled.get(site).copied().unwrap_or(0)
    }

    /// Stories without a line, and such as were corrected without a reader being told.
    pub fn missing(&self, published: &Published) -> Vec<String> {
        let book = self.book();
        let is_missing = |(url, story): &(&String, &Publication)| match book.titles.get(*url) {
            None => true,
            Some(title) => story.corrected.is_some() && !title.ends_with(CORRECTED),
        };
        let missing = published.iter().filter(is_missing);
        missing.map(|(url, _)| url.clone()).collect()
    }

    /// All that is wrong with the lines themselves.
    pub fn verdict(&self) -> Verdict {
        let book = self.book();
        let mut verdict = book.verdict.clone();
        for (id, versions) in &book.versions {
            // From bit 1 on without a hole.
            if (versions >> 1) & ((versions >> 1) + 1) != 0 {
                verdict.gone.push(format!("a version of {id}"));
            }
        }
        verdict
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

/// `http://127.0.0.2:40123` of any URL there.
fn site_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |end| end + 3);
    let end = url[host..].find('/').map_or(url.len(), |end| host + end);
    &url[..end]
}
