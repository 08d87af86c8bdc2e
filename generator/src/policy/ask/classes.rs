//! Nodes that no rule tells apart, and the parts of routed networks that none does: what a table of who reaches whom
//! needs rows and columns for, however many nodes there are.

use std::collections::BTreeMap;

use ipnet::IpNet;

use crate::net::AddrSet;
use crate::policy::tailnet::NodeId;

use super::opens::{Atlas, End};

/// The nodes of a tailnet, divided so that those in one class may open the same and be opened the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// The classes, by their first node; nodes ascend.
    pub list: Vec<Vec<NodeId>>,
}

impl Classes {
    /// Divides the nodes of `atlas`.
    #[must_use]
    pub fn new(atlas: &Atlas<'_, '_>) -> Self {
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut list: Vec<Vec<NodeId>> = Vec::new();
        for (id, _) in atlas.lowered().index().nodes() {
            let class = *known.entry(signature(atlas, id)).or_insert(list.len());
            match list.get_mut(class) {
                Some(members) => members.push(id),
                None => list.push(vec![id]),
            }
        }
        Self { list }
    }
}

/// All that decides what a node may open and what may be opened at it. A node that has routes to offer is alone: what is
/// behind it is its own.
fn signature(atlas: &Atlas<'_, '_>, id: NodeId) -> Vec<u64> {
    let lowered = atlas.lowered();
    let index = lowered.index();
    let routes = atlas.compiled().routes();
    let end = End::node(lowered, id);
    let stranger = End {
        node: None,
        addresses: Vec::new(),
    };
    let mut signature = Vec::new();
    if routes.routers().contains(id) {
        signature.push(u64::MAX);
        signature.push(u64::from(id.0));
    }
    for (permit_id, permit) in lowered.permits().iter() {
        let mut bits = 0_u64;
        // Asked for a stranger: of `autogroup:self`, which leads to all devices of one owner, the owner is remembered below.
        let destinations = atlas.destinations(permit_id, &stranger, id);
        for addr in &end.addresses {
            let shift = if addr.is_ipv4() { 0 } else { 2 };
            bits |= u64::from(atlas.is_source(permit, *addr)) << shift;
            bits |= u64::from(destinations.contains(*addr)) << (shift + 1);
        }
        if permit.own_devices.is_some() {
            bits |= index.owner(id).map_or(0, |user| (u64::from(user.0) + 1) << 4);
        }
        if bits != 0 {
            signature.push(u64::from(permit_id.0) << 40 | bits);
        }
    }
    // What it may route through whom.
    for router in routes.routers().iter().filter(|&router| router != id) {
        for net in routes.through(id, router) {
            let length = u64::from(net.prefix_len());
            signature.push(1 << 63 | u64::from(router.0) << 16 | length);
            signature.push(fold(net));
        }
    }
    signature
}

fn fold(net: IpNet) -> u64 {
    let bits = match net {
        IpNet::V4(net) => u128::from(net.network().to_bits()),
        IpNet::V6(net) => net.network().to_bits(),
    };
    // Two routes of one length at one router that fold alike would have to differ in both halves alike.
    #[expect(clippy::cast_possible_truncation, reason = "the halves are taken apart on purpose")]
    let (high, low) = ((bits >> 64) as u64, bits as u64);
    high.rotate_left(1) ^ low
}

/// A part of a routed network that no rule divides further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The route that leads there.
    pub route: IpNet,
    /// Its addresses.
    pub set: AddrSet,
}

impl Part {
    /// One of its addresses, as an end.
    #[must_use]
    pub fn end(&self) -> End {
        End {
            node: None,
            addresses: self
                .set
                .ranges()
                .next()
                .map(|range| range.first())
                .into_iter()
                .collect(),
        }
    }

    /// Its addresses in words: prefixes, the first three of them.
    #[must_use]
    pub fn name(&self) -> String {
        let mut prefixes = self.set.prefixes();
        let shown: Vec<_> = prefixes.by_ref().take(3).map(|net| net.to_string()).collect();
        let more = prefixes.count();
        let list = shown.join(" ");
        if more > 0 {
            format!("{list} and {more} more of {}", self.route)
        } else {
            list
        }
    }
}

/// All routed networks of `atlases`, cut where a rule of any of them begins or ends. Addresses of nodes are left out.
#[must_use]
pub fn parts(atlases: &[&Atlas<'_, '_>]) -> Vec<Part> {
    let mut routes: Vec<IpNet> = Vec::new();
    let mut cuts: Vec<&AddrSet> = Vec::new();
    let mut nodes = AddrSet::EMPTY;
    for atlas in atlases {
        let lowered = atlas.lowered();
        let index = lowered.index();
        let offered = atlas.compiled().routes();
        for router in offered.routers().iter() {
            routes.extend(index.routes().of(router).iter().map(|&route| index.routes().net(route)));
            routes.extend(index.exit_routes(router));
        }
        for permit in lowered.permits().values() {
            cuts.extend(
                permit
                    .destinations
                    .iter()
                    .map(|alias| &lowered.resolver().get(alias.value).set),
            );
        }
        nodes = nodes.union(&index.addresses(index.nodes().map(|(id, _)| id)));
    }
    routes.sort_unstable_by_key(|net| (net.addr().is_ipv6(), net.network(), net.prefix_len()));
    routes.dedup();
    let nets: Vec<AddrSet> = routes.iter().map(|&net| AddrSet::from(net)).collect();
    let mut parts = Vec::new();
    for (&route, whole) in routes.iter().zip(&nets) {
        // A longer route takes its part away: packets follow it instead.
        let inner = nets.iter().filter(|other| *other != whole && whole.is_superset(other));
        let own = inner.fold(whole.difference(&nodes), |left, other| left.difference(other));
        let mut pieces = if own.is_empty() { Vec::new() } else { vec![own] };
        for cut in &cuts {
            let mut next = Vec::with_capacity(pieces.len());
            for piece in pieces {
                if cut.overlaps(&piece) && !cut.is_superset(&piece) {
                    next.push(piece.intersection(cut));
                    next.push(piece.difference(cut));
                } else {
                    next.push(piece);
                }
            }
            pieces = next;
        }
        // Not in the order of the rules that cut them: what is said does not depend on who is asked first.
        pieces.sort_unstable();
        parts.extend(pieces.into_iter().map(|set| Part { route, set }));
    }
    parts
}
