//! What rules are made of, each piece made once: lists of sources, of destinations, of ports, and capabilities.

use std::collections::HashMap;
use std::sync::Arc;

use ipnet::IpNet;

use crate::net::AddrSet;
use crate::policy::dialect::Dialect;
use crate::policy::lower::Lowered;
use crate::policy::permit::{App, Section, SourcesId};
use crate::policy::tailnet::{AliasId, Table, UserId, id::id};
use crate::policy::words::{Alias, PortRange};

use super::sources::{SourceId, SourceTable};
use super::targets::{CapTarget, CapTargetId, PortTarget, PortTargetId, Reduction};
use super::text::{push_list, push_number, push_string};

id! {
    /// A list of ports: its index in [`Stock`].
    PortsId
}
id! {
    /// The capabilities of a grant: their index in [`Stock`].
    CapsId
}

/// Capabilities that bring another one with them, for the opposite direction (`companionCaps` in
/// `hscontrol/policy/v2/filter.go`).
const COMPANIONS: [(&str, &str); 2] = [
    ("tailscale.com/cap/drive", "tailscale.com/cap/drive-sharer"),
    ("tailscale.com/cap/relay", "tailscale.com/cap/relay-target"),
];

/// Destinations of a rule as sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// `*` as a destination of traffic: every address of both families.
    Everything,
    /// What an alias stands for.
    Alias(AliasId),
}

/// The pieces.
#[derive(Clone, Debug)]
pub struct Stock {
    /// Lists of sources.
    pub sources: SourceTable,
    /// Lists of destinations of traffic.
    pub port_targets: Table<PortTargetId, PortTarget>,
    /// Lists of destinations of capabilities.
    pub cap_targets: Table<CapTargetId, CapTarget>,
    /// Lists of ports; of each entry the end of a `DstPorts` entry: `{"First":22,"Last":22}}`.
    pub ports: Table<PortsId, Vec<Box<[u8]>>>,
    /// `CapMap`s.
    pub caps: Table<CapsId, Box<[u8]>>,
    everything: Option<PortTargetId>,
    port_target_of: HashMap<AliasId, PortTargetId>,
    cap_target_of: HashMap<Vec<AliasId>, CapTargetId>,
    ports_of: HashMap<Vec<PortRange>, PortsId>,
    users: HashMap<UserId, UserTargets>,
    /// The lists of rules, and of `via` rules.
    rule_sources: HashMap<(SourcesId, bool), Option<SourceId>>,
}

/// The nodes of a user as destinations.
#[derive(Clone, Debug)]
pub struct UserTargets {
    /// All their addresses.
    pub addresses: Arc<AddrSet>,
    /// Those as a list of sources.
    pub source: SourceId,
    /// Each address as a destination of traffic.
    pub ports: PortTargetId,
    caps: Option<CapTargetId>,
}

impl Stock {
    /// Nothing yet.
    #[must_use]
    pub fn new(lowered: &Lowered<'_>) -> Self {
        Self {
            sources: SourceTable::new(lowered.index(), lowered.dialect()),
            port_targets: Table::default(),
            cap_targets: Table::default(),
            ports: Table::default(),
            caps: Table::default(),
            everything: None,
            port_target_of: HashMap::new(),
            cap_target_of: HashMap::new(),
            ports_of: HashMap::new(),
            users: HashMap::new(),
            rule_sources: HashMap::new(),
        }
    }

    /// `SrcIPs` of a rule; `None` if its sources have no address.
    pub fn rule_source(&mut self, lowered: &Lowered<'_>, sources: SourcesId, via: bool) -> Option<SourceId> {
        let lists = &mut self.sources;
        *self
            .rule_sources
            .entry((sources, via))
            .or_insert_with(|| lists.of_rule(lowered.sources(sources), lowered.resolver(), via))
    }

