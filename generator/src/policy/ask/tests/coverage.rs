//! Which rules no test leans on.

use std::collections::BTreeSet;

use crate::policy::document::{Document, Grant};
use crate::policy::words::{Alias, Autogroup};
use crate::source::Span;

use super::RuleRef;

/// How far the tests of a policy exercise its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// How many rules there are.
    pub rules: usize,
    /// Rules that some assertion leans on.
    pub exercised: usize,
    /// The others, in the order of the policy.
    pub unexercised: Vec<Unexercised>,
}

/// A rule that no assertion leans on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unexercised {
    /// The rule.
    pub rule: RuleRef,
    /// Where it stands.
    pub span: Span,
    /// Why no test can: headscale asks the filter of the whole tailnet, and the rule is not in it. `None`: a test could.
    pub cannot: Option<&'static str>,
}

impl Coverage {
    pub(super) fn new(document: &Document, exercised: &BTreeSet<RuleRef>) -> Self {
        let grants = document.grants.iter().flatten().enumerate();
        let acls = document.acls.iter().flatten().enumerate();
        let all: Vec<Unexercised> = grants
            .map(|(rule, grant)| Unexercised {
                rule: RuleRef::Grant(rule),
                span: grant.span,
                cannot: grant_cannot(grant),
            })
            .chain(acls.map(|(rule, acl)| Unexercised {
                rule: RuleRef::Acl(rule),
                span: acl.span,
                cannot: own_cannot(acl.dst.iter().map(|destination| &destination.value.alias)),
            }))
            .chain(document.ssh.iter().enumerate().map(|(rule, ssh)| Unexercised {
                rule: RuleRef::Ssh(rule),
                span: ssh.span,
                cannot: None,
            }))
            .collect();
        let rules = all.len();
        let unexercised: Vec<_> = all
            .into_iter()
            .filter(|entry| !exercised.contains(&entry.rule))
            .collect();
        Self {
            rules,
            exercised: rules - unexercised.len(),
            unexercised,
        }
    }
}

fn grant_cannot(grant: &Grant) -> Option<&'static str> {
    if !grant.via.is_empty() {
        Some("headscale's tests do not see rules with \"via\"")
    } else if grant.ip.is_empty() {
        Some("headscale's tests do not see capabilities")
    } else {
        own_cannot(grant.dst.iter().map(|alias| &alias.value))
    }
}

fn own_cannot<'a>(mut destinations: impl Iterator<Item = &'a Alias>) -> Option<&'static str> {
    destinations
        .all(|alias| *alias == Alias::Autogroup(Autogroup::OwnDevices))
        .then_some("headscale's tests do not see \"autogroup:self\"")
}
