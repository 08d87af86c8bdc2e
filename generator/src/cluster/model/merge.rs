//! Several documents as one policy, with the memory of where each entry comes from.

use std::collections::HashMap;
use std::hash::Hash;

use crate::cluster::rules::defined_twice;
use crate::diagnostics::Diagnostic;
use crate::policy::dialect::Dialect;
use crate::policy::document::{Document, SshTest, Test};
use crate::policy::rules::lints::Own;
use crate::source::{Span, Spanned};

use super::needs::{self, Derived, Draft};

/// Where an entry of the policy comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The policy file.
    File,
    /// `policy` of the declaration.
    Declared,
    /// A preset, or a need of the cluster.
    Derived(Derived),
}

/// Where the entries of each section come from: as many, in the same order.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// `groups`
    pub groups: Vec<Origin>,
    /// `hosts`
    pub hosts: Vec<Origin>,
    /// `tagOwners`
    pub tag_owners: Vec<Origin>,
    /// `acls`
    pub acls: Vec<Origin>,
    /// `grants`
    pub grants: Vec<Origin>,
    /// `nodeAttrs`
    pub node_attrs: Vec<Origin>,
    /// `autoApprovers.routes`; an approver that was added to an entry of the policy's own has its place at the node.
    pub routes: Vec<Origin>,
    /// `autoApprovers.exitNode`, approver by approver.
    pub exit_node: Vec<Origin>,
    /// `ssh`
    pub ssh: Vec<Origin>,
    /// `tests`
    pub tests: Vec<Origin>,
    /// `sshTests`
    pub ssh_tests: Vec<Origin>,
    /// `randomizeClientPort`
    pub randomize_client_port: Option<Origin>,
}

impl Origins {
    /// How many entries of each section are the user's own: they come first.
    pub(crate) fn own(&self) -> Own {
        let count = |origins: &[Origin]| {
            let own = origins
                .iter()
                .take_while(|origin| !matches!(origin, Origin::Derived(_)));
            own.count()
        };
        Own {
            groups: count(&self.groups),
            hosts: count(&self.hosts),
            tag_owners: count(&self.tag_owners),
            acls: count(&self.acls),
            grants: count(&self.grants),
            node_attrs: count(&self.node_attrs),
            routes: count(&self.routes),
            exit_node: count(&self.exit_node),
            ssh: count(&self.ssh),
            tests: count(&self.tests),
            ssh_tests: count(&self.ssh_tests),
        }
    }

    /// Adds tests that prove what was added.
    pub(super) fn add_tests(
        &mut self,
        policy: &mut Document,
        tests: Vec<(Test, Derived)>,
        ssh_tests: Vec<(SshTest, Derived)>,
    ) {
        for (test, derived) in tests {
            policy.tests.push(test);
            self.tests.push(Origin::Derived(derived));
        }
        for (test, derived) in ssh_tests {
            policy.ssh_tests.push(test);
            self.ssh_tests.push(Origin::Derived(derived));
        }
    }
}

/// A policy that grows.
#[derive(Debug)]
pub(super) struct Merge {
    policy: Document,
    origins: Origins,
}

impl Merge {
    /// Nothing yet.
    pub(super) fn new(span: Span, dialect: Dialect) -> Self {
        Self {
            policy: Document::empty(span, dialect),
            origins: Origins::default(),
        }
    }

    /// Adds a document of the user's. Lists are joined; what is defined by name may be defined once.
    pub(super) fn add(&mut self, document: Document, origin: &Origin, findings: &mut Vec<Diagnostic>) {
        let (policy, origins) = (&mut self.policy, &mut self.origins);
        let mut once = Once { origin, findings };
        once.join(&mut policy.groups, &mut origins.groups, document.groups, |group| {
            (group.name.value.as_str().to_owned(), group.name.span)
        });
        once.join(&mut policy.hosts, &mut origins.hosts, document.hosts, |host| {
            (host.name.value.as_str().to_owned(), host.name.span)
        });
        once.join(
            &mut policy.tag_owners,
            &mut origins.tag_owners,
            document.tag_owners,
            |owner| (owner.tag.value.as_str().to_owned(), owner.tag.span),
        );
        once.join(
            &mut policy.auto_approvers.routes,
            &mut origins.routes,
            document.auto_approvers.routes,
            |(prefix, _)| (prefix.value.network().to_string(), prefix.span),
        );
        append(
            &mut policy.auto_approvers.exit_node,
            &mut origins.exit_node,
            document.auto_approvers.exit_node,
            origin,
        );
        append_rules(&mut policy.acls, &mut origins.acls, document.acls, origin);
        append_rules(&mut policy.grants, &mut origins.grants, document.grants, origin);
        append(
            &mut policy.node_attrs,
            &mut origins.node_attrs,
            document.node_attrs,
            origin,
        );
        append(&mut policy.ssh, &mut origins.ssh, document.ssh, origin);
        append(&mut policy.tests, &mut origins.tests, document.tests, origin);
        append(
            &mut policy.ssh_tests,
            &mut origins.ssh_tests,
            document.ssh_tests,
            origin,
        );
        match (&policy.randomize_client_port, document.randomize_client_port) {
            (_, None) => {}
            (None, Some(value)) => {
                policy.randomize_client_port = Some(value);
                origins.randomize_client_port = Some(origin.clone());
            }
            (Some(first), Some(second)) => {
                once.findings
                    .push(defined_twice::finding("randomizeClientPort", second.span, first.span));
            }
        }
    }

