//! Keeps a trouble that comes again and again from filling the log: told at first, then counted,
//! and the count told.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, warn};
use tracing_subscriber::layer::{Context, Filter};

/// From the first of a kind to the telling of how many followed.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Told of a kind in that time. The failure of an entry is its outcome, not only a trouble, so many
/// more of these are told than of a feed that stays down.
const TOLD_MAX: u64 = 1;
const TOLD_OF_ENTRIES_MAX: u64 = 100;
/// Kinds remembered, some 200 bytes each. Further ones are all told.
const KINDS_MAX: usize = 1 << 15;

/// What makes two warnings the same: where they are from, whom they are about, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    place: Identifier,
    feed: String,
    reason: String,
}

#[derive(Debug)]
struct Seen {
    since: Instant,
    told: u64,
    kept_back: u64,
    message: String,
}

/// Those of the last minutes.
#[derive(Debug, Default)]
pub struct Repeats(Mutex<HashMap<Kind, Seen>>);

impl Repeats {
    /// For the one log of this process.
    pub fn shared() -> &'static Self {
        static SHARED: std::sync::LazyLock<Repeats> = std::sync::LazyLock::new(Repeats::default);
        &SHARED
    }

    fn is_told(&self, facts: Facts, place: Identifier, now: Instant) -> bool {
        let told_max = match facts.has_entry {
            true => TOLD_OF_ENTRIES_MAX,
            false => TOLD_MAX,
        };
        let kind = Kind {
            place,
            feed: facts.feed,
            reason: facts.reason,
        };
        let mut seen = self.lock();
        if seen.len() >= KINDS_MAX && !seen.contains_key(&kind) {
            return true;
        }
        let seen = seen.entry(kind).or_insert_with(|| Seen {
            since: now,
            told: 0,
            kept_back: 0,
            message: facts.message,
        });
        let is_told = seen.told < told_max;
        match is_told {
            true => seen.told += 1,
            false => seen.kept_back += 1,
        }
        is_told
    }

    /// Tells what was kept back of the kinds whose time is over, and forgets them.
    pub fn tell(&self, now: Instant) {
        for (Kind { feed, reason, .. }, seen) in self.over(now) {
            let (of, times, reason) = (seen.message, seen.kept_back, Some(reason));
            let reason = reason.filter(|reason| !reason.is_empty());
            warn!(feed, reason, of, times, "repeated");
        }
    }

    fn over(&self, now: Instant) -> Vec<(Kind, Seen)> {
        let mut seen = self.lock();
        let over = seen.extract_if(|_, seen| now.duration_since(seen.since) >= EVERY);
        over.filter(|(_, seen)| seen.kept_back > 0).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Kind, Seen>> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

/// Before the log: warnings about a feed pass once, the others as they come.
impl<S: Subscriber> Filter<S> for &'static Repeats {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() != Level::WARN {
            return true;
        }
        let mut facts = Facts::default();
        event.record(&mut facts);
        let is_count = facts.message == "repeated";
        facts.feed.is_empty()
            || is_count
            || self.is_told(facts, metadata.callsite(), Instant::now())
    }
}

/// What a warning says of itself.
#[derive(Debug, Default, Clone)]
struct Facts {
    message: String,
    feed: String,
    reason: String,
    has_entry: bool,
}

impl Visit for Facts {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            "feed" => value.clone_into(&mut self.feed),
            "reason" => value.clone_into(&mut self.reason),
            "entry" => self.has_entry = true,
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if matches!(field.name(), "message" | "feed" | "reason" | "entry") {
            self.record_str(field, &format!("{value:?}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::Arc;
    use tracing_subscriber::layer::{Layer, SubscriberExt};

    #[derive(Debug, Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What the log holds of these warnings, and of their counts after the time is over.
    fn check(warnings: impl FnOnce(), wanted: &[(&str, usize)]) {
        let repeats: &'static Repeats = Box::leak(Box::default());
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .with_filter(repeats);
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || {
            warnings();
            repeats.tell(Instant::now() + EVERY);
            assert!(repeats.lock().is_empty());
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        for (part, count) in wanted {
            assert_eq!(text.matches(part).count(), *count, "{part} in {text}");
        }
    }

    fn failed(feed: &str, reason: &str) {
        warn!(feed, reason, "poll failed");
    }

    #[test]
    fn one_trouble_is_told_once_and_then_counted() {
        let warnings = || {
            for _ in 0..5 {
                failed("https://a.example/feed", "timeout");
                failed("https://b.example/feed", "timeout");
            }
            failed("https://a.example/feed", "dns");
        };
        let wanted = [(": poll failed", 3), ("times=4", 2), ("times", 2)];
        check(warnings, &wanted);
    }

    #[test]
    fn many_entries_are_told_and_what_is_about_no_feed_is_never_kept_back() {
        let warnings = || {
            for entry in 0..TOLD_OF_ENTRIES_MAX + 7 {
                warn!(
                    feed = "https://a.example/feed",
                    entry,
                    reason = "gone",
                    "entry failed"
                );
                warn!("the status page has ended");
                tracing::info!(feed = "https://a.example/feed", "polled");
            }
        };
        let wanted = [
            (": entry failed", 100),
            ("times=7", 1),
            ("status page", 107),
            ("polled", 107),
        ];
        check(warnings, &wanted);
    }

    #[test]
    fn memory_is_bounded() {
        let repeats = Repeats::default();
        let subscriber = tracing_subscriber::registry();
        let place = tracing::subscriber::with_default(subscriber, || tracing::info_span!("place"));
        let place = place.metadata().expect("it is on").callsite();
        for number in 0..KINDS_MAX + 10 {
            let facts = Facts {
                feed: number.to_string(),
                ..Facts::default()
            };
            assert!(repeats.is_told(facts, place.clone(), Instant::now()));
        }
        assert_eq!(repeats.lock().len(), KINDS_MAX);
    }
}
