//! From a document and a tailnet to permits. Below this nothing reads the rules of a document again.

use std::collections::HashMap;
use std::sync::Arc;

use crate::net::AddrSetBuilder;
use crate::source::{Span, Spanned};

use super::dialect::Dialect;
use super::document::{Acl, Destination, Document, Grant};
use super::permit::{App, Permit, PermitId, Section, Sources, SourcesId};
use super::tailnet::{AliasId, Index, NodeId, NodeSet, Resolver, Table, UserId};
use super::words::{Alias, Autogroup, PortRange, Protocol, Traffic};

/// A policy in a tailnet, in normal form.
#[derive(Clone, Debug)]
pub struct Lowered<'a> {
    resolver: Resolver<'a>,
    permits: Table<PermitId, Permit>,
    sources: Table<SourcesId, Sources>,
    known_sources: HashMap<Vec<AliasId>, SourcesId>,
    without_v4: NodeSet,
}

/// Brings `document` into normal form for the tailnet of `index`.
#[must_use]
pub fn lower<'a>(document: &'a Document, index: Index<'a>) -> Lowered<'a> {
    let mut lowered = Lowered {
        without_v4: NodeSet::empty(index.node_count()),
        resolver: Resolver::new(document, index),
        permits: Table::default(),
        sources: Table::default(),
        known_sources: HashMap::new(),
    };
    if allows_everything(document) {
        lowered.add_default(document.span);
    }
    for (position, grant) in (0..).zip(document.grants.iter().flatten()) {
        lowered.add_grant(position, grant);
    }
    for (position, acl) in (0..).zip(document.acls.iter().flatten()) {
        lowered.add_acl(position, acl);
    }
    lowered.find_without_v4(document);
    lowered
}

/// Without `acls` and `grants` headscale allows everything, whatever else the policy says. 0.28 forgets to where SSH
/// rules speak of `autogroup:self`: it then compiles filters for each node from the ACLs, of which there are none
/// (`usesAutogroupSelf`, `compileFilterRulesForNode`).
fn allows_everything(document: &Document) -> bool {
    let own_devices = Alias::Autogroup(Autogroup::OwnDevices);
    let own_by_ssh = document
        .ssh
        .iter()
        .any(|rule| rule.dst.iter().chain(&rule.src).any(|alias| alias.value == own_devices));
    document.acls.is_none() && document.grants.is_none() && !(document.dialect == Dialect::V0_28 && own_by_ssh)
}

