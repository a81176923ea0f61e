//! Resolves names for the HTTP client and drops the addresses that may not be dialled.
//!
//! The client connects to exactly what is returned here, so nothing can change between the check
//! and the connection.

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fmt, io};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::guard;

/// getaddrinfo tells no time to live; a minute is what most news hosts give.
const KNOWN_FOR: Duration = Duration::from_secs(60);
/// How long a name that does not resolve is not asked for again.
const UNKNOWN_FOR: Duration = Duration::from_secs(20);
/// Names remembered.
const NAMES_MAX: usize = 20_000;
/// Each lookup holds a thread of tokio's blocking pool.
const LOOKUPS_MAX: usize = 32;

/// Where addresses come from; a test may put its own in.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

#[derive(Clone)]
pub struct Resolver {
    lookup: Lookup,
    allow_private_addresses: bool,
    known: Arc<Mutex<HashMap<String, Answer>>>,
    lookups: Arc<Semaphore>,
}

#[derive(Clone)]
struct Answer {
    until: Instant,
    /// None: the name does not resolve.
    addresses: Option<Arc<[IpAddr]>>,
}

/// The name resolves, and only to addresses that may not be dialled.
#[derive(Debug)]
pub struct Refused {
    pub host: String,
    pub address: IpAddr,
    pub why: &'static str,
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, address, why } = self;
        write!(formatter, "{host} resolves to {address}, which is {why}")
    }
}

impl std::error::Error for Refused {}

impl Resolver {
    pub fn new(lookup: Lookup, allow_private_addresses: bool) -> Self {
        Self {
            lookup,
            allow_private_addresses,
            known: Arc::default(),
            lookups: Arc::new(Semaphore::new(LOOKUPS_MAX)),
        }
    }

    /// The same cache with the other permission.
    pub fn allowing_private_addresses(&self) -> Self {
        Self {
            allow_private_addresses: true,
            ..self.clone()
        }
    }

    /// Every address of the name that may be dialled; errs with [`Refused`] where there are only
    /// others.
    pub async fn addresses(&self, host: String) -> Result<Vec<IpAddr>, BoxError> {
        let found = self.look_up(&host).await?;
        if self.allow_private_addresses {
            return Ok(found.to_vec());
        }
        let mut refused = None;
        let public: Vec<IpAddr> = (found.iter().copied())
            .filter(|&address| match guard::refusal(address) {
                Some(why) => {
                    refused = Some((address, why));
                    false
                }
                None => true,
            })
            .collect();
        match refused {
            Some((address, why)) if public.is_empty() => Err(Refused { host, address, why }.into()),
            _ => Ok(public),
        }
    }

    async fn look_up(&self, host: &str) -> Result<Arc<[IpAddr]>, BoxError> {
        if let Some(answer) = self.remembered(host) {
            return answer.ok_or_else(|| "the name does not resolve".into());
        }
        let permit = self.lookups.acquire().await;
        let result = (self.lookup)(host.to_owned()).await;
        drop(permit);
        let (addresses, lasts) = match &result {
            Ok(found) if !found.is_empty() => (Some(Arc::from(found.as_slice())), KNOWN_FOR),
            _ => (None, UNKNOWN_FOR),
        };
        let until = Instant::now() + lasts;
        let answer = Answer {
            until,
            addresses: addresses.clone(),
        };
        {
            let mut known = self.known.lock().expect("no holder of this lock can panic");
            if known.len() >= NAMES_MAX {
                let now = Instant::now();
                known.retain(|_, answer| answer.until > now);
                if known.len() >= NAMES_MAX {
                    known.clear();
                }
            }
            known.insert(host.to_owned(), answer);
        }
        match (addresses, result) {
            (Some(addresses), _) => Ok(addresses),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(_)) => Err("the name has no address".into()),
        }
    }

    fn remembered(&self, host: &str) -> Option<Option<Arc<[IpAddr]>>> {
        let known = self.known.lock().expect("no holder of this lock can panic");
        let answer = known
            .get(host)
            .filter(|answer| answer.until > Instant::now())?;
        Some(answer.addresses.clone())
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str().to_owned()).await?;
            // Port 0 stands for the port of the URL.
            let sockets = addresses
                .into_iter()
                .map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(sockets) as Addrs)
        })
    }
}

/// The system's own resolver.
pub fn system_lookup() -> Lookup {
    Arc::new(|host| {
        Box::pin(async move {
            let sockets = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(sockets.map(|socket| socket.ip()).collect())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answering(addresses: &'static [&'static str]) -> Lookup {
        Arc::new(|_| {
            let found = addresses
                .iter()
                .map(|text| text.parse().expect("an address"))
                .collect();
            Box::pin(async move { Ok(found) })
        })
    }

    #[tokio::test]
    async fn point_20_names_that_resolve_inside_are_refused_with_the_reason() {
        let resolver = Resolver::new(answering(&["10.1.2.3", "::1"]), false);
        let error = resolver
            .addresses("inside.example".into())
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "inside.example resolves to ::1, which is loopback"
        );
        let allowed = resolver
            .allowing_private_addresses()
            .addresses("inside.example".into())
            .await;
        assert_eq!(allowed.unwrap().len(), 2);
    }

    #[tokio::test]
    async fn point_20_only_the_public_addresses_of_a_mixed_name_are_dialled() {
        let resolver = Resolver::new(answering(&["10.1.2.3", "93.184.215.14"]), false);
        let found = resolver.addresses("mixed.example".into()).await.unwrap();
        assert_eq!(found, ["93.184.215.14".parse::<IpAddr>().unwrap()]);
    }

    #[tokio::test(start_paused = true)]
    async fn point_20_a_name_that_changes_its_answer_is_judged_by_the_answer_that_is_dialled() {
        let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let lookup: Lookup = Arc::new(move |_| {
            let first = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
            let address = if first {
                [93, 184, 215, 14]
            } else {
                [127, 0, 0, 1]
            };
            Box::pin(async move { Ok(vec![IpAddr::from(address)]) })
        });
        let resolver = Resolver::new(lookup, false);
        for _ in 0..2 {
            let found = resolver
                .addresses("rebinding.example".into())
                .await
                .unwrap();
            assert_eq!(
                found,
                [IpAddr::from([93, 184, 215, 14])],
                "one lookup for a minute"
            );
        }
        tokio::time::advance(KNOWN_FOR).await;
        assert!(
            resolver
                .addresses("rebinding.example".into())
                .await
                .is_err()
        );
    }
}
