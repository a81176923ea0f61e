//! How rows grow old.

use crate::tables::{AGES, CLOCK, COMMITTED_AT, META};
use jiff::Timestamp;
use redb::{ReadableTable, WriteTransaction};
use std::time::Duration;

/// A row that goes on being seen is written again at most this often, seconds.
const SEEN_AGAIN_MAX: u64 = 24 * 3600;

/// What rows age by, seconds. It runs with the time of day from commit to commit, but never back,
/// and counts only a short while of a long time without any: neither months out of service nor a
/// clock that was set wrong make copydesk forget, and deliver again, what feeds still list.
pub(crate) struct Clock {
    /// Rounded down, so that a row seen again is written again at most once in a while.
    pub(crate) seen: u64,
    /// Rows last seen before this are forgotten.
    pub(crate) cutoff: u64,
}

impl Clock {
    /// Moves the store's clock on.
    pub(crate) fn advance(
        transaction: &WriteTransaction,
        remember: Duration,
        now: Timestamp,
    ) -> Result<Self, redb::Error> {
        let remember = remember.as_secs();
        let grain = (remember / 64).clamp(1, SEEN_AGAIN_MAX);
        let now = u64::try_from(now.as_second()).unwrap_or(0);
        let mut meta = transaction.open_table(META)?;
        let before = meta
            .insert(COMMITTED_AT, now)?
            .map_or(now, |row| row.value());
        let clock = match meta.get(CLOCK)?.map(|row| row.value()) {
            Some(clock) => clock,
            // Rows of an earlier version, or imported ones, go on from where they are.
            None => newest(transaction)?.unwrap_or(now),
        };
        let clock = clock.saturating_add(now.saturating_sub(before).min(grain));
        meta.insert(CLOCK, clock)?;
        Ok(Self {
            seen: clock - clock % grain,
            cutoff: clock.saturating_sub(remember.saturating_add(grain)),
        })
    }
}

/// When the row seen last was.
fn newest(transaction: &WriteTransaction) -> Result<Option<u64>, redb::Error> {
    let ages = transaction.open_table(AGES)?;
    let last = ages.last()?;
    Ok(last.map(|(age, _)| age.value().0))
}
