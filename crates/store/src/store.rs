use crate::backend::{Backend, ChangesLeft};
use crate::commit::{self, key_bytes};
use crate::error::contained;
use crate::lock::lock;
use crate::tables::{
    COMMITS, COUNTERS, Kind, META, OUTBOX, REVISITS, REVISITS_DUE, STEPS, VALUES, migrate,
};
use crate::{ArticleState, Batch, Config, EntryState, Error, Revisit};
use copydesk_model::Key;
use jiff::Timestamp;
use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTableMetadata};
use serde::de::DeserializeOwned;
use std::borrow::Borrow;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The database in the state folder.
const FILE: &str = "state.redb";
/// What redb may keep of the file in memory.
const CACHE_BYTES: usize = 32 << 20;

/// No revisit is put off for longer, milliseconds; one that is was written while the clock was
/// wrong.
const REVISIT_MAX_MS: i64 = 400 * 24 * 3600 * 1000;

/// The state of one copydesk. Shared behind an `Arc`; reads run beside the one writer.
#[derive(Debug)]
pub struct Store {
    config: Config,
    path: PathBuf,
    /// Device and number of the file that was opened, to tell it from another of its name.
    file: (u64, u64),
    /// None after a failed read or write: redb answers nothing more until it is opened again.
    database: RwLock<Option<Database>>,
    /// A commit that failed, and of which nobody knows yet whether it reached the disk.
    doubtful: Mutex<Option<Doubtful>>,
    left: Arc<ChangesLeft>,
    _lock: File,
}

impl Drop for Store {
    fn drop(&mut self) {
        close(self.database.get_mut().map_or(None, Option::take));
    }
}

#[derive(Debug)]
struct Doubtful {
    /// Its number, had it succeeded.
    commit: u64,
    batch: u64,
}

/// How many rows there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Keys of settled entries; an entry has one to three.
    pub entries: u64,
    /// Names of articles.
    pub names: u64,
    /// Articles.
    pub articles: u64,
    /// Feeds.
    pub feeds: u64,
    /// Entries to come back to.
    pub revisits: u64,
    /// Outbox rows not yet done.
    pub outbox: u64,
}

impl Store {
    /// Locks the folder and opens or makes the store in it. A process that died a moment ago may
    /// still hold the lock: waits up to five seconds for it.
    pub fn open(config: Config) -> Result<Self, Error> {
        let directory = &config.directory;
        std::fs::create_dir_all(directory)
            .map_err(|source| Error::io("making", directory, source))?;
        let lock = lock(&directory.join("lock"))?;
        let path = directory.join(FILE);
        let left = Arc::new(ChangesLeft::unlimited());
        let database = open_database(&path, &left)?;
        let file = identity(&path).map_err(|source| Error::io("opening", &path, source))?;
        Ok(Self {
            database: RwLock::new(Some(database)),
            file,
            left,
            doubtful: Mutex::new(None),
            config,
            path,
            _lock: lock,
        })
    }

    /// Whether there is a store in the folder.
    pub fn exists(config: &Config) -> bool {
        config.directory.join(FILE).exists()
    }

    /// For tests: after so many more changes of the file nothing happens any more, as in a crash; a
    /// write is two changes, so that it may stop half-way. None lifts it.
    #[doc(hidden)]
    pub fn stop_after(&self, changes: Option<u64>) {
        self.left.set(changes);
    }

    /// Makes the batch durable, all of it or nothing, and forgets a bounded number of expired rows.
    /// Gives back the number of the last outbox row ever given out.
    ///
    /// After an error the same batch is to be committed again before any other. It may have reached
    /// the disk all the same; then it is known again and not carried out twice.
    pub fn commit(&self, batch: impl Borrow<Batch>, now: Timestamp) -> Result<u64, Error> {
        let batch = batch.borrow();
        self.check_place()?;
        let mut doubtful = self.doubtful.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(doubt) = &*doubtful {
            let reached = self.commits()? >= doubt.commit;
            let is_same = doubt.batch == fingerprint(batch);
            *doubtful = None;
            if reached && is_same {
                return self.outbox_last();
            }
        }
        let mut number = None;
        let committed = self.with_database("committing to", |database| {
            let transaction = database.begin_write()?;
            number = Some(commits(&database.begin_read()?)? + 1);
            let last = commit::apply(&transaction, batch, self.config.remember, now)?;
            transaction.commit()?;
            Ok(last)
        });
        if let (Err(_), Some(commit)) = (&committed, number) {
            // Asked at once, so that the caller seldom has to try again what is done.
            if self.commits().is_ok_and(|commits| commits >= commit) {
                return self.outbox_last();
            }
            *doubtful = Some(Doubtful {
                commit,
                batch: fingerprint(batch),
            });
        }
        committed
    }

    /// By any of its keys; the first that is known counts.
    pub fn entry(&self, keys: &[Key]) -> Result<Option<EntryState>, Error> {
        self.first(Kind::Entry, keys)?
            .map(|row| self.decode(&row))
            .transpose()
    }

