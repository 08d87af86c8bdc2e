//! The tailnet as somebody has it: read from a topology.
//!
//! Four forms, told apart by their shape, so that nobody has to write one:
//!
//! - `{ "users": [...], "nodes": { NAME: {...} } }`, the `topology` object of the captures, nodes by name;
//! - a whole capture file: its member `topology`;
//! - what `headscale nodes list -o json` prints: an array of nodes; 0.28 and 0.29 write `snake_case` names and numeric
//!   ids and leave out what is empty, 0.30 writes `camelCase`, ids as strings and everything. Users are derived from
//!   the nodes;
//! - `{ "users": [...], "nodes": [...] }`: the same, with what `headscale users list -o json` prints.
//!
//! A topology with `prefixes` (`{ "v4": CIDR, "v6": CIDR }`) speaks of a tailnet that need not be there yet, as the
//! artifact `topology.json` does: nodes without addresses get symbolic ones of these ranges, and people without nodes a
//! device ([`symbolic`]).
//!
//! Nothing here knows a policy. Users that only a policy names are [`Topology::assume`]d when no list of users says
//! otherwise.

mod fields;
mod node;
mod user;

use std::collections::{HashMap, HashSet};

use ipnet::IpNet;

use crate::diagnostics::Diagnostic;
use crate::hujson::{Kind, Member, Value};
use crate::policy::rules::{topology_contradiction, topology_shape, topology_unknown_key};
use crate::policy::words::UserName;
use crate::source::Span;

use super::symbolic::{self, Prefixes};
use super::{Node, Tailnet, User};
use fields::{member, value};

/// A tailnet with the places it was read from.
#[derive(Clone, Debug, Default)]
pub struct Topology {
    /// The users and nodes, nodes in the order of headscale's ids where all have one, else as written.
    pub tailnet: Tailnet,
    /// Where each node stands, parallel to [`Tailnet::nodes`] as they were read.
    pub node_spans: Vec<Span>,
    /// Where each user stands, parallel to [`Tailnet::users`]: its own entry, or the first node that names it; `None`
    /// for users that were assumed.
    pub user_spans: Vec<Option<Span>>,
    /// Where the addresses of nodes come from that are not known.
    pub prefixes: Option<Prefixes>,
    /// Whether the topology lists the users. If not, those without an untagged node are unknown.
    pub users_listed: bool,
}

/// Reads a topology. All findings are collected; what was read stays usable where it is sound.
#[must_use]
pub fn read(tree: &Value) -> (Topology, Vec<Diagnostic>) {
    let mut reader = Reader::default();
    reader.document(tree);
    reader.finish()
}

impl Topology {
    /// Puts stand-ins where the topology leaves out what nobody knows yet, if it says that it does. `spoken_of`: the
    /// addresses and networks that the policy names.
    pub fn complete(&mut self, spoken_of: &[IpNet]) {
        if let Some(prefixes) = self.prefixes {
            symbolic::stand_ins(&mut self.tailnet);
            symbolic::hand_out(&mut self.tailnet, prefixes, spoken_of, 0);
        }
    }

    /// Adds those of `names` that no user bears as users without nodes, unless the users are listed. A tailnet that
    /// was derived from its nodes does not know people whose devices are all tagged or who have none yet, and whoever
    /// names them in a policy most likely has them. Returns the names that were added, in order.
    pub fn assume<'a>(&mut self, names: impl IntoIterator<Item = &'a UserName>) -> Vec<&'a UserName> {
        if self.users_listed {
            return Vec::new();
        }
        let mut known: HashSet<String> = HashSet::new();
        let mut id = 0;
        for user in &self.tailnet.users {
            id = id.max(user.id);
            known.extend([&user.name, &user.email, &user.provider_id].map(String::clone));
        }
        let mut assumed = Vec::new();
        for name in names {
            let token = name.as_str().strip_suffix('@').unwrap_or(name.as_str());
            if token.is_empty() || known.contains(token) {
                continue;
            }
            known.insert(token.to_owned());
            id = id.saturating_add(1);
            self.tailnet.users.push(User {
                id,
                name: token.to_owned(),
                // `localpart:` rules read the email, so a name that looks like one is taken for one.
                email: if token.contains('@') { token } else { "" }.to_owned(),
                provider_id: String::new(),
            });
            self.user_spans.push(None);
            assumed.push(name);
        }
        assumed
    }
}

/// Reading in progress.
#[derive(Default)]
struct Reader {
    topology: Topology,
    /// headscale's node ids, parallel to the nodes.
    node_ids: Vec<Option<u64>>,
    /// Nodes by name, to refuse a second one.
    names: HashMap<String, Span>,
    /// Nodes by address.
    addresses: HashMap<std::net::IpAddr, Span>,
    /// The highest id of a user so far.
    last_user_id: u64,
    /// Users by id.
    users_by_id: HashMap<u64, usize>,
    /// Users by name; more than one when the name is not unique.
    users_by_name: HashMap<String, Vec<usize>>,
    findings: Vec<Diagnostic>,
}

