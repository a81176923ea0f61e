//! Which URLs may be asked for, and which addresses dialled.
//!
//! Names are judged when they are dialled (see `resolver`), so that a name cannot answer one
//! address to the check and another to the connection. Literals never reach a resolver and are
//! judged here, before each request and at each redirect.

use copydesk_model::{Failure, Reason};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

use crate::secret::shown;

/// Blocks of IPv4 that are no public host: base, prefix length, what it is. From the IANA
/// special-purpose registry, and one address that clouds use for their metadata.
const V4: &[([u8; 4], u32, &str)] = &[
    ([0, 0, 0, 0], 8, "this network"),
    ([10, 0, 0, 0], 8, "private"),
    ([100, 64, 0, 0], 10, "shared by a carrier (CGNAT)"),
    ([127, 0, 0, 0], 8, "loopback"),
    ([168, 63, 129, 16], 32, "cloud metadata"),
    ([169, 254, 0, 0], 16, "link-local or cloud metadata"),
    ([172, 16, 0, 0], 12, "private"),
    ([192, 0, 0, 0], 24, "reserved for protocols"),
    ([192, 0, 2, 0], 24, "documentation"),
    ([192, 88, 99, 0], 24, "6to4 relay"),
    ([192, 168, 0, 0], 16, "private"),
    ([198, 18, 0, 0], 15, "benchmarking"),
    ([198, 51, 100, 0], 24, "documentation"),
    ([203, 0, 113, 0], 24, "documentation"),
    ([224, 0, 0, 0], 4, "multicast"),
    ([240, 0, 0, 0], 4, "reserved"),
];

/// The same for IPv6; what is outside 2000::/3 is refused without being listed, so the rows there
/// only give it a better name.
const V6: &[([u16; 8], u32, &str)] = &[
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, "unspecified"),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback"),
    ([0, 0, 0, 0, 0, 0, 0, 0], 96, "an IPv4-compatible form"),
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, "local NAT64"),
    ([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "discarded"),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, "a Teredo tunnel"),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "reserved for protocols"),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "documentation"),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, "a 6to4 tunnel"),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "documentation"),
    ([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16, "segment routing"),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "private (unique local)"),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link-local"),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "site-local"),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast"),
];

/// Names that mean this machine wherever they are resolved (RFC 6761).
const LOCAL_NAMES: &[&str] = &["localhost", "localhost.localdomain", "ip6-localhost"];

/// Why the address is no public host; `None` where it is one.
pub fn refusal(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => refusal_v4(address),
        IpAddr::V6(address) => refusal_v6(address),
    }
}

fn refusal_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = u32::from(address);
    let is_in =
        |base: [u8; 4], length: u32| (bits ^ u32::from_be_bytes(base)) >> (32 - length) == 0;
    V4.iter()
        .find(|&&(base, length, _)| is_in(base, length))
        .map(|&(_, _, why)| why)
}

fn refusal_v6(address: Ipv6Addr) -> Option<&'static str> {
    if let Some(inner) = address.to_ipv4_mapped() {
        return refusal_v4(inner);
    }
    let segments = address.segments();
    if is_nat64(address) {
        // NAT64: on a network with IPv6 only, this is how public IPv4 hosts are reached.
        return refusal_v4(last_four_bytes(address));
    }
    if segments[4] & 0xfdff == 0 && segments[5] == 0x5efe {
        return Some("an ISATAP tunnel");
    }
    let bits = u128::from(address);
    let is_in = |base: [u16; 8], length: u32| {
        (bits ^ u128::from(Ipv6Addr::from(base))) >> (128 - length) == 0
    };
    match V6.iter().find(|&&(base, length, _)| is_in(base, length)) {
        Some(&(_, _, why)) => Some(why),
        None if segments[0] >> 13 != 1 => Some("not global unicast"),
        None => None,
    }
}

/// What hides an IPv4 address. A resolver on a network with IPv6 only answers such forms; nobody
/// has to write one into a URL.
fn disguise(address: Ipv6Addr) -> Option<&'static str> {
    if address.to_ipv4_mapped().is_some() {
        return Some("a mapped IPv4 address");
    }
    is_nat64(address).then_some("a NAT64 form")
}

fn is_nat64(address: Ipv6Addr) -> bool {
    address.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0]
}

fn last_four_bytes(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

/// Errs where the URL is neither http nor https, or names a local host or an address that is no
/// public one. Names that must be resolved pass: they are judged when dialled.
pub fn check(url: &Url, allow_private_addresses: bool) -> Result<(), Failure> {
    if !matches!(url.scheme(), "http" | "https") {
        let detail = format!(
            "{}: the scheme {} is not http or https",
            shown(url),
            url.scheme()
        );
        return Err(Failure::permanent(Reason::BadUrl, detail));
    }
    let refused = match url.host() {
        None => {
            let detail = format!("{}: no host", shown(url));
            return Err(Failure::permanent(Reason::BadUrl, detail));
        }
        Some(_) if allow_private_addresses => return Ok(()),
        Some(Host::Ipv4(address)) => refusal_v4(address).map(|why| (address.to_string(), why)),
        Some(Host::Ipv6(address)) => (refusal_v6(address).or_else(|| disguise(address)))
            .map(|why| (address.to_string(), why)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let is_local = LOCAL_NAMES.contains(&name.as_str()) || name.ends_with(".localhost");
            is_local.then_some((name, "loopback"))
        }
    };
    match refused {
        Some((address, why)) => {
            let detail = format!("{}: the address {address} is {why}", shown(url));
            Err(Failure::permanent(Reason::AddressRefused, detail))
        }
        None => Ok(()),
    }
}
