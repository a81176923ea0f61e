//! The feeds that are followed. A feed has a number for as long as the process lives, also when a
//! reload takes it out and another brings it back: what is under way never finds another feed
//! behind its number.

use copydesk_fetcher::Feed;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, RwLock};

/// A feed as configured. A reload puts another in its place; what is under way keeps the one that
/// it began with.
#[derive(Debug, PartialEq)]
pub struct Subscription {
    pub number: usize,
    /// What log, state, output and status call it.
    pub name: String,
    pub feed: Feed,
}

/// Shared by the schedule, the polls and whoever asks.
#[derive(Debug, Default)]
pub struct Roster(RwLock<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// By number; none where it is followed no more.
    subscriptions: Vec<Option<Arc<Subscription>>>,
    numbers: HashMap<String, usize>,
    /// Those followed, in the order of the configuration.
    order: Vec<usize>,
}

/// What a new configuration changed, by the numbers of the feeds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub added: Vec<usize>,
    pub changed: Vec<usize>,
    pub removed: Vec<usize>,
}

impl Roster {
    pub fn new(feeds: Vec<Feed>) -> Self {
        let roster = Self::default();
        roster.replace(feeds);
        roster
    }

    /// From now on these feeds are followed. No two of them go by the same name.
    pub fn replace(&self, feeds: Vec<Feed>) -> Changes {
        let mut inner = self.0.write().expect("no holder of this lock panics");
        let mut changes = Changes::default();
        let before: Vec<usize> = std::mem::take(&mut inner.order);
        for feed in feeds {
            let name = feed.name();
            let next = inner.subscriptions.len();
            let number = *inner.numbers.entry(name.clone()).or_insert(next);
            if number == next {
                inner.subscriptions.push(None);
            }
            match &inner.subscriptions[number] {
                None => changes.added.push(number),
                Some(known) if known.feed != feed => changes.changed.push(number),
                Some(_) => {}
            }
            inner.order.push(number);
            let subscription = Subscription { number, name, feed };
            inner.subscriptions[number] = Some(Arc::new(subscription));
        }
        let followed: HashSet<usize> = inner.order.iter().copied().collect();
        changes.removed = before;
        changes.removed.retain(|number| !followed.contains(number));
        for &number in &changes.removed {
            inner.subscriptions[number] = None;
        }
        changes
    }

    /// None where it is followed no more.
    pub fn get(&self, number: usize) -> Option<Arc<Subscription>> {
        let inner = self.0.read().expect("no holder of this lock panics");
        inner.subscriptions.get(number)?.clone()
    }

    pub fn named(&self, name: &str) -> Option<Arc<Subscription>> {
        let inner = self.0.read().expect("no holder of this lock panics");
        inner.subscriptions[*inner.numbers.get(name)?].clone()
    }

    /// In the order of the configuration.
    pub fn followed(&self) -> Vec<Arc<Subscription>> {
        let inner = self.0.read().expect("no holder of this lock panics");
        let order = inner.order.iter();
        order
            .filter_map(|&number| inner.subscriptions[number].clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(name: &str, tag: &str) -> Feed {
        Feed {
            url: format!("https://{name}.example/feed"),
            tags: vec![tag.to_owned()],
            ..Feed::default()
        }
    }

    #[test]
    fn feeds_come_change_go_and_keep_their_numbers() {
        let roster = Roster::new(vec![feed("a", ""), feed("b", ""), feed("c", "")]);
        let changes = roster.replace(vec![feed("d", ""), feed("c", "new"), feed("a", "")]);
        let wanted = Changes {
            added: vec![3],
            changed: vec![2],
            removed: vec![1],
        };
        assert_eq!(changes, wanted);
        assert!(roster.get(1).is_none() && roster.named("https://b.example/feed").is_none());
        let names: Vec<_> = roster
            .followed()
            .iter()
            .map(|feed| feed.name.clone())
            .collect();
        assert_eq!(
            names,
            ["d", "c", "a"].map(|name| format!("https://{name}.example/feed"))
        );
        let changes = roster.replace(vec![feed("b", "back")]);
        assert_eq!((changes.added, changes.removed), (vec![1], vec![3, 2, 0]));
    }
}
