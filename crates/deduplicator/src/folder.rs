//! The files of an index and their names: `articles-N.segment`, `articles-N.log`, and the same
//! with `.damaged` behind it where the user has said to go on without.

use crate::Error;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What there is of one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The sealed file.
    Segment,
    /// Its articles one by one, of which the file is not yet made.
    Log,
    /// A damaged log, of which what can be read counts.
    LogAside,
    /// A damaged file, in whose place there is nothing.
    SegmentAside,
}

const SUFFIXES: [(&str, Kind); 4] = [
    ("segment", Kind::Segment),
    ("log", Kind::Log),
    ("log.damaged", Kind::LogAside),
    ("segment.damaged", Kind::SegmentAside),
];

/// The folder, and what is in it.
pub(crate) struct Folder {
    path: PathBuf,
    files: BTreeSet<(u64, Kind)>,
}

impl Folder {
    /// Makes it where it is absent.
    pub fn open(path: &Path) -> Result<Self, Error> {
        fs::create_dir_all(path).map_err(failure("making", path))?;
        let mut files = BTreeSet::new();
        for file in fs::read_dir(path).map_err(failure("reading", path))? {
            let name = file.map_err(failure("reading", path))?.file_name();
            files.extend(name.to_str().and_then(parse));
        }
        let path = path.to_owned();
        Ok(Self { path, files })
    }

    pub fn file(&self, number: u64, kind: Kind) -> PathBuf {
        let (suffix, _) = SUFFIXES[kind as usize];
        self.path.join(format!("articles-{number}.{suffix}"))
    }

    /// The best that there is of a segment.
    pub fn find(&self, number: u64) -> Option<Kind> {
        let range = (number, Kind::Segment)..=(number, Kind::SegmentAside);
        self.files.range(range).next().map(|&(_, kind)| kind)
    }

    /// The lowest number of any file.
    pub fn first(&self) -> Option<u64> {
        self.files.first().map(|&(number, _)| number)
    }

    /// The number of the log begun last, or to be begun.
    pub fn last_begun(&self) -> u64 {
        let log = self.numbers(Kind::Log).last();
        let segment = self.numbers(Kind::Segment).last().map(|last| last + 1);
        log.max(segment).unwrap_or(0)
    }

    pub fn newest_segment(&self) -> Option<PathBuf> {
        let number = self.numbers(Kind::Segment).last()?;
        Some(self.file(number, Kind::Segment))
    }

    fn numbers(&self, wanted: Kind) -> impl Iterator<Item = u64> {
        let of_kind = self.files.iter().filter(move |&&(_, kind)| kind == wanted);
        of_kind.map(|&(number, _)| number)
    }

    /// Removes all files of these numbers.
    pub fn remove(&mut self, numbers: impl Fn(u64) -> bool) -> Result<(), Error> {
        let gone: Vec<_> = self
            .files
            .iter()
            .filter(|(number, _)| numbers(*number))
            .copied()
            .collect();
        gone.into_iter()
            .try_for_each(|(number, kind)| self.remove_file(number, kind))
    }

    /// Removes the logs before `end`.
    pub fn remove_logs(&mut self, end: u64) -> Result<(), Error> {
        let gone: Vec<_> = self
            .numbers(Kind::Log)
            .take_while(|&number| number < end)
            .collect();
        gone.into_iter()
            .try_for_each(|number| self.remove_file(number, Kind::Log))
    }

    /// Removes a file that may be gone already.
    pub fn remove_file(&mut self, number: u64, kind: Kind) -> Result<(), Error> {
        self.files.remove(&(number, kind));
        let file = self.file(number, kind);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(failure("removing", &file)(error))
            }
            _ => Ok(()),
        }
    }

    /// Takes note of a file made since.
    pub fn note(&mut self, number: u64, kind: Kind) {
        self.files.insert((number, kind));
    }

    /// Makes new names durable.
    pub fn sync(&self) -> Result<(), Error> {
        let synced = File::open(&self.path).and_then(|folder| folder.sync_all());
        synced.map_err(failure("writing", &self.path))
    }
}

/// Renames a damaged file, so that the index can be opened without it; a missing one is noted as
/// missing. Gives back the new name; none where it is no file of an index.
pub(crate) fn set_aside(file: &Path) -> Result<Option<PathBuf>, Error> {
    let name = file.file_name().and_then(|name| name.to_str());
    let (Some(name), Some(folder)) = (name, file.parent()) else {
        return Ok(None);
    };
    if !matches!(parse(name), Some((_, Kind::Segment | Kind::Log))) {
        return Ok(None);
    }
    let aside = folder.join(format!("{name}.damaged"));
    let moved = match fs::rename(file, &aside) {
        Err(error) if error.kind() == ErrorKind::NotFound => File::create(&aside).map(drop),
        other => other,
    };
    moved
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(failure("renaming", file))?;
    Ok(Some(aside))
}

fn parse(name: &str) -> Option<(u64, Kind)> {
    let (number, suffix) = name.strip_prefix("articles-")?.split_once('.')?;
    let (_, kind) = SUFFIXES.iter().find(|(known, _)| *known == suffix)?;
    Some((number.parse().ok()?, *kind))
}

/// The error of a file that cannot be used.
pub(crate) fn damaged(path: &Path, what: &str) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        what: format!(
            "{what}; restore it, make the index anew with `copydesk dedup rebuild`, or start with \
             `--without-damaged-index`"
        ),
    }
}

/// The error of a file that an older or a newer version of the program wrote.
pub(crate) fn of_other_format(path: &Path) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        what:
            "another version of copydesk wrote it, and this one cannot compare with it; make the \
               index anew with `copydesk dedup rebuild` (one of `dedup --state` by judging its \
               articles again with another folder), or start with `--without-damaged-index` and \
               no article known"
                .to_owned(),
    }
}

pub(crate) fn failure(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> Error + use<> {
    let path = path.to_owned();
    move |source| Error::Io {
        action,
        path,
        source,
    }
}
