//! From permits to rules: what headscale's `compileGrants`, `filterRulesForNode` and `mergeFilterRules` do, for all
//! nodes at once.

use std::collections::HashMap;
use std::sync::Arc;

use ipnet::IpNet;

use crate::net::known::INTERNET;
use crate::net::{AddrRange, AddrSet};
use crate::policy::dialect::Dialect;
use crate::policy::lower::Lowered;
use crate::policy::permit::{App, Permit, PermitId, Sources};
use crate::policy::tailnet::{AliasId, NodeId, RouteTable, Table, UserId};
use crate::policy::words::{Alias, Autogroup, Protocol};

use super::filter::{Head, Kind, Part, Position, Protocols, Rule, RuleId};
use super::own::{Group, OwnRules};
use super::sources::SourceId;
use super::stock::{CapsId, Reach, Stock, capabilities, companions};
use super::targets::{CapTarget, PortTarget, Reduction};

/// In a permit, the places of what nodes have of their own come after those of the whole tailnet.
const OWN: u32 = 1 << 31;

/// What makes headscale merge two rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// From 0.29 on: the same text of sources and the same protocol.
    Same(SourceId, Protocols),
    /// 0.28 merged nothing: its rules were the ACLs.
    Acl(u32),
}

/// Whose rules a [`Group`] belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Member {
    User(UserId),
    Via(NodeId),
}

/// The routes that decide who keeps a destination: in 0.28 all that are announced, approved or not
/// (`ReduceFilterRules`); from 0.29 on those in force, which the index has.
#[must_use]
pub(super) fn announced_routes(lowered: &Lowered<'_>) -> Option<RouteTable> {
    (lowered.dialect() == Dialect::V0_28).then(|| {
        let index = lowered.index();
        let held = index
            .nodes()
            .flat_map(|(id, node)| node.announced.iter().map(move |&net| (id, net)));
        RouteTable::new(index.node_count(), held)
    })
}

/// All rules of a policy.
pub(super) fn assemble(lowered: &Lowered<'_>) -> (Stock, Table<RuleId, Rule>, OwnRules) {
    let index = lowered.index();
    let announced = announced_routes(lowered);
    let mut assembler = Assembler {
        lowered,
        reduction: Reduction {
            index,
            routes: announced.as_ref().unwrap_or_else(|| index.routes()),
            exits: lowered.dialect() != Dialect::V0_28,
            lengths: lowered.dialect() == Dialect::V0_28,
        },
        stock: Stock::new(lowered),
        rules: Table::default(),
        rule_of: HashMap::new(),
        groups: Vec::new(),
        group_of: HashMap::new(),
    };
    for (id, permit) in lowered.permits().iter() {
        if permit.via.is_empty() {
            assembler.add(id, permit);
        } else {
            assembler.add_via(id, permit);
        }
    }
    assembler.finish()
}

struct Assembler<'l, 'a> {
    lowered: &'l Lowered<'a>,
    reduction: Reduction<'l>,
    stock: Stock,
    rules: Table<RuleId, Rule>,
    rule_of: HashMap<Key, RuleId>,
    groups: Vec<(Member, Option<Key>, Group)>,
    group_of: HashMap<(Member, Key), usize>,
}

/// Counts the places of one permit.
struct Places {
    permit: u32,
    next: u32,
}

impl Places {
    fn next(&mut self) -> Position {
        let place = (self.permit, self.next);
        self.next += 1;
        place
    }
}