    /// Adds what was drafted. A tag or route that the policy has itself is the policy's own.
    pub(super) fn add_derived(&mut self, document: Document, draft: &Draft) {
        let (policy, origins) = (&mut self.policy, &mut self.origins);
        let derived = |derived: &Derived| Origin::Derived(derived.clone());
        let rules = |entries: fn(&needs::Rule, Dialect) -> usize| {
            draft
                .rules
                .iter()
                .flat_map(move |rule| std::iter::repeat_n(derived(&rule.derived), entries(rule, document.dialect)))
        };
        for (rules_of, origins_of) in [
            (document.acls.is_some(), &mut origins.acls),
            (document.grants.is_some(), &mut origins.grants),
        ] {
            if rules_of {
                origins_of.extend(rules(needs::entries_of));
            }
        }
        if let Some(acls) = document.acls {
            policy.acls.get_or_insert_default().extend(acls);
        }
        if let Some(grants) = document.grants {
            policy.grants.get_or_insert_default().extend(grants);
        }
        policy.ssh.extend(document.ssh);
        origins.ssh.extend(draft.ssh.iter().map(|rule| derived(&rule.derived)));
        for owner in document.tag_owners {
            let span = owner.tag.span;
            policy.tag_owners.push(owner);
            origins.tag_owners.push(Origin::Derived(Derived {
                why: "a tag of a node, given by its pre-auth key only".to_owned(),
                span,
            }));
        }
        for (prefix, approvers) in document.auto_approvers.routes {
            let network = prefix.value.network();
            let own = &mut policy.auto_approvers.routes;
            match own.iter_mut().find(|(own, _)| own.value.network() == network) {
                Some((_, own)) => {
                    for approver in approvers {
                        if own.iter().all(|known| known.value != approver.value) {
                            own.push(approver);
                        }
                    }
                }
                None => {
                    origins.routes.push(Origin::Derived(Derived {
                        why: "a route that a declared node announces".to_owned(),
                        span: prefix.span,
                    }));
                    own.push((prefix, approvers));
                }
            }
        }
        for approver in document.auto_approvers.exit_node {
            let own = &mut policy.auto_approvers.exit_node;
            if own.iter().all(|known| known.value != approver.value) {
                origins.exit_node.push(Origin::Derived(Derived {
                    why: "a declared exit node".to_owned(),
                    span: approver.span,
                }));
                own.push(approver);
            }
        }
    }

    /// The policy. It always has rules, were they none: without any headscale lets everything pass.
    pub(super) fn finish(mut self) -> (Document, Origins) {
        if self.policy.acls.is_none() && self.policy.grants.is_none() {
            self.policy.acls = Some(Vec::new());
        }
        sort(&mut self.policy.groups, &mut self.origins.groups, |group| {
            group.name.clone()
        });
        sort(&mut self.policy.hosts, &mut self.origins.hosts, |host| {
            host.name.clone()
        });
        sort(&mut self.policy.tag_owners, &mut self.origins.tag_owners, |owner| {
            owner.tag.clone()
        });
        sort(
            &mut self.policy.auto_approvers.routes,
            &mut self.origins.routes,
            |(prefix, _)| prefix.map(|prefix| prefix.network()),
        );
        (self.policy, self.origins)
    }
}

/// Joins what may be defined once.
struct Once<'a> {
    origin: &'a Origin,
    findings: &'a mut Vec<Diagnostic>,
}

impl Once<'_> {
    fn join<T>(
        &mut self,
        entries: &mut Vec<T>,
        origins: &mut Vec<Origin>,
        more: Vec<T>,
        name: impl Fn(&T) -> (String, Span),
    ) {
        let known: HashMap<String, Span> = entries.iter().map(&name).collect();
        for entry in more {
            let (name, span) = name(&entry);
            if let Some(first) = known.get(&name) {
                self.findings.push(defined_twice::finding(&name, span, *first));
                continue;
            }
            entries.push(entry);
            origins.push(self.origin.clone());
        }
    }
}

fn append<T>(entries: &mut Vec<T>, origins: &mut Vec<Origin>, more: Vec<T>, origin: &Origin) {
    origins.extend(std::iter::repeat_n(origin.clone(), more.len()));
    entries.extend(more);
}

/// The same for `acls` and `grants`, of which none is not the same as no entries.
fn append_rules<T>(entries: &mut Option<Vec<T>>, origins: &mut Vec<Origin>, more: Option<Vec<T>>, origin: &Origin) {
    if let Some(more) = more {
        append(entries.get_or_insert_default(), origins, more, origin);
    }
}

/// Sorts entries by name, their origins with them: the order of an object's members has no meaning.
fn sort<T, K: Ord + Hash>(entries: &mut Vec<T>, origins: &mut Vec<Origin>, name: impl Fn(&T) -> Spanned<K>) {
    let mut both: Vec<(T, Origin)> = entries.drain(..).zip(origins.drain(..)).collect();
    both.sort_by_cached_key(|(entry, _)| name(entry));
    (*entries, *origins) = both.into_iter().unzip();
}
