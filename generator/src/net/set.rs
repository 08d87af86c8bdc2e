//! Sets of IP addresses. IPv4 and IPv6 are apart: an IPv4-mapped IPv6 address is an IPv6 address, as in Go's `netip`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::ranges::{Point, Ranges, block_of};

/// A set of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddrSet {
    /// The IPv4 addresses.
    pub v4: Ranges<u32>,
    /// The IPv6 addresses.
    pub v6: Ranges<u128>,
}

/// Consecutive addresses of one family. Shown as headscale writes them: one address, a CIDR if it is exactly one, else
/// `first-last` (`ipSetToStrings` in `hscontrol/policy/v2/types.go`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AddrRange {
    /// IPv4, first and last.
    V4(u32, u32),
    /// IPv6, first and last.
    V6(u128, u128),
}

impl AddrRange {
    /// The addresses of `net`; host bits are masked.
    #[must_use]
    pub fn of(net: IpNet) -> Self {
        match net {
            IpNet::V4(net) => {
                let (first, host_bits) = (u32::from(net.addr()), 32 - net.prefix_len());
                Self::V4(first.block_first(host_bits), first.block_last(host_bits))
            }
            IpNet::V6(net) => {
                let (first, host_bits) = (u128::from(net.addr()), 128 - net.prefix_len());
                Self::V6(first.block_first(host_bits), first.block_last(host_bits))
            }
        }
    }

    /// The first address.
    #[must_use]
    pub fn first(self) -> IpAddr {
        match self {
            Self::V4(first, _) => IpAddr::V4(first.into()),
            Self::V6(first, _) => IpAddr::V6(first.into()),
        }
    }

    /// One address.
    #[must_use]
    pub fn one(addr: IpAddr) -> Self {
        match addr {
            IpAddr::V4(addr) => Self::V4(addr.into(), addr.into()),
            IpAddr::V6(addr) => Self::V6(addr.into(), addr.into()),
        }
    }
}

impl fmt::Display for AddrRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn write<T: Point, A: fmt::Display>(
            f: &mut fmt::Formatter<'_>,
            (first, last): (T, T),
            addr: impl Fn(T) -> A,
        ) -> fmt::Result {
            if first == last {
                write!(f, "{}", addr(first))
            } else if let Some(bits) = block_of(first, last) {
                write!(f, "{}/{bits}", addr(first))
            } else {
                write!(f, "{}-{}", addr(first), addr(last))
            }
        }
        match *self {
            Self::V4(first, last) => write(f, (first, last), Ipv4Addr::from),
            Self::V6(first, last) => write(f, (first, last), Ipv6Addr::from),
        }
    }
}

impl AddrSet {
    /// No address.
    pub const EMPTY: Self = Self {
        v4: Ranges::EMPTY,
        v6: Ranges::EMPTY,
    };

    /// Every address of both families: `*` in a filter that headscale sends.
    #[must_use]
    pub fn all() -> Self {
        Self {
            v4: Ranges::all(),
            v6: Ranges::all(),
        }
    }

    /// Whether there is no address.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// The ranges, IPv4 first: `netipx.IPSet.Ranges`. Each shown as headscale writes `SrcIPs`.
    pub fn ranges(&self) -> impl Iterator<Item = AddrRange> + '_ {
        let v4 = self.v4.iter().map(|(first, last)| AddrRange::V4(first, last));
        v4.chain(self.v6.iter().map(|(first, last)| AddrRange::V6(first, last)))
    }

    /// The fewest CIDRs that cover exactly this set, IPv4 first, ascending: `netipx.IPSet.Prefixes`.
    pub fn prefixes(&self) -> impl Iterator<Item = IpNet> + '_ {
        let v4 = self.v4.blocks().map(|(first, bits)| net4(first, bits));
        v4.chain(self.v6.blocks().map(|(first, bits)| net6(first, bits)))
    }

    /// Whether `addr` is a member.
    #[must_use]
    pub fn contains(&self, addr: IpAddr) -> bool {
        match addr {
            IpAddr::V4(addr) => self.v4.contains(addr.into()),
            IpAddr::V6(addr) => self.v6.contains(addr.into()),
        }
    }

    /// Whether all of `range` is: with [`AddrRange::of`], `netipx.IPSet.ContainsPrefix`.
    #[must_use]
    pub fn contains_range(&self, range: AddrRange) -> bool {
        match range {
            AddrRange::V4(first, last) => self.v4.contains_range(first, last),
            AddrRange::V6(first, last) => self.v6.contains_range(first, last),
        }
    }

    /// Whether any of `range` is: with [`AddrRange::of`], `netipx.IPSet.OverlapsPrefix`.
    #[must_use]
    pub fn overlaps_range(&self, range: AddrRange) -> bool {
        match range {
            AddrRange::V4(first, last) => self.v4.overlaps_range(first, last),
            AddrRange::V6(first, last) => self.v6.overlaps_range(first, last),
        }
    }

    /// Whether all of `net` is a member; host bits do not count.
    #[must_use]
    pub fn contains_net(&self, net: IpNet) -> bool {
        self.contains_range(AddrRange::of(net))
    }

    /// Whether any of `net` is a member; host bits do not count.
    #[must_use]
    pub fn overlaps_net(&self, net: IpNet) -> bool {
        self.overlaps_range(AddrRange::of(net))
    }

    /// Whether the two have an address in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.v4.overlaps(&other.v4) || self.v6.overlaps(&other.v6)
    }

    /// Whether every address of `other` is a member.
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        self.v4.is_superset(&other.v4) && self.v6.is_superset(&other.v6)
    }

    /// The addresses of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.union(&other.v4),
            v6: self.v6.union(&other.v6),
        }
    }

    /// The addresses of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.intersection(&other.v4),
            v6: self.v6.intersection(&other.v6),
        }
    }

    /// The addresses that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.difference(&other.v4),
            v6: self.v6.difference(&other.v6),
        }
    }

    /// The addresses that are no members.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self {
            v4: self.v4.complement(),
            v6: self.v6.complement(),
        }
    }
}

