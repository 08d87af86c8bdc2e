//! What really passes between two ends: the filters that headscale sends, read as the client reads them
//! ([`crate::net::packet`]), and the routes without which nothing is sent.
//!
//! Every other question (reach, matrix, diff, flows) is asked here; the answers of `compile` and of headscale's own
//! `tests` are literal and are not.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::net::known::INTERNET;
use crate::net::traffic::protocol;
use crate::net::{AddrRange, AddrSet, AddrSetBuilder, TrafficSet, packet};
use crate::policy::compile::Compiled;
use crate::policy::compile::own::via_destinations;
use crate::policy::lower::Lowered;
use crate::policy::permit::{Permit, PermitId};
use crate::policy::tailnet::{NodeId, Table};
use crate::policy::words::Alias;

/// One end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The node, if it is one.
    pub node: Option<NodeId>,
    /// The addresses it may use, IPv4 first.
    pub addresses: Vec<IpAddr>,
}

impl End {
    /// A node with all addresses it has in the tailnet (`disable-ipv4` takes one away).
    #[must_use]
    pub fn node(lowered: &Lowered<'_>, id: NodeId) -> Self {
        let no_v4 = lowered.without_v4().contains(id);
        let addresses = lowered.index().node(id).addresses();
        Self {
            node: Some(id),
            addresses: addresses.filter(|addr| !(no_v4 && addr.is_ipv4())).collect(),
        }
    }

    /// An address: that of a node, or one outside the tailnet.
    #[must_use]
    pub fn address(lowered: &Lowered<'_>, addr: IpAddr) -> Self {
        let holder = lowered.index().nodes_in_range(AddrRange::one(addr)).next();
        Self {
            node: holder,
            addresses: vec![addr],
        }
    }
}

/// What may be opened, by family: they are matched apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Opens {
    /// Over IPv4.
    pub v4: TrafficSet,
    /// Over IPv6.
    pub v6: TrafficSet,
}

impl Opens {
    /// Whether nothing may be opened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// What one or the other lets pass.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.both(other, TrafficSet::union)
    }

    /// What this lets pass and the other does not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.both(other, TrafficSet::difference)
    }

    /// What both let pass.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.both(other, TrafficSet::intersection)
    }

    /// The same without regard to the family.
    #[must_use]
    pub fn any_family(&self) -> TrafficSet {
        self.v4.union(&self.v6)
    }

    fn both(&self, other: &Self, f: impl Fn(&TrafficSet, &TrafficSet) -> TrafficSet) -> Self {
        Self {
            v4: f(&self.v4, &other.v4),
            v6: f(&self.v6, &other.v6),
        }
    }
}

/// A permit as the client meets it.
#[derive(Clone, Debug)]
struct Gate {
    passing: Opens,
    /// Where to, without `via` and `autogroup:self`; what the client drops before any rule is left out.
    destinations: AddrSet,
}

/// A compiled policy, ready to be asked.
#[derive(Clone, Debug)]
pub struct Atlas<'c, 'a> {
    compiled: &'c Compiled<'a>,
    gates: Table<PermitId, Gate>,
    /// Approved subnet routes: sources of a rule from `*`.
    routed: AddrSet,
}

impl<'c, 'a> Atlas<'c, 'a> {
    /// Prepares the answers.
    #[must_use]
    pub fn new(compiled: &'c Compiled<'a>) -> Self {
        let lowered = compiled.lowered();
        let routes = lowered.index().routes();
        let gates = lowered.permits().values().map(|permit| gate(lowered, permit)).collect();
        Self {
            compiled,
            gates,
            routed: routes.ids().map(|route| routes.net(route)).collect(),
        }
    }

    /// What is asked.
    #[must_use]
    pub const fn compiled(&self) -> &'c Compiled<'a> {
        self.compiled
    }

    /// The policy in normal form.
    #[must_use]
    pub const fn lowered(&self) -> &'c Lowered<'a> {
        self.compiled.lowered()
    }

    /// What `from` may open to `to`, by all rules together.
    #[must_use]
    pub fn opens(&self, from: &End, to: &End) -> Opens {
        let Some(receiver) = self.receiver(from, to) else {
            return Opens::default();
        };
        let permits = self.lowered().permits();
        permits.ids().fold(Opens::default(), |all, permit| {
            let by = self.at(permit, from, to, receiver);
            if by.is_empty() { all } else { all.union(&by) }
        })
    }

    /// What `from` may open to `to` by one rule.
    #[must_use]
    pub fn by(&self, permit: PermitId, from: &End, to: &End) -> Opens {
        self.receiver(from, to)
            .map_or_else(Opens::default, |receiver| self.at(permit, from, to, receiver))
    }

    /// The node whose filter decides: `to` itself, if `from` is sent it; else the node through which `from` routes to the
    /// address. An address outside is not asked what it sees.
    #[must_use]
    pub fn receiver(&self, from: &End, to: &End) -> Option<NodeId> {
        let peers = self.compiled.peers();
        match (to.node, from.node) {
            (Some(node), Some(sender)) => (node != sender && peers.is_sent(sender, node)).then_some(node),
            (Some(node), None) => Some(node),
            (None, _) => to.addresses.iter().find_map(|&addr| self.router(from, addr)),
        }
    }

