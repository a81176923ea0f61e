//! What can be done where somebody else has been at the files that the log goes on from.
//!
//! Closed files belong to the reader, who may move them; of the others the log knows how long they
//! must be, and which bytes may not have been written yet.

use crate::close::{compressed, with_suffix};
use crate::{Cursor, Error, Step, Writer, needed};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// What the writing goes on from: kept in the store.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Log {
    /// Where each stream stands.
    pub cursor: Cursor,
    /// Numbered steps that are not known to be done, in order.
    pub steps: Vec<(u64, Step)>,
}

/// One file that is not as the log left it.
#[derive(Debug, Clone, PartialEq)]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// What was found, and where.
    pub what: String,
    /// What mending does about it.
    pub remedy: String,
    /// The length that the file is cut to; what is cut off is kept beside it. None: there is no file.
    cut: Option<u64>,
    /// So many bytes before those that the log still holds are gone for good: these move up.
    lost: u64,
}

/// How one file must be by the log.
#[derive(Debug, Default)]
struct Expected {
    /// Up to here it was synced.
    from: u64,
    /// What comes after that, written or not.
    bytes: String,
    is_closed: bool,
}

impl Writer {
    /// What is wrong with the files that the log goes on from, and what can be done; empty where all
    /// is well. Changes nothing.
    pub fn inspect(&self, log: &Log) -> Result<Vec<Damage>, Error> {
        let mut damages = Vec::new();
        for (name, expected) in expected(log) {
            let path = self.directory().join(name);
            let damage = expected.inspect(&path);
            damages.extend(damage.map_err(Error::io("reading", &path))?);
        }
        Ok(damages)
    }

    /// Changes the files as the damages say, and gives back the log that fits them, to be committed
    /// in the place of the old one. Until that is done the same can be done again.
    pub fn mend(&self, damages: &[Damage], mut log: Log) -> Result<Log, Error> {
        log.steps = needed(log.steps);
        for damage in damages {
            if let Some(length) = damage.cut {
                self.cut(&damage.path, length)
                    .map_err(Error::io("cutting", &damage.path))?;
            }
            let name = damage.path.file_name().unwrap_or_default();
            for (_, step) in log.steps.iter_mut().filter(|(_, step)| step.file() == name) {
                match step {
                    Step::Write { offset: place, .. } | Step::Close { length: place, .. } => {
                        *place -= damage.lost;
                    }
                    Step::Remove { .. } => {}
                }
            }
            for stream in &mut log.cursor.streams {
                if stream.file.as_deref().is_some_and(|file| file == name) {
                    stream.length -= damage.lost;
                }
            }
        }
        // Nothing is left of these.
        log.steps
            .retain(|(_, step)| !matches!(step, Step::Close { length: 0, .. }));
        for stream in &mut log.cursor.streams {
            stream.file.take_if(|_| stream.length == 0);
        }
        Ok(log)
    }

    fn cut(&self, path: &Path, length: u64) -> io::Result<()> {
        let disk = self.disk();
        let file = File::options().read(true).write(true).open(path)?;
        if file.metadata()?.len() == length {
            return Ok(());
        }
        let beside = disk.create(&with_suffix(path, ".cut"))?;
        let mut piece = vec![0; 1 << 20];
        let mut done = 0;
        loop {
            let read = file.read_at(&mut piece, length + done)?;
            if read == 0 {
                break;
            }
            disk.write_at(&beside, &piece[..read], done)?;
            done += read as u64;
        }
        disk.sync(&beside)?;
        disk.sync_folder(self.directory())?;
        disk.cut(&file, length)?;
        disk.sync(&file)
    }
}

