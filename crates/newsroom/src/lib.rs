//! A loopback newsroom for tests, the demo and benchmarks: several sites that publish articles
//! with RSS, Atom and JSON feeds, change them while they run, and misbehave on demand.
//!
//! A site also has a front page that links its feeds and stories (`h2 a`), `/sitemap.xml` with a
//! news sitemap plain and gzipped, and whatever else it is given as files (`/robots.txt`).
//!
//! ```no_run
//! # async fn example() -> Result<(), copydesk_newsroom::StartError> {
//! use copydesk_newsroom::{FeedKind, Misbehaviour, Newsroom, Site, Story};
//!
//! let newsroom = Newsroom::start(vec![Site {
//!     stories: vec![Story::new("ferry", "Ferry returns", "It came back.\n\nNobody knew why.")],
//!     ..Site::new("ledger", "The Harbour Ledger")
//! }])
//! .await?;
//! let ledger = newsroom.site("ledger");
//! let feed = ledger.feed_url(FeedKind::Atom);
//! ledger.correct("ferry", |story| story.title = "Ferry returns twice".into());
//! ledger.misbehave("/ferry", Misbehaviour::status(503));
//! assert!(ledger.requests().is_empty());
//! # Ok(()) }
//! ```

mod answer;
mod demo;
mod feed;
mod folder;
mod generate;
mod hostile;
mod ledger;
mod line;
mod manuscript;
mod misbehaviour;
mod newsroom;
mod page;
mod site;
mod sitemap;
mod template;

pub use demo::{Change, Demo, Step, demo};
pub use folder::sites_from_folder;
pub use generate::{generate, generate_with_copies};
pub use hostile::{HOSTILE_STORY, Hostile, hostile, hostile_site};
pub use ledger::Request;
pub use manuscript::{ManuscriptError, read_manuscript};
pub use misbehaviour::Misbehaviour;
pub use newsroom::{Newsroom, RunningSite, StartError};
pub use site::{Body, FeedKind, File, Layout, Site, Story, Validators};
