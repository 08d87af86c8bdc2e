//! Rules that only some nodes have: `autogroup:self` (the nodes of a user) and `via` (the nodes with a tag).
//!
//! headscale leaves its fast way for the whole tailnet as soon as one rule needs this. Here it costs what the users
//! and routers concerned have.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use ipnet::IpNet;

use crate::net::AddrSet;
use crate::policy::lower::Lowered;
use crate::policy::permit::{App, Permit, SourcesId};
use crate::policy::tailnet::{AliasId, Index, NodeId, Table, UserId};
use crate::policy::words::{Alias, Autogroup, TagName};

use super::assemble::{Assembler, Key, Places};
use super::filter::{Head, Kind, Part, Position, RuleId};
use super::sources::SourceId;
use super::stock::{capabilities, companions};
use super::targets::{CapTarget, PortTarget, PortTargetId};

/// A rule of a user's nodes, or of one `via` node.
#[derive(Clone, Debug)]
pub struct Group {
    /// What the nodes see of it.
    pub head: Head,
    /// The rule of the whole tailnet that headscale merges it with.
    pub absorbed: Option<RuleId>,
    /// What it is made of, beside the parts of `absorbed`.
    pub parts: Vec<Part>,
    /// All addresses that it lets in to, beside those of `absorbed`.
    pub destinations: Arc<AddrSet>,
}

/// All rules that only some nodes have, each list in the order of positions.
#[derive(Clone, Debug)]
pub struct OwnRules {
    /// By user, for the user's untagged nodes.
    pub users: Table<UserId, Vec<Group>>,
    /// By node, for `via`. Such a node carries a tag, so it has no user.
    pub via: Table<NodeId, Vec<Group>>,
    absorbed_users: Table<UserId, Vec<RuleId>>,
    absorbed_via: Table<NodeId, Vec<RuleId>>,
}

impl OwnRules {
    /// Puts lists in order.
    #[must_use]
    pub fn new(mut users: Table<UserId, Vec<Group>>, mut via: Table<NodeId, Vec<Group>>) -> Self {
        let absorbed_users = users.values_mut().map(|groups| arrange(groups)).collect();
        let absorbed_via = via.values_mut().map(|groups| arrange(groups)).collect();
        Self {
            users,
            via,
            absorbed_users,
            absorbed_via,
        }
    }

    /// The rules of `node`.
    #[must_use]
    pub fn of(&self, index: &Index<'_>, node: NodeId) -> &[Group] {
        match index.owner(node) {
            Some(user) => &self.users[user],
            None => &self.via[node],
        }
    }

    /// The rules of the whole tailnet that are merged into those of `node`, ascending.
    #[must_use]
    pub fn absorbed(&self, index: &Index<'_>, node: NodeId) -> &[RuleId] {
        match index.owner(node) {
            Some(user) => &self.absorbed_users[user],
            None => &self.absorbed_via[node],
        }
    }
}

/// Sorts by position; returns what is absorbed.
fn arrange(groups: &mut [Group]) -> Vec<RuleId> {
    groups.sort_by_key(|group| group.head.position);
    let mut absorbed: Vec<_> = groups.iter().filter_map(|group| group.absorbed).collect();
    absorbed.sort_unstable();
    absorbed
}

/// Whose rules a [`Group`] belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Member {
    User(UserId),
    Via(NodeId),
}

/// Collects groups.
#[derive(Default)]
pub(super) struct OwnBuilder {
    groups: Vec<(Member, Option<Key>, Group)>,
    group_of: HashMap<(Member, Key), usize>,
    /// By sources: the users among them.
    users: HashMap<SourcesId, Rc<[UserSources]>>,
    /// By destinations and tags: what `via` nodes keep of them.
    routers: HashMap<(Vec<AliasId>, Vec<TagName>), Rc<ViaTarget>>,
}

/// The nodes of one user among the sources of a rule.
struct UserSources {
    user: UserId,
    /// Their addresses.
    set: Arc<AddrSet>,
    source: SourceId,
}

/// What the nodes with one of a permit's tags let in to.
struct ViaTarget {
    target: PortTargetId,
    /// Each node that lets in to anything, with the addresses.
    nodes: Vec<(NodeId, Arc<AddrSet>)>,
}

