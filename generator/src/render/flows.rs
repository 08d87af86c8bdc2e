//! `flows.json`: who may reach what, through which rule; and what has to pass, and does.
//!
//! Nodes are called by their declared names and people by theirs, never by address: no address of a tailnet is known
//! before its nodes have registered.

use serde::Serialize;

use crate::cluster::coverage::Coverage;
use crate::cluster::model::{Model, Origin};
use crate::input::Inputs;
use crate::net::TrafficSet;
use crate::policy::lower::Lowered;
use crate::policy::permit::{Permit, Section};
use crate::policy::tailnet::{Id as _, NodeId, NodeSet};
use crate::policy::words::{Alias, Autogroup};

/// Who reaches what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Flows {
    /// What each rule of the policy lets pass, in headscale's order.
    pub rules: Vec<RuleFlow>,
    /// What has to pass for the cluster to work.
    pub needed: Vec<NeededFlow>,
}

/// What one rule lets pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RuleFlow {
    /// Its place in `policy.hujson`: `grants[2]`.
    pub rule: String,
    /// Where it comes from: an option of the declaration.
    pub option: String,
    /// Why it is there, where the declaration asked for it by purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Who may open it.
    pub from: End,
    /// Who is reached.
    pub to: End,
    /// Whether people also reach their own devices (`autogroup:self`).
    #[serde(skip_serializing_if = "is_false")]
    pub own_devices: bool,
    /// What passes: `tcp:22`, `udp:5000-5010`, `icmp`.
    pub traffic: Vec<String>,
    /// The tags of the routers that it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<String>,
    /// The capabilities that it gives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
}

/// One end of a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// Declared nodes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<String>,
    /// People who have no declared node: their devices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// Addresses and networks of the policy; the internet as `autogroup:internet`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
}

/// What has to pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NeededFlow {
    /// What for.
    pub why: String,
    /// The option that asks for it.
    pub option: String,
    /// Who opens it.
    pub from: End,
    /// Who is reached.
    pub to: End,
    /// Over which ports.
    pub traffic: Vec<String>,
    /// Whether the policy lets all of it pass.
    pub passes: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Who reaches what by the policy of `model`, which `lowered` is the normal form of.
#[must_use]
pub(super) fn flows(inputs: &Inputs, model: &Model, lowered: &Lowered<'_>, coverage: &Coverage<'_>) -> Flows {
    let rules = lowered
        .permits()
        .values()
        .map(|permit| rule(inputs, model, lowered, permit))
        .collect();
    let needed = model
        .flows
        .iter()
        .map(|flow| {
            let count = model.tailnet.nodes.len();
            let set = |list: &[usize]| NodeSet::of(count, list.iter().map(|&node| NodeId::new(node)));
            NeededFlow {
                why: flow.why.clone(),
                option: inputs.path(flow.span),
                from: end(model, &set(&flow.from)),
                to: end(model, &set(&flow.to)),
                traffic: flow.ports.iter().map(ToString::to_string).collect(),
                passes: coverage.missing(flow).is_none(),
            }
        })
        .collect();
    Flows { rules, needed }
}

fn rule(inputs: &Inputs, model: &Model, lowered: &Lowered<'_>, permit: &Permit) -> RuleFlow {
    let rule = permit.rule as usize;
    let (section, origin) = match permit.section {
        Section::Grants => ("grants", model.origins.grants.get(rule)),
        Section::Acls => ("acls", model.origins.acls.get(rule)),
        Section::Absent => ("", None),
    };
    let (option, why) = match origin {
        Some(Origin::Derived(derived)) => (inputs.path(derived.span), Some(derived.why.clone())),
        _ => (inputs.path(permit.span), None),
    };
    let sources = lowered.sources(permit.sources);
    let mut from = end(model, &sources.nodes);
    from.networks = networks(model, sources.aliases.iter().map(|id| lowered.resolver().alias(*id)));
    let mut reached = NodeSet::empty(model.tailnet.nodes.len());
    for destination in &permit.destinations {
        reached.union_with(&lowered.resolver().get(destination.value).nodes);
    }
    let mut to = end(model, &reached);
    to.networks = networks(
        model,
        permit
            .destinations
            .iter()
            .map(|destination| lowered.resolver().alias(destination.value)),
    );
    RuleFlow {
        rule: format!("{section}[{rule}]"),
        option,
        why,
        from,
        to,
        own_devices: permit.own_devices.is_some(),
        traffic: traffic(&permit.passing()),
        via: permit.via.iter().map(|tag| tag.value.as_str().to_owned()).collect(),
        capabilities: permit
            .app
            .iter()
            .flat_map(|app| &app.capabilities)
            .map(|(name, _)| name.to_string())
            .collect(),
    }
}

/// `nodes` by name; those that stand for somebody's devices by that person's name.
fn end(model: &Model, nodes: &NodeSet) -> End {
    let mut end = End::default();
    for id in nodes.iter() {
        let Some(node) = model.tailnet.nodes.get(id.index()) else {
            continue;
        };
        if id.index() < model.declared {
            end.nodes.push(node.name.clone());
        } else if let Some(user) = node.user.and_then(|user| model.tailnet.users.get(user)) {
            end.users.push(user.name.clone());
        }
    }
    end
}

/// The addresses and networks among `aliases`; those with a name in `hosts` by what that stands for.
fn networks<'a>(model: &Model, aliases: impl Iterator<Item = &'a Alias>) -> Vec<String> {
    let mut found: Vec<String> = aliases
        .filter_map(|alias| match alias {
            Alias::Host(name) => {
                let mut hosts = model.policy.hosts.iter();
                hosts
                    .find(|host| host.name.value == *name)
                    .map(|host| host.prefix.value.to_string())
            }
            Alias::Prefix(_) | Alias::Autogroup(Autogroup::Internet | Autogroup::DangerAll) => Some(alias.to_string()),
            _ => None,
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// `traffic` as the policy would write it: all ports of a protocol as `tcp:*`, protocols without ports by name.
#[must_use]
pub(super) fn traffic(set: &TrafficSet) -> Vec<String> {
    use crate::net::packet::has_ports;
    use crate::policy::words::{PortList, PortRange, Protocol};
    set.iter()
        .map(|(number, ports)| {
            let protocol = Protocol::Number(number);
            if !has_ports(number) {
                return protocol.to_string();
            }
            let ranges: Vec<PortRange> = ports.iter().map(|(first, last)| PortRange { first, last }).collect();
            format!("{protocol}:{}", PortList(&ranges))
        })
        .collect()
}
