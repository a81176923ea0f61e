//! The whole state as lines of JSON: to look at, to mend by hand, to take to another machine.

use crate::commit::{encode, key_bytes};
use crate::tables::{
    AGES, Aged, COMMITS, COUNTERS, Kind, META, OUTBOX, OUTBOX_LAST, REVISITS, REVISITS_DUE, STEPS,
    VALUES,
};
use crate::{ArticleState, EntryState, Error, Revisit, Store};
use copydesk_model::Key;
use redb::{ReadTransaction, ReadableDatabase, Table, WriteTransaction};
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{BufRead, Read, Write};

/// A line longer than this is no row of ours: the largest is a batch of lines in the outbox.
const LINE_BYTES_MAX: u64 = 64 << 20;

/// An outbox that numbers a row a nanosecond gets here in 292 years; one beyond would end in a row
/// whose number was given out before.
const NUMBER_MAX: u64 = i64::MAX as u64;

/// One line. The first says what follows, the last that nothing is missing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "table", rename_all = "snake_case", deny_unknown_fields)]
enum Row {
    State {
        version: u64,
        outbox_last: u64,
    },
    Entries {
        key: Key,
        seen: u64,
        value: EntryState,
    },
    Names {
        key: Key,
        seen: u64,
        value: String,
    },
    Articles {
        key: String,
        seen: u64,
        value: ArticleState,
    },
    Feeds {
        key: String,
        seen: u64,
        value: Value,
    },
    Revisits {
        value: Box<Revisit>,
    },
    Outbox {
        key: u64,
        value: Value,
    },
    Values {
        key: String,
        value: Value,
    },
    Counters {
        key: String,
        value: u64,
    },
    End {
        rows: u64,
    },
}

/// Why lines cannot be imported; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is something in the state already.
    #[error("importing into {path}: not empty; import into a new folder", path = .0.display())]
    NotEmpty(std::path::PathBuf),
    /// A line is not what it should be.
    #[error("line {line}: {what}")]
    Line {
        /// From 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// The lines cannot be read.
    #[error("reading line {line}: {source}")]
    Read {
        /// From 1.
        line: u64,
        /// Why.
        source: std::io::Error,
    },
    /// The state cannot be written.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Store {
    /// Writes every row as a line of JSON, as of one moment; a writer meanwhile is not disturbed.
    /// Gives back how many rows there were.
    pub fn export(&self, mut out: impl Write) -> Result<u64, Error> {
        let transaction = self.with_database("exporting", |database| Ok(database.begin_read()?))?;
        let mut rows = 0;
        let mut put = |row: Row| {
            rows += 1;
            serde_json::to_writer(&mut out, &row)?;
            out.write_all(b"\n")
        };
        let outbox_last = self.outbox_last()?;
        let version = STEPS.len() as u64;
        let done = put(Row::State {
            version,
            outbox_last,
        })
        .map_err(Trouble::from)
        .and_then(|()| each_row(&transaction, &mut put));
        let done = done.and_then(|()| {
            let rows = rows - 1;
            serde_json::to_writer(&mut out, &Row::End { rows }).map_err(std::io::Error::from)?;
            out.write_all(b"\n")?;
            Ok(out.flush()?)
        });
        match done {
            Ok(()) => Ok(rows - 1),
            Err(Trouble::Redb(error)) => Err(Error::redb("exporting", self.path(), error)),
            Err(Trouble::Row(error)) => Err(Error::Damaged {
                path: self.path().to_owned(),
                what: error.to_string(),
            }),
            Err(Trouble::Io(source)) => Err(Error::io("exporting", self.path(), source)),
        }
    }

    /// Takes in what [`Store::export`] wrote, all of it or nothing, into a state that nothing was
    /// ever committed to. `values` go in the place of those of the same names.
    pub fn import(
        &self,
        mut lines: impl BufRead,
        values: &[(&str, Value)],
    ) -> Result<u64, ImportError> {
        if self.commits()? > 0 {
            return Err(ImportError::NotEmpty(self.path().to_owned()));
        }
        let mut failure = None;
        let imported = self.with_database("importing into", |database| {
            let transaction = database.begin_write()?;
            let mut rows = Rows::open(&transaction)?;
            match take_in(&mut lines, &mut rows, values)? {
                Ok(count) => {
                    drop(rows);
                    transaction.commit()?;
                    return Ok(count);
                }
                Err(error) => failure = Some(error),
            }
            drop(rows);
            transaction.abort()?;
            Ok(0)
        })?;
        match failure {
            Some(error) => Err(error),
            None => Ok(imported),
        }
    }
}

