use crate::answer;
use crate::ledger::{Ledger, Request};
use crate::line::{Exchange, Scissors};
use crate::misbehaviour::Misbehaviour;
use crate::site::{FeedKind, Site, Story, now};
use axum::Router;
use axum::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Several sites, each on a loopback address and port of its own, served on the current runtime
/// until this is dropped; open connections are then cut.
pub struct Newsroom {
    sites: Vec<RunningSite>,
    ledger: Arc<Mutex<Ledger>>,
    _stop: DropGuard,
}

/// A site that could not be put on the air.
#[derive(Debug, thiserror::Error)]
#[error("binding site {site} to {address}: {source}")]
pub struct StartError {
    /// Its name.
    pub site: String,
    /// The address tried.
    pub address: SocketAddr,
    /// Why not.
    #[source]
    pub source: io::Error,
}

impl Newsroom {
    /// Binds 127.0.0.2, 127.0.0.3 … in the order of `sites`, at ports that the system picks.
    pub async fn start(sites: Vec<Site>) -> Result<Self, StartError> {
        Self::start_at(sites, 0).await
    }

    /// The same with one port for all, so that addresses are the same at every start.
    pub async fn start_at(sites: Vec<Site>, port: u16) -> Result<Self, StartError> {
        let stop = CancellationToken::new();
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let mut running = Vec::with_capacity(sites.len());
        // Dropped on an early return, which takes down the sites that had started.
        let guard = stop.clone().drop_guard();
        for (place, site) in sites.into_iter().enumerate() {
            let address = SocketAddr::from((host(place), port));
            let bound = bind(address).await.map_err(|source| StartError {
                site: site.name.clone(),
                address,
                source,
            });
            let (listener, address) = bound?;
            let on_air = Arc::new(OnAir {
                name: site.name.clone(),
                base: format!("http://{address}"),
                under_way: AtomicUsize::new(0),
                ledger: Arc::clone(&ledger),
                desk: Mutex::new(Desk {
                    site,
                    revision: 0,
                    changed: now(),
                    misbehaviours: HashMap::new(),
                    listings: VecDeque::new(),
                    feeds: HashMap::new(),
                }),
            });
            serve(listener, Arc::clone(&on_air), stop.clone());
            running.push(RunningSite(on_air));
        }
        Ok(Self {
            sites: running,
            ledger,
            _stop: guard,
        })
    }

    /// The site of that name; panics where there is none.
    pub fn site(&self, name: &str) -> &RunningSite {
        self.sites
            .iter()
            .find(|site| site.name() == name)
            .unwrap_or_else(|| panic!("no site named {name}"))
    }

    /// In the order given.
    pub fn sites(&self) -> &[RunningSite] {
        &self.sites
    }

    /// Each site's main feed with the site's masthead.
    pub fn feeds(&self) -> Vec<(String, String)> {
        self.sites
            .iter()
            .map(|site| {
                let desk = site.0.desk();
                let kind = desk.site.feeds.first().copied().unwrap_or(FeedKind::Rss);
                (site.feed_url(kind), desk.site.title.clone())
            })
            .collect()
    }

    /// The latest requests to all sites (20,000 at most), oldest first.
    pub fn requests(&self) -> Vec<Request> {
        let ledger = self.ledger.lock().expect(UNPOISONED);
        ledger.requests.iter().cloned().collect()
    }

    /// How many there ever were.
    pub fn requests_total(&self) -> u64 {
        self.ledger.lock().expect(UNPOISONED).total
    }
}

/// A site on the air: what tests change, break and ask. Cheap to clone.
#[derive(Clone)]
pub struct RunningSite(Arc<OnAir>);

impl RunningSite {
    /// As given.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// `http://127.0.0.2:40123`, no closing slash.
    pub fn base(&self) -> &str {
        &self.0.base
    }

