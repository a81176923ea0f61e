//! `copydesk dedup`: one article line in, one verdict line out.

use crate::folder::failure;
use crate::lock::{LOCK, lock};
use crate::{Config, Document, Error, Judge, Position, Prepared, prepare};
use copydesk_model::{CopyOf, DuplicateOf, Failure, Op, Reason, canonical_url};
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

#[derive(Serialize, Default)]
struct Output<'a> {
    id: Option<&'a str>,
    /// None where the line could not be read.
    op: Option<Op>,
    duplicate_of: Option<DuplicateOf>,
    copies_of: Vec<CopyOf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
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
pub struct Line(Result<Article, String>);

struct Article {
    input: Input,
    prepared: Prepared,
}

/// Reads one line of input; pure. One that is no article will get an error line in its place.
pub fn read(line: &str) -> Line {
    let article = serde_json::from_str(line).map(|input: Input| Article {
        prepared: prepare(&input.document()),
        input,
    });
    Line(article.map_err(|error| unread(line, &error)))
}

fn unread(line: &str, error: &serde_json::Error) -> String {
    /// What can be said of a line that is JSON, but no article.
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    let named: Option<Named> = serde_json::from_str(line).ok();
    let detail = format!("reading an article line: {error}");
    let output = Output {
        id: named.as_ref().map(|named| named.id.as_str()),
        error: Some(Failure::permanent(Reason::WrongType, detail)),
        ..Output::default()
    };
    serde_json::to_string(&output).expect("a verdict has string keys only")
}

/// Judges lines. An article without a date counts as seen when the one before it was.
pub struct Filter {
    judge: Judge,
    seen: Timestamp,
    /// Where the index is kept, if it is.
    folder: Option<PathBuf>,
    stats: Stats,
    /// Held for the folder; given up after all of it is closed.
    _lock: Option<File>,
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

/// What takes longer than a minute counts as a minute.
const NANOSECONDS_MAX: u64 = 60_000_000_000;

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
                judging: Histogram::new_with_bounds(1, NANOSECONDS_MAX, 2)
                    .expect("two digits are possible"),
            },
            _lock: None,
        }
    }

    /// With a memory that is kept in this folder. What a run adds counts once `commit` was called:
    /// a run that was killed has left nothing behind, and the same lines get the same verdicts.
    /// Asked to go on without damaged files, it gives back their new names. Errs while another
    /// process, or this one, has the same folder open.
    pub fn open(
        folder: &Path,
        config: Config,
        without_damage: bool,
    ) -> Result<(Self, Vec<PathBuf>), Error> {
        std::fs::create_dir_all(folder).map_err(failure("making", folder))?;
        let path = folder.join(POSITION);
        let is_foreign = !path.exists() && holds_files(folder)?;
        if is_foreign {
            return Err(Error::Damaged {
                path: folder.to_owned(),
                what: format!("it holds files but no {POSITION}; name a folder for this alone"),
            });
        }
        let lock = lock(folder)?;
        let position = match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| Error::Damaged {
                path,
                what: error.to_string(),
            })?,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let position = Position::default();
                write(folder, &position)?;
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
            _lock: Some(lock),
            ..Self::new(judge)
        };
        Ok((filter, aside))
    }

    /// The verdict on a line that was read on whatever thread, without a newline; in the order of
    /// the lines. Errs when the index cannot be read or written.
    pub fn judge(&mut self, line: Line) -> Result<String, Error> {
        let Article { input, prepared } = match line.0 {
            Ok(article) => article,
            Err(unread) => return Ok(unread),
        };
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
            id: Some(&input.id),
            op: Some(verdict.op),
            duplicate_of: verdict.duplicate_of,
            copies_of: verdict.copies_of,
            error: None,
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

/// Whether there is anything in a folder that a run which was killed early does not leave.
fn holds_files(folder: &Path) -> Result<bool, Error> {
    for file in std::fs::read_dir(folder).map_err(failure("reading", folder))? {
        if file.map_err(failure("reading", folder))?.file_name() != LOCK {
            return Ok(true);
        }
    }
    Ok(false)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;
    use serde_json::{Value, json};

    fn verdicts(lines: &[&str]) -> Vec<Value> {
        let mut filter = Filter::new(Judge::in_memory(Config::default()));
        lines
            .iter()
            .map(|line| {
                let verdict = filter.judge(read(line)).expect("judges");
                serde_json::from_str(&verdict).expect("a JSON line")
            })
            .collect()
    }

    #[test]
    fn two_at_once_do_not_share_a_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || Filter::open(folder.path(), Config::default(), false);
        let first = open().expect("opens");
        let refused = open().err().expect("the first has it").to_string();
        assert!(
            refused.contains(&std::process::id().to_string()),
            "{refused}"
        );
        drop(first);
        assert!(open().is_ok());
    }

    #[test]
    fn a_line_that_cannot_be_read_gets_an_error_line() {
        let text = "The board closed the pier.";
        let article = json!({"id": "a", "text": text}).to_string();
        let lines = [
            &article,
            "{\"id\": \"b\", \"text\": 7}",
            "no json",
            &article,
        ];
        let out = verdicts(&lines);
        let ops: Vec<Option<&str>> = out.iter().map(|line| line["op"].as_str()).collect();
        assert_eq!(ops, [Some("new"), None, None, Some("duplicate")]);
        assert_eq!(out[1]["id"], "b");
        assert_eq!(out[2]["id"], Value::Null);
        assert!(
            out[1]["error"]["detail"]
                .as_str()
                .is_some_and(|why| why.contains("invalid type"))
        );
        assert_eq!(out[3].get("error"), None);
    }
}
