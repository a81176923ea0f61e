//! What is under way: which entries are between poll and commit, and which polls wait for them.
//!
//! An entry is in flight from the moment a poll takes it in until its outcome is committed. A
//! second feed that lists it meanwhile does not fetch it again but waits for the same outcome.

use copydesk_fetcher::FeedState;
use copydesk_model::{Entry, Key};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// One poll that is not yet settled: its state may be committed when nothing holds it any more.
#[derive(Debug)]
pub struct Ticket {
    /// The feed's number.
    pub feed: usize,
    /// Its configured URL.
    pub url: String,
    /// The state before the poll: what stays where the poll is left incomplete.
    pub before: FeedState,
    /// The state after the poll.
    pub after: FeedState,
    holds: AtomicUsize,
    is_incomplete: AtomicBool,
}

impl Ticket {
    /// Held once, by the poll itself until it has taken in all its entries.
    pub fn new(feed: usize, url: String, before: FeedState, after: FeedState) -> Arc<Self> {
        Arc::new(Self {
            feed,
            url,
            before,
            after,
            holds: AtomicUsize::new(1),
            is_incomplete: AtomicBool::new(false),
        })
    }

    /// Lets go of one hold; true for the last.
    pub fn release(&self) -> bool {
        self.holds.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// What may be committed when nothing holds the poll any more.
    pub fn state(&self) -> FeedState {
        match self.is_incomplete.load(Ordering::Relaxed) {
            true => self.without_validators(),
            false => self.after.clone(),
        }
    }

    /// What may be committed before: that the feed answered. A life that ends before the entries
    /// are settled would else remember of its feeds only what failed, and poll them ever less.
    pub fn unsettled(&self) -> FeedState {
        FeedState {
            next_poll: self.before.next_poll,
            ..self.without_validators()
        }
    }

    /// With the old validators, or the next answer would be "not modified" and the entries put off
    /// or unsettled would be lost.
    fn without_validators(&self) -> FeedState {
        let before = match self.before.variant == self.after.variant {
            true => self.before.clone(),
            false => FeedState::default(),
        };
        FeedState {
            etag: before.etag,
            last_modified: before.last_modified,
            validators_of: before.validators_of,
            body_hash: before.body_hash,
            ..self.after.clone()
        }
    }
}

/// Names one entry in flight.
pub type Flight = u64;

/// The entries in flight, shared by the polls and the desk.
#[derive(Debug)]
pub struct Intake {
    host_entries_max: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: Flight,
    by_key: HashMap<Key, Flight>,
    by_host: HashMap<String, usize>,
    flights: HashMap<Flight, Airborne>,
}

#[derive(Debug)]
struct Airborne {
    keys: Vec<Key>,
    own: Option<Key>,
    host: String,
    tickets: Vec<Arc<Ticket>>,
}

/// What came of offering an entry.
#[derive(Debug, PartialEq, Eq)]
pub enum Offer {
    /// It is this caller's to fetch.
    Taken(Flight),
    /// Another has it; the ticket waits for the same outcome.
    InFlight,
    /// `is_settled` said so.
    Settled,
    /// Its host has as many in flight as it may: the poll is left incomplete and will list it
    /// again.
    PutOff,
}

impl Intake {
    /// A slow host holds at most `host_entries_max` places.
    pub fn new(host_entries_max: usize) -> Self {
        Self {
            host_entries_max,
            inner: Mutex::default(),
        }
    }

    /// Takes an entry in unless it is in flight or settled. `is_settled` is asked under the lock:
    /// between its answer and the taking nothing can be committed.
    pub fn offer(
        &self,
        entry: &Entry,
        host: &str,
        ticket: Option<&Arc<Ticket>>,
        is_settled: impl FnOnce() -> anyhow::Result<bool>,
    ) -> anyhow::Result<Offer> {
        let mut inner = self.lock();
        let own = entry.own_key();
        let flights = entry.keys.iter().filter_map(|key| inner.by_key.get(key));
        // At another address it is another story until the texts say otherwise.
        let is_same = |flight: &&Flight| {
            let theirs = inner.flights.get(*flight).and_then(|flight| flight.own);
            own.is_none() || theirs.is_none() || own == theirs
        };
        let same = flights.copied().find(|flight| is_same(&flight));
        if let Some(flight) = same {
            if let (Some(ticket), Some(airborne)) = (ticket, inner.flights.get_mut(&flight)) {
                ticket.holds.fetch_add(1, Ordering::AcqRel);
                airborne.tickets.push(ticket.clone());
            }
            return Ok(Offer::InFlight);
        }
        if is_settled()? {
            return Ok(Offer::Settled);
        }
        let places = inner.by_host.entry(host.to_owned()).or_default();
        if *places >= self.host_entries_max {
            if let Some(ticket) = ticket {
                ticket.is_incomplete.store(true, Ordering::Relaxed);
            }
            return Ok(Offer::PutOff);
        }
        *places += 1;
        inner.last += 1;
        let flight = inner.last;
        for key in &entry.keys {
            inner.by_key.insert(*key, flight);
        }
        let tickets = ticket.into_iter().cloned().collect::<Vec<_>>();
        for ticket in &tickets {
            ticket.holds.fetch_add(1, Ordering::AcqRel);
        }
        inner.flights.insert(
            flight,
            Airborne {
                keys: entry.keys.clone(),
                own,
                host: host.to_owned(),
                tickets,
            },
        );
        Ok(Offer::Taken(flight))
    }

