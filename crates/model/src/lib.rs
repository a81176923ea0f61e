//! The types that travel through copydesk, and nothing that acts.
//!
//! `Entry` (a feed's announcement) → `Page` (what its URL answered) → `Article` (the story in it)
//! → `Verdict` (new, update or a copy of what) → `Record` (one line of output).

mod agency;
mod article;
mod canonical;
mod entry;
mod failure;
mod identity;
mod page;
mod record;
mod verdict;

pub use agency::is_agency_site;
pub use article::{Article, PublishedFrom};
pub use canonical::{canonical_url, is_slug, registrable_domain};
pub use entry::{Entry, FeedDocument, FeedHints};
pub use failure::{Failure, Reason};
pub use identity::{ArticleId, Key};
pub use page::{FetchedFrom, Page};
pub use record::{FeedOrigin, Fetch, Op, Record, SCHEMA, Stream, word_count};
pub use verdict::{CopyOf, DuplicateOf, Kind, SourceHint, Verdict};
