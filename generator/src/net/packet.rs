//! What tailscale's client does with the filter it receives: the one place that knows.
//!
//! headscale sends rules; the client reads them its own way (`wgengine/filter/{filter,match,tailcfg}.go`). Whoever asks
//! what really passes asks here. What headscale itself judges by (`compile`, the policy's `tests`) is literal and does
//! not.
//!
//! Only opening a connection is a question: replies of established TCP, ICMP replies and errors, and UDP replies to
//! recent flows always pass.

use std::net::IpAddr;

use super::known::UNDELIVERABLE;
use super::ranges::Ranges;
use super::set::AddrSet;
use super::traffic::{TrafficSet, protocol};

/// What a rule without `IPProto` means: TCP, UDP, ICMP and ICMPv6, and nothing else (`defaultProtos`).
pub const DEFAULT_PROTOCOLS: [u8; 4] = [protocol::ICMP, protocol::TCP, protocol::UDP, protocol::ICMPV6];

/// Whether a rule's ports are compared for `protocol`.
#[must_use]
pub const fn has_ports(number: u8) -> bool {
    matches!(number, protocol::TCP | protocol::UDP | protocol::SCTP)
}

/// Whether `protocol` is ICMP of either family.
#[must_use]
pub const fn is_icmp(number: u8) -> bool {
    matches!(number, protocol::ICMP | protocol::ICMPV6)
}

/// What a rule says: the protocols of `IPProto` (none: [`DEFAULT_PROTOCOLS`]) on the ports of one `DstPorts` entry.
///
/// Of it passes: TCP, UDP and SCTP on the ports named; any other protocol only if the port range is exactly 0-65535
/// (`matchProtoAndIPsOnlyIfAllPorts`); and ICMP, which the client answers wherever any rule matches the two addresses,
/// whatever its protocols and ports (`matchIPsOnly`).
#[must_use]
pub fn passing(protocols: &[u8], first: u16, last: u16) -> TrafficSet {
    let named = if protocols.is_empty() {
        &DEFAULT_PROTOCOLS[..]
    } else {
        protocols
    };
    let by_port = TrafficSet::new(
        named.iter().copied().filter(|&p| has_ports(p)),
        &Ranges::range(first, last),
    );
    let whole = (first, last) == (u16::MIN, u16::MAX);
    let others = named.iter().copied().filter(|&p| whole && !has_ports(p));
    by_port.union(&TrafficSet::new(
        others.chain([protocol::ICMP, protocol::ICMPV6]),
        &Ranges::all(),
    ))
}

/// What a rule asks for and never gets: protocols without ports on a range that is not exactly 0-65535. Such a rule is
/// accepted by headscale and matches nothing of them.
#[must_use]
pub fn never_matching(protocols: &[u8], first: u16, last: u16) -> TrafficSet {
    if (first, last) == (u16::MIN, u16::MAX) {
        return TrafficSet::EMPTY;
    }
    let dead = protocols.iter().copied().filter(|&p| !has_ports(p) && !is_icmp(p));
    TrafficSet::new(dead, &Ranges::range(first, last))
}

/// The part of `destinations` that a client lets in at all: not multicast, not link-local.
#[must_use]
pub fn deliverable(destinations: &AddrSet) -> AddrSet {
    if UNDELIVERABLE.overlaps(destinations) {
        destinations.difference(&UNDELIVERABLE)
    } else {
        destinations.clone()
    }
}

/// The families in which a source and a destination meet: IPv4 and IPv6 are matched apart, so a rule whose ends share
/// none matches nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Families {
    /// IPv4 packets can match.
    pub v4: bool,
    /// IPv6 packets can match.
    pub v6: bool,
}

impl Families {
    /// The families that both ends have.
    #[must_use]
    pub fn shared(source: &AddrSet, destination: &AddrSet) -> Self {
        let (source, destination) = (Self::of(source), Self::of(destination));
        Self {
            v4: source.v4 && destination.v4,
            v6: source.v6 && destination.v6,
        }
    }

    /// The families that a set has addresses of.
    #[must_use]
    pub fn of(set: &AddrSet) -> Self {
        Self {
            v4: !set.v4.is_empty(),
            v6: !set.v6.is_empty(),
        }
    }

    /// Whether there is any.
    #[must_use]
    pub const fn any(self) -> bool {
        self.v4 || self.v6
    }
}

/// The first packet of a connection, as it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Where it comes from.
    pub source: IpAddr,
    /// Where it goes.
    pub destination: IpAddr,
    /// IANA protocol number.
    pub protocol: u8,
    /// Destination port; 0 where the protocol has none.
    pub port: u16,
}