    /// Ends a flight whose outcome is committed, and gives back the polls that it was the last
    /// thing to hold.
    pub fn settle(&self, flight: Flight) -> Vec<Arc<Ticket>> {
        let mut inner = self.lock();
        let Some(airborne) = inner.flights.remove(&flight) else {
            return Vec::new();
        };
        for key in airborne.keys {
            if inner.by_key.get(&key) == Some(&flight) {
                inner.by_key.remove(&key);
            }
        }
        if let Some(places) = inner.by_host.get_mut(&airborne.host) {
            *places -= 1;
            if *places == 0 {
                inner.by_host.remove(&airborne.host);
            }
        }
        airborne
            .tickets
            .into_iter()
            .filter(|ticket| ticket.release())
            .collect()
    }

    /// Entries in flight.
    pub fn len(&self) -> usize {
        self.lock().flights.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no holder of this lock panics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(url: &str) -> Arc<Ticket> {
        let before = FeedState {
            etag: Some("old".into()),
            ..FeedState::default()
        };
        let after = FeedState {
            etag: Some("new".into()),
            ..FeedState::default()
        };
        Ticket::new(0, url.into(), before, after)
    }

    fn entry(keys: &[u128]) -> Entry {
        Entry {
            keys: keys.iter().copied().map(Key).collect(),
            ..Entry::default()
        }
    }

    fn offer(intake: &Intake, keys: &[u128], ticket: &Arc<Ticket>) -> Offer {
        intake
            .offer(&entry(keys), "a.example", Some(ticket), || Ok(false))
            .unwrap()
    }

    #[test]
    fn poll_is_settled_only_after_all_its_entries() {
        let (intake, poll) = (Intake::new(9), ticket("a"));
        let (Offer::Taken(one), Offer::Taken(two)) =
            (offer(&intake, &[1], &poll), offer(&intake, &[2], &poll))
        else {
            panic!("both are free")
        };
        assert!(intake.settle(one).is_empty());
        assert!(!poll.release(), "the poll is through, but entry two is not");
        assert_eq!(poll.unsettled().etag.as_deref(), Some("old"));
        assert_eq!(poll.state().etag.as_deref(), Some("new"));
        assert_eq!(intake.settle(two).len(), 1);
        assert_eq!(intake.len(), 0);
    }

    #[test]
    fn second_feed_waits_for_the_entry_that_the_first_is_fetching() {
        let (intake, first, second) = (Intake::new(9), ticket("a"), ticket("b"));
        let Offer::Taken(flight) = offer(&intake, &[1, 2], &first) else {
            panic!("it is free")
        };
        assert_eq!(offer(&intake, &[2], &second), Offer::InFlight);
        assert!(!first.release() && !second.release());
        assert_eq!(intake.settle(flight).len(), 2);
        assert_eq!(
            intake.offer(&entry(&[1]), "", None, || Ok(true)).unwrap(),
            Offer::Settled
        );
    }

    #[test]
    fn entries_that_share_a_guid_at_two_addresses_are_fetched_both() {
        let (intake, poll) = (Intake::new(9), ticket("a"));
        let at = |url: &str| {
            let own = Key::of_url(url).expect("it is a URL");
            Entry {
                keys: vec![Key(1), own],
                url: Some(url.to_owned()),
                ..Entry::default()
            }
        };
        let (one, two) = (at("https://a.example/1"), at("https://a.example/2"));
        let offer = |entry| {
            let offer = intake.offer(entry, "a.example", Some(&poll), || Ok(false));
            offer.expect("nothing can fail")
        };
        let Offer::Taken(first) = offer(&one) else {
            panic!("it is free")
        };
        assert!(matches!(offer(&two), Offer::Taken(_)));
        assert_eq!(offer(&one), Offer::InFlight);
        intake.settle(first);
        assert_eq!(offer(&two), Offer::InFlight);
    }

    #[test]
    fn entry_over_its_hosts_places_leaves_the_poll_incomplete_with_the_old_validators() {
        let (intake, poll) = (Intake::new(1), ticket("a"));
        assert!(matches!(offer(&intake, &[1], &poll), Offer::Taken(_)));
        assert_eq!(poll.state().etag.as_deref(), Some("new"));
        assert_eq!(offer(&intake, &[2], &poll), Offer::PutOff);
        assert_eq!(poll.state().etag.as_deref(), Some("old"));
    }
}
