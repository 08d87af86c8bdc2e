//! What was added, proven: tests in the policy's own language, and the flows that have to pass.

use std::collections::{BTreeMap, BTreeSet};

use crate::cluster::words::{ServicePorts, Transport};
use crate::policy::document::{Document, SshTest, Test};
use crate::policy::tailnet::{Id as _, Index, NodeSet, Resolver, Tailnet};
use crate::policy::words::{Alias, Autogroup, Destination, PortRange, Protocol};
use crate::source::Spanned;

use super::flow::Flow;
use super::needs::{Derived, Draft, Rule, Side, SshRule};

/// What proves a draft.
#[derive(Debug, Default)]
pub(super) struct Proof {
    pub tests: Vec<(Test, Derived)>,
    pub ssh_tests: Vec<(SshTest, Derived)>,
    pub flows: Vec<Flow>,
}

/// Proves `draft`, which `policy` contains, in `tailnet`.
pub(super) fn prove(draft: &Draft, policy: &Document, tailnet: &Tailnet) -> Proof {
    let mut resolver = Resolver::new(policy, Index::new(tailnet));
    let mut proof = Proof::default();
    let added = draft.rules.iter().map(|rule| (rule, true));
    for (rule, added) in added.chain(draft.asked.iter().map(|rule| (rule, false))) {
        let (from, to) = (ends(&rule.from, &mut resolver), ends(&rule.to, &mut resolver));
        if added {
            proof.tests.extend(tests(rule, &from, &to));
        }
        // "a person's own devices" differ from source to source: the filter sees to them, no flow can say it.
        let flow = Flow {
            from: nodes(&rule.from, &from),
            to: nodes(&rule.to, &to),
            ports: rule.ports.iter().map(|ports| ports.value).collect(),
            why: rule.derived.why.clone(),
            span: rule.derived.span,
        };
        if !flow.from.is_empty() && !flow.to.is_empty() {
            proof.flows.push(flow);
        }
    }
    for rule in &draft.ssh {
        let (from, to) = (ends(&rule.from, &mut resolver), ends(&rule.to, &mut resolver));
        proof.ssh_tests.extend(ssh_tests(rule, &from, &to));
    }
    proof
}

/// A name of a rule, with the nodes that it means.
struct End {
    alias: Spanned<Alias>,
    nodes: NodeSet,
}

/// The names of `side` that mean somebody: a test that names nobody always fails.
fn ends(side: &Side, resolver: &mut Resolver<'_>) -> Vec<End> {
    let mut ends: Vec<End> = Vec::new();
    let mut seen = BTreeSet::new();
    for name in &side.names {
        // What cannot be read was reported when the draft was.
        let Ok(alias) = Alias::parse(&name.value) else { continue };
        let id = resolver.resolve(&alias);
        let resolved = resolver.get(id);
        if resolved.errors.is_empty() && !resolved.nodes.is_empty() && seen.insert(id) {
            ends.push(End {
                nodes: resolved.nodes.clone(),
                alias: Spanned::new(alias, name.span),
            });
        }
    }
    ends
}

/// The nodes that are meant, ascending.
fn nodes(side: &Side, ends: &[End]) -> Vec<usize> {
    if let Some(nodes) = &side.nodes {
        return nodes.clone();
    }
    let mut nodes: Vec<usize> = ends
        .iter()
        .flat_map(|end| end.nodes.iter().map(|node| node.index()))
        .collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// Whether headscale's tests take `alias` as a destination and mean by it what a rule means.
fn is_testable(alias: &Alias) -> bool {
    match alias {
        Alias::User(_) | Alias::Group(_) | Alias::Tag(_) => true,
        Alias::Autogroup(autogroup) => matches!(autogroup, Autogroup::Member | Autogroup::Tagged),
        // Wider than a host, or not known to be one.
        Alias::Wildcard | Alias::Host(_) | Alias::Prefix(_) => false,
    }
}

/// A test for each source and transport: everything that was asked for passes.
fn tests(rule: &Rule, from: &[End], to: &[End]) -> Vec<(Test, Derived)> {
    let mut by_transport: BTreeMap<Transport, Vec<u16>> = BTreeMap::new();
    for ports in &rule.ports {
        let ServicePorts { transport, first, last } = ports.value;
        let list = by_transport.entry(transport).or_default();
        // A test asks for one port: both ends of a range stand for it.
        list.extend([first.get(), last.get()]);
        list.dedup();
    }
    let to: Vec<&End> = to.iter().filter(|end| is_testable(&end.alias.value)).collect();
    let mut tests = Vec::new();
    for (turn, source) in from.iter().enumerate() {
        for (transport, ports) in &by_transport {
            let accept: Vec<Spanned<Destination>> = shared_out(&to, from.len(), turn)
                .flat_map(|end| {
                    ports.iter().map(|&port| {
                        end.alias.clone().map(|alias| Destination {
                            alias,
                            ports: vec![PortRange::single(port)],
                        })
                    })
                })
                .collect();
            if accept.is_empty() {
                continue;
            }
            let test = Test {
                span: rule.derived.span,
                src: source.alias.clone(),
                proto: Protocol::Number(transport.number()),
                accept,
                deny: Vec::new(),
            };
            tests.push((test, rule.derived.clone()));
        }
    }
    tests
}

/// How many pairs of names the tests of one rule ask for.
const MOST_PAIRS: usize = 4_096;

/// The destinations that the source with number `turn` of `sources` is asked for: all, where that is not too much. Else
/// each takes its turn, so that every name is asked for by somebody: the rule is the same for all of them.
fn shared_out<'e>(to: &'e [&'e End], sources: usize, turn: usize) -> impl Iterator<Item = &'e End> {
    let all = to.len().saturating_mul(sources) <= MOST_PAIRS;
    let step = if all { 1 } else { sources.max(1) };
    let start = if all { 0 } else { turn % to.len().max(1) };
    to.iter().skip(start).step_by(step).copied()
}

/// A test for each source: it logs in as whom it may, after a check where one is asked for.
fn ssh_tests(rule: &SshRule, from: &[End], to: &[End]) -> Vec<(SshTest, Derived)> {
    // A class of logins is no login.
    let logins: Vec<Spanned<Box<str>>> = rule
        .logins
        .iter()
        .filter(|login| !login.value.contains(':'))
        .cloned()
        .collect();
    let dst: Vec<Spanned<Alias>> = to
        .iter()
        .filter(|end| is_testable(&end.alias.value))
        .map(|end| end.alias.clone())
        .collect();
    if logins.is_empty() || dst.is_empty() {
        return Vec::new();
    }
    let (accept, check) = match rule.check {
        Some(_) => (Vec::new(), logins),
        None => (logins, Vec::new()),
    };
    from.iter()
        .map(|source| {
            let test = SshTest {
                span: rule.derived.span,
                src: source.alias.clone(),
                dst: dst.clone(),
                accept: accept.clone(),
                deny: Vec::new(),
                check: check.clone(),
            };
            (test, rule.derived.clone())
        })
        .collect()
}
