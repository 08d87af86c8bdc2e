//! `SrcIPs`: each list that rules have is written once, and copied wherever it is sent.
//!
//! headscale merges rules whose lists are the same text, so a list's number says whether two are the same.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::net::{AddrRange, AddrSet, AddrSetBuilder};
use crate::policy::dialect::Dialect;
use crate::policy::permit::Sources;
use crate::policy::tailnet::id::id;
use crate::policy::tailnet::{Index, Resolver, Table};
use crate::policy::words::Alias;

use super::text::{push_list, push_net, push_range, push_string};

id! {
    /// A list of `SrcIPs`: its index in a [`SourceTable`].
    SourceId
}

/// One list.
#[derive(Clone, Debug)]
pub struct Source {
    /// The list as JSON.
    pub text: Box<[u8]>,
    /// The addresses that headscale's matchers and the client read back from it.
    pub set: Arc<AddrSet>,
}

/// What makes two lists the same text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// `*`, then further entries.
    Everything(Vec<Box<str>>),
    /// The ranges of a set, then further entries.
    Listed(Arc<AddrSet>, Vec<Box<str>>),
}

impl Key {
    /// Lists the sources beside `*` once more, each on its own, but for what is listed as the same text already.
    fn repeat(&mut self, sources: &Sources, resolver: &Resolver<'_>) {
        let others = sources
            .aliases
            .iter()
            .filter(|&&id| *resolver.alias(id) != Alias::Wildcard);
        let (mut seen, further): (HashSet<Box<str>>, _) = match self {
            // `*` is none of the ranges of anything.
            Self::Everything(further) => (HashSet::new(), further),
            Self::Listed(set, further) => (set.ranges().map(|range| range.to_string().into()).collect(), further),
        };
        seen.extend(further.iter().cloned());
        for range in others.flat_map(|&id| resolver.get(id).set.ranges()) {
            let text: Box<str> = range.to_string().into();
            if seen.insert(text.clone()) {
                further.push(text);
            }
        }
    }
}

/// All lists of one compilation.
#[derive(Clone, Debug)]
pub struct SourceTable {
    dialect: Dialect,
    list: Table<SourceId, Source>,
    known: HashMap<Key, SourceId>,
    /// The subnet routes in force, as announced: what `*` brings with it.
    routes: Vec<Box<str>>,
    /// Their addresses, but for those with host bits: headscale writes them and cannot read them back (`ParseIPSet` in
    /// `hscontrol/util/addr.go`).
    route_set: AddrSet,
}

impl SourceTable {
    /// No list yet.
    #[must_use]
    pub fn new(index: &Index<'_>, dialect: Dialect) -> Self {
        let table = index.routes();
        let nets: Vec<_> = table.ids().map(|route| table.net(route)).collect();
        Self {
            dialect,
            list: Table::default(),
            known: HashMap::new(),
            routes: nets.iter().map(|net| net.to_string().into()).collect(),
            route_set: nets.into_iter().filter(|net| net.trunc() == *net).collect(),
        }
    }

    /// All lists.
    #[must_use]
    pub const fn list(&self) -> &Table<SourceId, Source> {
        &self.list
    }

    /// The list of a rule; `None` if its sources have no address.
    ///
    /// With `*` among the sources every subnet route in force is one too (`approvedSubnetRoutes`), and the other
    /// sources are listed once more on their own (`buildSrcIPStrings`), which `via` rules leave out
    /// (`compileOneViaGrant`). `autogroup:danger-all` puts `*` in the place of ranges and routes (`srcIPsWithRoutes`).
    pub fn of_rule(&mut self, sources: &Sources, resolver: &Resolver<'_>, via: bool) -> Option<SourceId> {
        if !sources.danger_all && sources.set.is_empty() {
            return None;
        }
        let mut key = if sources.danger_all {
            Key::Everything(Vec::new())
        } else {
            Key::Listed(Arc::new(sources.set.clone()), Vec::new())
        };
        if sources.wildcard && self.dialect != Dialect::V0_28 {
            if let Key::Listed(_, further) = &mut key {
                further.clone_from(&self.routes);
            }
            if !via {
                key.repeat(sources, resolver);
            }
        }
        let key = self.normal(key);
        Some(self.add(key))
    }

    /// The list of a set.
    pub fn of_set(&mut self, set: AddrSet) -> SourceId {
        self.add(Key::Listed(Arc::new(set), Vec::new()))
    }

    /// A list of its own, of sets one after the other and, if `routes`, the subnet routes in force: the sources of
    /// companion rules, which are never merged.
    pub fn of_parts<'s>(&mut self, sets: impl Iterator<Item = &'s AddrSet> + Clone, routes: bool) -> SourceId {
        let mut text = Vec::new();
        let mut all = AddrSetBuilder::default();
        sets.clone().for_each(|set| all.add_set(set));
        let ranges = sets.flat_map(AddrSet::ranges).map(Entry::Range);
        let further: &[Box<str>] = if routes { &self.routes } else { &[] };
        if routes {
            all.add_set(&self.route_set);
        }
        push_list(
            &mut text,
            ranges.chain(further.iter().map(|text| Entry::Text(text))),
            push_entry,
        );
        self.list.push(Source {
            text: text.into(),
            set: Arc::new(all.build()),
        })
    }

    /// The key of a list. Routes that merely go on where the ranges end are ranges: the text is the same, and so headscale
    /// merges the rule with one whose sources are those ranges.
    fn normal(&self, key: Key) -> Key {
        let Key::Listed(set, further) = &key else { return key };
        let routes = || self.route_set.ranges();
        let only_routes = || {
            further
                .iter()
                .map(ToString::to_string)
                .eq(routes().map(|range| range.to_string()))
        };
        let whole = set.union(&self.route_set);
        if whole.ranges().eq(set.ranges().chain(routes())) && only_routes() {
            return Key::Listed(Arc::new(whole), Vec::new());
        }
        key
    }

    fn add(&mut self, key: Key) -> SourceId {
        if let Some(&id) = self.known.get(&key) {
            return id;
        }
        let mut text = Vec::new();
        let set = match &key {
            Key::Everything(further) => {
                let entries = std::iter::once("*").chain(further.iter().map(|text| &**text));
                push_list(&mut text, entries, push_string);
                Arc::new(AddrSet::all())
            }
            // 0.28 wrote prefixes, single addresses with their length (`ipSetToPrefixStringList`).
            Key::Listed(set, _) if self.dialect == Dialect::V0_28 => {
                push_list(&mut text, set.prefixes(), |out, net| {
                    out.push(b'"');
                    push_net(out, net);
                    out.push(b'"');
                });
                Arc::clone(set)
            }
            Key::Listed(set, further) => {
                let ranges = set.ranges().map(Entry::Range);
                push_list(
                    &mut text,
                    ranges.chain(further.iter().map(|text| Entry::Text(text))),
                    push_entry,
                );
                if further.is_empty() {
                    Arc::clone(set)
                } else {
                    // What `further` holds beside the routes lies in the set already.
                    Arc::new(set.union(&self.route_set))
                }
            }
        };
        let id = self.list.push(Source { text: text.into(), set });
        self.known.insert(key, id);
        id
    }
}

enum Entry<'a> {
    Range(AddrRange),
    Text(&'a str),
}

fn push_entry(out: &mut Vec<u8>, entry: Entry<'_>) {
    match entry {
        Entry::Range(range) => {
            out.push(b'"');
            push_range(out, range);
            out.push(b'"');
        }
        Entry::Text(text) => push_string(out, text),
    }
}
