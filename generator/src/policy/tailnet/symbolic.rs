//! What stands in for what nobody knows yet: symbolic addresses of nodes, and devices of people who have none.
//!
//! headscale hands addresses out in the order of registration and cannot be told otherwise (headscale#2912), so no
//! declaration knows them beforehand. A symbolic address stands for "some address in the tailnet's range that nothing
//! speaks of": it lies in the declared range, in no narrower range that the policy names, and is nobody else's. So
//! every choice is judged alike, and a seed decides which is taken: a test shows that no seed changes an artifact.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::{Node, Tailnet};
use crate::net::known::{CHROMEOS, SERVICE};
use crate::net::{AddrRange, AddrSet};

/// Where a tailnet's addresses come from: headscale's `prefixes`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefixes {
    /// Of IPv4 addresses; `None`: nodes have none.
    pub v4: Option<Ipv4Net>,
    /// Of IPv6 addresses.
    pub v6: Option<Ipv6Net>,
}

/// Gives every user without a node one that stands for the devices that this person will bring. No node has its name: it
/// has spaces.
pub fn stand_ins(tailnet: &mut Tailnet) {
    let mut owns = vec![false; tailnet.users.len()];
    for user in tailnet.nodes.iter().filter_map(|node| node.user) {
        if let Some(owns) = owns.get_mut(user) {
            *owns = true;
        }
    }
    let without = tailnet
        .users
        .iter()
        .zip(owns)
        .enumerate()
        .filter(|(_, (_, owns))| !owns);
    let devices = without.map(|(user, (person, _))| Node {
        name: format!("a device of {}", person.name),
        user: Some(user),
        ..Node::default()
    });
    tailnet.nodes.extend(devices);
}

/// Gives every node a symbolic address of each family in which none is known. `spoken_of`: what the policy names; `seed`
/// decides which are taken.
pub fn hand_out(tailnet: &mut Tailnet, prefixes: Prefixes, spoken_of: &[IpNet], seed: u64) {
    let known: Vec<IpAddr> = tailnet.nodes.iter().flat_map(Node::addresses).collect();
    let pool = |net: IpNet, turn| Pool::new(net, spoken_of, known.iter().copied(), seed.wrapping_add(turn));
    let mut v4_pool = prefixes.v4.map(|net| pool(net.into(), 0));
    let mut v6_pool = prefixes.v6.map(|net| pool(net.into(), 1));
    for node in &mut tailnet.nodes {
        node.v4 = node.v4.or_else(|| v4_pool.as_mut().and_then(Pool::next).and_then(v4));
        node.v6 = node.v6.or_else(|| v6_pool.as_mut().and_then(Pool::next).map(v6));
    }
}

/// Addresses of one family that can be handed out.
#[derive(Debug)]
struct Pool {
    /// Ranges of addresses as numbers, ascending and disjoint, with the count of addresses before each.
    ranges: Vec<(u128, u128, u128)>,
    size: u128,
    taken: HashSet<u128>,
    random: Random,
}

impl Pool {
    /// The addresses of `net` without its first and last, the reserved ranges, the ranges that `spoken_of` names within
    /// it, and `taken`.
    fn new(net: IpNet, spoken_of: &[IpNet], taken: impl IntoIterator<Item = IpAddr>, seed: u64) -> Self {
        let within = |other: &&IpNet| net.contains(*other) && **other != net;
        let reserved = [CHROMEOS, SERVICE];
        let edges = [net.network(), net.broadcast()].map(IpNet::from);
        let spoken_of = spoken_of.iter().filter(within);
        let left_out = AddrSet::from_iter(edges.iter().chain(&reserved).chain(spoken_of).copied());
        let mut free = AddrSet::from(net).difference(&left_out);
        if free.is_empty() {
            // The policy speaks of every address: then none is better than another.
            free = AddrSet::from(net).difference(&AddrSet::from_iter(reserved));
        }
        let mut size = 0_u128;
        let mut ranges = Vec::new();
        for range in free.ranges() {
            let (first, last) = match range {
                AddrRange::V4(first, last) => (u128::from(first), u128::from(last)),
                AddrRange::V6(first, last) => (first, last),
            };
            ranges.push((first, last, size));
            // At most 2^112: `net` lies within a prefix that nodes can have.
            size = size.saturating_add((last - first).saturating_add(1));
        }
        Self {
            ranges,
            size,
            taken: taken.into_iter().map(number).collect(),
            random: Random(seed),
        }
    }

    /// An address that nobody has; `None` when all are taken.
    fn next(&mut self) -> Option<u128> {
        if self.size == 0 {
            return None;
        }
        let start = self.random.below(self.size);
        // Every step but the last meets an address that is taken.
        let steps = self.size.min(self.taken.len() as u128 + 1);
        for step in 0..steps {
            let position = start.saturating_add(step) % self.size;
            let address = self.at(position)?;
            if self.taken.insert(address) {
                return Some(address);
            }
        }
        None
    }

    /// The address at `position`.
    fn at(&self, position: u128) -> Option<u128> {
        let after = self.ranges.partition_point(|(_, _, before)| *before <= position);
        let (first, last, before) = self.ranges.get(after.checked_sub(1)?)?;
        let address = first.checked_add(position - before)?;
        (address <= *last).then_some(address)
    }
}

/// `address` as a number.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// The IPv4 address that a [`Pool`] of IPv4 gave.
fn v4(number: u128) -> Option<Ipv4Addr> {
    u32::try_from(number).ok().map(Ipv4Addr::from)
}

/// The IPv6 address that a [`Pool`] of IPv6 gave.
fn v6(number: u128) -> Ipv6Addr {
    Ipv6Addr::from(number)
}

/// SplitMix64: spreads a seed; nothing here needs secrecy.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u128) -> u128 {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        wide % limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_are_free_distinct_and_not_spoken_of() {
        for seed in 0..20 {
            let spoken_of = [net("100.64.0.0/25"), net("100.64.0.0/10"), net("10.0.0.0/8")];
            let taken: IpAddr = "100.64.0.130".parse().unwrap();
            let mut pool = Pool::new(net("100.64.0.0/24"), &spoken_of, [taken], seed);
            let mut all = HashSet::new();
            while let Some(address) = pool.next() {
                let address = v4(address).unwrap();
                assert!(all.insert(address));
                assert!(net("100.64.0.128/25").contains(&IpAddr::V4(address)), "{address}");
                assert_ne!(IpAddr::V4(address), taken);
            }
            // 128 to 254 without 130.
            assert_eq!(all.len(), 126);
        }
    }

    #[test]
    fn reserved_ranges_are_left_out() {
        let mut pool = Pool::new(net("100.100.100.0/23"), &[], [], 1);
        while let Some(address) = pool.next() {
            assert!(!SERVICE.contains(&IpAddr::V4(v4(address).unwrap())));
        }
        assert_eq!(Pool::new(net("100.115.92.0/24"), &[], [], 1).next(), None);
    }

    #[test]
    fn a_policy_that_speaks_of_every_address_leaves_them_all() {
        let spoken_of = [net("100.64.0.0/25"), net("100.64.0.128/25")];
        assert!(Pool::new(net("100.64.0.0/24"), &spoken_of, [], 1).next().is_some());
    }

    #[test]
    fn seeds_differ() {
        let first = |seed| Pool::new(net("fd7a:115c:a1e0::/48"), &[], [], seed).next().unwrap();
        assert_ne!(first(1), first(2));
        assert_eq!(first(1), first(1));
    }
}
