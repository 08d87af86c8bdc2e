//! `capMap`: what a node is told about itself (`TailNode` in `hscontrol/types/node.go`, `compileNodeAttrs` in
//! `hscontrol/policy/v2/compiled.go`), and the little of it that its peers are told (`PeerCapMap` in
//! `tailnet_state_caps.go`).

use std::collections::{BTreeMap, HashMap};

use crate::policy::dialect::Dialect;
use crate::policy::document::Document;
use crate::policy::tailnet::id::id;
use crate::policy::tailnet::{Index, NodeId, NodeSet, Resolver, Table};

use super::text::push_string;

/// Clients see it on a peer that is an exit node, and offer it.
const SUGGEST_EXIT_NODE: &str = "suggest-exit-node";

/// What `randomizeClientPort` gives every node.
const RANDOMIZE_CLIENT_PORT: &str = "randomize-client-port";

id! {
    /// An entry of `nodeAttrs` that gives something, or `randomizeClientPort`: its index in [`Caps`].
    EntryId
}
id! {
    /// Capabilities that several nodes have: their index in [`Caps`].
    ListId
}

/// What the server's configuration adds to every node's capabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `taildrop.enabled`
    pub taildrop: bool,
    /// `auto_update.enabled`
    pub auto_update: bool,
}

impl Default for Settings {
    /// headscale's defaults.
    fn default() -> Self {
        Self {
            taildrop: true,
            auto_update: false,
        }
    }
}

/// The capabilities of all nodes.
#[derive(Clone, Debug)]
pub struct Caps {
    entries: Table<EntryId, Vec<Box<str>>>,
    lists: Table<ListId, List>,
    by_node: Table<NodeId, ListId>,
}

/// Capabilities with their JSON, written once for all nodes that have them.
#[derive(Clone, Debug)]
struct List {
    entries: Vec<EntryId>,
    text: Box<[u8]>,
}

impl Caps {
    /// The capabilities that `document` gives, with those of every node.
    ///
    /// headscale refuses a policy in which a target cannot be found; here the rest of it counts.
    #[must_use]
    pub fn new(document: &Document, resolver: &mut Resolver<'_>, settings: Settings) -> Self {
        let count = resolver.index().node_count();
        let mut entries: Table<EntryId, Vec<Box<str>>> = Table::default();
        let mut given: Table<NodeId, Vec<EntryId>> = Table::filled(count, Vec::new());
        if document.randomize_client_port.is_some_and(|flag| flag.value) {
            let entry = entries.push(vec![RANDOMIZE_CLIENT_PORT.into()]);
            given.values_mut().for_each(|given| given.push(entry));
        }
        for written in document.node_attrs.iter().filter(|entry| !entry.attr.is_empty()) {
            let entry = entries.push(written.attr.iter().map(|attr| attr.value.clone()).collect());
            let mut nodes = NodeSet::empty(count);
            for target in &written.target {
                let alias = resolver.resolve(&target.value);
                nodes.union_with(&resolver.get(alias).nodes);
            }
            nodes.iter().for_each(|node| given[node].push(entry));
        }
        let mut known: HashMap<Vec<EntryId>, ListId> = HashMap::new();
        let mut lists: Table<ListId, List> = Table::default();
        let mut by_node = Table::default();
        for given in given.values() {
            let list = match known.get(given) {
                Some(&list) => list,
                None => {
                    let text = text(given, &entries, settings, resolver.dialect());
                    let list = lists.push(List {
                        entries: given.clone(),
                        text,
                    });
                    known.insert(given.clone(), list);
                    list
                }
            };
            by_node.push(list);
        }
        Self {
            entries,
            lists,
            by_node,
        }
    }

    /// Whether the policy gives `node` the capability `name`.
    #[must_use]
    pub fn gives(&self, node: NodeId, name: &str) -> bool {
        let entries = &self.lists[self.by_node[node]].entries;
        entries
            .iter()
            .any(|&entry| self.entries[entry].iter().any(|attr| &**attr == name))
    }

    /// What the peers of `node` are told: that it may be offered as an exit node, if it is one.
    #[must_use]
    pub fn of_peer(&self, index: &Index<'_>, node: NodeId) -> Option<&'static str> {
        let offered = index.exit_nodes().contains(node) && self.gives(node, SUGGEST_EXIT_NODE);
        offered.then_some(SUGGEST_EXIT_NODE)
    }

    /// Appends the capabilities of `node` as JSON.
    pub fn write(&self, out: &mut Vec<u8>, node: NodeId) {
        out.extend_from_slice(&self.lists[self.by_node[node]].text);
    }
}

/// Names in byte order. What the policy gives has no value, also where it goes over what every node has.
fn text(given: &[EntryId], entries: &Table<EntryId, Vec<Box<str>>>, settings: Settings, dialect: Dialect) -> Box<[u8]> {
    let mut caps: BTreeMap<&str, &str> = BTreeMap::from([
        ("https://tailscale.com/cap/is-admin", "[]"),
        ("https://tailscale.com/cap/ssh", "[]"),
    ]);
    if settings.taildrop {
        caps.insert("https://tailscale.com/cap/file-sharing", "[]");
    }
    if dialect != Dialect::V0_28 {
        let value = if settings.auto_update { "[true]" } else { "[false]" };
        caps.insert("default-auto-update", value);
    }
    for attr in given.iter().flat_map(|&entry| &entries[entry]) {
        caps.insert(attr, "null");
    }
    let mut out = vec![b'{'];
    for (name, value) in caps {
        if out.len() > 1 {
            out.push(b',');
        }
        push_string(&mut out, name);
        out.push(b':');
        out.extend_from_slice(value.as_bytes());
    }
    out.push(b'}');
    out.into()
}