impl Reader {
    fn document(&mut self, tree: &Value) {
        match &tree.kind {
            // `headscale nodes list -o json` of an empty tailnet prints `null`.
            Kind::Null => {}
            Kind::Array(nodes) => self.node_list(nodes),
            Kind::Object(members) => {
                // A capture file: whatever stands beside the topology is none of our business.
                if let Some(topology) = member(members, &["topology"]) {
                    if let Kind::Object(members) = &topology.value.kind {
                        self.object(members);
                    } else {
                        self.findings
                            .push(topology_shape::wrong_type(&topology.value, "an object"));
                    }
                } else if member(members, &["nodes"]).is_some() {
                    self.object(members);
                } else {
                    self.findings.push(topology_shape::no_nodes(tree.span));
                }
            }
            _ => self.findings.push(topology_shape::wrong_type(
                tree,
                "an object with \"users\" and \"nodes\", or what `headscale nodes list -o json` prints",
            )),
        }
    }

    fn object(&mut self, members: &[Member]) {
        self.unknown_keys(members, &["prefixes", "users", "nodes"], &[]);
        if let Some(prefixes) = value(members, &["prefixes"]) {
            self.topology.prefixes = self.prefixes(prefixes);
        }
        if let Some(users) = member(members, &["users"]) {
            self.topology.users_listed = true;
            match &users.value.kind {
                Kind::Null => {}
                Kind::Array(list) => list.iter().for_each(|user| self.listed_user(user)),
                _ => self.findings.push(topology_shape::wrong_type(&users.value, "an array")),
            }
        }
        match member(members, &["nodes"]).map(|nodes| &nodes.value) {
            None => {}
            Some(Value { kind: Kind::Null, .. }) => {}
            Some(Value {
                kind: Kind::Array(nodes),
                ..
            }) => self.node_list(nodes),
            Some(Value {
                kind: Kind::Object(nodes),
                ..
            }) => {
                for node in nodes {
                    self.node(Some(&node.name), &node.value);
                }
            }
            Some(other) => self
                .findings
                .push(topology_shape::wrong_type(other, "an object of nodes, or an array")),
        }
    }

    fn node_list(&mut self, nodes: &[Value]) {
        for node in nodes {
            self.node(None, node);
        }
    }

    /// Reports members that neither we nor any headscale knows: most likely a slip of the pen.
    fn unknown_keys(&mut self, members: &[Member], ours: &[&'static str], headscales: &[&'static str]) {
        for member in members {
            let name: &str = &member.name.value;
            if !ours.contains(&name) && !headscales.contains(&name) {
                self.findings.push(topology_unknown_key::finding(&member.name, ours));
            }
        }
    }

    /// Takes a user in under its id and name.
    fn add_user(&mut self, user: User, span: Span) -> usize {
        let index = self.topology.tailnet.users.len();
        self.last_user_id = self.last_user_id.max(user.id);
        self.users_by_id.entry(user.id).or_insert(index);
        self.users_by_name.entry(user.name.clone()).or_default().push(index);
        self.topology.tailnet.users.push(user);
        self.topology.user_spans.push(Some(span));
        index
    }

    fn add_node(&mut self, node: Node, id: Option<u64>, span: Span) {
        if let Some(first) = self.names.get(&node.name) {
            self.findings
                .push(topology_contradiction::duplicate_node(&node.name, span, *first));
            return;
        }
        self.names.insert(node.name.clone(), span);
        for address in node.v4.map(Into::into).into_iter().chain(node.v6.map(Into::into)) {
            if let Some(first) = self.addresses.insert(address, span) {
                self.findings
                    .push(topology_contradiction::duplicate_address(address, span, first));
            }
        }
        self.topology.tailnet.nodes.push(node);
        self.topology.node_spans.push(span);
        self.node_ids.push(id);
    }

    /// Puts the nodes in the order of their ids, if all have one: headscale keeps them so.
    fn finish(mut self) -> (Topology, Vec<Diagnostic>) {
        if self.node_ids.iter().all(Option::is_some) {
            let nodes = std::mem::take(&mut self.topology.tailnet.nodes);
            let spans = std::mem::take(&mut self.topology.node_spans);
            let mut all: Vec<_> = self.node_ids.into_iter().zip(nodes.into_iter().zip(spans)).collect();
            all.sort_by_key(|(id, _)| *id);
            (self.topology.tailnet.nodes, self.topology.node_spans) = all.into_iter().map(|(_, node)| node).unzip();
        }
        (self.topology, self.findings)
    }
}

#[cfg(test)]
mod tests;
