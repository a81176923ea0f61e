//! How rows lie in the database, and how an older layout becomes this one.

use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};

/// When a row was last seen (by [`CLOCK`], rounded down), and its value.
pub(crate) type Aged<'a> = (u64, &'a [u8]);

/// Rows that are forgotten when not seen for long: the key is a [`copydesk_model::Key`] (16 bytes,
/// big-endian), an article's id or a feed's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Entry,
    Name,
    Article,
    Feed,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Entry, Kind::Name, Kind::Article, Kind::Feed];

    pub(crate) fn table(self) -> TableDefinition<'static, &'static [u8], Aged<'static>> {
        TableDefinition::new(match self {
            Kind::Entry => "entries",
            Kind::Name => "names",
            Kind::Article => "articles",
            Kind::Feed => "feeds",
        })
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// Aged rows in the order in which they will be forgotten: last seen, kind, key.
pub(crate) const AGES: TableDefinition<(u64, u8, &[u8]), ()> = TableDefinition::new("ages");
/// First key → [`crate::Revisit`].
pub(crate) const REVISITS: TableDefinition<u128, &[u8]> = TableDefinition::new("revisits");
/// Due (unix milliseconds), first key.
pub(crate) const REVISITS_DUE: TableDefinition<(i64, u128), ()> =
    TableDefinition::new("revisits_due");
/// Number → row.
pub(crate) const OUTBOX: TableDefinition<u64, &[u8]> = TableDefinition::new("outbox");
/// Name → value.
pub(crate) const VALUES: TableDefinition<&str, &[u8]> = TableDefinition::new("values");
/// Name → count.
pub(crate) const COUNTERS: TableDefinition<&str, u64> = TableDefinition::new("counters");
/// The store's own numbers, see below.
pub(crate) const META: TableDefinition<&str, u64> = TableDefinition::new("meta");

/// The layout's version.
const VERSION: &str = "version";
/// Commits so far: tells after a failed commit whether it reached the disk all the same.
pub(crate) const COMMITS: &str = "commits";
/// When the last commit was made, unix seconds.
pub(crate) const COMMITTED_AT: &str = "committed_at";
/// What rows age by, unix seconds: see [`crate::clock::Clock`].
pub(crate) const CLOCK: &str = "clock";
/// The last outbox number given out.
pub(crate) const OUTBOX_LAST: &str = "outbox_last";

/// One step from each version to the next; a new file is version 0. Append only.
pub(crate) type Step = fn(&WriteTransaction) -> Result<(), redb::Error>;
pub(crate) const STEPS: &[Step] = &[make];

/// Version 1.
fn make(transaction: &WriteTransaction) -> Result<(), redb::Error> {
    for kind in Kind::ALL {
        transaction.open_table(kind.table())?;
    }
    transaction.open_table(AGES)?;
    transaction.open_table(REVISITS)?;
    transaction.open_table(REVISITS_DUE)?;
    transaction.open_table(OUTBOX)?;
    transaction.open_table(VALUES)?;
    transaction.open_table(COUNTERS)?;
    Ok(())
}

/// Brings the file to the version that has all `steps` behind it, a transaction a step. The inner
/// error is the version found where it lies beyond them.
pub(crate) fn migrate(database: &Database, steps: &[Step]) -> Result<Result<(), u64>, redb::Error> {
    let before = version(database)?;
    let Some(missing) = usize::try_from(before)
        .ok()
        .and_then(|before| steps.get(before..))
    else {
        return Ok(Err(before));
    };
    for (step, version) in missing.iter().zip(before + 1..) {
        let transaction = database.begin_write()?;
        step(&transaction)?;
        transaction.open_table(META)?.insert(VERSION, version)?;
        transaction.commit()?;
        if before > 0 {
            tracing::info!(version, "state migrated");
        }
    }
    Ok(Ok(()))
}

fn version(database: &Database) -> Result<u64, redb::Error> {
    match database.begin_read()?.open_table(META) {
        Ok(meta) => Ok(meta.get(VERSION)?.map_or(0, |row| row.value())),
        Err(redb::TableError::TableDoesNotExist(_)) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use redb::ReadableTable;

    /// A step as a later version may bring: counters get a prefix.
    fn rename(transaction: &WriteTransaction) -> Result<(), redb::Error> {
        let mut counters = transaction.open_table(COUNTERS)?;
        let rows: Vec<(String, u64)> = counters
            .iter()?
            .map(|row| row.map(|(name, count)| (name.value().to_owned(), count.value())))
            .collect::<Result<_, _>>()?;
        for (name, count) in rows {
            counters.remove(name.as_str())?;
            counters.insert(format!("new_{name}").as_str(), count)?;
        }
        Ok(())
    }

    fn fail(transaction: &WriteTransaction) -> Result<(), redb::Error> {
        rename(transaction)?;
        Err(redb::Error::Corrupted("no room".to_owned()))
    }

    fn counters(database: &Database) -> Vec<(String, u64)> {
        let counters = database.begin_read().unwrap().open_table(COUNTERS).unwrap();
        let rows = counters.iter().unwrap().map(Result::unwrap);
        rows.map(|(name, count)| (name.value().to_owned(), count.value()))
            .collect()
    }

    #[test]
    fn each_version_is_brought_to_the_next_once() {
        let memory = redb::backends::InMemoryBackend::new();
        let database = Database::builder().create_with_backend(memory).unwrap();
        assert!(migrate(&database, &[make]).unwrap().is_ok());
        let transaction = database.begin_write().unwrap();
        let mut table = transaction.open_table(COUNTERS).unwrap();
        table.insert("polls", 3).unwrap();
        drop(table);
        transaction.commit().unwrap();

        migrate(&database, &[make, fail]).unwrap_err();
        assert_eq!(
            version(&database).unwrap(),
            1,
            "a failed step leaves nothing"
        );
        assert_eq!(counters(&database), [("polls".to_owned(), 3)]);

        for _ in 0..2 {
            let steps: &[Step] = &[make, rename];
            assert!(migrate(&database, steps).unwrap().is_ok());
            assert_eq!(counters(&database), [("new_polls".to_owned(), 3)]);
        }
        assert_eq!(migrate(&database, &[make]).unwrap(), Err(2));
    }
}
