//! Destinations turned round: not which entries a node keeps, but which nodes keep an entry.
//!
//! headscale asks every node about every entry of every rule (`ReduceFilterRules` in
//! `hscontrol/policy/policyutil/reduce.go`). Here each list of destinations is looked up once in the tailnet's
//! indexes, and what comes out is as large as what the nodes receive.

use ipnet::IpNet;

use crate::net::known::INTERNET;
use crate::net::{AddrRange, AddrSet};
use crate::policy::tailnet::id::id;
use crate::policy::tailnet::{Index, NodeId, RouteTable};

use super::text::{Slab, push_host_or_net, push_net};

id! {
    /// A list of destinations with ports: its index in the filter.
    PortTargetId
}
id! {
    /// A list of destinations of capabilities: its index in the filter.
    CapTargetId
}

/// For each node that keeps any of a list's entries, which.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// The nodes, ascending.
    nodes: Vec<NodeId>,
    /// Where the entries of each end.
    ends: Vec<u32>,
    /// Positions in the list, ascending for each node.
    entries: Vec<u32>,
}

/// Where the entries of one node lie in [`Hits`].
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    from: u32,
    to: u32,
}

impl Hits {
    fn from_pairs(mut pairs: Vec<(NodeId, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut hits = Self::default();
        for (node, entry) in pairs {
            if hits.nodes.last() != Some(&node) {
                hits.nodes.push(node);
                hits.ends.push(0);
            }
            hits.entries.push(entry);
            if let Some(end) = hits.ends.last_mut() {
                *end = u32::try_from(hits.entries.len()).unwrap_or(u32::MAX);
            }
        }
        hits
    }

    /// The nodes that keep anything, ascending, with what.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, Kept)> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let kept = starts.zip(&self.ends).map(|(from, &to)| Kept { from, to });
        self.nodes.iter().copied().zip(kept)
    }

    /// What `node` keeps.
    #[must_use]
    pub fn of(&self, node: NodeId) -> Option<Kept> {
        let at = self.nodes.binary_search(&node).ok()?;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        Some(Kept {
            from: from.unwrap_or(0),
            to: *self.ends.get(at)?,
        })
    }

    /// How many entries are kept, over all nodes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nobody keeps any.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The positions of the entries.
    #[must_use]
    pub fn entries(&self, kept: Kept) -> &[u32] {
        self.entries
            .get(kept.from as usize..kept.to as usize)
            .unwrap_or_default()
    }
}

/// What decides who keeps an entry.
#[derive(Clone, Copy, Debug)]
pub struct Reduction<'t> {
    /// The tailnet.
    pub index: &'t Index<'t>,
    /// The routes that count: those in force; in 0.28 all that are announced.
    pub routes: &'t RouteTable,
    /// Whether exit nodes keep what lies in the internet (from 0.29 on).
    pub exits: bool,
    /// Whether a single address is written with its length (0.28).
    pub lengths: bool,
}

impl Reduction<'_> {
    /// The nodes that keep `range`: those that have an address in it or a route that touches it, and exit nodes if it
    /// lies in the internet.
    fn keepers(&self, range: AddrRange, mut keep: impl FnMut(NodeId)) {
        self.index.nodes_in_range(range).for_each(&mut keep);
        for route in self.routes.touching(range) {
            self.routes.nodes(route).iter().copied().for_each(&mut keep);
        }
        if self.exits && !self.index.exit_nodes().is_empty() && INTERNET.contains_range(range) {
            self.index.exit_nodes().iter().for_each(keep);
        }
    }
}

/// A list of `DstPorts` without the ports.
#[derive(Clone, Debug)]
pub struct PortTarget {
    /// `{"IP":"...","Ports":` of each entry.
    pub heads: Slab,
    /// Who keeps which.
    pub hits: Hits,
}

impl PortTarget {
    /// `*`: one entry, that every node keeps that has an address (or a route: headscale asks whether they overlap).
    #[must_use]
    pub fn everything(reduction: Reduction<'_>) -> Self {
        let mut heads = Slab::default();
        heads.push(|out| push_head(out, |out| out.push(b'*')));
        let mut pairs = Vec::new();
        for range in AddrSet::all().ranges() {
            reduction.keepers(range, |node| pairs.push((node, 0)));
        }
        Self {
            heads,
            hits: Hits::from_pairs(pairs),
        }
    }

    /// The prefixes of an alias, in order; only the nodes `only` may keep them, if given (ascending).
    #[must_use]
    pub fn new(nets: impl IntoIterator<Item = IpNet>, reduction: Reduction<'_>, only: Option<&[NodeId]>) -> Self {
        let mut heads = Slab::default();
        let mut pairs = Vec::new();
        for (entry, net) in (0..).zip(nets) {
            heads.push(|out| {
                push_head(out, |out| {
                    if reduction.lengths {
                        push_net(out, net);
                    } else {
                        push_host_or_net(out, net);
                    }
                });
            });
            reduction.keepers(AddrRange::of(net), |node| {
                if only.is_none_or(|only| only.binary_search(&node).is_ok()) {
                    pairs.push((node, entry));
                }
            });
        }
        Self {
            heads,
            hits: Hits::from_pairs(pairs),
        }
    }
}