    /// The destinations of an alias; `None` if it has no address. `*` is one entry from 0.29 on, and where nothing is
    /// said at all (`tailcfg.FilterAllowAll`); 0.28 wrote two prefixes.
    pub fn port_target(
        &mut self,
        lowered: &Lowered<'_>,
        reduction: Reduction<'_>,
        alias: AliasId,
        section: Section,
    ) -> Option<(PortTargetId, Reach)> {
        let resolver = lowered.resolver();
        let everything = section == Section::Absent || lowered.dialect() != Dialect::V0_28;
        if everything && *resolver.alias(alias) == Alias::Wildcard {
            let target = match self.everything {
                Some(target) => target,
                None => *self
                    .everything
                    .insert(self.port_targets.push(PortTarget::everything(reduction))),
            };
            return Some((target, Reach::Everything));
        }
        let set = &resolver.get(alias).set;
        if set.is_empty() {
            return None;
        }
        let targets = &mut self.port_targets;
        let target = *self
            .port_target_of
            .entry(alias)
            .or_insert_with(|| targets.push(PortTarget::new(set.prefixes(), reduction, None)));
        Some((target, Reach::Alias(alias)))
    }

    /// The destinations of aliases, one list.
    pub fn cap_target(
        &mut self,
        lowered: &Lowered<'_>,
        reduction: Reduction<'_>,
        aliases: Vec<AliasId>,
    ) -> CapTargetId {
        let (resolver, targets) = (lowered.resolver(), &mut self.cap_targets);
        *self.cap_target_of.entry(aliases).or_insert_with_key(|aliases| {
            let nets = aliases
                .iter()
                .flat_map(|&alias| resolver.get(alias).set.prefixes())
                .collect();
            targets.push(CapTarget::new(nets, reduction, None))
        })
    }

    /// A list of ports.
    pub fn port_list(&mut self, ports: &[PortRange]) -> PortsId {
        if let Some(&id) = self.ports_of.get(ports) {
            return id;
        }
        let text = |range: &PortRange| {
            let mut out = br#"{"First":"#.to_vec();
            push_number(&mut out, range.first.into());
            out.extend_from_slice(br#","Last":"#);
            push_number(&mut out, range.last.into());
            out.extend_from_slice(b"}}");
            out.into()
        };
        let id = self.ports.push(ports.iter().map(text).collect());
        self.ports_of.insert(ports.to_vec(), id);
        id
    }

    /// The nodes of `user` as destinations.
    pub fn user_target(&mut self, reduction: Reduction<'_>, user: UserId) -> UserTargets {
        let (index, targets, sources) = (reduction.index, &mut self.port_targets, &mut self.sources);
        let made = self.users.entry(user).or_insert_with(|| {
            let nodes = index.nodes_of(user);
            let single = nodes
                .iter()
                .flat_map(|&node| index.node(node).addresses())
                .map(IpNet::from);
            // Each address alone, without a length in every dialect.
            let reduction = Reduction {
                lengths: false,
                ..reduction
            };
            let target = PortTarget::new(single, reduction, Some(nodes));
            let addresses = index.addresses(nodes.iter().copied());
            UserTargets {
                ports: targets.push(target),
                source: sources.of_set(addresses.clone()),
                addresses: Arc::new(addresses),
                caps: None,
            }
        });
        made.clone()
    }

    /// The nodes of `user` as destinations of capabilities, a list for each node.
    pub fn user_cap_target(&mut self, reduction: Reduction<'_>, user: UserId) -> CapTargetId {
        let made = self.user_target(reduction, user);
        if let Some(target) = made.caps {
            return target;
        }
        let nodes = reduction.index.nodes_of(user);
        let target = self.cap_targets.push(CapTarget::each(nodes, reduction));
        if let Some(made) = self.users.get_mut(&user) {
            made.caps = Some(target);
        }
        target
    }
}

/// `CapMap` of a grant.
pub(super) fn capabilities(app: &App) -> Box<[u8]> {
    let mut out = b"{".to_vec();
    for (position, (name, values)) in app.capabilities.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        push_string(&mut out, name);
        out.push(b':');
        push_list(&mut out, values, |out, value| out.extend_from_slice(value.as_bytes()));
    }
    out.push(b'}');
    out.into()
}

/// `CapMap` of each companion that a grant brings: the value is null.
pub(super) fn companions(app: &App) -> impl Iterator<Item = Box<[u8]>> {
    let brought = COMPANIONS.iter().filter(|(own, _)| app.grants(own));
    brought.map(|(_, companion)| {
        let mut out = b"{".to_vec();
        push_string(&mut out, companion);
        out.extend_from_slice(b":null}");
        out.into()
    })
}