impl OwnBuilder {
    /// Adds traffic to the rule that headscale would merge it with.
    fn add(&mut self, member: Member, key: Key, head: Head, part: Part, destinations: &Arc<AddrSet>) {
        let made = self
            .group_of
            .get(&(member, key))
            .and_then(|&at| self.groups.get_mut(at));
        if let Some((_, _, group)) = made {
            group.parts.push(part);
            if !Arc::ptr_eq(&group.destinations, destinations) {
                group.destinations = Arc::new(group.destinations.union(destinations));
            }
            return;
        }
        self.group_of.insert((member, key), self.groups.len());
        self.push(member, Some(key), head, part, destinations);
    }

    fn push(&mut self, member: Member, key: Option<Key>, head: Head, part: Part, destinations: &Arc<AddrSet>) {
        let group = Group {
            head,
            absorbed: None,
            parts: vec![part],
            destinations: Arc::clone(destinations),
        };
        self.groups.push((member, key, group));
    }

    /// All groups; `shared` finds the rule of the whole tailnet that one is merged with.
    pub(super) fn finish(
        self,
        users: usize,
        nodes: usize,
        shared: impl Fn(Key) -> Option<(RuleId, Position)>,
    ) -> OwnRules {
        let mut by_user = Table::filled(users, Vec::new());
        let mut via = Table::filled(nodes, Vec::new());
        for (member, key, mut group) in self.groups {
            if let Some((rule, position)) = key.and_then(&shared) {
                group.absorbed = Some(rule);
                group.head.position = group.head.position.min(position);
            }
            match member {
                Member::User(user) => by_user[user].push(group),
                Member::Via(node) => via[node].push(group),
            }
        }
        OwnRules::new(by_user, via)
    }
}

impl Assembler<'_, '_> {
    /// `autogroup:self`: for each user among the sources, rules between the user's nodes (`compileAutogroupSelf`).
    pub(super) fn add_own(&mut self, mut places: Places, permit: &Permit) {
        let users = self.user_sources(permit.sources);
        for entry in &permit.traffic {
            let position = places.next();
            if entry.value.ports.is_empty() {
                continue;
            }
            let protocols = self.protocols(permit.section, entry.value.protocol);
            let ports = self.stock.port_list(&entry.value.ports);
            for own in users.iter() {
                let targets = self.stock.user_target(self.reduction, own.user);
                let head = Head {
                    position,
                    source: own.source,
                    kind: Kind::Traffic(protocols),
                };
                let key = self.key(permit, own.source, protocols);
                let part = Part::Ports(targets.ports, ports);
                self.own
                    .add(Member::User(own.user), key, head, part, &targets.addresses);
            }
        }
        if let Some(app) = &permit.app {
            self.add_own_app(places, app, &users);
        }
    }

    fn add_own_app(&mut self, mut places: Places, app: &App, users: &[UserSources]) {
        let position = places.next();
        let caps = self.stock.caps.push(capabilities(app));
        for own in users {
            let part = Part::Caps(self.stock.user_cap_target(self.reduction, own.user));
            let head = Head {
                position,
                source: own.source,
                kind: Kind::Caps(caps),
            };
            let addresses = self.stock.user_target(self.reduction, own.user).addresses;
            self.own.push(Member::User(own.user), None, head, part, &addresses);
        }
        let index = self.lowered.index();
        for companion in companions(app) {
            let position = places.next();
            let caps = self.stock.caps.push(companion);
            for own in users {
                let nodes = index.nodes_of(own.user);
                let addresses = nodes.iter().flat_map(|&node| index.node(node).addresses());
                let single: Vec<AddrSet> = addresses.map(AddrSet::from).collect();
                let head = Head {
                    position,
                    source: self.stock.sources.of_parts(single.iter(), false),
                    kind: Kind::Caps(caps),
                };
                let target = CapTarget::new(own.set.prefixes().collect(), self.reduction, Some(nodes));
                let part = Part::Caps(self.stock.cap_targets.push(target));
                self.own.push(Member::User(own.user), None, head, part, &own.set);
            }
        }
    }