/// One rule as the client matches it.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// `SrcIPs`
    pub sources: &'a AddrSet,
    /// One or more `DstPorts` entries with the same ports.
    pub destinations: &'a AddrSet,
    /// What of its traffic passes: [`passing`].
    pub traffic: &'a TrafficSet,
}

impl Rule<'_> {
    /// Whether the rule lets `packet` in at a node that holds `local`: its own addresses and the routes that it is
    /// approved for.
    #[must_use]
    pub fn admits(&self, packet: &Packet, local: &AddrSet) -> bool {
        let same_family = packet.source.is_ipv4() == packet.destination.is_ipv4();
        same_family
            && local.contains(packet.destination)
            && !UNDELIVERABLE.contains(packet.destination)
            && self.sources.contains(packet.source)
            && self.destinations.contains(packet.destination)
            && self.traffic.contains(packet.protocol, packet.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TCP: u8 = protocol::TCP;
    const GRE: u8 = 47;

    #[test]
    fn an_absent_protocol_means_four() {
        let all = passing(&[], 0, 65535);
        assert_eq!(all.iter().map(|(p, _)| p).collect::<Vec<_>>(), [1, 6, 17, 58]);
        assert!(!all.contains(protocol::SCTP, 80) && !all.contains(GRE, 0));
    }

    #[test]
    fn ports_count_only_where_the_protocol_has_them() {
        let ssh = passing(&[TCP, GRE], 22, 22);
        assert!(ssh.contains(TCP, 22) && !ssh.contains(TCP, 23));
        assert!(ssh.ports(GRE).is_none());
        assert!(passing(&[GRE], 0, 65535).contains(GRE, 0));
        assert_eq!(never_matching(&[TCP, GRE], 22, 22), TrafficSet::one(GRE, 22));
        assert!(never_matching(&[GRE], 0, 65535).is_empty());
        // 1-65535 is not "all ports" to the client.
        assert!(passing(&[GRE], 1, 65535).ports(GRE).is_none());
    }

    #[test]
    fn any_rule_answers_a_ping() {
        for rule in [passing(&[TCP], 22, 22), passing(&[GRE], 5, 5), passing(&[], 80, 90)] {
            assert!(rule.contains(protocol::ICMP, 0) && rule.contains(protocol::ICMPV6, 0));
        }
    }

    #[test]
    fn a_packet_needs_a_local_deliverable_destination_of_its_family() {
        let net = |text: &str| AddrSet::from(text.parse::<ipnet::IpNet>().unwrap());
        let everything = AddrSet::all();
        let traffic = passing(&[TCP], 80, 80);
        let rule = Rule {
            sources: &everything,
            destinations: &everything,
            traffic: &traffic,
        };
        let packet = |source: &str, destination: &str| Packet {
            source: source.parse().unwrap(),
            destination: destination.parse().unwrap(),
            protocol: TCP,
            port: 80,
        };
        let local = net("100.64.0.2/32");
        assert!(rule.admits(&packet("100.64.0.1", "100.64.0.2"), &local));
        assert!(!rule.admits(&packet("100.64.0.1", "100.64.0.3"), &local));
        assert!(!rule.admits(&packet("fd7a::1", "100.64.0.2"), &local));
        for (dropped, passes) in [("224.0.0.1", false), ("169.254.1.1", false), ("169.254.169.254", true)] {
            assert_eq!(
                rule.admits(&packet("100.64.0.1", dropped), &everything),
                passes,
                "{dropped}"
            );
        }
        assert!(!rule.admits(&packet("fd7a::1", "fe80::1"), &everything));
        assert!(!rule.admits(&packet("fd7a::1", "ff02::1"), &everything));
        let other = Packet {
            port: 81,
            ..packet("100.64.0.1", "100.64.0.2")
        };
        assert!(!rule.admits(&other, &local));
    }

    #[test]
    fn families_meet_or_nothing_matches() {
        let v4 = AddrSet {
            v6: Ranges::EMPTY,
            ..AddrSet::all()
        };
        let v6 = AddrSet {
            v4: Ranges::EMPTY,
            ..AddrSet::all()
        };
        assert!(!Families::shared(&v4, &v6).any());
        assert_eq!(Families::shared(&v4, &AddrSet::all()), Families { v4: true, v6: false });
    }

    #[test]
    fn undeliverable_destinations_are_taken_out() {
        assert!(deliverable(&AddrSet::from("ff02::/16".parse::<ipnet::IpNet>().unwrap())).is_empty());
        let public = AddrSet::from("9.9.9.9".parse::<IpAddr>().unwrap());
        assert_eq!(deliverable(&public), public);
    }
}