/// What may go wrong in the middle of an export.
enum Trouble {
    Redb(redb::Error),
    Row(serde_json::Error),
    Io(std::io::Error),
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        Self::Row(error)
    }
}

impl From<redb::StorageError> for Trouble {
    fn from(error: redb::StorageError) -> Self {
        Self::Redb(error.into())
    }
}

impl From<redb::TableError> for Trouble {
    fn from(error: redb::TableError) -> Self {
        Self::Redb(error.into())
    }
}

fn each_row(
    transaction: &ReadTransaction,
    put: &mut impl FnMut(Row) -> std::io::Result<()>,
) -> Result<(), Trouble> {
    for kind in Kind::ALL {
        for row in transaction.open_table(kind.table())?.range::<&[u8]>(..)? {
            let (key, value) = row?;
            let (seen, value) = value.value();
            put(aged_row(kind, key.value(), seen, value)?)?;
        }
    }
    for row in transaction.open_table(REVISITS)?.range::<u128>(..)? {
        let value = serde_json::from_slice(row?.1.value())?;
        put(Row::Revisits { value })?;
    }
    for row in transaction.open_table(OUTBOX)?.range::<u64>(..)? {
        let (key, value) = row?;
        let (key, value) = (key.value(), serde_json::from_slice(value.value())?);
        put(Row::Outbox { key, value })?;
    }
    for row in transaction.open_table(VALUES)?.range::<&str>(..)? {
        let (key, value) = row?;
        let (key, value) = (
            key.value().to_owned(),
            serde_json::from_slice(value.value())?,
        );
        put(Row::Values { key, value })?;
    }
    for row in transaction.open_table(COUNTERS)?.range::<&str>(..)? {
        let (key, value) = row?;
        let (key, value) = (key.value().to_owned(), value.value());
        put(Row::Counters { key, value })?;
    }
    Ok(())
}

fn aged_row(kind: Kind, key: &[u8], seen: u64, value: &[u8]) -> Result<Row, serde_json::Error> {
    let hash = || {
        let bytes = key.try_into().map(u128::from_be_bytes);
        bytes
            .map(Key)
            .map_err(|_| serde_json::Error::custom("a key that is no hash"))
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(match kind {
        Kind::Entry => Row::Entries {
            key: hash()?,
            seen,
            value: serde_json::from_slice(value)?,
        },
        Kind::Name => Row::Names {
            key: hash()?,
            seen,
            value: text(value),
        },
        Kind::Article => Row::Articles {
            key: text(key),
            seen,
            value: serde_json::from_slice(value)?,
        },
        Kind::Feed => Row::Feeds {
            key: text(key),
            seen,
            value: serde_json::from_slice(value)?,
        },
    })
}

/// The tables that an import fills.
struct Rows<'txn> {
    aged: [Table<'txn, &'static [u8], Aged<'static>>; 4],
    ages: Table<'txn, (u64, u8, &'static [u8]), ()>,
    revisits: Table<'txn, u128, &'static [u8]>,
    revisits_due: Table<'txn, (i64, u128), ()>,
    outbox: Table<'txn, u64, &'static [u8]>,
    values: Table<'txn, &'static str, &'static [u8]>,
    counters: Table<'txn, &'static str, u64>,
    meta: Table<'txn, &'static str, u64>,
}

impl<'txn> Rows<'txn> {
    fn open(transaction: &'txn WriteTransaction) -> Result<Self, redb::Error> {
        let [entry, name, article, feed] =
            Kind::ALL.map(|kind| transaction.open_table(kind.table()));
        Ok(Self {
            aged: [entry?, name?, article?, feed?],
            ages: transaction.open_table(AGES)?,
            revisits: transaction.open_table(REVISITS)?,
            revisits_due: transaction.open_table(REVISITS_DUE)?,
            outbox: transaction.open_table(OUTBOX)?,
            values: transaction.open_table(VALUES)?,
            counters: transaction.open_table(COUNTERS)?,
            meta: transaction.open_table(META)?,
        })
    }