    /// The users that have nodes among the sources, each with its list of those (`filterSourcesToSameUser`).
    fn user_sources(&mut self, sources: SourcesId) -> Rc<[UserSources]> {
        if let Some(users) = self.own.users.get(&sources) {
            return Rc::clone(users);
        }
        let index = self.lowered.index();
        let nodes = self.lowered.sources(sources).nodes.iter();
        let mut owned: Vec<_> = nodes.filter_map(|node| Some((index.owner(node)?, node))).collect();
        owned.sort_unstable();
        let users = owned.chunk_by(|a, b| a.0 == b.0).filter_map(|nodes| {
            let user = nodes.first()?.0;
            let (set, source) = if nodes.len() == index.nodes_of(user).len() {
                let targets = self.stock.user_target(self.reduction, user);
                (targets.addresses, targets.source)
            } else {
                let set = index.addresses(nodes.iter().map(|node| node.1));
                (Arc::new(set.clone()), self.stock.sources.of_set(set))
            };
            Some(UserSources { user, set, source })
        });
        let users: Rc<[UserSources]> = users.collect();
        self.own.users.insert(sources, Rc::clone(&users));
        users
    }

    /// `via`: for each node that carries one of the tags, rules for the destinations that touch its subnet routes, and
    /// for the internet if it is an exit node (`compileOneViaGrant`, `compileViaForNode`).
    pub(super) fn add_via(&mut self, mut places: Places, permit: &Permit) {
        if permit.traffic.is_empty() {
            return;
        }
        let Some(source) = self.stock.rule_source(self.lowered, permit.sources, true) else {
            return;
        };
        let kept = self.via_target(permit);
        for entry in &permit.traffic {
            let position = places.next();
            if entry.value.ports.is_empty() {
                continue;
            }
            let protocols = self.protocols(permit.section, entry.value.protocol);
            let part = Part::Ports(kept.target, self.stock.port_list(&entry.value.ports));
            let key = self.key(permit, source, protocols);
            let head = Head {
                position,
                source,
                kind: Kind::Traffic(protocols),
            };
            for (node, destinations) in &kept.nodes {
                self.own.add(Member::Via(*node), key, head, part, destinations);
            }
        }
    }

    fn via_target(&mut self, permit: &Permit) -> Rc<ViaTarget> {
        let key = (
            permit.destinations.iter().map(|alias| alias.value).collect(),
            permit.via.iter().map(|tag| tag.value.clone()).collect(),
        );
        if let Some(target) = self.own.routers.get(&key) {
            return Rc::clone(target);
        }
        let index = self.lowered.index();
        let tagged = permit.via.iter().flat_map(|tag| index.nodes_tagged(tag.value.as_str()));
        let mut routers: Vec<NodeId> = tagged.copied().collect();
        routers.sort_unstable();
        routers.dedup();
        let (nets, internet) = via_destinations(self.lowered, permit);
        let (target, kept) = PortTarget::via(index, &nets, internet, &routers);
        // Most routers keep the same.
        let mut sets: HashMap<&[u32], Arc<AddrSet>> = HashMap::new();
        let nodes = target.hits.iter().map(|(node, entries)| {
            let entries = target.hits.entries(entries);
            let set = sets.entry(entries).or_insert_with(|| {
                let nets = entries.iter().filter_map(|&entry| kept.get(entry as usize).copied());
                Arc::new(nets.collect())
            });
            (node, Arc::clone(set))
        });
        let nodes = nodes.collect();
        let made = Rc::new(ViaTarget {
            nodes,
            target: self.stock.port_targets.push(target),
        });
        self.own.routers.insert(key, Rc::clone(&made));
        made
    }
}

/// The destinations of a `via` permit: the prefixes of all that could be found whole, and whether the internet is one,
/// which is decided by exit routes instead (`resolveViaDestinations`).
pub(crate) fn via_destinations(lowered: &Lowered<'_>, permit: &Permit) -> (Vec<IpNet>, bool) {
    let resolver = lowered.resolver();
    let internet = Alias::Autogroup(Autogroup::Internet);
    let (mut nets, mut has_internet) = (Vec::new(), false);
    for destination in &permit.destinations {
        if *resolver.alias(destination.value) == internet {
            has_internet = true;
        } else if resolver.get(destination.value).errors.is_empty() {
            nets.extend(resolver.get(destination.value).set.prefixes());
        }
    }
    (nets, has_internet)
}
