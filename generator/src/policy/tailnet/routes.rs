//! Which nodes hold which routes, and which routes a range of addresses touches.

use ipnet::IpNet;

use crate::net::AddrRange;

use super::id::{Id, NodeId, Table, id};

id! {
    /// A route: its index among the distinct routes of a [`RouteTable`].
    RouteId
}

/// Distinct routes with their nodes. Two routes are the same only if their host bits are, as in headscale, which
/// compares Go's `netip.Prefix` unmasked.
#[derive(Clone, Debug, Default)]
pub struct RouteTable {
    /// Ascending by family, first address, length, host bits: one that encloses another stands before it.
    nets: Table<RouteId, IpNet>,
    /// The addresses of each.
    ranges: Table<RouteId, AddrRange>,
    /// The nearest route that is larger and encloses it; of several with the same addresses the last.
    outer: Table<RouteId, Option<RouteId>>,
    /// The first route with the same addresses: they lie together.
    same: Table<RouteId, RouteId>,
    /// The nodes that hold it, ascending.
    nodes: Table<RouteId, Vec<NodeId>>,
    /// The routes of each node, ascending, each once.
    by_node: Table<NodeId, Vec<RouteId>>,
}

impl RouteTable {
    /// The table of what each of `nodes` nodes holds.
    #[must_use]
    pub fn new(nodes: usize, held: impl IntoIterator<Item = (NodeId, IpNet)>) -> Self {
        let mut held: Vec<(AddrRange, IpNet, NodeId)> = held
            .into_iter()
            .map(|(node, net)| (AddrRange::of(net), net, node))
            .collect();
        held.sort_by_key(sort_key);
        held.dedup();
        let mut table = Self {
            by_node: Table::filled(nodes, Vec::new()),
            ..Self::default()
        };
        for (range, net, node) in held {
            let last = table.nets.len().checked_sub(1).map(RouteId::new);
            let route = match last.filter(|&last| table.nets[last] == net) {
                Some(last) => last,
                None => table.push(range, net),
            };
            table.nodes[route].push(node);
            table.by_node[node].push(route);
        }
        table
    }

    /// Adds a route that stands after all others.
    fn push(&mut self, range: AddrRange, net: IpNet) -> RouteId {
        let last = self.nets.len().checked_sub(1).map(RouteId::new);
        let same = last.filter(|&last| self.ranges[last] == range);
        let outer = match same {
            Some(same) => self.outer[same],
            None => std::iter::successors(last, |&route| self.outer[route])
                .find(|&route| encloses(self.ranges[route], range)),
        };
        let route = self.nets.push(net);
        self.ranges.push(range);
        self.outer.push(outer);
        self.same.push(same.map_or(route, |same| self.same[same]));
        self.nodes.push(Vec::new());
        route
    }

    /// How many distinct routes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nets.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nets.is_empty()
    }

    /// All routes.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = RouteId> + use<> {
        self.nets.ids()
    }

    /// The route as it was announced.
    #[must_use]
    pub fn net(&self, route: RouteId) -> IpNet {
        self.nets[route]
    }

    /// Its addresses.
    #[must_use]
    pub fn range(&self, route: RouteId) -> AddrRange {
        self.ranges[route]
    }

    /// The nodes that hold `route`, ascending.
    #[must_use]
    pub fn nodes(&self, route: RouteId) -> &[NodeId] {
        &self.nodes[route]
    }

    /// The routes of `node`, ascending, each once.
    #[must_use]
    pub fn of(&self, node: NodeId) -> &[RouteId] {
        &self.by_node[node]
    }

    /// The routes that have an address in common with `range`. Looked up, not searched: CIDRs are nested or apart, so
    /// those that begin inside lie together, and those that enclose its first address are a chain.
    pub fn touching(&self, range: AddrRange) -> impl Iterator<Item = RouteId> + '_ {
        let (first, last) = ends(range);
        let begins = |at: Key| {
            self.ranges
                .values()
                .as_slice()
                .partition_point(|&route| ends(route).0 <= at)
        };
        let (from, to) = (begins(first), begins(last));
        let around = std::iter::successors(from.checked_sub(1).map(RouteId::new), |&route| self.outer[route])
            .filter(move |&route| ends(self.ranges[route]).1 >= first)
            .flat_map(|route| (self.same[route].index()..=route.index()).map(RouteId::new));
        around.chain((from..to).map(RouteId::new))
    }
}

/// Family and address, in one order over both families.
type Key = (bool, u128);

fn ends(range: AddrRange) -> (Key, Key) {
    match range {
        AddrRange::V4(first, last) => ((false, first.into()), (false, last.into())),
        AddrRange::V6(first, last) => ((true, first), (true, last)),
    }
}

fn sort_key(&(range, net, node): &(AddrRange, IpNet, NodeId)) -> (Key, u8, IpNet, NodeId) {
    (ends(range).0, net.prefix_len(), net, node)
}

fn encloses(outer: AddrRange, inner: AddrRange) -> bool {
    let ((outer_first, outer_last), (inner_first, inner_last)) = (ends(outer), ends(inner));
    outer_first <= inner_first && inner_last <= outer_last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::AddrSet;

    fn table(nets: &[&str]) -> RouteTable {
        let held = nets
            .iter()
            .enumerate()
            .map(|(i, net)| (NodeId::new(i), net.parse().unwrap()));
        RouteTable::new(nets.len(), held)
    }

    #[test]
    fn lookups_agree_with_a_search_through_all() {
        let routes = table(&[
            "10.0.0.0/8",
            "10.1.0.0/16",
            "10.1.2.0/24",
            "10.1.2.9/24",
            "10.1.2.7/24",
            "10.9.0.0/8",
            "10.1.3.0/24",
            "10.2.0.0/16",
            "172.16.0.0/12",
            "0.0.0.0/0",
            "192.168.1.1/32",
            "fd00::/8",
            "fd7a::/16",
            "fd7a:1::/32",
            "::/0",
            "255.255.255.255/32",
        ]);
        let probes = [
            "10.1.2.3/32",
            "10.1.0.0/16",
            "10.1.2.0/23",
            "10.128.0.0/9",
            "0.0.0.0/0",
            "11.0.0.0/8",
            "192.168.1.1/32",
            "192.168.1.0/24",
            "255.255.255.255/32",
            "::/0",
            "fd7a:1::5/128",
            "fe00::/8",
            "fd7a::/15",
            "0.0.0.0/32",
        ];
        for probe in probes {
            let range = AddrRange::of(probe.parse().unwrap());
            let mut found: Vec<_> = routes.touching(range).collect();
            found.sort();
            let all: Vec<_> = routes
                .ids()
                .filter(|&route| AddrSet::from(range).overlaps_range(routes.range(route)))
                .collect();
            assert_eq!(found, all, "{probe}");
        }
    }

    #[test]
    fn host_bits_make_another_route() {
        let routes = RouteTable::new(
            2,
            [
                (0, "10.0.0.0/8"),
                (1, "10.0.0.1/8"),
                (1, "10.0.0.0/8"),
                (1, "10.0.0.0/8"),
            ]
            .map(|(node, net)| (NodeId(node), net.parse().unwrap())),
        );
        assert_eq!(routes.len(), 2);
        assert_eq!(routes.of(NodeId(1)), [RouteId(0), RouteId(1)]);
        assert_eq!(routes.nodes(RouteId(0)), [NodeId(0), NodeId(1)]);
    }
}
