//! Addresses, ports and protocols as sets, and what the client's packet filter makes of them. Knows no policy words.
//!
//! [`ranges`] is the algebra, over any ordered space of fixed width; [`set`] joins IPv4 and IPv6, which are never
//! mixed; [`known`] holds the ranges that Tailscale and headscale reserve; [`traffic`] is protocol x ports; [`packet`]
//! is the one place that knows the client's filter.

pub mod known;
pub mod packet;
pub mod ranges;
pub mod set;
pub mod traffic;

pub use ranges::{Point, Ranges};
pub use set::{AddrRange, AddrSet, AddrSetBuilder};
pub use traffic::TrafficSet;