impl<'l> Assembler<'l, '_> {
    /// A permit without `via`: `compileOneGrant`.
    fn add(&mut self, id: PermitId, permit: &'l Permit) {
        let sources = self.lowered.sources(permit.sources);
        if sources.aliases.is_empty() {
            return;
        }
        let source = self.stock.sources.of_rule(sources, self.lowered.resolver(), false);
        let mut places = Places { permit: id.0, next: 0 };
        if !permit.destinations.is_empty() {
            self.add_traffic(&mut places, permit, source);
            if let Some(app) = &permit.app {
                self.add_app(&mut places, permit, app, source);
            }
        }
        if permit.own_devices.is_some() {
            places.next = OWN;
            self.add_own(&mut places, permit, sources);
        }
    }

    /// One rule for each protocol and list of ports, if it has sources and destinations (`compileOtherDests`).
    fn add_traffic(&mut self, places: &mut Places, permit: &Permit, source: Option<SourceId>) {
        let Some(source) = source else { return };
        let targets: Vec<_> = permit
            .destinations
            .iter()
            .filter_map(|alias| {
                self.stock
                    .port_target(self.lowered, self.reduction, alias.value, permit.section)
            })
            .collect();
        for entry in &permit.traffic {
            let position = places.next();
            if targets.is_empty() || entry.value.ports.is_empty() {
                continue;
            }
            let protocols = self.protocols(entry.value.protocol);
            let ports = self.stock.port_list(&entry.value.ports);
            let rule = self.rule(permit, position, source, protocols);
            for &(target, reach) in &targets {
                let rule = &mut self.rules[rule];
                rule.parts.push(Part::Ports(target, ports));
                rule.reach.push(reach);
            }
        }
    }

    /// One rule with the capabilities, even if it has no sources, and one for each companion (`compileOtherDests`). A
    /// destination of which anything could not be found is left out whole.
    fn add_app(&mut self, places: &mut Places, permit: &Permit, app: &App, source: Option<SourceId>) {
        let (resolver, sources) = (self.lowered.resolver(), self.lowered.sources(permit.sources));
        let found: Vec<AliasId> = permit
            .destinations
            .iter()
            .map(|alias| alias.value)
            .filter(|&alias| resolver.get(alias).errors.is_empty())
            .collect();
        if found.is_empty() {
            return;
        }
        let source = source.unwrap_or_else(|| self.stock.sources.of_set(AddrSet::EMPTY));
        let caps = self.stock.caps.push(capabilities(app));
        let parts = found
            .iter()
            .map(|&alias| Part::Caps(self.stock.cap_target(self.lowered, self.reduction, vec![alias])))
            .collect();
        self.push_caps(places.next(), source, caps, parts, &found);
        let everybody = found.iter().any(|&alias| *resolver.alias(alias) == Alias::Wildcard);
        for companion in companions(app) {
            let reversed = found.iter().map(|&alias| &resolver.get(alias).set);
            let source = self.stock.sources.of_parts(reversed, everybody);
            let caps = self.stock.caps.push(companion);
            let parts = vec![Part::Caps(self.stock.cap_target(
                self.lowered,
                self.reduction,
                sources.aliases.clone(),
            ))];
            self.push_caps(places.next(), source, caps, parts, &sources.aliases);
        }
    }

    fn push_caps(&mut self, position: Position, source: SourceId, caps: CapsId, parts: Vec<Part>, to: &[AliasId]) {
        self.rules.push(Rule {
            head: Head {
                position,
                source,
                kind: Kind::Caps(caps),
            },
            parts,
            reach: to.iter().copied().map(Reach::Alias).collect(),
        });
    }

    /// `autogroup:self`: for each user among the sources, rules between the user's nodes (`compileAutogroupSelf`).
    fn add_own(&mut self, places: &mut Places, permit: &Permit, sources: &Sources) {
        let index = self.lowered.index();
        let mut by_user: HashMap<UserId, Vec<NodeId>> = HashMap::new();
        for node in sources.nodes.iter() {
            if let Some(user) = index.owner(node) {
                by_user.entry(user).or_default().push(node);
            }
        }
        let mut users: Vec<_> = by_user.into_iter().collect();
        users.sort_unstable();
        let begin = places.next;
        for (user, nodes) in users {
            places.next = begin;
            self.add_own_of(places, permit, user, &nodes);
        }
    }

    fn add_own_of(&mut self, places: &mut Places, permit: &Permit, user: UserId, nodes: &[NodeId]) {
        let index = self.lowered.index();
        let set = index.addresses(nodes.iter().copied());
        let source = self.stock.sources.of_set(set.clone());
        let targets = self.stock.user_target(self.reduction, user);
        let member = Member::User(user);
        for entry in &permit.traffic {
            let position = places.next();
            if entry.value.ports.is_empty() {
                continue;
            }
            let protocols = self.protocols(entry.value.protocol);
            let part = Part::Ports(targets.ports, self.stock.port_list(&entry.value.ports));
            self.add_group(member, permit, position, source, protocols, part, &targets.addresses);
        }
        let Some(app) = &permit.app else { return };
        let caps = self.stock.caps.push(capabilities(app));
        let each = self.stock.user_cap_target(self.reduction, user);
        self.push_group(
            member,
            places.next(),
            source,
            caps,
            Part::Caps(each),
            &targets.addresses,
        );
        for companion in companions(app) {
            let single: Vec<AddrSet> = index
                .nodes_of(user)
                .iter()
                .flat_map(|&node| index.node(node).addresses())
                .map(AddrSet::from)
                .collect();
            let reversed = self.stock.sources.of_parts(single.iter(), false);
            let target = CapTarget::new(set.prefixes().collect(), self.reduction, Some(index.nodes_of(user)));
            let part = Part::Caps(self.stock.cap_targets.push(target));
            let caps = self.stock.caps.push(companion);
            self.push_group(member, places.next(), reversed, caps, part, &Arc::new(set.clone()));
        }
    }

    /// `via`: for each node that carries one of the tags, rules for the destinations that touch its subnet routes, and
    /// for the internet if it is an exit node (`compileOneViaGrant`, `compileViaForNode`).
    fn add_via(&mut self, id: PermitId, permit: &Permit) {
        let (index, resolver) = (self.lowered.index(), self.lowered.resolver());
        let sources = self.lowered.sources(permit.sources);
        if permit.traffic.is_empty() {
            return;
        }
        let Some(source) = self.stock.sources.of_rule(sources, resolver, true) else {
            return;
        };
        let tagged = permit.via.iter().flat_map(|tag| index.nodes_tagged(tag.value.as_str()));
        let mut routers: Vec<NodeId> = tagged.copied().collect();
        routers.sort_unstable();
        routers.dedup();
        let (nets, internet) = via_destinations(self.lowered, permit);
        for router in routers {
            let routes = index.routes();
            let touched = |net: &IpNet| {
                let range = AddrSet::from(AddrRange::of(*net));
                routes
                    .of(router)
                    .iter()
                    .any(|&route| range.overlaps_range(routes.range(route)))
            };
            let mut kept: Vec<IpNet> = nets.iter().copied().filter(touched).collect();
            if internet && index.exit_nodes().contains(router) {
                kept.extend(INTERNET.prefixes());
            }
            if kept.is_empty() {
                continue;
            }
            let destinations = Arc::new(kept.iter().copied().collect::<AddrSet>());
            // Unlike other destinations these are written with their length even if it is one address.
            let reduction = Reduction {
                lengths: true,
                ..self.reduction
            };
            let target = self
                .stock
                .port_targets
                .push(PortTarget::new(kept, reduction, Some(&[router])));
            let mut places = Places {
                permit: id.0,
                next: OWN,
            };
            for entry in &permit.traffic {
                let position = places.next();
                if entry.value.ports.is_empty() {
                    continue;
                }
                let protocols = self.protocols(entry.value.protocol);
                let part = Part::Ports(target, self.stock.port_list(&entry.value.ports));
                self.add_group(
                    Member::Via(router),
                    permit,
                    position,
                    source,
                    protocols,
                    part,
                    &destinations,
                );
            }
        }
    }

    /// The rule of the whole tailnet that traffic belongs to, new if there is none yet.
    fn rule(&mut self, permit: &Permit, position: Position, source: SourceId, protocols: Protocols) -> RuleId {
        let key = self.key(permit, source, protocols);
        if let Some(&rule) = self.rule_of.get(&key) {
            return rule;
        }
        let rule = self.rules.push(Rule {
            head: Head {
                position,
                source,
                kind: Kind::Traffic(protocols),
            },
            parts: Vec::new(),
            reach: Vec::new(),
        });
        self.rule_of.insert(key, rule);
        rule
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one rule, named at every call")]
    fn add_group(
        &mut self,
        member: Member,
        permit: &Permit,
        position: Position,
        source: SourceId,
        protocols: Protocols,
        part: Part,
        destinations: &Arc<AddrSet>,
    ) {
        let key = self.key(permit, source, protocols);
        if let Some((_, _, group)) = self
            .group_of
            .get(&(member, key))
            .and_then(|&at| self.groups.get_mut(at))
        {
            group.parts.push(part);
            if group.destinations != *destinations {
                group.destinations = Arc::new(group.destinations.union(destinations));
            }
            return;
        }
        self.group_of.insert((member, key), self.groups.len());
        let head = Head {
            position,
            source,
            kind: Kind::Traffic(protocols),
        };
        self.groups
            .push((member, Some(key), new_group(head, part, destinations)));
    }

    fn push_group(
        &mut self,
        member: Member,
        position: Position,
        source: SourceId,
        caps: CapsId,
        part: Part,
        destinations: &Arc<AddrSet>,
    ) {
        let head = Head {
            position,
            source,
            kind: Kind::Caps(caps),
        };
        self.groups.push((member, None, new_group(head, part, destinations)));
    }

    fn key(&self, permit: &Permit, source: SourceId, protocols: Protocols) -> Key {
        if self.lowered.dialect() == Dialect::V0_28 {
            Key::Acl(permit.rule)
        } else {
            Key::Same(source, protocols)
        }
    }

    /// `IPProto`. 0.28 wrote out TCP and UDP for none, and took `icmp` for both families (`parseProtocol`).
    fn protocols(&self, protocol: Protocol) -> Protocols {
        match (protocol, self.lowered.dialect()) {
            (Protocol::Any, Dialect::V0_28) => Protocols::Two(6, 17),
            (Protocol::Number(1), Dialect::V0_28) => Protocols::Two(1, 58),
            (Protocol::Any, _) => Protocols::Default,
            (Protocol::Number(number), _) => Protocols::One(number),
        }
    }

    fn finish(self) -> (Stock, Table<RuleId, Rule>, OwnRules) {
        let index = self.lowered.index();
        let mut users = Table::filled(index.tailnet().users.len(), Vec::new());
        let mut via = Table::filled(index.node_count(), Vec::new());
        for (member, key, mut group) in self.groups {
            // 0.28 compiled each user's rule on its own.
            let merged = key.filter(|key| matches!(key, Key::Same(..)));
            if let Some(rule) = merged.and_then(|key| self.rule_of.get(&key).copied()) {
                group.absorbed = Some(rule);
                group.head.position = group.head.position.min(self.rules[rule].head.position);
            }
            match member {
                Member::User(user) => users[user].push(group),
                Member::Via(node) => via[node].push(group),
            }
        }
        (self.stock, self.rules, OwnRules::new(users, via))
    }
}

fn new_group(head: Head, part: Part, destinations: &Arc<AddrSet>) -> Group {
    Group {
        head,
        absorbed: None,
        parts: vec![part],
        destinations: Arc::clone(destinations),
    }
}

/// The destinations of a `via` permit: the prefixes of all that could be found whole, and whether the internet is one,
/// which is decided by exit routes instead (`resolveViaDestinations`).
pub(super) fn via_destinations(lowered: &Lowered<'_>, permit: &Permit) -> (Vec<IpNet>, bool) {
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
