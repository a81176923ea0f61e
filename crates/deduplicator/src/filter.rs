//! `copydesk dedup`: one article line in, one verdict line out.

use crate::folder::failure;
use crate::{Config, Document, Error, Judge, Position, Prepared, prepare};
use copydesk_model::{CopyOf, DuplicateOf, Op, canonical_url};
use hdrhistogram::Histogram;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// An article as the filter takes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Input {
    /// What verdicts call it.
    pub id: String,
    /// Makes it the same article as an earlier one.
    #[serde(default)]
    pub url: Option<String>,
    /// The headline.
    #[serde(default)]
    pub title: Option<String>,
    /// Paragraphs separated by one blank line.
    #[serde(default)]
    pub text: Option<String>,
    /// RFC 3339; anything else counts as unknown.
    #[serde(default)]
    pub published: Option<String>,
    /// BCP 47.
    #[serde(default)]
    pub language: Option<String>,
}

#[derive(Serialize)]
struct Output<'a> {
    id: &'a str,
    op: Op,
    duplicate_of: Option<DuplicateOf>,
    copies_of: Vec<CopyOf>,
}

impl Input {
    fn document(&self) -> Document<'_> {
        Document {
            id: &self.id,
            identity: None,
            title: self.title.as_deref(),
            text: self.text.as_deref().unwrap_or_default(),
            language: self.language.as_deref(),
            seen: Timestamp::UNIX_EPOCH,
        }
    }
}

/// A line that was read, with all that can be worked out ahead of the judge.
pub struct Article {
    input: Input,
    prepared: Prepared,
}

/// Reads one line of input; pure.
pub fn read(line: &str) -> Result<Article, serde_json::Error> {
    let input: Input = serde_json::from_str(line)?;
    let prepared = prepare(&input.document());
    Ok(Article { input, prepared })
}

/// Judges lines. An article without a date counts as seen when the one before it was.
pub struct Filter {
    judge: Judge,
    seen: Timestamp,
    /// Where the index is kept, if it is.
    folder: Option<PathBuf>,
    stats: Stats,
}

/// What came of the lines so far.
#[derive(Debug, Clone)]
pub struct Stats {
    /// Articles not seen before.
    pub new: u64,
    /// Known ones whose text changed.
    pub updates: u64,
    /// Copies.
    pub duplicates: u64,
    /// Nanoseconds from a prepared article to its verdict.
    pub judging: Histogram<u64>,
}

/// The file that says how much of the index counts.
const POSITION: &str = "position.json";

impl Filter {
    /// With this judge's memory.
    pub fn new(judge: Judge) -> Self {
        Self {
            judge,
            seen: Timestamp::UNIX_EPOCH,
            folder: None,
            stats: Stats {
                new: 0,
                updates: 0,
                duplicates: 0,
                judging: Histogram::new(2).expect("two digits are possible"),
            },
        }
    }

    /// With a memory that is kept in this folder. What a run adds counts once `commit` was called:
    /// a run that was killed has left nothing behind, and the same lines get the same verdicts.
    /// Asked to go on without damaged files, it gives back their new names.
    pub fn open(
        folder: &Path,
        config: Config,
        without_damage: bool,
    ) -> Result<(Self, Vec<PathBuf>), Error> {
        let path = folder.join(POSITION);
        let position = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| Error::Damaged {
                path,
                what: error.to_string(),
            })?,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let position = Position::default();
                begin(folder, &position)?;
                position
            }
            Err(source) => {
                return Err(Error::Io {
                    action: "reading",
                    path,
                    source,
                });
            }
        };
        let (judge, aside) = if without_damage {
            Judge::open_without_damage(folder, config, position)?
        } else {
            (Judge::open(folder, config, Some(position))?, Vec::new())
        };
        let filter = Self {
            folder: Some(folder.to_owned()),
            ..Self::new(judge)
        };
        Ok((filter, aside))
    }

    /// The verdict on a line that was read on whatever thread, without a newline; in the order of
    /// the lines. Errs when the index cannot be read or written.
    pub fn judge(&mut self, article: Article) -> Result<String, Error> {
        let Article { input, prepared } = article;
        let identity = input.url.as_deref().and_then(canonical_url);
        let published = input.published.as_deref();
        self.seen = published
            .and_then(|text| text.parse().ok())
            .unwrap_or(self.seen);
        let document = Document {
            identity: identity.as_deref().or(input.url.as_deref()),
            seen: self.seen,
            ..input.document()
        };
        let begun = Instant::now();
        let verdict = self.judge.judge(&document, prepared);
        let nanoseconds = u64::try_from(begun.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.stats.judging.saturating_record(nanoseconds);
        self.judge.check()?;
        *match verdict.op {
            Op::New => &mut self.stats.new,
            Op::Update => &mut self.stats.updates,
            Op::Duplicate => &mut self.stats.duplicates,
        } += 1;
        let output = Output {
            id: &input.id,
            op: verdict.op,
            duplicate_of: verdict.duplicate_of,
            copies_of: verdict.copies_of,
        };
        Ok(serde_json::to_string(&output).expect("a verdict has string keys only"))
    }

    /// Makes all that was judged count in the runs to come.
    pub fn commit(&mut self) -> Result<(), Error> {
        let position = self.judge.sync()?;
        match &self.folder {
            Some(folder) => write(folder, &position),
            None => Ok(()),
        }
    }

    /// What came of the lines so far.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Articles remembered.
    pub fn len(&self) -> usize {
        self.judge.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.judge.is_empty()
    }
}

/// The first position, in a folder that holds nobody else's index.
fn begin(folder: &Path, position: &Position) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(failure("making", folder))?;
    let mut files = std::fs::read_dir(folder).map_err(failure("reading", folder))?;
    if files.next().is_some() {
        return Err(Error::Damaged {
            path: folder.to_owned(),
            what: format!("it holds files but no {POSITION}; name a folder for this alone"),
        });
    }
    write(folder, position)
}

fn write(folder: &Path, position: &Position) -> Result<(), Error> {
    let path = folder.join(POSITION);
    let temporary = path.with_extension("tmp");
    let bytes = serde_json::to_vec(position).expect("three numbers");
    File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()?;
            std::fs::rename(&temporary, &path)?;
            File::open(folder)?.sync_all()
        })
        .map_err(failure("writing", &path))
}
