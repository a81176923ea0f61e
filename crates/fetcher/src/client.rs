use copydesk_model::{Failure, Reason};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;
use url::Url;

use crate::host::Hosts;
use crate::resolver::{Lookup, Resolver, system_lookup};
use crate::robots::RobotsCache;
use crate::room::Room;
use crate::{Config, Feed, Secret};

/// An idle connection is kept this long: a page often follows its feed at once, a feed never itself.
/// With a host for each of ten thousand feeds, longer ones would be most of the memory.
const IDLE: Duration = Duration::from_secs(4);

/// The one client of the process. Cheap to share behind an `Arc`; needs a tokio runtime.
pub struct Fetcher {
    pub(crate) config: Config,
    pub(crate) hosts: Hosts,
    pub(crate) robots: RobotsCache,
    /// Permits to parse: as many as cores, so that documents do not fill tokio's blocking pool.
    pub(crate) parsers: Arc<Semaphore>,
    /// For the bodies of feeds, and of pages.
    pub(crate) feed_room: Room,
    pub(crate) page_room: Room,
    resolver: Resolver,
    authorities: Vec<reqwest::Certificate>,
    /// Proxy, protocol and permission belong to a client as a whole. As many as the configuration
    /// has combinations of them.
    clients: Mutex<HashMap<Manner, reqwest::Client>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Manner {
    http2: bool,
    proxy: Option<Secret>,
    allow_private_addresses: bool,
}

/// What is believed of the outside; a test may put its own in.
pub(crate) struct Outside {
    pub lookup: Lookup,
    /// Trusted for TLS beside the system's own.
    pub authorities: Vec<reqwest::Certificate>,
}

impl Default for Outside {
    fn default() -> Self {
        Self {
            lookup: system_lookup(),
            authorities: Vec::new(),
        }
    }
}

impl Fetcher {
    /// Errs where the TLS roots cannot be loaded or the user agent is no header value.
    pub fn new(config: Config) -> Result<Self, Failure> {
        Self::with_outside(config, Outside::default())
    }

    pub(crate) fn with_outside(config: Config, outside: Outside) -> Result<Self, Failure> {
        // Errs only where a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let fetcher = Self {
            hosts: Hosts::new(config.host_concurrency, config.host_gap),
            robots: RobotsCache::default(),
            feed_room: Room::new(config.bodies_bytes_max, config.feed_bytes_max),
            page_room: Room::new(config.bodies_bytes_max, config.page_bytes_max),
            parsers: Arc::new(Semaphore::new(cores)),
            resolver: Resolver::new(outside.lookup, config.allow_private_addresses),
            authorities: outside.authorities,
            clients: Mutex::default(),
            config,
        };
        if reqwest::header::HeaderValue::from_str(&fetcher.config.user_agent).is_err() {
            let detail = "starting: the user agent holds characters that a header cannot";
            return Err(Failure::permanent(Reason::BadUrl, detail));
        }
        fetcher.client(&Feed::default())?;
        Ok(fetcher)
    }

    /// How long until the URL's host would take a request; zero where it would now, or where there
    /// is no such host. A scheduler may use it to take another host's work first.
    pub fn wait(&self, url: &str) -> Duration {
        Url::parse(url).map_or(Duration::ZERO, |url| self.hosts.wait(&url))
    }

    /// The client for the feed's proxy, protocol and permission.
    pub(crate) fn client(&self, feed: &Feed) -> Result<reqwest::Client, Failure> {
        let manner = Manner {
            http2: feed.http2.unwrap_or(self.config.http2),
            proxy: feed.proxy.clone(),
            allow_private_addresses: feed.allow_private_addresses,
        };
        let mut clients = self
            .clients
            .lock()
            .expect("no holder of this lock can panic");
        if let Some(client) = clients.get(&manner) {
            return Ok(client.clone());
        }
        let client = self.build(&manner)?;
        clients.insert(manner, client.clone());
        Ok(client)
    }

    fn build(&self, manner: &Manner) -> Result<reqwest::Client, Failure> {
        // A proxy resolves the names by itself and is the operator's own: what is resolved here
        // then is the proxy's name.
        let resolver = if manner.allow_private_addresses || manner.proxy.is_some() {
            self.resolver.allowing_private_addresses()
        } else {
            self.resolver.clone()
        };
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // Without this, the environment's proxies would carry every request past the guard.
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(self.config.connect_timeout)
            .read_timeout(self.config.read_timeout)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE)
            // Old servers; a browser reads them too.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .tls_certs_merge(self.authorities.iter().cloned())
            .dns_resolver(resolver);
        if !manner.http2 {
            builder = builder.http1_only();
        }
        if let Some(proxy) = &manner.proxy {
            let proxy = reqwest::Proxy::all(proxy.expose()).map_err(|_| {
                Failure::permanent(Reason::BadUrl, "starting: the proxy is no readable URL")
            })?;
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(|error| {
            let cause = crate::exchange::root_cause(&error);
            Failure::permanent(Reason::Tls, format!("starting the HTTP client: {cause}"))
        })
    }
}
