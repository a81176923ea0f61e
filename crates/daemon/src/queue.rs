//! Which feed is polled next. A feed that is not being polled is a number in a heap: no task, no
//! connection, no state.

use jiff::{SignedDuration, Timestamp};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

/// The feeds by the time of their next poll, and those that are due by host: of each host only as
/// many are polled at once as it takes, so that a slow one holds up nobody else.
#[derive(Debug)]
pub struct Queue {
    /// The place of each host in `lines`, and of each feed's host.
    places: HashMap<String, usize>,
    hosts: HashMap<usize, usize>,
    lines: Vec<Line>,
    events: BinaryHeap<Reverse<(Timestamp, Event)>>,
    host_polls_max: usize,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// A feed is due.
    Due(usize),
    /// A host may have a turn free for the first in its line.
    Turn(usize),
}

/// The feeds of one host that are due, the longest due first.
#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<(Timestamp, usize)>,
    polls: usize,
    /// Its next `Turn` is among the events.
    is_called: bool,
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Poll this feed; to be told by [`Queue::answered`] when its host is free of it.
    Poll { feed: usize, due: Timestamp },
    /// Nothing until this time, if ever, unless a host gets free before.
    Wait(Option<Timestamp>),
}

impl Queue {
    pub fn new(host_polls_max: usize) -> Self {
        Self {
            places: HashMap::new(),
            hosts: HashMap::new(),
            lines: Vec::new(),
            events: BinaryHeap::new(),
            host_polls_max,
        }
    }

    /// The feed is at this host for good.
    pub fn add(&mut self, feed: usize, host: &str) {
        let next = self.lines.len();
        let place = *self.places.entry(host.to_owned()).or_insert(next);
        if place == next {
            self.lines.push(Line::default());
        }
        self.hosts.insert(feed, place);
    }

    /// The feed, which was added, is to be polled at this time.
    pub fn push(&mut self, feed: usize, due: Timestamp) {
        self.events.push(Reverse((due, Event::Due(feed))));
    }

    /// `wait` tells how long a feed's host would make it wait for other reasons.
    pub fn next(&mut self, now: Timestamp, wait: impl Fn(usize) -> Duration) -> Next {
        while let Some(Reverse((then, _))) = self.events.peek() {
            if *then > now {
                return Next::Wait(Some(*then));
            }
            let host = match self.events.pop() {
                Some(Reverse((due, Event::Due(feed)))) => {
                    let host = self.hosts[&feed];
                    self.lines[host].waiting.push_back((due, feed));
                    host
                }
                Some(Reverse((_, Event::Turn(host)))) => {
                    self.lines[host].is_called = false;
                    host
                }
                None => break,
            };
            let line = &mut self.lines[host];
            let Some(&(due, feed)) = line
                .waiting
                .front()
                .filter(|_| line.polls < self.host_polls_max)
            else {
                continue;
            };
            let wait = wait(feed);
            if wait.is_zero() {
                line.waiting.pop_front();
                line.polls += 1;
                self.call(host, now);
                return Next::Poll { feed, due };
            }
            let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
            self.call(host, now.saturating_add(wait).unwrap_or(now));
        }
        Next::Wait(None)
    }

    /// The poll of this feed no longer keeps its host busy.
    pub fn answered(&mut self, feed: usize, now: Timestamp) {
        let host = self.hosts[&feed];
        self.lines[host].polls -= 1;
        self.call(host, now);
    }

    /// The clock was set back by so much: what is to come keeps its distance.
    pub fn set_back(&mut self, by: SignedDuration) {
        let events = self.events.drain();
        let earlier = events.map(|Reverse((then, event))| Reverse((before(then, by), event)));
        self.events = earlier.collect();
        for (due, _) in self.lines.iter_mut().flat_map(|line| &mut line.waiting) {
            *due = before(*due, by);
        }
    }

