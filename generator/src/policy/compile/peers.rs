//! `peers`: who sees whom (`BuildPeerMap` in `hscontrol/policy/v2/policy.go`).
//!
//! Two nodes see each other if a rule lets one in to the other, in either direction. What a node sees is a union of
//! the other sides of the rules that speak of it, so nodes of which the same rules speak share one set.

use std::collections::HashMap;

use crate::policy::tailnet::id::id;
use crate::policy::tailnet::{Index, NodeId, NodeSet, Table};

use super::filter::Filter;
use super::matches::Matches;
use super::text::{Slab, push_string};

id! {
    /// Nodes of which the same rules speak.
    ClassId
}

/// Who sees whom.
#[derive(Clone, Debug)]
pub struct Peers {
    class_of: Table<NodeId, ClassId>,
    classes: Table<ClassId, Class>,
    /// `"name",` of each node.
    names: Slab,
}

#[derive(Clone, Debug)]
struct Class {
    /// Whom its nodes see, perhaps the nodes themselves included.
    seen: NodeSet,
    /// The part of it that is really sent to them, where that is less.
    sent: Option<NodeSet>,
}

/// A set of nodes that is added to what others see.
struct Link<'m> {
    adds: Adds<'m>,
    /// Whether those who see by it have the rule themselves.
    own: bool,
}

enum Adds<'m> {
    Set(&'m NodeSet),
    List(Vec<NodeId>),
}

impl Peers {
    /// Who sees whom by `matches`.
    #[must_use]
    pub fn new(index: &Index<'_>, filter: &Filter, matches: &Matches) -> Self {
        let mut links = Links {
            list: Vec::new(),
            by_node: Table::filled(index.node_count(), Vec::new()),
        };
        for rule in &matches.shared {
            links.add(rule.from.nodes.iter(), Adds::Set(&rule.to), true);
            links.add(rule.to.iter(), Adds::Set(&rule.from.nodes), true);
        }
        for rule in &matches.own {
            let (from, to) = (&rule.from.nodes, &rule.to);
            let owners = |set: &NodeSet| -> Vec<NodeId> {
                rule.owners
                    .iter()
                    .copied()
                    .filter(|&owner| set.contains(owner))
                    .collect()
            };
            let (sending, receiving) = (owners(from), owners(to));
            links.add(sending.iter().copied(), Adds::Set(to), true);
            links.add(receiving.iter().copied(), Adds::Set(from), true);
            links.add(to.iter(), Adds::List(sending), false);
            links.add(from.iter(), Adds::List(receiving), false);
        }
        let mut peers = Self {
            class_of: Table::default(),
            classes: Table::default(),
            names: Slab::default(),
        };
        let mut known: HashMap<(Vec<u32>, bool), ClassId> = HashMap::new();
        for (id, node) in index.nodes() {
            // A node without any rule is sent all that see it: with no matchers `buildTailPeers` does not reduce.
            let unfiltered = filter.rules.is_empty() && filter.own.of(index, id).is_empty();
            let signature = std::mem::take(&mut links.by_node[id]);
            let class = *known
                .entry((signature, unfiltered))
                .or_insert_with_key(|(signature, unfiltered)| {
                    peers
                        .classes
                        .push(links.class(index.node_count(), signature, *unfiltered))
                });
            peers.class_of.push(class);
            peers.names.push(|out| {
                push_string(out, &node.name);
                out.push(b',');
            });
        }
        peers
    }

    /// Whether `node` sees `other`.
    #[must_use]
    pub fn sees(&self, node: NodeId, other: NodeId) -> bool {
        node != other && self.classes[self.class_of[node]].seen.contains(other)
    }

    /// Whom `node` sees, ascending.
    pub fn of(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let seen = &self.classes[self.class_of[node]].seen;
        seen.iter().filter(move |&other| other != node)
    }

    /// The peers that are really sent to `node`, perhaps the node itself included. headscale leaves out those that it
    /// sees by rules of theirs alone (`ReduceNodes` asks the node's own matchers).
    #[must_use]
    pub fn sent(&self, node: NodeId) -> &NodeSet {
        let class = &self.classes[self.class_of[node]];
        class.sent.as_ref().unwrap_or(&class.seen)
    }

    /// Appends the names of the peers of `node`, in the order of nodes.
    pub fn write(&self, out: &mut Vec<u8>, node: NodeId) {
        let own = crate::policy::tailnet::Id::index(node);
        out.push(b'[');
        let begin = out.len();
        for run in self.classes[self.class_of[node]].seen.runs() {
            if run.contains(&own) {
                out.extend_from_slice(self.names.run(run.start, own));
                out.extend_from_slice(self.names.run(own + 1, run.end));
            } else {
                out.extend_from_slice(self.names.run(run.start, run.end));
            }
        }
        if out.len() > begin {
            out.pop();
        }
        out.push(b']');
    }
}

struct Links<'m> {
    list: Vec<Link<'m>>,
    by_node: Table<NodeId, Vec<u32>>,
}

impl<'m> Links<'m> {
    fn add(&mut self, members: impl Iterator<Item = NodeId>, adds: Adds<'m>, own: bool) {
        if matches!(&adds, Adds::List(list) if list.is_empty()) {
            return;
        }
        let link = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(Link { adds, own });
        members.for_each(|member| self.by_node[member].push(link));
    }

    fn class(&self, nodes: usize, signature: &[u32], unfiltered: bool) -> Class {
        let (mut seen, mut others) = (NodeSet::empty(nodes), false);
        let links = || signature.iter().filter_map(|&link| self.list.get(link as usize));
        for link in links().filter(|link| link.own) {
            link.adds.add_to(&mut seen);
        }
        let sent = seen.clone();
        for link in links().filter(|link| !link.own) {
            link.adds.add_to(&mut seen);
            others = true;
        }
        Class {
            sent: (others && !unfiltered && sent != seen).then_some(sent),
            seen,
        }
    }
}

impl Adds<'_> {
    fn add_to(&self, set: &mut NodeSet) {
        match self {
            Self::Set(nodes) => set.union_with(nodes),
            Self::List(nodes) => nodes.iter().for_each(|&node| {
                set.insert(node);
            }),
        }
    }
}
