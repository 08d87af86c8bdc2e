//! Names: what headscale is told about DNS, and what cluster DNS is told about the tailnet.

pub mod coredns;
pub mod rules;
mod settings;

pub use settings::{Nameservers, Record, Settings};

/// Where every tailscaled answers MagicDNS names, on its own host only.
pub const MAGIC_DNS: std::net::Ipv4Addr = std::net::Ipv4Addr::new(100, 100, 100, 100);

/// Whether `name` is `domain` or lies under it. Both are in lower case.
#[must_use]
pub fn is_under(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
