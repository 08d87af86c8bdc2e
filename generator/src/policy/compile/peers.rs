//! `peers`: who sees whom (`BuildPeerMap` in `hscontrol/policy/v2/policy.go`).
//!
//! Two nodes see each other if a rule lets one in to the other, in either direction. What a node sees is a union of
//! the other sides of the rules that speak of it, so nodes of which the same rules speak share one set.

use std::collections::HashMap;
use std::rc::Rc;

use crate::policy::tailnet::id::id;
use crate::policy::tailnet::{Id, Index, NodeId, NodeSet, Nodes, Table};

use super::filter::Filter;
use super::matches::Matches;
use super::text::{Slab, push_string};

id! {
    /// Nodes that see the same.
    ClassId
}

/// Names that so many nodes see are written once and kept: never more than a quarter of what is sent.
const SHARED: usize = 4;

/// Who sees whom.
#[derive(Clone, Debug)]
pub struct Peers {
    class_of: Table<NodeId, ClassId>,
    classes: Table<ClassId, Class>,
    /// `"name",` of each node.
    names: Slab,
    /// Where the name of each node begins in the names that its class sees, if it is one of them.
    own_name: Table<NodeId, usize>,
    links: usize,
}

#[derive(Clone, Debug)]
struct Class {
    /// Whom its nodes see, perhaps the nodes themselves included.
    seen: Nodes,
    /// The part of it that is really sent to them, where that is less.
    sent: Option<Nodes>,
    /// The names of all that are seen, if the class has enough nodes.
    names: Box<[u8]>,
}

/// A set of nodes that is added to what others see.
struct Link {
    adds: Rc<Nodes>,
    /// Whether those who see by it have the rule themselves.
    own: bool,
}

impl Peers {
    /// Who sees whom by `matches`.
    #[must_use]
    pub fn new(index: &Index<'_>, filter: &Filter, matches: &Matches) -> Self {
        let count = index.node_count();
        let mut links = Links {
            list: Vec::new(),
            by_node: Table::filled(count, Vec::new()),
        };
        for rule in &matches.shared {
            links.add(rule.from.nodes.iter(), &rule.to, true);
            links.add(rule.to.iter(), &rule.from.nodes, true);
        }
        for rule in &matches.own {
            let (from, to) = (&rule.from.nodes, &rule.to);
            let owners = |set: &Nodes| {
                let owners = rule.owners.iter().copied().filter(|&owner| set.contains(owner));
                Rc::new(Nodes::of(count, owners.collect()))
            };
            let (sending, receiving) = (owners(from), owners(to));
            links.add(sending.iter(), to, true);
            links.add(receiving.iter(), from, true);
            links.add(to.iter(), &sending, false);
            links.add(from.iter(), &receiving, false);
        }
        let mut peers = Self {
            class_of: Table::default(),
            classes: Table::default(),
            own_name: Table::filled(count, 0),
            names: Slab::default(),
            links: links.list.len(),
        };
        let mut by_rules: HashMap<(Vec<u32>, bool), ClassId> = HashMap::new();
        let mut by_peers: HashMap<(Nodes, Option<Nodes>), ClassId> = HashMap::new();
        let mut members: Table<ClassId, Vec<NodeId>> = Table::default();
        for (id, node) in index.nodes() {
            // A node without any rule is sent all that see it: with no matchers `buildTailPeers` does not reduce.
            let unfiltered = filter.rules.is_empty() && filter.own.of(index, id).is_empty();
            let signature = std::mem::take(&mut links.by_node[id]);
            let class = *by_rules
                .entry((signature, unfiltered))
                .or_insert_with_key(|(signature, unfiltered)| {
                    *by_peers
                        .entry(links.row(count, signature, *unfiltered))
                        .or_insert_with_key(|(seen, sent)| {
                            members.push(Vec::new());
                            peers.classes.push(Class {
                                seen: seen.clone(),
                                sent: sent.clone(),
                                names: Box::default(),
                            })
                        })
                });
            peers.class_of.push(class);
            members[class].push(id);
            peers.names.push(|out| {
                push_string(out, &node.name);
                out.push(b',');
            });
        }
        for (class, members) in members.iter().filter(|(_, members)| members.len() >= SHARED) {
            peers.write_once(class, members);
        }
        peers
    }

