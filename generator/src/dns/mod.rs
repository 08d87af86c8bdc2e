//! Names: what headscale is told about DNS, and what cluster DNS is told about the tailnet.

pub mod coredns;
mod settings;

pub use settings::{Nameservers, Record, Settings};

/// Where every tailscaled answers MagicDNS names, on its own host only.
pub const MAGIC_DNS: std::net::Ipv4Addr = std::net::Ipv4Addr::new(100, 100, 100, 100);
