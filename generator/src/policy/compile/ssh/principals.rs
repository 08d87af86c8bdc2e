//! Who may come: the sources of SSH rules as addresses, written once for all rules and nodes.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use crate::net::AddrSet;
use crate::policy::compile::text::{push_addr, push_list};
use crate::policy::dialect::Dialect;
use crate::policy::tailnet::{AliasId, Index, NodeId, NodeSet, Resolver, UserId};

/// Addresses that a rule lets in, in headscale's order, with their JSON.
#[derive(Clone, Debug)]
pub struct Principals {
    /// The addresses.
    pub set: AddrSet,
    /// `principals` as JSON.
    pub text: Box<[u8]>,
}

impl Principals {
    /// `None`: there is no address.
    fn new(addresses: Vec<IpAddr>) -> Option<Arc<Self>> {
        if addresses.is_empty() {
            return None;
        }
        let mut text = Vec::with_capacity(addresses.len() * 32);
        push_list(&mut text, &addresses, |out, &addr| {
            out.extend_from_slice(br#"{"nodeIP":""#);
            push_addr(out, addr);
            out.extend_from_slice(br#""}"#);
        });
        Some(Arc::new(Self {
            set: addresses.into_iter().collect(),
            text: text.into(),
        }))
    }
}

/// The sources of a rule, grouped as headscale groups them (`groupSourcesByUser` in `hscontrol/policy/v2/filter.go`).
#[derive(Clone, Debug)]
pub(super) struct Sources {
    /// The nodes.
    pub nodes: NodeSet,
    /// Each user's, in the order of headscale's user ids, addresses ascending.
    pub users: Vec<(UserId, Arc<Principals>)>,
    /// The tagged ones', node after node; a node with several tags stands there once for each, as the Tailscale
    /// service, which goes through the members of each tag, has it.
    pub tagged: Option<Arc<Principals>>,
    /// All of them, users first.
    pub all: Option<Arc<Principals>>,
    /// Where each user stands in `users`.
    positions: HashMap<UserId, usize>,
}

impl Sources {
    /// The principals of one user.
    pub(super) fn of_user(&self, user: UserId) -> Option<&Arc<Principals>> {
        let position = *self.positions.get(&user)?;
        self.users.get(position).map(|(_, principals)| principals)
    }
}

/// Groups that were made already: rules with the same `src` share one.
#[derive(Debug, Default)]
pub(super) struct SourceTable {
    known: HashMap<Vec<AliasId>, Arc<Sources>>,
}

impl SourceTable {
    /// The sources that `aliases` stand for, as far as they could be found.
    pub(super) fn group(&mut self, aliases: Vec<AliasId>, resolver: &Resolver<'_>) -> Arc<Sources> {
        if let Some(known) = self.known.get(&aliases) {
            return Arc::clone(known);
        }
        let mut nodes = NodeSet::empty(resolver.index().node_count());
        for &alias in &aliases {
            nodes.union_with(&resolver.get(alias).nodes);
        }
        let sources = Arc::new(group(nodes, resolver.index(), resolver.dialect()));
        self.known.insert(aliases, Arc::clone(&sources));
        sources
    }
}

fn group(nodes: NodeSet, index: &Index<'_>, dialect: Dialect) -> Sources {
    let mut by_user: BTreeMap<(u64, UserId), Vec<IpAddr>> = BTreeMap::new();
    let mut tagged: Vec<IpAddr> = Vec::new();
    for id in nodes.iter() {
        let node = index.node(id);
        for _ in &node.tags {
            tagged.extend(node.addresses());
        }
        if let Some(user) = index.owner(id) {
            by_user
                .entry((index.user(user).id, user))
                .or_default()
                .extend(node.addresses());
        }
    }
    // An address set lists IPv4 first, ascending, each once.
    by_user.values_mut().for_each(|addresses| {
        addresses.sort_unstable();
        addresses.dedup();
    });
    let all = if dialect == Dialect::V0_28 {
        // 0.28 took the whole set of addresses, whoever's they are.
        let mut all: Vec<IpAddr> = by_user.values().flatten().chain(&tagged).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    } else {
        by_user.values().flatten().chain(&tagged).copied().collect()
    };
    let users: Vec<_> = by_user
        .into_iter()
        .filter_map(|((_, user), addresses)| Some((user, Principals::new(addresses)?)))
        .collect();
    Sources {
        nodes,
        positions: users
            .iter()
            .enumerate()
            .map(|(position, (user, _))| (*user, position))
            .collect(),
        users,
        tagged: Principals::new(tagged),
        all: Principals::new(all),
    }
}

/// The addresses of one node.
pub(super) fn of_node(index: &Index<'_>, node: NodeId) -> Option<Arc<Principals>> {
    Principals::new(index.node(node).addresses().collect())
}