    /// Writes the names that a class sees, and notes where those of its own nodes stand.
    fn write_once(&mut self, class: ClassId, members: &[NodeId]) {
        let mut text = Vec::new();
        let mut members = members.iter().copied().peekable();
        for node in self.classes[class].seen.iter() {
            while members.next_if(|&member| member < node).is_some() {}
            if members.peek() == Some(&node) {
                self.own_name[node] = text.len();
            }
            text.extend_from_slice(self.names.get(node.index()));
        }
        self.classes[class].names = text.into();
    }

    /// How many sets of nodes were found to see a set of nodes.
    #[must_use]
    pub const fn links(&self) -> usize {
        self.links
    }

    /// How many sets of nodes see the same.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes.len()
    }

    /// Whether `node` sees `other`.
    #[must_use]
    pub fn sees(&self, node: NodeId, other: NodeId) -> bool {
        node != other && self.seen(node).contains(other)
    }

    /// Whom `node` sees, ascending.
    pub fn of(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.seen(node).iter().filter(move |&other| other != node)
    }

    /// The peers that are really sent to `node`, perhaps the node itself included. headscale leaves out those that it
    /// sees by rules of theirs alone (`ReduceNodes` asks the node's own matchers).
    #[must_use]
    pub fn sent(&self, node: NodeId) -> &Nodes {
        let class = &self.classes[self.class_of[node]];
        class.sent.as_ref().unwrap_or(&class.seen)
    }

    /// Whether `other` is really sent to `node`, so that it can send anything there.
    #[must_use]
    pub fn is_sent(&self, node: NodeId, other: NodeId) -> bool {
        node != other && self.sent(node).contains(other)
    }

    fn seen(&self, node: NodeId) -> &Nodes {
        &self.classes[self.class_of[node]].seen
    }

    /// Appends the names of the peers of `node`, in the order of nodes.
    pub fn write(&self, out: &mut Vec<u8>, node: NodeId) {
        let class = &self.classes[self.class_of[node]];
        out.push(b'[');
        let begin = out.len();
        if class.names.is_empty() {
            for other in class.seen.iter().filter(|&other| other != node) {
                out.extend_from_slice(self.names.get(other.index()));
            }
        } else if class.seen.contains(node) {
            let (before, rest) = class.names.split_at(self.own_name[node].min(class.names.len()));
            out.extend_from_slice(before);
            let own = self.names.get(node.index()).len();
            out.extend_from_slice(rest.get(own..).unwrap_or_default());
        } else {
            out.extend_from_slice(&class.names);
        }
        if out.len() > begin {
            out.pop();
        }
        out.push(b']');
    }
}

struct Links {
    list: Vec<Link>,
    by_node: Table<NodeId, Vec<u32>>,
}

impl Links {
    fn add(&mut self, members: impl Iterator<Item = NodeId>, adds: &Rc<Nodes>, own: bool) {
        if adds.is_empty() {
            return;
        }
        let link = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let adds = Rc::clone(adds);
        self.list.push(Link { adds, own });
        members.for_each(|member| self.by_node[member].push(link));
    }

    /// Whom a node sees of which these links speak, and what of it is sent, where that is less.
    fn row(&self, count: usize, signature: &[u32], unfiltered: bool) -> (Nodes, Option<Nodes>) {
        let links = || signature.iter().filter_map(|&link| self.list.get(link as usize));
        let mut seen = NodeSet::empty(count);
        links()
            .filter(|link| link.own)
            .for_each(|link| link.adds.add_to(&mut seen));
        let sent = seen.clone();
        links()
            .filter(|link| !link.own)
            .for_each(|link| link.adds.add_to(&mut seen));
        let less = (!unfiltered && sent != seen).then(|| Nodes::from_set(count, &sent));
        (Nodes::from_set(count, &seen), less)
    }
}