    /// Whether no feed is due, now or later.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.lines.iter().all(|line| line.waiting.is_empty())
    }

    fn call(&mut self, host: usize, then: Timestamp) {
        let line = &mut self.lines[host];
        if !line.is_called && !line.waiting.is_empty() {
            line.is_called = true;
            self.events.push(Reverse((then, Event::Turn(host))));
        }
    }
}

/// So much before a time.
pub fn before(then: Timestamp, by: SignedDuration) -> Timestamp {
    then.saturating_sub(by).unwrap_or(then)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn queue(hosts: &[&str]) -> Queue {
        let mut queue = Queue::new(2);
        for (feed, host) in hosts.iter().enumerate() {
            queue.add(feed, host);
        }
        queue
    }

    fn at(seconds: i64) -> Timestamp {
        START + SignedDuration::from_secs(seconds)
    }

    /// The feeds given out at one moment, and what comes next.
    fn drain(
        queue: &mut Queue,
        now: Timestamp,
        wait: impl Fn(usize) -> Duration,
    ) -> (Vec<usize>, Option<Timestamp>) {
        let mut feeds = Vec::new();
        loop {
            match queue.next(now, &wait) {
                Next::Poll { feed, .. } => feeds.push(feed),
                Next::Wait(then) => return (feeds, then),
            }
        }
    }

    fn no_wait(_: usize) -> Duration {
        Duration::ZERO
    }

    #[test]
    fn feeds_come_when_they_are_due() {
        let mut queue = queue(&["a", "b"]);
        queue.push(0, at(5));
        queue.push(1, at(3));
        assert_eq!(drain(&mut queue, START, no_wait), (vec![], Some(at(3))));
        assert_eq!(drain(&mut queue, at(4), no_wait), (vec![1], Some(at(5))));
        assert_eq!(
            queue.next(at(9), no_wait),
            Next::Poll {
                feed: 0,
                due: at(5)
            }
        );
        assert!(queue.is_empty());
    }

    #[test]
    fn feeds_are_not_forgotten_when_the_clock_is_set_back() {
        let mut queue = queue(&["a", "b"]);
        queue.push(0, at(1_000_005));
        queue.push(1, at(999_999));
        let wait = |_| Duration::from_secs(1);
        assert!(drain(&mut queue, at(1_000_000), wait).0.is_empty());
        queue.set_back(SignedDuration::from_secs(1_000_000));
        assert_eq!(drain(&mut queue, at(1), no_wait), (vec![1], Some(at(5))));
        assert_eq!(drain(&mut queue, at(5), no_wait), (vec![0], None));
    }

    #[test]
    fn a_host_has_so_many_polls_at_once_and_holds_up_no_other() {
        let mut queue = queue(&["slow", "slow", "slow", "slow", "other"]);
        (0..5).for_each(|feed| queue.push(feed, at(feed as i64)));
        assert_eq!(drain(&mut queue, at(9), no_wait), (vec![0, 1, 4], None));
        assert!(!queue.is_empty(), "two wait for the slow one");
        queue.answered(1, at(10));
        assert_eq!(drain(&mut queue, at(10), no_wait), (vec![2], None));
        queue.answered(0, at(11));
        queue.answered(2, at(11));
        queue.answered(4, at(11));
        assert_eq!(drain(&mut queue, at(11), no_wait), (vec![3], None));
        assert!(queue.is_empty());
    }

    #[test]
    fn a_host_that_wants_a_pause_gets_it() {
        let mut queue = queue(&["a", "a", "b"]);
        (0..3).for_each(|feed| queue.push(feed, at(0)));
        let pause = |feed| match feed {
            0 | 1 => Duration::from_secs(2),
            _ => Duration::ZERO,
        };
        assert_eq!(drain(&mut queue, at(0), pause), (vec![2], Some(at(2))));
        assert_eq!(drain(&mut queue, at(2), no_wait), (vec![0, 1], None));
    }
}