impl From<IpAddr> for AddrSet {
    fn from(addr: IpAddr) -> Self {
        Self::from(AddrRange::one(addr))
    }
}

impl From<IpNet> for AddrSet {
    /// The addresses of a CIDR; host bits are masked.
    fn from(net: IpNet) -> Self {
        Self::from(AddrRange::of(net))
    }
}

impl From<AddrRange> for AddrSet {
    fn from(range: AddrRange) -> Self {
        match range {
            AddrRange::V4(first, last) => Self {
                v4: Ranges::range(first, last),
                v6: Ranges::EMPTY,
            },
            AddrRange::V6(first, last) => Self {
                v4: Ranges::EMPTY,
                v6: Ranges::range(first, last),
            },
        }
    }
}

/// Collects what goes into an [`AddrSet`], in any order; sorted and joined once.
#[derive(Clone, Debug, Default)]
pub struct AddrSetBuilder {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

impl AddrSetBuilder {
    /// Adds `range`.
    pub fn add_range(&mut self, range: AddrRange) {
        match range {
            AddrRange::V4(first, last) => self.v4.push((first, last)),
            AddrRange::V6(first, last) => self.v6.push((first, last)),
        }
    }

    /// Adds one address.
    pub fn add(&mut self, addr: IpAddr) {
        self.add_range(AddrRange::one(addr));
    }

    /// Adds the addresses of a CIDR; host bits are masked.
    pub fn add_net(&mut self, net: IpNet) {
        self.add_range(AddrRange::of(net));
    }

    /// Adds all of `set`.
    pub fn add_set(&mut self, set: &AddrSet) {
        self.v4.extend_from_slice(set.v4.as_slice());
        self.v6.extend_from_slice(set.v6.as_slice());
    }

    /// The set.
    #[must_use]
    pub fn build(self) -> AddrSet {
        AddrSet {
            v4: self.v4.into(),
            v6: self.v6.into(),
        }
    }
}

impl FromIterator<IpAddr> for AddrSet {
    fn from_iter<I: IntoIterator<Item = IpAddr>>(addrs: I) -> Self {
        let mut builder = AddrSetBuilder::default();
        addrs.into_iter().for_each(|addr| builder.add(addr));
        builder.build()
    }
}

impl FromIterator<IpNet> for AddrSet {
    fn from_iter<I: IntoIterator<Item = IpNet>>(nets: I) -> Self {
        let mut builder = AddrSetBuilder::default();
        nets.into_iter().for_each(|net| builder.add_net(net));
        builder.build()
    }
}

/// The IPv4 block that begins at `first`. `bits` is at most 32.
fn net4(first: u32, bits: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(first.into(), bits))
}

/// The IPv6 block that begins at `first`. `bits` is at most 128.
fn net6(first: u128, bits: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(first.into(), bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nets(list: &[&str]) -> AddrSet {
        list.iter().map(|net| net.parse::<IpNet>().unwrap()).collect()
    }

    fn shown(set: &AddrSet) -> Vec<String> {
        set.ranges().map(|range| range.to_string()).collect()
    }

    #[test]
    fn ranges_are_written_as_headscale_writes_them() {
        let set = nets(&[
            "100.64.0.1/32",
            "10.0.0.0/8",
            "fd7a::6/128",
            "fd7a::7/128",
            "fd7a::8/128",
            "fd7a:1::/64",
        ]);
        assert_eq!(
            shown(&set),
            ["10.0.0.0/8", "100.64.0.1", "fd7a::6-fd7a::8", "fd7a:1::/64"]
        );
    }

    #[test]
    fn host_bits_are_masked() {
        assert_eq!(nets(&["10.1.2.3/8"]), nets(&["10.0.0.0/8"]));
        assert!(nets(&["10.0.0.0/16"]).contains_net("10.0.255.255/24".parse().unwrap()));
        assert!(!nets(&["10.0.0.0/16"]).overlaps_net("10.1.0.0/24".parse().unwrap()));
    }

    #[test]
    fn adjacent_prefixes_join_and_come_apart_again() {
        let set = nets(&["10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24", "10.0.2.0/24"]);
        assert_eq!(shown(&set), ["10.0.0.0-10.0.2.255"]);
        let prefixes: Vec<String> = set.prefixes().map(|net| net.to_string()).collect();
        assert_eq!(prefixes, ["10.0.0.0/23", "10.0.2.0/24"]);
    }

    #[test]
    fn families_never_meet() {
        let v4: AddrSet = std::iter::once("1.2.3.4".parse::<IpAddr>().unwrap()).collect();
        let mapped: IpAddr = "::ffff:1.2.3.4".parse().unwrap();
        assert!(!v4.contains(mapped));
        assert_eq!(shown(&AddrSet::from(mapped)), ["::ffff:1.2.3.4"]);
        assert_eq!(shown(&AddrSet::all()), ["0.0.0.0/0", "::/0"]);
        assert!(AddrSet::all().complement().is_empty());
        assert!(!v4.overlaps(&AddrSet::from(mapped)));
    }
}