    /// The id of the article that goes by one of these names; the first that is known counts.
    pub fn named(&self, keys: &[Key]) -> Result<Option<String>, Error> {
        Ok(self
            .first(Kind::Name, keys)?
            .map(|row| String::from_utf8_lossy(&row).into_owned()))
    }

    /// By id.
    pub fn article(&self, id: &str) -> Result<Option<ArticleState>, Error> {
        self.row(Kind::Article, id.as_bytes())?
            .map(|row| self.decode(&row))
            .transpose()
    }

    /// A feed's state as last committed.
    pub fn feed(&self, url: &str) -> Result<Option<serde_json::Value>, Error> {
        self.row(Kind::Feed, url.as_bytes())?
            .map(|row| self.decode(&row))
            .transpose()
    }

    /// All feeds' URLs and states, by URL.
    pub fn feeds(&self) -> Result<Vec<(String, serde_json::Value)>, Error> {
        let rows = self.read(|transaction| {
            let mut rows = Vec::new();
            for row in transaction
                .open_table(Kind::Feed.table())?
                .range::<&[u8]>(..)?
            {
                let (url, state) = row?;
                let url = String::from_utf8_lossy(url.value()).into_owned();
                rows.push((url, state.value().1.to_vec()));
            }
            Ok(rows)
        })?;
        rows.into_iter()
            .map(|(url, row)| Ok((url, self.decode(&row)?)))
            .collect()
    }

    /// Up to `most` entries whose revisit is due, the longest due first.
    pub fn revisits_due(&self, now: Timestamp, most: usize) -> Result<Vec<Revisit>, Error> {
        let rows = self.read(|transaction| {
            let revisits = transaction.open_table(REVISITS)?;
            let due = transaction.open_table(REVISITS_DUE)?;
            let mut rows = Vec::new();
            let now = now.as_millisecond();
            let misdated = due.range((now.saturating_add(REVISIT_MAX_MS), 0)..)?;
            for row in due.range(..=(now, u128::MAX))?.chain(misdated).take(most) {
                let (_, key) = row?.0.value();
                rows.extend(revisits.get(key)?.map(|row| row.value().to_vec()));
            }
            Ok(rows)
        })?;
        rows.iter().map(|row| self.decode(row)).collect()
    }

    /// The revisit of the entry with this first key.
    pub fn revisit(&self, key: Key) -> Result<Option<Revisit>, Error> {
        let row = self.read(|transaction| {
            let row = transaction.open_table(REVISITS)?.get(key.0)?;
            Ok(row.map(|row| row.value().to_vec()))
        })?;
        row.map(|row| self.decode(&row)).transpose()
    }

    /// When the next revisit is due, where there is one.
    pub fn revisit_next(&self) -> Result<Option<Timestamp>, Error> {
        let due = self.read(|transaction| {
            let due = transaction.open_table(REVISITS_DUE)?;
            let first = due.range::<(i64, u128)>(..)?.next().transpose()?;
            Ok(first.map(|(row, _)| row.value().0))
        })?;
        Ok(due.and_then(|due| Timestamp::from_millisecond(due).ok()))
    }

    /// Outbox rows not yet done, with their numbers, in order.
    pub fn outbox(&self) -> Result<Vec<(u64, serde_json::Value)>, Error> {
        let rows = self.read(|transaction| {
            let mut rows = Vec::new();
            for row in transaction.open_table(OUTBOX)?.range::<u64>(..)? {
                let (number, row) = row?;
                rows.push((number.value(), row.value().to_vec()));
            }
            Ok(rows)
        })?;
        rows.into_iter()
            .map(|(number, row)| Ok((number, self.decode(&row)?)))
            .collect()
    }

    /// A single value by name.
    pub fn value(&self, name: &str) -> Result<Option<serde_json::Value>, Error> {
        self.read(|transaction| {
            let row = transaction.open_table(VALUES)?.get(name)?;
            Ok(row.map(|row| row.value().to_vec()))
        })?
        .map(|row| self.decode(&row))
        .transpose()
    }

    /// All counters.
    pub fn counters(&self) -> Result<Vec<(String, u64)>, Error> {
        self.read(|transaction| {
            let mut counters = Vec::new();
            for row in transaction.open_table(COUNTERS)?.range::<&str>(..)? {
                let (name, count) = row?;
                counters.push((name.value().to_owned(), count.value()));
            }
            Ok(counters)
        })
    }

    /// How many rows there are of each kind; costs the same however many.
    pub fn counts(&self) -> Result<Counts, Error> {
        self.read(|transaction| {
            let aged = |kind: Kind| -> Result<u64, redb::Error> {
                Ok(transaction.open_table(kind.table())?.len()?)
            };
            Ok(Counts {
                entries: aged(Kind::Entry)?,
                names: aged(Kind::Name)?,
                articles: aged(Kind::Article)?,
                feeds: aged(Kind::Feed)?,
                revisits: transaction.open_table(REVISITS)?.len()?,
                outbox: transaction.open_table(OUTBOX)?.len()?,
            })
        })
    }