    /// False where a row of that key is there already.
    fn put(&mut self, row: Row) -> Result<bool, redb::Error> {
        Ok(match row {
            Row::State { outbox_last, .. } => {
                self.meta.insert(COMMITS, 1)?;
                self.meta.insert(OUTBOX_LAST, outbox_last)?.is_none()
            }
            Row::Entries { key, seen, value } => {
                self.put_aged(Kind::Entry, &key_bytes(key), seen, &encode(&value))?
            }
            Row::Names { key, seen, value } => {
                self.put_aged(Kind::Name, &key_bytes(key), seen, value.as_bytes())?
            }
            Row::Articles { key, seen, value } => {
                self.put_aged(Kind::Article, key.as_bytes(), seen, &encode(&value))?
            }
            Row::Feeds { key, seen, value } => {
                self.put_aged(Kind::Feed, key.as_bytes(), seen, &encode(&value))?
            }
            Row::Revisits { value } => {
                let Some(key) = value.entry.keys.first() else {
                    return Ok(true);
                };
                self.revisits_due
                    .insert((value.due.as_millisecond(), key.0), ())?;
                self.revisits
                    .insert(key.0, encode(&value).as_slice())?
                    .is_none()
            }
            Row::Outbox { key, value } => self
                .outbox
                .insert(key, encode(&value).as_slice())?
                .is_none(),
            Row::Values { key, value } => self
                .values
                .insert(key.as_str(), encode(&value).as_slice())?
                .is_none(),
            Row::Counters { key, value } => self.counters.insert(key.as_str(), value)?.is_none(),
            Row::End { .. } => true,
        })
    }

    fn put_aged(
        &mut self,
        kind: Kind,
        key: &[u8],
        seen: u64,
        value: &[u8],
    ) -> Result<bool, redb::Error> {
        self.ages.insert((seen, kind as u8, key), ())?;
        Ok(self.aged[kind as usize]
            .insert(key, (seen, value))?
            .is_none())
    }
}

/// The inner error is of the lines, the outer one of the database.
fn take_in(
    lines: &mut impl BufRead,
    rows: &mut Rows,
    values: &[(&str, Value)],
) -> Result<Result<u64, ImportError>, redb::Error> {
    let mut text = Vec::new();
    let mut last = 0;
    for line in 1.. {
        text.clear();
        let wrong = |what: String| Ok(Err(ImportError::Line { line, what }));
        if let Err(source) = lines.take(LINE_BYTES_MAX).read_until(b'\n', &mut text) {
            return Ok(Err(ImportError::Read { line, source }));
        }
        if text.is_empty() {
            return wrong("ends without its last line; the rest is missing".to_owned());
        }
        if text.len() as u64 == LINE_BYTES_MAX {
            return wrong(format!("over {LINE_BYTES_MAX} bytes"));
        }
        let row: Row = match serde_json::from_slice(&text) {
            Ok(row) => row,
            Err(error) => return wrong(error.to_string()),
        };
        match &row {
            Row::State {
                version,
                outbox_last,
            } if line == 1 => {
                last = *outbox_last;
                let known = STEPS.len() as u64;
                if *version != known {
                    return wrong(format!(
                        "state version {version}, this copydesk knows {known}"
                    ));
                }
                if last > NUMBER_MAX {
                    return wrong(format!("outbox_last {last} leaves no number to go on with"));
                }
            }
            Row::State { .. } => return wrong("a second beginning".to_owned()),
            // A later commit would give its number out again, and so put another in its place.
            Row::Outbox { key, .. } if *key > last => {
                return wrong(format!(
                    "row {key} of the outbox, of which {last} was the last"
                ));
            }
            _ if line == 1 => return wrong("not the beginning of an export".to_owned()),
            Row::End { rows: told } if *told != line - 2 => {
                return wrong(format!("{told} rows were exported, {} came", line - 2));
            }
            Row::End { .. } => {
                for (key, value) in values {
                    rows.values.insert(*key, encode(value).as_slice())?;
                }
                return Ok(Ok(line - 2));
            }
            _ => {}
        }
        if !rows.put(row)? {
            return wrong("a row of this key came before".to_owned());
        }
    }
    unreachable!("the numbers of lines do not end")
}