impl<'a> Lowered<'a> {
    /// The aliases of the policy, resolved.
    #[must_use]
    pub const fn resolver(&self) -> &Resolver<'a> {
        &self.resolver
    }

    /// The same, to resolve further aliases.
    pub const fn resolver_mut(&mut self) -> &mut Resolver<'a> {
        &mut self.resolver
    }

    /// The tailnet.
    #[must_use]
    pub const fn index(&self) -> &Index<'a> {
        self.resolver.index()
    }

    /// The headscale whose rules hold.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.resolver.dialect()
    }

    /// All permits, in headscale's order.
    #[must_use]
    pub const fn permits(&self) -> &Table<PermitId, Permit> {
        &self.permits
    }

    /// What the `src` of a permit stands for.
    #[must_use]
    pub fn sources(&self, id: SourcesId) -> &Sources {
        &self.sources[id]
    }

    /// The nodes that are told not to use their IPv4 address (nodeAttrs `disable-ipv4`).
    #[must_use]
    pub const fn without_v4(&self) -> &NodeSet {
        &self.without_v4
    }

    /// Who may reach whom among the nodes of `user` by `autogroup:self` of `permit`: the user's nodes that are sources,
    /// ascending. Every node of the user is a destination; tagged nodes are neither (`filterSourcesToSameUser`).
    pub fn own_sources(&self, permit: &Permit, user: UserId) -> impl Iterator<Item = NodeId> + '_ {
        let sources = &self.sources[permit.sources];
        let own = self.index().nodes_of(user).iter().copied();
        own.filter(|&node| sources.nodes.contains(node))
    }

    fn add_default(&mut self, span: Span) {
        let (sources, source_spans) = self.add_sources(&[Spanned::new(Alias::Autogroup(Autogroup::DangerAll), span)]);
        let anybody = self.resolver.resolve(&Alias::Wildcard);
        self.permits.push(Permit {
            span,
            section: Section::Absent,
            rule: 0,
            sources,
            source_spans,
            destinations: vec![Spanned::new(anybody, span)],
            own_devices: None,
            traffic: vec![Spanned::new(
                Traffic {
                    protocol: Protocol::Any,
                    ports: vec![PortRange::ALL],
                },
                span,
            )],
            app: None,
            via: Vec::new(),
        });
    }

    fn add_grant(&mut self, rule: u32, grant: &Grant) {
        let (own, others): (Vec<_>, Vec<_>) = grant.dst.iter().partition(|alias| is_own_devices(&alias.value));
        let (sources, source_spans) = self.add_sources(&grant.src);
        let destinations = others
            .into_iter()
            .map(|alias| Spanned::new(self.resolver.resolve(&alias.value), alias.span))
            .collect();
        self.permits.push(Permit {
            span: grant.span,
            section: Section::Grants,
            rule,
            sources,
            source_spans,
            destinations,
            own_devices: own.first().map(|alias| alias.span),
            traffic: grant.ip.clone(),
            app: grant.app.as_ref().map(|capabilities| {
                let mut capabilities: Vec<_> = capabilities
                    .iter()
                    .map(|capability| (capability.name.value.clone(), capability.values.clone()))
                    .collect();
                capabilities.sort();
                App { capabilities }
            }),
            via: grant.via.clone(),
        });
    }

    fn add_acl(&mut self, rule: u32, acl: &Acl) {
        let (sources, source_spans) = self.add_sources(&acl.src);
        for destination in ordered(acl, self.dialect()) {
            let alias = &destination.value.alias;
            let own = is_own_devices(alias);
            let destinations = if own {
                Vec::new()
            } else {
                vec![Spanned::new(self.resolver.resolve(alias), destination.span)]
            };
            self.permits.push(Permit {
                span: acl.span,
                section: Section::Acls,
                rule,
                sources,
                source_spans: Arc::clone(&source_spans),
                destinations,
                own_devices: own.then_some(destination.span),
                traffic: vec![Spanned::new(
                    Traffic {
                        protocol: acl.proto,
                        ports: destination.value.ports.clone(),
                    },
                    destination.span,
                )],
                app: None,
                via: Vec::new(),
            });
        }
    }

    fn add_sources(&mut self, written: &[Spanned<Alias>]) -> (SourcesId, Arc<[Span]>) {
        let spans = written.iter().map(|alias| alias.span).collect();
        let aliases: Vec<AliasId> = written
            .iter()
            .map(|alias| self.resolver.resolve(&alias.value))
            .collect();
        if let Some(&id) = self.known_sources.get(&aliases) {
            return (id, spans);
        }
        let count = self.index().node_count();
        let (mut nodes, mut certain) = (NodeSet::empty(count), NodeSet::empty(count));
        let mut set = AddrSetBuilder::default();
        for &alias in &aliases {
            let resolved = self.resolver.get(alias);
            set.add_set(&resolved.set);
            nodes.union_with(&resolved.nodes);
            if resolved.errors.is_empty() {
                certain.union_with(&resolved.nodes);
            }
        }
        let has = |wanted: &Alias| written.iter().any(|alias| alias.value == *wanted);
        let id = self.sources.push(Sources {
            aliases: aliases.clone(),
            set: set.build(),
            nodes,
            certain,
            wildcard: has(&Alias::Wildcard),
            danger_all: has(&Alias::Autogroup(Autogroup::DangerAll)),
        });
        self.known_sources.insert(aliases, id);
        (id, spans)
    }

    fn find_without_v4(&mut self, document: &Document) {
        let disabling = document
            .node_attrs
            .iter()
            .filter(|entry| entry.attr.iter().any(|attr| &*attr.value == "disable-ipv4"));
        for target in disabling.flat_map(|entry| &entry.target) {
            let alias = self.resolver.resolve(&target.value);
            self.without_v4.union_with(&self.resolver.get(alias).nodes);
        }
    }
}

fn is_own_devices(alias: &Alias) -> bool {
    *alias == Alias::Autogroup(Autogroup::OwnDevices)
}

/// The destinations of an ACL in the order in which headscale turns them into rules. If all are autogroups: as written.
/// Else `autogroup:self` goes last (`aclToGrants`). 0.28 makes one rule of all `autogroup:self`, and puts it before the
/// rule for all others (`compileACLWithAutogroupSelf`).
fn ordered(acl: &Acl, dialect: Dialect) -> Vec<&Spanned<Destination>> {
    let mut destinations: Vec<_> = acl.dst.iter().collect();
    let own = |destination: &&Spanned<Destination>| is_own_devices(&destination.value.alias);
    if dialect == Dialect::V0_28 {
        destinations.sort_by_key(|destination| !own(destination));
    } else if !destinations
        .iter()
        .all(|destination| matches!(destination.value.alias, Alias::Autogroup(_)))
    {
        destinations.sort_by_key(own);
    }
    destinations
}
