use crate::manuscript::read_manuscript;
use crate::newsroom::{Newsroom, StartError};
use crate::site::{FeedKind, Layout, Site, Story, now};
use jiff::SignedDuration;
use std::cmp::Reverse;
use std::time::Duration;

/// A little world on the air: nine mastheads of two invented countries.
///
/// Besides stories of their own they run one agency item under six mastheads, tell one event in
/// five papers' own words, and announce one page that is only a consent wall.
pub struct Demo {
    /// The sites.
    pub newsroom: Newsroom,
    /// URL and masthead of each site's main feed.
    pub feeds: Vec<(String, String)>,
    /// What happens while one looks on, in order of time; see [`Demo::run_script`].
    pub script: Vec<Step>,
}

impl Demo {
    /// Puts the sites on the air, with publication dates within the last two days.
    pub async fn start() -> Result<Self, StartError> {
        Ok(Newsroom::start(demo()).await?.into())
    }

    /// Waits for each step's time, counted from the call, and takes it. Done in ten seconds.
    pub async fn run_script(&self) {
        let start = tokio::time::Instant::now();
        for step in &self.script {
            tokio::time::sleep_until(start + step.after).await;
            step.take(&self.newsroom);
        }
    }
}

/// For a newsroom of [`demo`]'s sites that was started elsewhere, at a port of one's choice.
impl From<Newsroom> for Demo {
    fn from(newsroom: Newsroom) -> Self {
        Self {
            feeds: newsroom.feeds(),
            newsroom,
            script: script(),
        }
    }
}

/// One thing that happens while the demo runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Counted from the start of the script.
    pub after: Duration,
    /// The site's name.
    pub site: &'static str,
    /// What it does.
    pub change: Change,
}

/// What a site does in one step.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A story that was not there.
    Publish(Story),
    /// A story of that slug in a new version.
    Correct(Story),
}

impl Step {
    /// Does it.
    pub fn take(&self, newsroom: &Newsroom) {
        let site = newsroom.site(self.site);
        match &self.change {
            Change::Publish(story) => site.publish(Story {
                published: now(),
                ..story.clone()
            }),
            Change::Correct(corrected) => site.correct(&corrected.slug, |story| {
                *story = Story {
                    published: story.published,
                    modified: story.modified,
                    ..corrected.clone()
                }
            }),
        }
    }
}

/// Name, masthead, language, feed, layout.
#[rustfmt::skip]
const MASTHEADS: [(&str, &str, &str, FeedKind, Layout); 9] = [
    ("dispatch", "The Caldermoor Dispatch", "en", FeedKind::Json, Layout::Broadsheet),
    ("ledger", "The Harbour Ledger", "en", FeedKind::Atom, Layout::Broadsheet),
    ("courier", "Orvecht Courier", "en", FeedKind::Rss, Layout::Tabloid),
    ("beacon", "The Northern Beacon", "en", FeedKind::Rss, Layout::Weblog),
    ("gazette", "Ashel Valley Gazette", "en", FeedKind::Rss, Layout::Bulletin),
    ("standard", "The Quay Standard", "en", FeedKind::Atom, Layout::Tabloid),
    ("rundschau", "Nordtaler Rundschau", "de", FeedKind::Atom, Layout::Weblog),
    ("voz", "La Voz de Almarena", "es", FeedKind::Rss, Layout::Broadsheet),
    ("samvad", "नदी संवाद", "hi", FeedKind::Json, Layout::Bulletin),
];

/// Path and text of each story that is there from the start.
macro_rules! manuscripts {
    ($($path:literal)*) => {
        [$(($path, include_str!(concat!("../demo/", $path, ".txt")))),*]
    };
}

#[rustfmt::skip]
const MANUSCRIPTS: [(&str, &str); 20] = manuscripts! {
    // One agency item under six mastheads.
    "dispatch/sound-agreement" "ledger/herring-peace" "courier/fishing-deal"
    "beacon/sound-fishing-accord" "gazette/fishing-treaty" "standard/fish-pact"
    // One event told by five.
    "dispatch/bridge-closure-minister" "ledger/corran-bridge" "courier/corran-commuters"
    "beacon/hanger-fourteen" "gazette/ashel-ford-traffic"
    // Everyone's own.
    "dispatch/rates-held" "ledger/tide-mill" "courier/rovers-derby" "beacon/snow-school"
    "gazette/orchard-blight" "standard/lost-opera" "rundschau/nachtzug" "voz/desaladora"
    "samvad/naav-pustakalay"
};

