//! `tests`: who reaches whom by the filter of the whole tailnet (`hscontrol/policy/v2/test.go`).
//!
//! Quirks, all headscale's:
//!
//! - The filter asked is the global one: `via` rules and `autogroup:self` are not in it, so they never help, and
//!   `autogroup:self` as a destination is an error.
//! - `src` stands for its CIDRs. A test is allowed if every one of them has an address in the sources of *some* rule
//!   that lets in to *some* address of the destination. So "denied" means "not all of them": a `deny` holds although one
//!   of the sources gets through.
//! - Unlike in rules, a source or destination of which anything cannot be found (one unknown member of a group) fails.
//! - Without `proto`, a rule for any of TCP, UDP, ICMP and ICMPv6 will do.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::net::AddrSet;
use crate::policy::document::{Destination, Document, Test};
use crate::policy::lower::Lowered;
use crate::policy::permit::{Permit, PermitId};
use crate::policy::tailnet::{AliasId, Id as _, Resolved};
use crate::policy::words::{Alias, PortList, PortRange, Protocol};
use crate::source::Spanned;

use super::{Assertion, Outcome, Results, RuleRef, TestSection};

/// The protocols of a test that names none (`srcReachesDst`).
const DEFAULT: [u8; 4] = [6, 17, 1, 58];

const ALLOWED: &str = "ALLOWED";
pub(super) const DENIED: &str = "DENIED";

/// Asks `tests`.
pub(super) fn run(document: &Document, lowered: &mut Lowered<'_>, results: &mut Results) {
    if document.tests.is_empty() {
        return;
    }
    let global = Global::new(lowered);
    for (position, test) in document.tests.iter().enumerate() {
        one(position, test, lowered, &global, results);
    }
}

/// What of a policy tests are asked by, looked up once for all of them: policies have many rules and many tests, each
/// about few nodes.
struct Global {
    /// The subnet routes that are sources wherever `*` is one.
    routes: AddrSet,
    /// Every alias that is a destination in the global filter, and the permits that name it.
    permits: BTreeMap<AliasId, Vec<PermitId>>,
    /// Those of these aliases that mean nodes, by node.
    by_node: Vec<Vec<AliasId>>,
    /// The others, which mean addresses whoever has them.
    by_address: Vec<AliasId>,
}

impl Global {
    fn new(lowered: &Lowered<'_>) -> Self {
        let mut permits: BTreeMap<AliasId, Vec<PermitId>> = BTreeMap::new();
        for (id, permit) in lowered.permits().iter() {
            if permit.via.is_empty() {
                for destination in &permit.destinations {
                    permits.entry(destination.value).or_default().push(id);
                }
            }
        }
        let resolver = lowered.resolver();
        let mut by_node = vec![Vec::new(); lowered.index().node_count()];
        let mut by_address = Vec::new();
        for &alias in permits.keys() {
            if means_nodes(resolver.alias(alias)) {
                for node in resolver.get(alias).nodes.iter() {
                    if let Some(aliases) = by_node.get_mut(node.index()) {
                        aliases.push(alias);
                    }
                }
            } else {
                by_address.push(alias);
            }
        }
        Self {
            routes: readable_routes(lowered),
            permits,
            by_node,
            by_address,
        }
    }

    /// The permits that let in to some of `target`.
    fn permits_into(&self, target: AliasId, lowered: &Lowered<'_>) -> BTreeSet<PermitId> {
        let resolver = lowered.resolver();
        let resolved = resolver.get(target);
        let near: BTreeSet<AliasId> = if means_nodes(resolver.alias(target)) {
            let of_nodes = resolved.nodes.iter().filter_map(|node| self.by_node.get(node.index()));
            of_nodes.flatten().chain(&self.by_address).copied().collect()
        } else {
            self.permits.keys().copied().collect()
        };
        // `*` is sent as it is and means every address, not only those of the tailnet.
        let meets = |alias: AliasId| {
            *resolver.alias(alias) == Alias::Wildcard || resolver.get(alias).set.overlaps(&resolved.set)
        };
        let met = near.into_iter().filter(|&alias| meets(alias));
        met.filter_map(|alias| self.permits.get(&alias))
            .flatten()
            .copied()
            .collect()
    }
}

/// Whether `alias` stands for the addresses of some nodes and for no others.
const fn means_nodes(alias: &Alias) -> bool {
    matches!(alias, Alias::User(_) | Alias::Group(_) | Alias::Tag(_))
}

/// The subnet routes in force, which are sources wherever `*` is one. Those with host bits are sent and cannot be read
/// back (`ParseIPSet` in `hscontrol/util/addr.go`).
fn readable_routes(lowered: &Lowered<'_>) -> AddrSet {
    let routes = lowered.index().routes();
    let nets = routes.ids().map(|route| routes.net(route));
    nets.filter(|net| net.trunc() == *net).collect()
}