fn expected(log: &Log) -> BTreeMap<String, Expected> {
    let mut files: BTreeMap<String, Expected> = BTreeMap::new();
    for (_, step) in needed(log.steps.clone()) {
        match step {
            Step::Remove { .. } => {}
            Step::Write {
                file,
                offset,
                bytes,
            } => {
                let expected = files.entry(file).or_insert_with(|| Expected::from(offset));
                expected.bytes.push_str(&bytes);
            }
            Step::Close { file, length } => {
                let expected = files.entry(file).or_insert_with(|| Expected::from(length));
                expected.is_closed = true;
            }
        }
    }
    for stream in &log.cursor.streams {
        if let Some(file) = &stream.file {
            let untouched = || Expected::from(stream.length);
            files.entry(file.clone()).or_insert_with(untouched);
        }
    }
    files
}

impl Expected {
    fn from(from: u64) -> Self {
        Self {
            from,
            ..Self::default()
        }
    }

    fn end(&self) -> u64 {
        self.from + self.bytes.len() as u64
    }

    fn inspect(&self, path: &Path) -> io::Result<Option<Damage>> {
        let file = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let is_well = self.from == 0 || self.is_closed && compressed(path).is_some();
                return Ok((!is_well).then(|| self.gone(path)));
            }
            other => other?,
        };
        let (from, end, length) = (self.from, self.end(), file.metadata()?.len());
        if length < from {
            return self.cut_short(path, file, length).map(Some);
        }
        let written = usize::try_from(length.min(end) - from).unwrap_or(usize::MAX);
        let mut found = vec![0; written];
        file.read_exact_at(&mut found, from)?;
        let (cut, what) = if found != self.bytes.as_bytes()[..written] {
            let what = format!("from byte {from} on it is not what the log says");
            (from, what)
        } else if length > end {
            let what = format!("{length} bytes, {end} by the log: somebody else wrote to it");
            (end, what)
        } else {
            return Ok(None);
        };
        Ok(Some(Damage {
            remedy: remedy(path, cut, length) + "; no line is lost",
            path: path.to_owned(),
            what,
            cut: Some(cut),
            lost: 0,
        }))
    }

    fn gone(&self, path: &Path) -> Damage {
        let remedy = if self.is_closed && self.bytes.is_empty() {
            "forgets it: it was complete, and its lines are wherever it was moved to"
        } else {
            "goes on without it; its lines are missing from the output unless you put it back first"
        };
        Damage {
            path: path.to_owned(),
            what: format!("gone, {} bytes by the log", self.end()),
            remedy: remedy.to_owned(),
            cut: None,
            lost: self.from,
        }
    }

    fn cut_short(&self, path: &Path, file: File, length: u64) -> io::Result<Damage> {
        let (whole, last) = whole_lines(file)?;
        let from = self.from;
        let place = last.map_or("its first line".to_owned(), |last| {
            format!("the line after seq {last}")
        });
        Ok(Damage {
            path: path.to_owned(),
            what: format!(
                "{length} bytes, {from} by the log: somebody cut it in or before {place}"
            ),
            remedy: format!(
                "{}, and goes on there; the lines of {} bytes are missing from the output unless you \
                 put them back first",
                remedy(path, whole, length),
                from - whole
            ),
            cut: Some(whole),
            lost: from - whole,
        })
    }
}

fn remedy(path: &Path, cut: u64, length: u64) -> String {
    if cut == length {
        return format!("leaves it at {cut} bytes");
    }
    let beside = with_suffix(path, ".cut");
    let name = beside.file_name().unwrap_or_default().to_string_lossy();
    format!(
        "cuts it to {cut} bytes and keeps the other {} in {name}",
        length - cut
    )
}

/// Where the last whole line ends, and its `seq`.
fn whole_lines(mut file: File) -> io::Result<(u64, Option<u64>)> {
    file.seek(SeekFrom::Start(0))?;
    let mut lines = BufReader::new(file);
    let (mut whole, mut last, mut line) = (0, None, Vec::new());
    loop {
        line.clear();
        let read = (&mut lines)
            .take(crate::folder::LINE_BYTES_MAX)
            .read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok((whole, last));
        }
        whole += read as u64;
        last = crate::folder::seq_of(&line).ok().or(last);
    }
}
