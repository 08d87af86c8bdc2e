//! Rules with another action than `accept`: a `deny` cannot be said, so what it forbids must not be allowed either.
//!
//! Neither Tailscale nor headscale ever had one. Whoever wrote it wanted something closed: it is left out together with
//! every rule that may allow some of it.

use crate::hujson::Value;
use crate::net::AddrSet;
use crate::policy::dialect::Dialect;
use crate::policy::words::{Autogroup, PortRange, Prefix, Protocol, Traffic};

use super::Porter;
use super::change::Effect;
use super::tree::{field, items, strings};

/// More pairs of rules are not compared: then every rule is taken to allow what is denied.
const MOST_PAIRS: usize = 1_000_000;

/// What a rule speaks of, as far as it can be told from its words.
struct Reach<'a> {
    sources: Vec<&'a str>,
    /// Destinations with what may be sent to them.
    destinations: Vec<(&'a str, Traffic)>,
}

impl<'a> Porter<'a> {
    /// Leaves out what denies, and what it denies.
    pub(super) fn deny(&mut self) {
        for section in ["acls", "grants", "ssh"] {
            let rules = items(field(self.root, section));
            let denials: Vec<&'a Value> = rules.iter().filter(|rule| is_denial(rule)).collect();
            if denials.is_empty() {
                continue;
            }
            // SSH rules let into a node, ACLs and grants reach it: each kind forbids its own, and network rules each
            // other's.
            let others: Vec<&'a Value> = match section {
                "ssh" => rules.iter().collect(),
                _ => ["acls", "grants"]
                    .iter()
                    .flat_map(|section| items(field(self.root, section)))
                    .collect(),
            };
            let reaches: Vec<Reach<'a>> = denials.iter().map(|rule| Reach::of(rule)).collect();
            let too_many = denials.len().saturating_mul(others.len()) > MOST_PAIRS;
            for rule in others {
                if is_denial(rule) {
                    let why = "headscale has no deny: what no rule accepts is closed";
                    self.plan.leave_out(rule.span, Effect::LeftOut, why);
                    continue;
                }
                let reach = Reach::of(rule);
                let first = match too_many {
                    true => Some(0),
                    false => reaches.iter().position(|denied| denied.meets(&reach)),
                };
                if let Some(i) = first {
                    let line = denials
                        .get(i)
                        .map_or(0, |denied| self.plan.line_number(denied.span.start));
                    let why = format!(
                        "it may accept some of what the rule in line {line} denies, and headscale has no deny: write it \
                         so that it does not"
                    );
                    self.plan.leave_out(rule.span, Effect::LeftOut, why);
                }
            }
        }
    }
}

/// Whether a rule says that something is not allowed.
fn is_denial(rule: &Value) -> bool {
    let action = field(rule, "action").and_then(Value::as_str).unwrap_or_default();
    matches!(
        action.trim().to_ascii_lowercase().as_str(),
        "deny" | "drop" | "reject" | "block"
    )
}

impl<'a> Reach<'a> {
    fn of(rule: &'a Value) -> Self {
        let list = |name| field(rule, name).into_iter().flat_map(strings);
        let is_ssh = field(rule, "users").is_some() && field(rule, "dst").is_some();
        let sources = list("src").chain(list("users").filter(|_| !is_ssh)).collect();
        let mut destinations = Vec::new();
        if field(rule, "ip").is_some() || field(rule, "app").is_some() || is_ssh {
            let mut traffic: Vec<Traffic> = list("ip").map(read_traffic).collect();
            if field(rule, "app").is_some() || traffic.is_empty() {
                traffic.push(EVERYTHING);
            }
            for word in list("dst") {
                destinations.extend(traffic.iter().map(|traffic| (word, traffic.clone())));
            }
        } else {
            let protocol = field(rule, "proto").and_then(Value::as_str).unwrap_or_default();
            // What cannot be read may be anything.
            let protocol = Protocol::parse(protocol, Dialect::V0_29).unwrap_or(Protocol::Any);
            for word in list("dst").chain(list("ports")) {
                let split = word.rsplit_once(':');
                let read = split.and_then(|(host, ports)| Some((host, PortRange::parse_list(ports).ok()?)));
                destinations.push(match read {
                    Some((host, ports)) => (host, Traffic { protocol, ports }),
                    None => (word, EVERYTHING),
                });
            }
        }
        Self { sources, destinations }
    }

    /// Whether something may be in both.
    fn meets(&self, other: &Self) -> bool {
        let mut sources = self.sources.iter();
        sources.any(|one| other.sources.iter().any(|other| may_meet(one, other)))
            && self.destinations.iter().any(|(one, traffic)| {
                let mut others = other.destinations.iter();
                others.any(|(other, of_it)| overlap(traffic, of_it) && may_meet(one, other))
            })
    }
}

/// Whatever protocol, whatever port.
const EVERYTHING: Traffic = Traffic {
    protocol: Protocol::Any,
    ports: Vec::new(),
};

fn read_traffic(text: &str) -> Traffic {
    Traffic::parse(text, Dialect::V0_29).unwrap_or(EVERYTHING)
}

/// Whether two kinds of traffic have something in common. No ports: every port.
fn overlap(one: &Traffic, other: &Traffic) -> bool {
    let protocols = match (one.protocol, other.protocol) {
        (Protocol::Number(one), Protocol::Number(other)) => one == other,
        _ => true,
    };
    let all = one.ports.is_empty() || other.ports.is_empty();
    protocols
        && (all
            || one.ports.iter().any(|one| {
                other
                    .ports
                    .iter()
                    .any(|other| one.first <= other.last && other.first <= one.last)
            }))
}

/// Whether two aliases may stand for the same node, as far as their words tell. Users, groups and their like may always:
/// who they are only the tailnet knows.
fn may_meet(one: &str, other: &str) -> bool {
    #[derive(PartialEq)]
    enum Kind {
        People,
        Tagged,
        Addresses(AddrSet),
        Unknown,
    }
    let kind = |word: &str| {
        if word.starts_with("tag:") || word == Autogroup::Tagged.as_str() {
            Kind::Tagged
        } else if let Ok(prefix) = Prefix::parse(word) {
            Kind::Addresses(AddrSet::from(prefix.network()))
        } else if word.contains('@') || word.starts_with("group:") || word == Autogroup::Member.as_str() {
            Kind::People
        } else {
            Kind::Unknown
        }
    };
    match (kind(one), kind(other)) {
        (Kind::People, Kind::Tagged) | (Kind::Tagged, Kind::People) => false,
        (Kind::Addresses(one), Kind::Addresses(other)) => one.overlaps(&other),
        _ => true,
    }
}