impl PortTarget {
    /// The destinations of a `via` permit, and who of `routers` (ascending) keeps which: a prefix those with a subnet
    /// route that touches it, the prefixes of the internet those that are exit nodes. Returns the prefixes too.
    ///
    /// Unlike other destinations these are written with their length even if it is one address (`compileViaForNode`).
    #[must_use]
    pub fn via(index: &Index<'_>, nets: &[IpNet], internet: bool, routers: &[NodeId]) -> (Self, Vec<IpNet>) {
        let mut all = nets.to_vec();
        let mut pairs = Vec::new();
        let is_router = |node: &NodeId| routers.binary_search(node).is_ok();
        for (entry, &net) in (0..).zip(nets) {
            for route in index.routes().touching(AddrRange::of(net)) {
                let keepers = index.routes().nodes(route).iter().copied().filter(is_router);
                pairs.extend(keepers.map(|node| (node, entry)));
            }
        }
        if internet {
            let exits: Vec<NodeId> = index.exit_nodes().iter().filter(is_router).collect();
            for net in INTERNET.prefixes() {
                let entry = u32::try_from(all.len()).unwrap_or(u32::MAX);
                pairs.extend(exits.iter().map(|&node| (node, entry)));
                all.push(net);
            }
        }
        let mut heads = Slab::default();
        for &net in &all {
            heads.push(|out| push_head(out, |out| push_net(out, net)));
        }
        (
            Self {
                heads,
                hits: Hits::from_pairs(pairs),
            },
            all,
        )
    }
}

fn push_head(out: &mut Vec<u8>, destination: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(br#"{"IP":""#);
    destination(out);
    out.extend_from_slice(br#"","Ports":"#);
}

/// In the hits of a [`CapTarget`]: the node's own IPv4 address.
const OWN_V4: u32 = u32::MAX - 1;
/// In the hits of a [`CapTarget`]: the node's own IPv6 address.
const OWN_V6: u32 = u32::MAX;

/// A list of `Dsts` of capabilities.
///
/// A node keeps its own addresses that lie in it, as single addresses, and whole every entry that touches one of its
/// routes (`reduceCapGrantRule`).
#[derive(Clone, Debug)]
pub struct CapTarget {
    nets: Vec<IpNet>,
    hits: Hits,
    /// If each node's addresses are a list of their own: whose each entry is.
    owners: Option<Vec<NodeId>>,
}

impl CapTarget {
    /// One list.
    #[must_use]
    pub fn new(nets: Vec<IpNet>, reduction: Reduction<'_>, only: Option<&[NodeId]>) -> Self {
        Self::build(nets, reduction, only, None)
    }

    /// A list for each of `nodes` (ascending): its addresses. The nodes themselves are all that may keep any.
    #[must_use]
    pub fn each(nodes: &[NodeId], reduction: Reduction<'_>) -> Self {
        let of = |&node: &NodeId| {
            let addresses = reduction.index.node(node).addresses();
            addresses.map(move |addr| (IpNet::from(addr), node)).collect::<Vec<_>>()
        };
        let (nets, owners) = nodes.iter().flat_map(of).unzip();
        Self::build(nets, reduction, Some(nodes), Some(owners))
    }

    fn build(nets: Vec<IpNet>, reduction: Reduction<'_>, only: Option<&[NodeId]>, owners: Option<Vec<NodeId>>) -> Self {
        let mut pairs = Vec::new();
        let mut keep = |node: NodeId, entry: u32| {
            if only.is_none_or(|only| only.binary_search(&node).is_ok()) {
                pairs.push((node, entry));
            }
        };
        for (entry, &net) in (0..).zip(&nets) {
            let range = AddrRange::of(net);
            let own = match range {
                _ if owners.is_some() => entry,
                AddrRange::V4(..) => OWN_V4,
                AddrRange::V6(..) => OWN_V6,
            };
            reduction.index.nodes_in_range(range).for_each(|node| keep(node, own));
            for route in reduction.routes.touching(range) {
                reduction.routes.nodes(route).iter().for_each(|&node| keep(node, entry));
            }
        }
        Self {
            nets,
            hits: Hits::from_pairs(pairs),
            owners,
        }
    }

    /// How many destinations there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.nets.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.nets.is_empty()
    }

    /// Who keeps what.
    #[must_use]
    pub const fn hits(&self) -> &Hits {
        &self.hits
    }

    /// What `node` keeps, as one list of destinations, or one for each node whose addresses they are.
    #[must_use]
    pub fn lists(&self, index: &Index<'_>, node: NodeId, kept: Kept) -> Vec<Vec<IpNet>> {
        let entries = self.hits.entries(kept);
        let net = |entry: u32| match entry {
            OWN_V4 => index.node(node).v4.map(|addr| IpNet::from(std::net::IpAddr::V4(addr))),
            OWN_V6 => index.node(node).v6.map(|addr| IpNet::from(std::net::IpAddr::V6(addr))),
            entry => self.nets.get(entry as usize).copied(),
        };
        let list = |entries: &[u32]| {
            let mut nets: Vec<_> = entries.iter().filter_map(|&entry| net(entry)).collect();
            nets.sort_unstable();
            nets.dedup();
            nets
        };
        match &self.owners {
            None => vec![list(entries)],
            Some(owners) => {
                let owner = |entry: &u32| owners.get(*entry as usize);
                entries.chunk_by(|a, b| owner(a) == owner(b)).map(list).collect()
            }
        }
    }
}
