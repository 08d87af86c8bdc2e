//! `sshTests`: who logs in where as whom, by the SSH policies that nodes receive (`hscontrol/policy/v2/sshtest.go`).
//!
//! Every login is asked of every node that `dst` stands for, and all addresses of `src` must agree. `accept` is
//! content with a rule that asks for a check, `check` wants one. ACLs and grants are not asked: a login that holds here
//! may still find port 22 closed. A test without logins, and one with a destination that is no node, fails.

use std::collections::BTreeSet;

use crate::net::AddrSet;
use crate::policy::compile::ssh::Ssh;
use crate::policy::document::{Document, SshTest};
use crate::policy::tailnet::{NodeId, NodeSet, Resolved, Resolver, UserId};
use crate::policy::words::{Alias, Autogroup};
use crate::source::Span;

use super::{Assertion, Outcome, Results, RuleRef, TestSection};

const ALLOWED: &str = "ALLOWED";
const BY_CHECK: &str = "ALLOWED via check";
const BY_ACCEPT: &str = "ALLOWED via accept";
const DENIED: &str = "DENIED";

/// Asks `sshTests`.
pub(super) fn run(document: &Document, resolver: &mut Resolver<'_>, ssh: &Ssh, results: &mut Results) {
    for (position, test) in document.ssh_tests.iter().enumerate() {
        let src = test.src.value.to_string();
        let mut asker = Asker {
            position,
            src: &src,
            ssh,
            results: &mut *results,
        };
        asker.one(test, resolver);
    }
}

struct Asker<'t> {
    position: usize,
    src: &'t str,
    ssh: &'t Ssh,
    results: &'t mut Results,
}

impl Asker<'_> {
    fn one(&mut self, test: &SshTest, resolver: &mut Resolver<'_>) {
        let source = resolver.resolve(&test.src.value);
        let source = resolver.get(source);
        if !source.errors.is_empty() {
            let error = format!("failed to resolve source {:?}: resolving: {}", self.src, errors(source));
            return self.error(test.src.span, error);
        }
        if source.set.is_empty() {
            return self.error(
                test.src.span,
                format!("source {:?} resolved to no IP addresses", self.src),
            );
        }
        let source = source.set.clone();
        if test.accept.is_empty() && test.deny.is_empty() && test.check.is_empty() {
            return self.error(test.span, "no accept, deny, or check assertions specified".to_owned());
        }
        // Only a single user has devices of its own.
        let user = match &test.src.value {
            Alias::User(name) => resolver.user(name).ok(),
            _ => None,
        };
        let Some(nodes) = self.destinations(test, user, resolver) else {
            return;
        };
        let lists = [(&test.accept, ALLOWED), (&test.deny, DENIED), (&test.check, BY_CHECK)];
        for (logins, expected) in lists {
            for login in logins {
                for &node in &nodes {
                    let name = &resolver.index().node(node).name;
                    self.ask(&source, (node, name), &login.value, login.span, expected);
                }
            }
        }
    }

    /// The nodes that `dst` stands for, in its order, each once; `None`: one of its entries cannot be found, and
    /// nothing is asked. Of an entry without nodes the test fails, and the others are asked.
    fn destinations(
        &mut self,
        test: &SshTest,
        user: Option<UserId>,
        resolver: &mut Resolver<'_>,
    ) -> Option<Vec<NodeId>> {
        let mut seen = NodeSet::empty(resolver.index().node_count());
        let mut nodes = Vec::new();
        let mut empty = Vec::new();
        for destination in &test.dst {
            let mut found = false;
            let mut take = |node: NodeId| {
                found = true;
                if seen.insert(node) {
                    nodes.push(node);
                }
            };
            if destination.value == Alias::Autogroup(Autogroup::OwnDevices) {
                let own = user.map_or(&[][..], |user| resolver.index().nodes_of(user));
                own.iter().copied().for_each(&mut take);
            } else {
                let alias = resolver.resolve(&destination.value);
                let resolved = resolver.get(alias);
                if !resolved.errors.is_empty() {
                    let error = format!(
                        "failed to resolve destinations: resolving destination {:?}: {}",
                        destination.value.to_string(),
                        errors(resolved)
                    );
                    self.error(destination.span, error);
                    return None;
                }
                resolved.nodes.iter().for_each(&mut take);
            }
            if !found {
                empty.push(destination);
            }
        }
        for destination in empty {
            let error = format!("dst alias {:?} resolved to no nodes", destination.value.to_string());
            self.error(destination.span, error);
        }
        Some(nodes)
    }

    fn ask(&mut self, source: &AddrSet, node: (NodeId, &str), login: &str, span: Span, expected: &'static str) {
        let admitted = self.ssh.admitted(node.0, login);
        let got = match expected {
            DENIED if admitted.any.overlaps(source) => ALLOWED,
            DENIED => DENIED,
            ALLOWED if admitted.any.is_superset(source) => ALLOWED,
            ALLOWED => DENIED,
            _ if admitted.checked.is_superset(source) => BY_CHECK,
            // headscale looks at the first address without a check.
            _ => match source.difference(&admitted.checked).prefixes().next() {
                Some(first) if admitted.any.contains(first.addr()) => BY_ACCEPT,
                _ => DENIED,
            },
        };
        let outcome = if got == expected {
            Outcome::Holds
        } else {
            Outcome::Fails(got)
        };
        let rules: BTreeSet<RuleRef> = self
            .ssh
            .admitting(node.0, login)
            .filter(|wire| wire.principals.set.overlaps(source))
            .map(|wire| RuleRef::Ssh(wire.rule))
            .collect();
        let login = if login.is_empty() { "\"\"" } else { login };
        self.results.push(Assertion {
            section: TestSection::SshTests,
            test: self.position,
            span,
            question: format!("{}/{login} -> {}", self.src, node.1),
            expected,
            outcome,
            rules: rules.into_iter().collect(),
        });
    }

    fn error(&mut self, span: Span, error: String) {
        self.results.push(Assertion {
            section: TestSection::SshTests,
            test: self.position,
            span,
            question: self.src.to_owned(),
            expected: ALLOWED,
            outcome: Outcome::Error(error),
            rules: Vec::new(),
        });
    }
}

fn errors(resolved: &Resolved) -> String {
    let words: Vec<String> = resolved.errors.iter().map(ToString::to_string).collect();
    words.join("; ")
}
