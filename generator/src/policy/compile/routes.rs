//! `allowedIPs` and `peerRoutes`: what a node is reached by, and what it may route through its peers
//! (`WithSelfNode` in `hscontrol/mapper/builder.go`, `RoutesForPeer` in `hscontrol/state/state.go`).
//!
//! Of several nodes with the same route the first one holds it (`electPrimaryRoutes` with all nodes online). For each
//! node and each of its routes there is a set of those who may use it.

use std::sync::Arc;

use ipnet::IpNet;

use crate::net::known::is_exit_route;
use crate::policy::dialect::Dialect;
use crate::policy::lower::Lowered;
use crate::policy::tailnet::{NodeId, NodeSet, RouteId, Table};

use super::matches::Matches;
use super::peers::Peers;
use super::text::{push_list, push_net, push_string};
use super::via::Steering;

/// Who is reached by what.
#[derive(Clone, Debug)]
pub struct Routes {
    own: Table<NodeId, Vec<IpNet>>,
    offers: Table<NodeId, Vec<Offer>>,
    routers: NodeSet,
    /// `"name":` of each node that has a route to offer.
    names: Table<NodeId, Box<[u8]>>,
}

/// A route that a node has to offer.
#[derive(Clone, Debug)]
struct Offer {
    net: IpNet,
    /// It as a JSON string.
    text: Box<[u8]>,
    viewers: Arc<NodeSet>,
}

impl Routes {
    /// All of `lowered`'s tailnet.
    #[must_use]
    pub fn new(lowered: &Lowered<'_>, matches: &Matches, steering: &Steering) -> Self {
        let index = lowered.index();
        let table = &matches.offered;
        let primary = |route: RouteId| table.nodes(route).first().copied();
        let shared: Table<RouteId, Arc<NodeSet>> = table
            .ids()
            .map(|route| Arc::new(viewers(lowered, matches, route)))
            .collect();
        let mut routes = Self {
            own: Table::default(),
            offers: Table::default(),
            routers: NodeSet::empty(index.node_count()),
            names: Table::default(),
        };
        for (id, node) in index.nodes() {
            let addresses = node
                .addresses()
                .filter(|addr| !(addr.is_ipv4() && lowered.without_v4().contains(id)));
            let mut own: Vec<IpNet> = addresses.map(IpNet::from).collect();
            let mut offers = Vec::new();
            for &route in table.of(id) {
                let net = table.net(route);
                let leading = primary(route) == Some(id);
                if is_exit_route(net) || (leading && matches.shared_access[route].contains(id)) {
                    own.push(net);
                }
                let viewers = if let Some(steered) = steering.at(route) {
                    Arc::new(steered.viewers(lowered, matches, id, leading))
                } else if leading || is_exit_route(net) {
                    Arc::clone(&shared[route])
                } else {
                    continue;
                };
                let mut text = Vec::new();
                push_quoted(&mut text, net);
                offers.push(Offer {
                    net,
                    text: text.into(),
                    viewers,
                });
            }
            let mut name = Vec::new();
            if !offers.is_empty() {
                routes.routers.insert(id);
                push_string(&mut name, &node.name);
                name.push(b':');
            }
            routes.names.push(name.into());
            own.sort_unstable_by_key(order);
            routes.own.push(own);
            routes.offers.push(offers);
        }
        routes
    }

    /// Appends what `node` itself is reached by.
    pub fn write_own(&self, out: &mut Vec<u8>, node: NodeId) {
        push_nets(out, self.own[node].iter().copied());
    }

    /// What `node` may route through `peer`, as if it saw it.
    pub fn through(&self, node: NodeId, peer: NodeId) -> impl Iterator<Item = IpNet> + '_ {
        self.usable(node, peer).map(|offer| offer.net)
    }

    fn usable(&self, node: NodeId, peer: NodeId) -> impl Iterator<Item = &Offer> {
        self.offers[peer]
            .iter()
            .filter(move |offer| offer.viewers.contains(node))
    }

    /// The nodes that may have a route to offer.
    #[must_use]
    pub const fn routers(&self) -> &NodeSet {
        &self.routers
    }

    /// Appends what `node` may route through each peer that is sent to it; peers without are left out.
    pub fn write_peers(&self, out: &mut Vec<u8>, peers: &Peers, node: NodeId) {
        out.push(b'{');
        let begin = out.len();
        for router in peers.sent(node).common(&self.routers) {
            let mut usable = self.usable(node, router).peekable();
            if router == node || usable.peek().is_none() {
                continue;
            }
            if out.len() > begin {
                out.push(b',');
            }
            out.extend_from_slice(&self.names[router]);
            push_list(out, usable, |out, offer| out.extend_from_slice(&offer.text));
        }
        out.push(b'}');
    }
}

/// Who may use `route` through the node that holds it, where no `via` steers: those whom rules let, and those who
/// announce the same route, so that they know who leads. 0.28 gave exit routes to everybody, and did not know the latter.
fn viewers(lowered: &Lowered<'_>, matches: &Matches, route: RouteId) -> NodeSet {
    let exit = is_exit_route(matches.offered.net(route));
    if lowered.dialect() == Dialect::V0_28 {
        return if exit {
            NodeSet::all(lowered.index().node_count())
        } else {
            matches.access[route].clone()
        };
    }
    let mut viewers = matches.access[route].clone();
    if !exit {
        matches.offered.nodes(route).iter().for_each(|&node| {
            viewers.insert(node);
        });
    }
    viewers
}

/// Go's `netip.Prefix.Compare`, as headscale sorts `AllowedIPs`: family, first address, length.
fn order(net: &IpNet) -> (bool, std::net::IpAddr, u8) {
    (net.addr().is_ipv6(), net.network(), net.prefix_len())
}

fn push_nets(out: &mut Vec<u8>, nets: impl Iterator<Item = IpNet>) {
    push_list(out, nets, push_quoted);
}

fn push_quoted(out: &mut Vec<u8>, net: IpNet) {
    out.push(b'"');
    push_net(out, net);
    out.push(b'"');
}
