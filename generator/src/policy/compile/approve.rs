//! `canApprove`: announced routes that `autoApprovers` would approve (`NodeCanApproveRoute` in
//! `hscontrol/policy/v2/policy.go`).
//!
//! A subnet route is approved by an entry for the same network or a larger one around it; an exit route by `exitNode`
//! alone, an entry for `0.0.0.0/0` in `routes` approves any subnet and not the exit route. Who approves is asked by
//! address, so a user stands for their untagged nodes.

use std::collections::{BTreeSet, HashMap};

use ipnet::IpNet;

use crate::net::known::is_exit_route;
use crate::policy::document::Document;
use crate::policy::tailnet::{Index, NodeId, NodeSet, Resolver};
use crate::policy::words::{Alias, Owner};
use crate::source::Spanned;

use super::text::{push_list, push_net};

/// Whose routes are approved.
#[derive(Clone, Debug)]
pub struct Approvals {
    exit: NodeSet,
    /// By network, host bits masked: the entries of `routes` with the nodes they speak of.
    routes: HashMap<IpNet, NodeSet>,
    /// The prefix lengths that occur in `routes`, of IPv4 and IPv6.
    lengths: [BTreeSet<u8>; 2],
}

impl Approvals {
    /// `autoApprovers` of `document` in the tailnet of `resolver`.
    #[must_use]
    pub fn new(document: &Document, resolver: &mut Resolver<'_>) -> Self {
        let count = resolver.index().node_count();
        let mut approvals = Self {
            exit: nodes(&document.auto_approvers.exit_node, resolver),
            routes: HashMap::new(),
            lengths: Default::default(),
        };
        for (prefix, owners) in &document.auto_approvers.routes {
            let route = prefix.value.network();
            let nodes = nodes(owners, resolver);
            let [v4, v6] = &mut approvals.lengths;
            let lengths = if route.addr().is_ipv4() { v4 } else { v6 };
            lengths.insert(route.prefix_len());
            let entry = approvals.routes.entry(route);
            entry.or_insert_with(|| NodeSet::empty(count)).union_with(&nodes);
        }
        approvals
    }

    /// Whether `route` of `node` would be approved.
    #[must_use]
    pub fn approves(&self, node: NodeId, route: IpNet) -> bool {
        if is_exit_route(route) {
            return self.exit.contains(node);
        }
        let [v4, v6] = &self.lengths;
        let lengths = if route.addr().is_ipv4() { v4 } else { v6 };
        lengths.range(..=route.prefix_len()).any(|&length| {
            let around = IpNet::new_assert(route.addr(), length).trunc();
            self.routes.get(&around).is_some_and(|nodes| nodes.contains(node))
        })
    }

    /// The announced routes of `node` that would be approved, in the order announced.
    pub fn of<'a>(&self, index: &Index<'a>, node: NodeId) -> impl Iterator<Item = IpNet> + use<'_, 'a> {
        let announced = index.node(node).announced.iter().copied();
        announced.filter(move |&route| self.approves(node, route))
    }

    /// Appends them as JSON.
    pub fn write(&self, out: &mut Vec<u8>, index: &Index<'_>, node: NodeId) {
        push_list(out, self.of(index, node), |out, route| {
            out.push(b'"');
            push_net(out, route);
            out.push(b'"');
        });
    }
}

/// The nodes that approvers stand for; who cannot be found is nobody.
fn nodes(owners: &[Spanned<Owner>], resolver: &mut Resolver<'_>) -> NodeSet {
    let mut all = NodeSet::empty(resolver.index().node_count());
    for owner in owners {
        let alias = match &owner.value {
            Owner::User(name) => Alias::User(name.clone()),
            Owner::Group(name) => Alias::Group(name.clone()),
            Owner::Tag(tag) => Alias::Tag(tag.clone()),
        };
        let alias = resolver.resolve(&alias);
        all.union_with(&resolver.get(alias).nodes);
    }
    all
}
