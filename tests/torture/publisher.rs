//! What the papers do all the while: publish, correct, and lose connections.

use crate::Settings;
use crate::ledger::Ledger;
use crate::support::{Dice, feeds_of_all_kinds};
use copydesk_newsroom::{
    FeedKind, Misbehaviour, Newsroom, RunningSite, Site, Story, generate_with_copies,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const TICK: Duration = Duration::from_millis(50);
/// A correction is seen by its headline.
pub const CORRECTED: &str = " after all";

/// What was published, by URL.
pub type Published = BTreeMap<String, Publication>;

#[derive(Clone)]
pub struct Publication {
    /// The paper's number, and the story's among those of that paper.
    site: usize,
    number: usize,
    published: Instant,
    /// When it was corrected, where it was.
    pub corrected: Option<Instant>,
}

/// What the papers know in the end of who was told what.
pub struct Archive {
    started: Instant,
    pub published: Published,
    /// For each paper when each of its stories was published.
    calendars: Vec<Vec<Instant>>,
    sites: Vec<RunningSite>,
    listed_max: usize,
}

impl Archive {
    /// Seconds from the beginning, in words: since when the story was as it is, until when its feed
    /// listed it, and when the daemon was told. A story that falls out of its feed before a poll is
    /// lost by its paper; then the second is false.
    pub fn fate(&self, url: &str) -> (String, bool) {
        let story = &self.published[url];
        let since = story.corrected.unwrap_or(story.published);
        let until = self.calendars[story.site].get(story.number + self.listed_max);
        let listings = self.sites[story.site].listings();
        let told: Vec<Instant> = (listings.into_iter())
            .filter(|at| *at >= since && until.is_none_or(|until| at <= until))
            .collect();
        let second = |at: &Instant| format!("{:.1}", (*at - self.started).as_secs_f64());
        let until_words = until.map_or("the end".to_owned(), second);
        let told_at: Vec<String> = told.iter().take(5).map(second).collect();
        let words = format!(
            "{url}: {} at {}, listed until {until_words}, told {} times ({})",
            if story.corrected.is_some() {
                "corrected"
            } else {
                "published"
            },
            second(&since),
            told.len(),
            told_at.join(", "),
        );
        (words, until.is_none() || !told.is_empty())
    }
}

pub struct Publisher {
    newsroom: Newsroom,
    started: Instant,
    rate: f64,
    /// What a feed lists, and stories that the daemon may be behind with one paper; then that paper
    /// waits.
    listed_max: usize,
    backlog_max: usize,
    ledger: Arc<Ledger>,
    published: Published,
    /// For each paper, when its stories were published.
    calendars: Vec<Vec<Instant>>,
    queue: VecDeque<Story>,
    batches: u64,
    dice: Dice,
}

impl Publisher {
    pub async fn start(settings: &Settings, ledger: Arc<Ledger>) -> Self {
        let sites = (0..settings.sites).map(|number| Site {
            feed_entries_max: settings.listed,
            ..Site::new(&format!("s{number}"), &format!("Paper {number}"))
        });
        let newsroom = Newsroom::start(sites.collect()).await;
        Self {
            newsroom: newsroom.expect("loopback addresses are free"),
            started: Instant::now(),
            rate: settings.rate,
            listed_max: settings.listed,
            backlog_max: settings.backlog,
            ledger,
            published: Published::new(),
            calendars: vec![Vec::new(); settings.sites],
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
    pub async fn run_until<T>(mut self, work: &JoinHandle<T>) -> Archive {
        let (mut started, mut turn) = (Instant::now(), 0);
        let sites = self.calendars.len();
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
                if self.calendars[turn].len() < settled + self.backlog_max {
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
        let sites = self.newsroom.sites().to_vec();
        std::mem::forget(self.newsroom);
        Archive {
            started: self.started,
            published: self.published,
            calendars: self.calendars,
            sites,
            listed_max: self.listed_max,
        }
    }

    fn publish(&mut self, turn: usize) {
        let mut story = self.next_story();
        let number = self.published.len();
        let site = &self.newsroom.sites()[turn];
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
        let publication = Publication {
            site: turn,
            number: self.calendars[turn].len(),
            published: Instant::now(),
            corrected: None,
        };
        self.published.insert(site.url(&path), publication);
        let kept = self.listed_max * 2;
        site.change(|site| {
            site.stories.insert(0, story);
            site.stories.truncate(kept);
        });
        self.calendars[turn].push(Instant::now());
        if self.dice.below(8) == 0 {
            self.correct(turn);
        }
    }

    /// Any of the stories that this paper still lists near the top, once.
    fn correct(&mut self, turn: usize) {
        let site = &self.newsroom.sites()[turn];
        let stories = site.stories();
        let story = &stories[self.dice.below(stories.len().min(self.listed_max).min(30))];
        let url = site.url(&story.path());
        if let Some(publication) = self.published.get_mut(&url)
            && publication.corrected.is_none()
        {
            publication.corrected = Some(Instant::now());
            site.correct(&story.slug, |story| story.title += CORRECTED);
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