    /// The absolute URL of a path from `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0.base)
    }

    /// The absolute URL of a feed.
    pub fn feed_url(&self, kind: FeedKind) -> String {
        self.url(kind.path())
    }

    /// The stories as they stand.
    pub fn stories(&self) -> Vec<Story> {
        self.0.desk().site.stories.clone()
    }

    /// Puts a story at the head of the feeds.
    pub fn publish(&self, story: Story) {
        self.change(|site| site.stories.insert(0, story));
    }

    /// Changes a story and dates the correction: Atom's `updated`, JSON's `date_modified`, RSS's
    /// `pubDate`, the page's own. Panics where there is no such story.
    pub fn correct(&self, slug: &str, correction: impl FnOnce(&mut Story)) {
        self.change(|site| {
            let story = site
                .stories
                .iter_mut()
                .find(|story| story.slug == slug)
                .unwrap_or_else(|| panic!("no story {slug} to correct"));
            // Later than every date before, so that it shows even within one second.
            let earliest = story.modified.unwrap_or(story.published) + SignedDuration::from_secs(1);
            story.modified = Some(now().max(earliest));
            correction(story);
        });
    }

    /// Takes a story out of the feeds; its page answers 404.
    pub fn remove(&self, slug: &str) {
        self.change(|site| site.stories.retain(|story| story.slug != slug));
    }

    /// Changes anything of the site but its name.
    pub fn change(&self, change: impl FnOnce(&mut Site)) {
        let mut desk = self.0.desk();
        change(&mut desk.site);
        desk.revision += 1;
        desk.changed = now().max(desk.changed + SignedDuration::from_secs(1));
    }

    /// Makes a path misbehave until [`RunningSite::behave`]. `path` is a path, a path with its
    /// query, or `*` for the whole site; the most exact one decides.
    pub fn misbehave(&self, path: &str, misbehaviour: Misbehaviour) {
        self.misbehave_times(path, misbehaviour, u32::MAX);
    }

    /// The same for the next so many requests.
    pub fn misbehave_times(&self, path: &str, misbehaviour: Misbehaviour, times: u32) {
        let mut desk = self.0.desk();
        desk.misbehaviours
            .insert(path.to_owned(), (misbehaviour, times));
    }

    /// Ends the misbehaviour of a path; `*` that of the whole site, but not of single paths.
    pub fn behave(&self, path: &str) {
        self.0.desk().misbehaviours.remove(path);
    }

    /// The latest requests to this site, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        let ledger = self.0.ledger.lock().expect(UNPOISONED);
        let here = |request: &&Request| request.site == self.0.name;
        ledger.requests.iter().filter(here).cloned().collect()
    }

    /// When the latest polls (20,000 at most) of any of its feeds were given the whole document.
    pub fn listings(&self) -> Vec<Instant> {
        self.0.desk().listings.iter().copied().collect()
    }

    /// The latest requests for one path, with its query if it has one.
    pub fn requests_for(&self, path: &str) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.path == path);
        requests
    }
}

pub(crate) const UNPOISONED: &str = "no holder of the lock panics";

/// What the server of one site works from.
pub(crate) struct OnAir {
    pub name: String,
    pub base: String,
    pub under_way: AtomicUsize,
    pub ledger: Arc<Mutex<Ledger>>,
    desk: Mutex<Desk>,
}

impl OnAir {
    /// A correction that panics in the caller's closure leaves nothing half done that matters to
    /// a test, which fails anyway.
    pub fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What changes while a site is on the air.
pub(crate) struct Desk {
    pub site: Site,
    pub revision: u64,
    /// Whole seconds, and a later one with every change.
    pub changed: Timestamp,
    pub misbehaviours: HashMap<String, (Misbehaviour, u32)>,
    /// When a feed was last answered well and in full, oldest first.
    pub listings: VecDeque<Instant>,
    /// Rendered feeds and the revision they show: load tests ask for one over and over.
    pub feeds: HashMap<FeedKind, (u64, Bytes)>,
}

/// Far enough from 127.0.0.1 to be another host, one address a site.
fn host(place: usize) -> Ipv4Addr {
    let number = u32::try_from(place).expect("fewer sites than addresses") + 2;
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 0, 0, 0)) + number)
}

/// Outside Linux 127.0.0.1 is often the only loopback address: sites then share it and differ in
/// their ports, which is enough for the demo.
async fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = match TcpListener::bind(address).await {
        Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?
        }
        bound => bound?,
    };
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn serve(listener: TcpListener, on_air: Arc<OnAir>, stop: CancellationToken) {
    let service = Router::new()
        .fallback(answer::answer)
        .with_state(on_air)
        .into_make_service_with_connect_info::<Scissors>();
    let exchange = Exchange {
        listener,
        stop: stop.clone(),
    };
    tokio::spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            _ = async { axum::serve(exchange, service).await } => {}
        }
    });
}
