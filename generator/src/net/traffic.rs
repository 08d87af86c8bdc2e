//! Traffic: IP protocols x ports, as a set.
//!
//! Ports are kept for every protocol; those that have none use the whole range.

use std::fmt;

use super::ranges::Ranges;

/// IANA protocol numbers that have a meaning of their own here.
pub mod protocol {
    /// ICMP for IPv4.
    pub const ICMP: u8 = 1;
    /// TCP.
    pub const TCP: u8 = 6;
    /// UDP.
    pub const UDP: u8 = 17;
    /// ICMP for IPv6.
    pub const ICMPV6: u8 = 58;
    /// SCTP.
    pub const SCTP: u8 = 132;
}

/// A set of (protocol, port).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct TrafficSet {
    // Sorted by protocol, none without ports.
    list: Vec<(u8, Ranges<u16>)>,
}

impl fmt::Debug for TrafficSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.list.iter().map(|(p, ports)| (p, ports)))
            .finish()
    }
}

impl TrafficSet {
    /// No traffic.
    pub const EMPTY: Self = Self { list: Vec::new() };

    /// `ports` of every protocol in `protocols`.
    #[must_use]
    pub fn new(protocols: impl IntoIterator<Item = u8>, ports: &Ranges<u16>) -> Self {
        let mut list: Vec<_> = protocols.into_iter().collect();
        list.sort_unstable();
        list.dedup();
        Self {
            list: if ports.is_empty() {
                Vec::new()
            } else {
                list.into_iter().map(|protocol| (protocol, ports.clone())).collect()
            },
        }
    }

    /// One port of one protocol.
    #[must_use]
    pub fn one(protocol: u8, port: u16) -> Self {
        Self::new([protocol], &Ranges::range(port, port))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Protocols, ascending, each with its ports.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u8, &Ranges<u16>)> {
        self.list.iter().map(|(protocol, ports)| (*protocol, ports))
    }

    /// The ports of `protocol`; `None` if there are none.
    #[must_use]
    pub fn ports(&self, protocol: u8) -> Option<&Ranges<u16>> {
        let at = self.list.binary_search_by_key(&protocol, |entry| entry.0).ok()?;
        self.list.get(at).map(|entry| &entry.1)
    }

    /// Whether `port` of `protocol` is a member.
    #[must_use]
    pub fn contains(&self, protocol: u8, port: u16) -> bool {
        self.ports(protocol).is_some_and(|ports| ports.contains(port))
    }

    /// Whether the two have anything in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.iter()
            .any(|(protocol, ports)| other.ports(protocol).is_some_and(|others| ports.overlaps(others)))
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        other
            .iter()
            .all(|(protocol, ports)| self.ports(protocol).is_some_and(|own| own.is_superset(ports)))
    }

    /// The traffic of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut list = self.list.clone();
        for (protocol, ports) in other.iter() {
            match list.binary_search_by_key(&protocol, |entry| entry.0) {
                Ok(at) => {
                    if let Some(entry) = list.get_mut(at) {
                        entry.1 = entry.1.union(ports);
                    }
                }
                Err(at) => list.insert(at, (protocol, ports.clone())),
            }
        }
        Self { list }
    }

    /// The traffic of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.combine(other, |own, others| {
            others.map_or(Ranges::EMPTY, |others| own.intersection(others))
        })
    }

    /// The traffic that is not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.combine(other, |own, others| {
            others.map_or_else(|| own.clone(), |others| own.difference(others))
        })
    }

    fn combine(&self, other: &Self, ports: impl Fn(&Ranges<u16>, Option<&Ranges<u16>>) -> Ranges<u16>) -> Self {
        let combined = self
            .iter()
            .map(|(protocol, own)| (protocol, ports(own, other.ports(protocol))));
        Self {
            list: combined.filter(|(_, ports)| !ports.is_empty()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two protocols x eight ports as sixteen bits.
    fn set(pattern: u16) -> TrafficSet {
        (0..16_u16)
            .filter(|i| pattern >> i & 1 == 1)
            .map(|i| TrafficSet::one(if i < 8 { 17 } else { 6 }, i % 8))
            .fold(TrafficSet::EMPTY, |all, one| all.union(&one))
    }

    fn pattern(set: &TrafficSet) -> u16 {
        assert!(set.iter().all(|(_, ports)| !ports.is_empty()));
        (0..16).fold(0, |bits, i| {
            bits | u16::from(set.contains(if i < 8 { 17 } else { 6 }, i % 8)) << i
        })
    }

    #[test]
    fn operations_agree_with_bit_patterns() {
        // A sample of the four billion pairs.
        for a in (0..=u16::MAX).step_by(373) {
            for b in (0..=u16::MAX).step_by(377) {
                let (left, right) = (set(a), set(b));
                assert_eq!(pattern(&left.union(&right)), a | b);
                assert_eq!(pattern(&left.intersection(&right)), a & b);
                assert_eq!(pattern(&left.difference(&right)), a & !b);
                assert_eq!(left.overlaps(&right), a & b != 0);
                assert_eq!(left.is_superset(&right), a & b == b);
                assert_eq!(left == right, a == b);
            }
        }
    }

    #[test]
    fn a_protocol_without_ports_is_not_there() {
        assert!(TrafficSet::new([6, 17], &Ranges::EMPTY).is_empty());
        assert_eq!(TrafficSet::new([17, 6, 6], &Ranges::all()).iter().count(), 2);
    }
}