/// The demo's sites, as they stand at the start.
pub fn demo() -> Vec<Site> {
    MASTHEADS
        .into_iter()
        .map(|(name, title, language, kind, layout)| {
            let mut stories: Vec<Story> = MANUSCRIPTS
                .iter()
                .filter(|(path, _)| path.split('/').next() == Some(name))
                .map(|(path, manuscript)| story(path, manuscript))
                .collect();
            if name == "standard" {
                stories.push(consent_wall());
            }
            stories.sort_by_key(|story| Reverse(story.published));
            Site {
                language: language.into(),
                feeds: vec![kind],
                layout,
                stories,
                ..Site::new(name, title)
            }
        })
        .collect()
}

/// What a site shows to a visitor who has not agreed to anything yet.
fn consent_wall() -> Story {
    Story::from_html(
        "harbour-lights",
        "Harbour lights to be switched on early",
        include_str!("../demo/standard/consent.html"),
        now() - SignedDuration::from_hours(3),
    )
}

fn script() -> Vec<Step> {
    let step = |seconds, site, change| Step {
        after: Duration::from_secs(seconds),
        site,
        change,
    };
    macro_rules! later {
        ($name:literal) => {
            story(
                $name,
                include_str!(concat!("../demo/later/", $name, ".txt")),
            )
        };
    }
    vec![
        step(4, "ledger", Change::Correct(later!("tide-mill"))),
        step(6, "dispatch", Change::Publish(later!("speaker-resigns"))),
        step(8, "standard", Change::Publish(later!("orchard-copy"))),
    ]
}

fn story(path: &str, manuscript: &str) -> Story {
    let slug = path.rsplit('/').next().unwrap_or(path);
    read_manuscript(slug, manuscript).expect("the demo's manuscripts are tested")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn all() -> Vec<Story> {
        let mut stories: Vec<Story> = demo().into_iter().flat_map(|site| site.stories).collect();
        for step in script() {
            let (Change::Publish(story) | Change::Correct(story)) = step.change;
            stories.push(story);
        }
        stories
    }

    /// The share of a's five-word runs that stand in b.
    fn contained(a: &Story, b: &Story) -> f64 {
        let runs = |story: &Story| -> HashSet<Vec<String>> {
            let text = story.text();
            let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
            words.windows(5).map(<[String]>::to_vec).collect()
        };
        let (a, b) = (runs(a), runs(b));
        a.intersection(&b).count() as f64 / a.len().max(1) as f64
    }

    #[test]
    fn every_text_is_of_a_reasonable_length() {
        for story in all() {
            let words = story.text().split_whitespace().count();
            let is_page = matches!(story.body, crate::Body::Page(_));
            assert!(
                is_page || (150..=450).contains(&words),
                "{}: {words}",
                story.slug
            );
        }
    }

    /// The six copies share most of their words both ways; all else, the five reports of one event
    /// included, is told in words of its own.
    #[test]
    fn copies_are_copies_and_reports_are_not() {
        let stories: Vec<Story> = demo().into_iter().flat_map(|site| site.stories).collect();
        let mut copies = HashSet::new();
        for a in &stories {
            for b in stories.iter().filter(|b| b.slug != a.slug) {
                let share = contained(a, b);
                if share > 0.6 {
                    copies.insert(a.slug.as_str());
                } else {
                    assert!(share < 0.02, "{share} of {} stands in {}", a.slug, b.slug);
                }
            }
        }
        assert_eq!(copies.len(), 6, "{copies:?}");
    }

    #[tokio::test]
    async fn each_step_shows() {
        let demo = Demo::start().await.unwrap();
        assert_eq!(demo.feeds.len(), 9);
        for step in &demo.script {
            step.take(&demo.newsroom);
            let (Change::Publish(wanted) | Change::Correct(wanted)) = &step.change;
            let stories = demo.newsroom.site(step.site).stories();
            let story = stories
                .iter()
                .find(|story| story.slug == wanted.slug)
                .unwrap();
            assert_eq!(story.text(), wanted.text());
            let is_correction = matches!(step.change, Change::Correct(_));
            assert_eq!(story.modified.is_some(), is_correction);
        }
    }
}
