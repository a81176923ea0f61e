use axum::body::Bytes;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One publication, on an address of its own.
#[derive(Debug, Clone)]
pub struct Site {
    /// What tests call it: one word, unlike any other site's.
    pub name: String,
    /// The masthead.
    pub title: String,
    /// BCP 47.
    pub language: String,
    /// Which of `/feed.rss`, `/feed.atom` and `/feed.json` it serves; the first is the main one.
    pub feeds: Vec<FeedKind>,
    /// Whether the feed holds whole articles rather than summaries.
    pub is_full_text: bool,
    /// Feeds list the first so many stories; real ones stop at 10 to 100.
    pub feed_entries_max: usize,
    /// What feeds and pages may be asked about again with.
    pub validators: Validators,
    /// Whether answers come gzipped to who accepts it.
    pub is_gzipped: bool,
    /// Sent with the feeds besides: `("cache-control", "max-age=600")`.
    pub feed_headers: Vec<(String, String)>,
    /// How its pages are built.
    pub layout: Layout,
    /// In the order of the feed: newest first.
    pub stories: Vec<Story>,
    /// Anything else, by path from `/`: `robots.txt`, pictures, a page that no feed lists.
    pub files: BTreeMap<String, File>,
}

impl Site {
    /// An English site with no stories and one feed of each kind, RSS first.
    pub fn new(name: &str, title: &str) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            language: "en".into(),
            feeds: FeedKind::ALL.to_vec(),
            is_full_text: false,
            feed_entries_max: usize::MAX,
            validators: Validators::Both,
            is_gzipped: false,
            feed_headers: Vec::new(),
            layout: Layout::Broadsheet,
            stories: Vec::new(),
            files: BTreeMap::new(),
        }
    }
}

/// The three formats of feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedKind {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl FeedKind {
    /// All three.
    pub const ALL: [FeedKind; 3] = [FeedKind::Rss, FeedKind::Atom, FeedKind::Json];

    /// Where a site serves it. A query makes further addresses of the same feed:
    /// `/feed.rss?n=2`.
    pub fn path(self) -> &'static str {
        match self {
            FeedKind::Rss => "/feed.rss",
            FeedKind::Atom => "/feed.atom",
            FeedKind::Json => "/feed.json",
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            FeedKind::Rss => "application/rss+xml; charset=utf-8",
            FeedKind::Atom => "application/atom+xml; charset=utf-8",
            FeedKind::Json => "application/feed+json; charset=utf-8",
        }
    }
}

/// The validators that a site sends and honours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validators {
    /// ETag and Last-Modified; the ETag decides where both are asked with.
    Both,
    /// ETag only.
    Etag,
    /// Last-Modified only.
    LastModified,
    /// Never 304.
    None,
}

/// The ways in which pages are built; each has its own tags, class names and metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// JSON-LD and OpenGraph, a page full of furniture.
    Broadsheet,
    /// OpenGraph only, deeply nested, teasers between the paragraphs.
    Tabloid,
    /// Microdata in the manner of a weblog.
    Weblog,
    /// No metadata but the title; visible byline and date.
    Bulletin,
}

impl Layout {
    /// All of them.
    pub const ALL: [Layout; 4] = [
        Layout::Broadsheet,
        Layout::Tabloid,
        Layout::Weblog,
        Layout::Bulletin,
    ];
}

/// One article, or one page that a feed announces as if it were one.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Its path without the leading slash; slashes inside are fine.
    pub slug: String,
    /// The headline.
    pub title: String,
    /// Plain text, for feeds and metadata. Empty: the feed has none.
    pub summary: String,
    /// What its page holds.
    pub body: Body,
    /// Names of people.
    pub authors: Vec<String>,
    /// When it was first published.
    pub published: Timestamp,
    /// When it was last corrected.
    pub modified: Option<Timestamp>,
    /// Null: the URL is the guid.
    pub guid: Option<String>,
    /// A line set apart under the text: "(With inputs from ANI)".
    pub credit: Option<String>,
    /// The publication's section.
    pub section: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// Under the lead picture; no caption, no picture.
    pub caption: Option<String>,
    /// Whose picture it is.
    pub image_credit: Option<String>,
    /// BCP 47, where unlike the site's.
    pub language: Option<String>,
}

impl Story {
    /// A story whose page the site's layout builds. `text` is paragraphs separated by one blank
    /// line; the first is the summary as well. Published now.
    pub fn new(slug: &str, title: &str, text: &str) -> Self {
        let paragraphs = paragraphs(text);
        Self {
            summary: paragraphs.first().cloned().unwrap_or_default(),
            body: Body::Paragraphs(paragraphs),
            ..Self::bare(slug, title, now())
        }
    }

    /// A page served byte for byte; see [`File::html`].
    pub fn from_html(
        slug: &str,
        title: &str,
        html: impl AsRef<[u8]>,
        published: Timestamp,
    ) -> Self {
        Self {
            body: Body::Page(File::html(html)),
            ..Self::bare(slug, title, published)
        }
    }

    fn bare(slug: &str, title: &str, published: Timestamp) -> Self {
        Self {
            slug: slug.into(),
            title: title.into(),
            summary: String::new(),
            body: Body::Paragraphs(Vec::new()),
            authors: Vec::new(),
            published,
            modified: None,
            guid: None,
            credit: None,
            section: None,
            tags: Vec::new(),
            caption: None,
            image_credit: None,
            language: None,
        }
    }

    /// Where its site serves it.
    pub fn path(&self) -> String {
        format!("/{}", self.slug)
    }

    /// Paragraphs separated by one blank line; empty for a page served as it is.
    pub fn text(&self) -> String {
        match &self.body {
            Body::Paragraphs(paragraphs) => paragraphs.join("\n\n"),
            Body::Page(_) => String::new(),
        }
    }
}

/// What a story's page holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Plain text, dressed by the site's layout.
    Paragraphs(Vec<String>),
    /// A document of its own, served as it is.
    Page(File),
}

/// Bytes and what they claim to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The header, charset and all.
    pub content_type: String,
    /// The body.
    pub bytes: Bytes,
}

impl File {
    /// A page as `text/html` without a charset, so that its own meta tag decides.
    pub fn html(html: impl AsRef<[u8]>) -> Self {
        Self {
            content_type: "text/html".into(),
            bytes: Bytes::copy_from_slice(html.as_ref()),
        }
    }

    /// A file of plain text.
    pub fn text(text: &str) -> Self {
        Self {
            content_type: "text/plain; charset=utf-8".into(),
            bytes: Bytes::copy_from_slice(text.as_bytes()),
        }
    }
}

/// Cuts at blank lines and joins the lines between.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim) {
        let last = paragraphs.last_mut().expect("it starts with one");
        if line.is_empty() {
            paragraphs.push(String::new());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(line);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// HTTP dates have no fractions, so neither do ours.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).expect("now is a timestamp")
}
