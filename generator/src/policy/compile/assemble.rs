//! From permits to rules: what headscale's `compileGrants`, `filterRulesForNode` and `mergeFilterRules` do, for all
//! nodes at once.

use std::collections::HashMap;

use crate::net::AddrSet;
use crate::policy::dialect::Dialect;
use crate::policy::lower::Lowered;
use crate::policy::permit::{App, Permit, PermitId, Section};
use crate::policy::tailnet::{AliasId, RouteTable, Table};
use crate::policy::words::{Alias, Protocol};

use super::filter::{Head, Kind, Part, Position, Protocols, Rule, RuleId};
use super::own::{OwnBuilder, OwnRules};
use super::sources::SourceId;
use super::stock::{CapsId, Reach, Stock, capabilities, companions};
use super::targets::Reduction;

/// In a permit, the places of what nodes have of their own come after those of the whole tailnet.
const OWN: u32 = 1 << 31;

/// What makes headscale merge two rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// From 0.29 on: the same text of sources and the same protocol.
    Same(SourceId, Protocols),
    /// 0.28 merged nothing: its rules were the ACLs.
    Acl(u32),
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
        own: OwnBuilder::default(),
    };
    for (id, permit) in lowered.permits().iter() {
        if permit.via.is_empty() {
            assembler.add(id, permit);
        } else {
            let places = Places {
                permit: id.0,
                next: OWN,
            };
            assembler.add_via(places, permit);
        }
    }
    assembler.finish()
}

pub(super) struct Assembler<'l, 'a> {
    pub lowered: &'l Lowered<'a>,
    pub reduction: Reduction<'l>,
    pub stock: Stock,
    pub own: OwnBuilder,
    rules: Table<RuleId, Rule>,
    rule_of: HashMap<Key, RuleId>,
}

/// Counts the places of one permit.
#[derive(Clone, Copy)]
pub(super) struct Places {
    permit: u32,
    next: u32,
}

impl Places {
    pub(super) fn next(&mut self) -> Position {
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
        let source = self.stock.rule_source(self.lowered, permit.sources, false);
        let mut places = Places { permit: id.0, next: 0 };
        if !permit.destinations.is_empty() {
            self.add_traffic(&mut places, permit, source);
            if let Some(app) = &permit.app {
                self.add_app(&mut places, permit, app, source);
            }
        }
        if permit.own_devices.is_some() {
            places.next = OWN;
            self.add_own(places, permit);
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
            let protocols = self.protocols(permit.section, entry.value.protocol);
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

    /// What makes headscale merge a rule of `permit` with others.
    pub(super) fn key(&self, permit: &Permit, source: SourceId, protocols: Protocols) -> Key {
        if self.lowered.dialect() == Dialect::V0_28 {
            Key::Acl(permit.rule)
        } else {
            Key::Same(source, protocols)
        }
    }

    /// `IPProto`. 0.28 wrote out TCP and UDP for none, and took `icmp` for both families (`parseProtocol`).
    pub(super) fn protocols(&self, section: Section, protocol: Protocol) -> Protocols {
        match (protocol, self.lowered.dialect()) {
            _ if section == Section::Absent => Protocols::Default,
            (Protocol::Any, Dialect::V0_28) => Protocols::Two(6, 17),
            (Protocol::Number(1), Dialect::V0_28) => Protocols::Two(1, 58),
            (Protocol::Any, _) => Protocols::Default,
            (Protocol::Number(number), _) => Protocols::One(number),
        }
    }

    fn finish(self) -> (Stock, Table<RuleId, Rule>, OwnRules) {
        let index = self.lowered.index();
        let own = self.own.finish(index.tailnet().users.len(), index.node_count(), |key| {
            // 0.28 compiled each user's rule on its own.
            let rule = *self.rule_of.get(&key).filter(|_| matches!(key, Key::Same(..)))?;
            Some((rule, self.rules[rule].head.position))
        });
        (self.stock, self.rules, own)
    }
}