fn one(position: usize, test: &Test, lowered: &mut Lowered<'_>, global: &Global, results: &mut Results) {
    let src = test.src.value.to_string();
    let protocol = test.proto;
    let suffix = match protocol {
        Protocol::Any => String::new(),
        named => format!(" ({named})"),
    };
    let assertion = |span, question, expected, outcome, rules| Assertion {
        section: TestSection::Tests,
        test: position,
        span,
        question,
        expected,
        outcome,
        rules,
    };
    let source = lowered.resolver_mut().resolve(&test.src.value);
    let source = lowered.resolver().get(source);
    let error = if !source.errors.is_empty() {
        Some(format!(
            "failed to resolve source {src:?}: resolving: {}",
            errors(source)
        ))
    } else if source.set.is_empty() {
        Some(format!("source {src:?} resolved to no IP addresses"))
    } else {
        None
    };
    if let Some(error) = error {
        let outcome = Outcome::Error(error);
        results.push(assertion(
            test.src.span,
            format!("{src}{suffix}"),
            ALLOWED,
            outcome,
            Vec::new(),
        ));
        return;
    }
    let source = source.set.clone();
    let accepted = test.accept.iter().map(|destination| (destination, ALLOWED));
    let denied = test.deny.iter().map(|destination| (destination, DENIED));
    for (destination, expected) in accepted.chain(denied) {
        let text = text(destination);
        let span = destination.span;
        match reach(&source, destination, protocol, lowered, global) {
            Ok((is_allowed, rules)) => {
                let got = if is_allowed { ALLOWED } else { DENIED };
                let outcome = if got == expected {
                    Outcome::Holds
                } else {
                    Outcome::Fails(got)
                };
                results.push(assertion(
                    span,
                    format!("{src} -> {text}{suffix}"),
                    expected,
                    outcome,
                    rules,
                ));
            }
            Err(error) => {
                let outcome = Outcome::Error(format!("error testing {text:?}: {error}"));
                results.push(assertion(span, format!("{src}{suffix}"), expected, outcome, Vec::new()));
            }
        }
    }
}

/// The destination as a policy writes it.
fn text(destination: &Spanned<Destination>) -> String {
    format!("{}:{}", destination.value.alias, PortList(&destination.value.ports))
}

fn errors(resolved: &Resolved) -> String {
    let words: Vec<String> = resolved.errors.iter().map(ToString::to_string).collect();
    words.join("; ")
}

/// Whether all of `source` reaches some of `destination`, and the rules that let any of it in.
fn reach(
    source: &AddrSet,
    destination: &Spanned<Destination>,
    protocol: Protocol,
    lowered: &mut Lowered<'_>,
    global: &Global,
) -> Result<(bool, Vec<RuleRef>), String> {
    let alias = &destination.value.alias;
    let target = lowered.resolver_mut().resolve(alias);
    let resolved = lowered.resolver().get(target);
    if !resolved.errors.is_empty() {
        return Err(format!("resolving destination: {}", errors(resolved)));
    }
    if resolved.set.is_empty() {
        let text = text(destination);
        return Err(format!("destination resolved to no IP addresses: {text:?}"));
    }
    let mut reached = AddrSet::EMPTY;
    let mut rules = BTreeSet::new();
    let mut known = HashSet::new();
    let routes = &global.routes;
    for id in global.permits_into(target, lowered) {
        let permit = &lowered.permits()[id];
        if !traffic_matches(permit, &destination.value.ports, protocol) {
            continue;
        }
        let from = lowered.sources(permit.sources);
        let wide = from.danger_all || (from.wildcard && routes.overlaps(source));
        if wide || from.set.overlaps(source) {
            rules.insert(RuleRef::of(permit.section, permit.rule));
            if known.insert(permit.sources) {
                reached = if from.danger_all {
                    AddrSet::all()
                } else {
                    reached.union(&from.set)
                };
                if from.wildcard {
                    reached = reached.union(routes);
                }
            }
        }
    }
    let is_allowed = source.prefixes().all(|prefix| reached.overlaps_net(prefix));
    Ok((is_allowed, rules.into_iter().collect()))
}

/// Whether some entry of `permit` is of the protocol and holds one of the ports.
fn traffic_matches(permit: &Permit, ports: &[PortRange], protocol: Protocol) -> bool {
    let wanted = |number: u8| match protocol {
        Protocol::Any => DEFAULT.contains(&number),
        Protocol::Number(wanted) => wanted == number,
    };
    permit.traffic.iter().any(|entry| {
        let of_protocol = match entry.value.protocol {
            Protocol::Any => true,
            Protocol::Number(number) => wanted(number),
        };
        let holds = |asked: &PortRange| {
            let held = |range: &PortRange| range.first <= asked.first && asked.last <= range.last;
            entry.value.ports.iter().any(held)
        };
        of_protocol && (ports.is_empty() || ports.iter().any(holds))
    })
}