    /// The size of the database file.
    pub fn file_bytes(&self) -> Result<u64, Error> {
        std::fs::metadata(&self.path)
            .map(|metadata| metadata.len())
            .map_err(|source| Error::io("reading", &self.path, source))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Moves the rows together and gives the room between them back to the disk. Gives back the
    /// file's size before and after. Takes long where there is much.
    pub fn compact(&mut self) -> Result<(u64, u64), Error> {
        let before = self.file_bytes()?;
        let database = self
            .database
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(database) = database {
            let compacted = contained(|| {
                database.compact().map_err(|error| match error {
                    redb::CompactionError::Storage(error) => error.into(),
                    other => redb::Error::Corrupted(other.to_string()),
                })
            });
            compacted.map_err(|error| Error::redb("compacting", &self.path, error))?;
        }
        Ok((before, self.file_bytes()?))
    }

    /// The state folder.
    pub fn directory(&self) -> &Path {
        &self.config.directory
    }

    fn row(&self, kind: Kind, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.read(|transaction| {
            let row = transaction.open_table(kind.table())?.get(key)?;
            Ok(row.map(|row| row.value().1.to_vec()))
        })
    }

    fn first(&self, kind: Kind, keys: &[Key]) -> Result<Option<Vec<u8>>, Error> {
        self.read(|transaction| {
            let table = transaction.open_table(kind.table())?;
            for key in keys {
                if let Some(row) = table.get(key_bytes(*key).as_slice())? {
                    return Ok(Some(row.value().1.to_vec()));
                }
            }
            Ok(None)
        })
    }

    /// Errs where the file that was opened is not where it was: what is written into it then is lost
    /// to the next start, and to open it again would begin an empty one.
    fn check_place(&self) -> Result<(), Error> {
        match identity(&self.path) {
            Ok(file) if file == self.file => Ok(()),
            Err(source) if source.kind() != ErrorKind::NotFound => {
                Err(Error::io("looking at", &self.path, source))
            }
            _ => Err(Error::Gone {
                path: self.path.clone(),
            }),
        }
    }

    pub(crate) fn commits(&self) -> Result<u64, Error> {
        self.read(commits)
    }

    pub(crate) fn outbox_last(&self) -> Result<u64, Error> {
        self.read(|transaction| {
            let meta = transaction.open_table(META)?;
            Ok(meta
                .get(crate::tables::OUTBOX_LAST)?
                .map_or(0, |row| row.value()))
        })
    }

    fn decode<T: DeserializeOwned>(&self, row: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(row).map_err(|error| Error::Damaged {
            path: self.path.clone(),
            what: error.to_string(),
        })
    }

    fn read<T>(
        &self,
        reading: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, Error> {
        self.with_database("reading", |database| reading(&database.begin_read()?))
    }

    /// Works on the database, opened again where an earlier error has closed it.
    pub(crate) fn with_database<T>(
        &self,
        action: &'static str,
        work: impl FnOnce(&Database) -> Result<T, redb::Error>,
    ) -> Result<T, Error> {
        let mut database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        while database.is_none() {
            drop(database);
            let mut closed = self
                .database
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            if closed.is_none() {
                self.check_place()?;
                *closed = Some(open_database(&self.path, &self.left)?);
            }
            drop(closed);
            database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        }
        let open = database.as_ref().expect("opened just now");
        let result = contained(|| work(open));
        drop(database);
        result.map_err(|error| {
            // Every table's redb error is one of I/O or of damage; after either only a fresh look
            // at the file helps.
            let mut database = self
                .database
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            close(database.take());
            Error::redb(action, &self.path, error)
        })
    }
}

fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    let metadata = std::fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}

fn commits(transaction: &ReadTransaction) -> Result<u64, redb::Error> {
    let meta = transaction.open_table(META)?;
    Ok(meta.get(COMMITS)?.map_or(0, |row| row.value()))
}

/// Only ever compared within one process.
fn fingerprint(batch: &Batch) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{batch:?}").hash(&mut hasher);
    hasher.finish()
}

/// redb writes when it closes too, and so may meet damage that nothing else has touched: what
/// counts is committed already, and the next start names the damage.
fn close(database: Option<Database>) {
    let _ = contained(|| {
        drop(database);
        Ok(())
    });
}

fn open_database(path: &Path, left: &Arc<ChangesLeft>) -> Result<Database, Error> {
    let backend =
        Backend::open(path, left.clone()).map_err(|source| Error::io("opening", path, source))?;
    let opened = contained(|| {
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            .create_with_backend(backend)?;
        let known = migrate(&database, STEPS)?;
        Ok((database, known))
    });
    match opened {
        Ok((database, Ok(()))) => Ok(database),
        Ok((_, Err(found))) => Err(Error::Version {
            path: path.to_owned(),
            found,
            known: STEPS.len() as u64,
        }),
        Err(error) => Err(Error::redb("opening", path, error)),
    }
}