    /// The node through which `from` sends what goes to `addr`: of the routes it was given the longest that has it, as
    /// WireGuard picks.
    #[must_use]
    pub fn router(&self, from: &End, addr: IpAddr) -> Option<NodeId> {
        let routes = self.compiled.routes();
        let covers = |nets: &mut dyn Iterator<Item = IpNet>| {
            nets.filter(|net| net.contains(&addr)).map(|net| net.prefix_len()).max()
        };
        let offers = routes.routers().iter().filter_map(|router| {
            let length = match from.node {
                Some(sender) if sender == router => None,
                Some(sender) if self.compiled.peers().is_sent(sender, router) => {
                    covers(&mut routes.through(sender, router))
                }
                Some(_) => None,
                None => covers(&mut self.subnet_routes(router)),
            };
            length.map(|length| (length, std::cmp::Reverse(router), router))
        });
        offers.max().map(|(_, _, router)| router)
    }

    /// Whether `addr` is a source of the permit.
    #[must_use]
    pub fn is_source(&self, permit: &Permit, addr: IpAddr) -> bool {
        let sources = self.lowered().sources(permit.sources);
        sources.danger_all || sources.set.contains(addr) || (sources.wildcard && self.routed.contains(addr))
    }

    /// Where the permit leads at `receiver`, for what comes from `from`.
    #[must_use]
    pub fn destinations(&self, id: PermitId, from: &End, receiver: NodeId) -> AddrSet {
        let lowered = self.lowered();
        let permit = &lowered.permits()[id];
        let index = lowered.index();
        if !permit.via.is_empty() {
            return self.via(permit, receiver);
        }
        let mut all = if index.exit_nodes().contains(receiver) {
            // Of a rule that has nothing for it an exit node keeps what lies in the internet, and only that.
            packet::deliverable(&lowered.kept(permit, receiver))
        } else {
            self.gates[id].destinations.clone()
        };
        if permit.own_devices.is_some()
            && let (Some(sender), Some(user)) = (from.node, index.owner(receiver))
            && index.owner(sender) == Some(user)
        {
            all = all.union(&index.addresses([receiver]));
        }
        all
    }

    /// What a `via` permit opens at a node: the destinations that touch its subnet routes, and the internet at an exit
    /// node, if it carries one of the tags (`compileViaForNode`).
    fn via(&self, permit: &Permit, receiver: NodeId) -> AddrSet {
        let index = self.lowered().index();
        let node = index.node(receiver);
        if !permit
            .via
            .iter()
            .any(|tag| node.tags.iter().any(|own| own == tag.value.as_str()))
        {
            return AddrSet::EMPTY;
        }
        let (nets, internet) = via_destinations(self.lowered(), permit);
        let mut set = AddrSetBuilder::default();
        for net in nets {
            if self
                .subnet_routes(receiver)
                .any(|route| route.contains(&net) || net.contains(&route))
            {
                set.add_net(net);
            }
        }
        if internet && !index.exit_routes(receiver).is_empty() {
            set.add_set(&INTERNET);
        }
        packet::deliverable(&set.build())
    }

    fn subnet_routes(&self, node: NodeId) -> impl Iterator<Item = IpNet> + '_ {
        let routes = self.lowered().index().routes();
        routes.of(node).iter().map(|&route| routes.net(route))
    }

    fn at(&self, id: PermitId, from: &End, to: &End, receiver: NodeId) -> Opens {
        let gate = &self.gates[id];
        let permit = &self.lowered().permits()[id];
        if gate.passing.is_empty() || !from.addresses.iter().any(|&addr| self.is_source(permit, addr)) {
            return Opens::default();
        }
        let destinations = self.destinations(id, from, receiver);
        let meets = |v4: bool| {
            let source = |addr: &&IpAddr| addr.is_ipv4() == v4 && self.is_source(permit, **addr);
            from.addresses.iter().any(|addr| source(&addr))
                && to
                    .addresses
                    .iter()
                    .any(|addr| addr.is_ipv4() == v4 && destinations.contains(*addr))
        };
        Opens {
            v4: if meets(true) {
                gate.passing.v4.clone()
            } else {
                TrafficSet::EMPTY
            },
            v6: if meets(false) {
                gate.passing.v6.clone()
            } else {
                TrafficSet::EMPTY
            },
        }
    }
}

fn gate(lowered: &Lowered<'_>, permit: &Permit) -> Gate {
    let resolver = lowered.resolver();
    let mut set = AddrSetBuilder::default();
    if permit.via.is_empty() {
        for alias in &permit.destinations {
            // In a filter `*` is any address, not only the tailnet's (`destinationsToNetPortRange`).
            if *resolver.alias(alias.value) == Alias::Wildcard {
                set.add_set(&AddrSet::all());
            } else {
                set.add_set(&resolver.get(alias.value).set);
            }
        }
    }
    let passing = permit.passing();
    let without = |number| passing.difference(&TrafficSet::new([number], &crate::net::Ranges::all()));
    Gate {
        // Each family has its own ICMP.
        passing: Opens {
            v4: without(protocol::ICMPV6),
            v6: without(protocol::ICMP),
        },
        destinations: packet::deliverable(&set.build()),
    }
}
