//! `tests` and `sshTests`: what the policy says about itself, judged as headscale judges it
//! (`hscontrol/policy/v2/{test,sshtest}.go`).
//!
//! headscale refuses a policy whose tests fail where somebody writes one, and only warns when it starts. Its quirks
//! are kept, since the verdict has to be headscale's: see [`reachability`] and [`logins`]. What really passes is
//! another question; `reach` answers it.

mod coverage;
mod logins;
mod reachability;

use std::collections::{BTreeSet, HashSet};

use crate::diagnostics::{Diagnostic, Severity};
use crate::policy::compile::Compiled;
use crate::policy::document::Document;
use crate::policy::permit::Section;
use crate::policy::rules::lints::deny_of_some;
use crate::policy::rules::{ssh_test_failed, test_failed};
use crate::source::Span;

pub use coverage::{Coverage, Unexercised};

/// A rule of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleRef {
    /// An entry of `grants`.
    Grant(usize),
    /// An entry of `acls`.
    Acl(usize),
    /// An entry of `ssh`.
    Ssh(usize),
    /// No rule: the policy has neither `acls` nor `grants`, and so allows everything.
    Default,
}

impl RuleRef {
    /// A rule of `section`.
    fn of(section: Section, rule: u32) -> Self {
        match section {
            Section::Absent => Self::Default,
            Section::Grants => Self::Grant(rule as usize),
            Section::Acls => Self::Acl(rule as usize),
        }
    }

    /// Where it stands in `document`.
    #[must_use]
    pub fn span(self, document: &Document) -> Option<Span> {
        match self {
            Self::Grant(rule) => document.grants.as_ref()?.get(rule).map(|rule| rule.span),
            Self::Acl(rule) => document.acls.as_ref()?.get(rule).map(|rule| rule.span),
            Self::Ssh(rule) => document.ssh.get(rule).map(|rule| rule.span),
            Self::Default => Some(document.span),
        }
    }
}

impl std::fmt::Display for RuleRef {
    /// As a path: `grants[2]`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Grant(rule) => write!(f, "grants[{rule}]"),
            Self::Acl(rule) => write!(f, "acls[{rule}]"),
            Self::Ssh(rule) => write!(f, "ssh[{rule}]"),
            Self::Default => f.write_str("the default"),
        }
    }
}

/// The section a test stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TestSection {
    /// `tests`
    Tests,
    /// `sshTests`
    SshTests,
}

/// One thing that a test asserts, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The section.
    pub section: TestSection,
    /// The test: its index in the section.
    pub test: usize,
    /// The word that asserts it; the whole test where the test as such failed.
    pub span: Span,
    /// Who to whom: `alice@ -> tag:server:22 (tcp)`.
    pub question: String,
    /// What the test wants: `ALLOWED`, `DENIED`, `ALLOWED via check`.
    pub expected: &'static str,
    /// What came of it.
    pub outcome: Outcome,
    /// The rules that allow it, in headscale's order. Empty where nothing does.
    pub rules: Vec<RuleRef>,
}

/// What came of an assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not; this is what is: `ALLOWED`, `DENIED`, `ALLOWED via accept`.
    Fails(&'static str),
    /// It could not be asked, which headscale counts as failed.
    Error(String),
}

impl Assertion {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.outcome == Outcome::Holds
    }

    /// headscale's line about it, were it to fail: `alice@ -> tag:server:22: expected ALLOWED, got DENIED`.
    #[must_use]
    pub fn line(&self) -> String {
        match &self.outcome {
            Outcome::Holds => format!("{}: {}", self.question, self.expected),
            Outcome::Fails(got) => format!("{}: expected {}, got {got}", self.question, self.expected),
            Outcome::Error(error) => format!("{}: {error}", self.question),
        }
    }
}

/// What came of all tests of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// Every assertion, `tests` before `sshTests`, in the order written.
    pub assertions: Vec<Assertion>,
    /// The rules that some assertion leans on.
    exercised: BTreeSet<RuleRef>,
}

/// Asks all tests of `document`, which `compiled` was made from.
#[must_use]
pub fn run(document: &Document, compiled: &mut Compiled<'_>) -> Results {
    let mut results = Results::default();
    reachability::run(document, &mut compiled.lowered, &mut results);
    logins::run(document, compiled.lowered.resolver_mut(), &compiled.ssh, &mut results);
    results
}

impl Results {
    fn push(&mut self, assertion: Assertion) {
        self.exercised.extend(&assertion.rules);
        self.assertions.push(assertion);
    }

    /// Whether headscale would take the policy as far as its tests go.
    #[must_use]
    pub fn pass(&self) -> bool {
        self.assertions.iter().all(Assertion::holds)
    }

    /// What failed, and what holds only by a quirk, as findings; not what `before` says of the same words already, since some tests fail whatever the
    /// tailnet looks like.
    #[must_use]
    pub fn findings(&self, document: &Document, before: &[Diagnostic]) -> Vec<Diagnostic> {
        let said: HashSet<Span> = before
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .filter_map(|found| found.span)
            .collect();
        // A `deny` holds as soon as one address of its source gets nowhere.
        let by_quirk = self.assertions.iter().filter(|assertion| {
            assertion.section == TestSection::Tests
                && assertion.outcome == Outcome::Holds
                && assertion.expected == reachability::DENIED
                && !assertion.rules.is_empty()
        });
        let by_quirk = by_quirk.map(|assertion| deny_of_some::finding(assertion, document));
        let failed = self.assertions.iter().filter(|assertion| !assertion.holds());
        failed
            .filter(|assertion| !said.contains(&assertion.span))
            .map(|assertion| match assertion.section {
                TestSection::Tests => test_failed::finding(assertion, document),
                TestSection::SshTests => ssh_test_failed::finding(assertion, document),
            })
            .chain(by_quirk)
            .collect()
    }

    /// Which rules of `document` no assertion leans on.
    #[must_use]
    pub fn coverage(&self, document: &Document) -> Coverage {
        Coverage::new(document, &self.exercised)
    }
}

#[cfg(test)]
mod quirks;
