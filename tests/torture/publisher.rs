//! What the papers do all the while: publish, correct, and lose connections.

use crate::ledger::Ledger;
use crate::support::{Dice, feeds_of_all_kinds};
use copydesk_newsroom::{FeedKind, Misbehaviour, Newsroom, Site, Story, generate_with_copies};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// What a feed lists; a story that falls out of it unseen would be lost by its paper, not by us.
const LISTED: usize = 150;
/// Stories that the daemon may be behind with one paper; then that paper waits.
const BACKLOG_MAX: usize = 60;
const TICK: Duration = Duration::from_millis(50);
/// A correction is seen by its headline.
pub const CORRECTED: &str = " after all";

/// What was published: the URL, and whether it was corrected.
pub type Published = BTreeMap<String, bool>;

pub struct Publisher {
    newsroom: Newsroom,
    rate: f64,
    ledger: Arc<Ledger>,
    published: Published,
    by_site: Vec<usize>,
    queue: VecDeque<Story>,
    batches: u64,
    dice: Dice,
}

impl Publisher {
    pub async fn start(sites: usize, rate: f64, ledger: Arc<Ledger>) -> Self {
        let by_site = vec![0; sites];
        let sites = (0..sites).map(|number| Site {
            feed_entries_max: LISTED,
            ..Site::new(&format!("s{number}"), &format!("Paper {number}"))
        });
        let newsroom = Newsroom::start(sites.collect()).await;
        Self {
            newsroom: newsroom.expect("loopback addresses are free"),
            rate,
            ledger,
            published: Published::new(),
            by_site,
            queue: VecDeque::new(),
            batches: 0,
            dice: Dice::new(1),
        }
    }

    pub fn feeds(&self) -> Vec<String> {
        feeds_of_all_kinds(&self.newsroom)
    }

    /// Goes on until `work` is done; then connections hold again. The newsroom stays on the air for
    /// as long as the process lives.
    pub async fn run_until<T>(mut self, work: &JoinHandle<T>) -> Published {
        let (mut started, mut turn) = (Instant::now(), 0);
        let sites = self.by_site.len();
        let mut tick = tokio::time::interval(TICK);
        while !work.is_finished() {
            tick.tick().await;
            let due = (started.elapsed().as_secs_f64() * self.rate) as usize;
            let due = due.max(self.published.len());
            // Papers in turn, but for those that wait.
            let mut waiting = 0;
            while self.published.len() < due && waiting < sites {
                turn = (turn + 1) % sites;
                let settled = self.ledger.settled(self.newsroom.sites()[turn].base());
                if self.by_site[turn] < settled + BACKLOG_MAX {
                    self.publish(turn);
                    waiting = 0;
                } else {
                    waiting += 1;
                }
            }
            // What could not be published in time is not made up for.
            started += Duration::from_secs_f64((due - self.published.len()) as f64 / self.rate);
        }
        for site in self.newsroom.sites() {
            for kind in FeedKind::ALL {
                site.behave(kind.path());
            }
        }
        std::mem::forget(self.newsroom);
        self.published
    }

    fn publish(&mut self, turn: usize) {
        let mut story = self.next_story();
        let number = self.published.len();
        let site = &self.newsroom.sites()[turn];
        self.by_site[turn] += 1;
        story.slug = format!("{number:07}-{}", story.slug);
        story.published = Timestamp::now();
        let path = story.path();
        // The first tries of some pages and polls come to nothing.
        match self.dice.below(40) {
            0 => site.misbehave_times(&path, Misbehaviour::Drop, 1),
            1 => site.misbehave_times(&path, Misbehaviour::Truncated, 1),
            2 => site.misbehave_times(&path, Misbehaviour::status(503), 1),
            3 => site.misbehave(&path, Misbehaviour::Slow(Duration::from_millis(700))),
            4 => site.misbehave_times(FeedKind::Rss.path(), Misbehaviour::Drop, 1),
            5 => site.misbehave_times(FeedKind::Json.path(), Misbehaviour::HalfDocument, 1),
            _ => {}
        }
        self.published.insert(site.url(&path), false);
        site.change(|site| {
            site.stories.insert(0, story);
            site.stories.truncate(LISTED * 2);
        });
        if self.dice.below(8) == 0 {
            self.correct(turn);
        }
    }

    /// Any of the stories that this paper still lists near the top, once.
    fn correct(&mut self, turn: usize) {
        let site = &self.newsroom.sites()[turn];
        let stories = site.stories();
        let story = &stories[self.dice.below(stories.len().min(30))];
        let url = site.url(&story.path());
        if self.published.get(&url) == Some(&false) {
            site.correct(&story.slug, |story| story.title += CORRECTED);
            self.published.insert(url, true);
        }
    }

    /// Three in ten are copies of one of the 200 before.
    fn next_story(&mut self) -> Story {
        if self.queue.is_empty() {
            self.batches += 1;
            let stories = generate_with_copies(self.batches, 1000, 0.3);
            self.queue
                .extend(stories.into_iter().map(|(story, _)| story));
        }
        self.queue.pop_front().expect("filled just now")
    }
}
