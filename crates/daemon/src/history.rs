//! The last minute and the last day, for people to look at: rates of each stage, and what became of
//! the entries. The day is committed with what it counts, and so outlives the process.

use crate::metrics::Metrics;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

/// Rates are taken over so many seconds: long enough to be calm, short enough to be seen moving.
const RATE_S: usize = 10;
/// The day is told in slots of ten minutes.
pub const SLOT_S: i64 = 600;
/// A day of slots.
pub const SLOTS: usize = 144;

/// What a slot counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Slot {
    /// Which ten minutes since the Unix epoch.
    pub number: i64,
    /// New and updated.
    pub articles: u64,
    pub duplicates: u64,
    pub failures: u64,
}

/// A slot as the store keeps it: number, articles, duplicates, failures.
pub type KeptSlot = (i64, u64, u64, u64);

/// A stage and what it does a second.
pub type Rate = (&'static str, f64);

/// Fed once a second.
#[derive(Debug, Default)]
pub struct History(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// The latest totals of each stage, oldest first.
    seconds: VecDeque<[(&'static str, u64); 6]>,
    totals: Slot,
    slots: VecDeque<Slot>,
}

impl History {
    /// To be called every second.
    pub fn sample(&self, metrics: &Metrics, now: Timestamp) {
        let mut inner = self.lock();
        if inner.seconds.len() > RATE_S {
            inner.seconds.pop_front();
        }
        inner.seconds.push_back(metrics.done());
        inner.count(metrics, now);
    }

    /// What the store is to keep of the day: slots with events, up to now.
    pub fn kept(&self, metrics: &Metrics, now: Timestamp) -> Vec<KeptSlot> {
        let mut inner = self.lock();
        inner.count(metrics, now);
        let kept = inner.slots.iter().map(|slot| {
            let &Slot {
                number,
                articles,
                duplicates,
                failures,
            } = slot;
            (number, articles, duplicates, failures)
        });
        kept.filter(|(_, articles, duplicates, failures)| articles + duplicates + failures > 0)
            .collect()
    }

    /// Goes on from what was kept.
    pub fn restore(&self, kept: Vec<KeptSlot>) {
        let slots = kept.into_iter().take(SLOTS);
        let slots = slots.map(|(number, articles, duplicates, failures)| Slot {
            number,
            articles,
            duplicates,
            failures,
        });
        self.lock().slots = slots.collect();
    }

    /// Of each stage, in the order of the pipeline.
    pub fn rates(&self) -> Vec<Rate> {
        let inner = self.lock();
        let (Some(first), Some(last)) = (inner.seconds.front(), inner.seconds.back()) else {
            return Vec::new();
        };
        let seconds = (inner.seconds.len() - 1).max(1) as f64;
        let rates = first.iter().zip(last);
        rates
            .map(|((name, before), (_, now))| (*name, (now - before) as f64 / seconds))
            .collect()
    }

    /// The day up to now, oldest first, slots without events included.
    pub fn day(&self, now: Timestamp) -> Vec<Slot> {
        let inner = self.lock();
        let last = now.as_second().div_euclid(SLOT_S);
        (last - SLOTS as i64 + 1..=last)
            .map(|number| {
                let slot = inner.slots.iter().find(|slot| slot.number == number);
                slot.copied().unwrap_or(Slot {
                    number,
                    ..Slot::default()
                })
            })
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

impl Inner {
    /// Adds what was settled since the last time to the slot of now.
    fn count(&mut self, metrics: &Metrics, now: Timestamp) {
        let totals = Slot {
            number: now.as_second().div_euclid(SLOT_S),
            articles: metrics.settled_as("new") + metrics.settled_as("update"),
            duplicates: metrics.settled_as("duplicate"),
            failures: metrics.settled_as("failed"),
        };
        let before = std::mem::replace(&mut self.totals, totals);
        if self
            .slots
            .back()
            .is_none_or(|slot| slot.number != totals.number)
        {
            if self.slots.len() == SLOTS {
                self.slots.pop_front();
            }
            let number = totals.number;
            self.slots.push_back(Slot {
                number,
                ..Slot::default()
            });
        }
        if let Some(slot) = self.slots.back_mut() {
            slot.articles += totals.articles - before.articles;
            slot.duplicates += totals.duplicates - before.duplicates;
            slot.failures += totals.failures - before.failures;
        }
    }
}

/// Counts by the hour over a day: a feed's sparkline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    counts: [u32; 24],
    /// The hour since the Unix epoch that was counted last.
    last: i64,
}

impl Hours {
    pub fn count(&mut self, now: Timestamp) {
        self.turn(now);
        let place = self.last.rem_euclid(24) as usize;
        self.counts[place] = self.counts[place].saturating_add(1);
    }

    /// Oldest first; the last is the hour of `now`.
    pub fn until(mut self, now: Timestamp) -> [u32; 24] {
        self.turn(now);
        std::array::from_fn(|age| self.counts[(self.last + 1 + age as i64).rem_euclid(24) as usize])
    }

    /// Empties the hours that came since.
    fn turn(&mut self, now: Timestamp) {
        let hour = now.as_second().div_euclid(3600);
        for passed in (self.last + 1).max(hour - 23)..=hour {
            self.counts[passed.rem_euclid(24) as usize] = 0;
        }
        self.last = self.last.max(hour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::Outcome;
    use jiff::ToSpan;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn day_tells_what_happened_in_which_ten_minutes() {
        let (history, metrics) = (History::default(), Metrics::new(false));
        history.sample(&metrics, START);
        metrics.settled(Outcome::New);
        metrics.settled(Outcome::Duplicate);
        history.sample(&metrics, START + 1.minutes());
        metrics.settled(Outcome::Updated);
        history.sample(&metrics, START + 25.minutes());
        let day = history.day(START + 30.minutes());
        assert_eq!(day.len(), SLOTS);
        let told: Vec<_> = day[SLOTS - 4..]
            .iter()
            .map(|slot| (slot.articles, slot.duplicates))
            .collect();
        assert_eq!(told, [(1, 1), (0, 0), (1, 0), (0, 0)]);
    }

    #[test]
    fn day_goes_on_after_a_restart() {
        let (history, metrics) = (History::default(), Metrics::new(false));
        history.sample(&metrics, START);
        metrics.settled(Outcome::New);
        // Kept with what was settled since the last second, and without the empty slots.
        assert_eq!(history.kept(&metrics, START), [(0, 1, 0, 0)]);
        history.sample(&metrics, START + 10.minutes());
        metrics.settled(Outcome::Duplicate);
        let kept = history.kept(&metrics, START + 20.minutes());
        assert_eq!(kept, [(0, 1, 0, 0), (2, 0, 1, 0)]);

        let (history, metrics) = (History::default(), Metrics::new(false));
        history.restore(kept);
        metrics.settled(Outcome::New);
        let kept = history.kept(&metrics, START + 25.minutes());
        assert_eq!(kept, [(0, 1, 0, 0), (2, 1, 1, 0)]);
        let day = history.day(START + 25.minutes());
        assert_eq!(day.iter().map(|slot| slot.articles).sum::<u64>(), 2);
    }

    #[test]
    fn rates_are_over_the_last_seconds() {
        let (history, metrics) = (History::default(), Metrics::new(false));
        for _ in 0..3 {
            (0..5).for_each(|_| metrics.settled(Outcome::New));
            history.sample(&metrics, START);
        }
        assert!(
            history.rates().contains(&("commit", 5.0)),
            "{:?}",
            history.rates()
        );
    }

    #[test]
    fn hours_move_on_and_are_forgotten_after_a_day() {
        let mut hours = Hours::default();
        hours.count(START + 1.hours());
        hours.count(START + 3.hours());
        hours.count(START + 3.hours());
        assert_eq!(hours.until(START + 4.hours())[20..], [1, 0, 2, 0]);
        assert_eq!(hours.until(START + 26.hours())[..2], [2, 0]);
        assert_eq!(hours.until(START + 90.hours()), [0; 24]);
    }
}
