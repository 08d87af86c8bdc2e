//! One entry point: from the text of a policy, and a tailnet where there is one, to everything that is wrong with it.

use super::ask::tests;
use super::compile::{Compiled, Options};
use super::dialect::Dialect;
use super::document::Document;
use super::lower::lower;
use super::mentions::networks;
use super::rules::lints;
use super::tailnet::topology::{self, Topology};
use super::tailnet::{Index, Tailnet};
use super::{read, rules};
use crate::diagnostics::{Diagnostic, Severity};
use crate::input::Inputs;
use crate::source::SourceId;

/// A policy and what is wrong with it.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The policy; `None`: there is no tree to read. With errors among the findings it is only good for finding more.
    pub document: Option<Document>,
    /// The tailnet it was judged by.
    pub topology: Option<Topology>,
    /// Errors and warnings, in the order found.
    pub diagnostics: Vec<Diagnostic>,
}

/// What of a policy is judged only with a tailnet: said when there is none.
pub const NEEDS_A_TAILNET: &[&str] = &[
    "whether the users that it names exist, and are one user each",
    "whether its `tests` and `sshTests` pass",
    "whether every rule and approver is for somebody",
];

/// Judges the policy that is the text `source`, by the tailnet of the text `topology`. `findings`: what was found when
/// these texts were read.
#[must_use]
pub fn judge(
    inputs: &Inputs,
    source: SourceId,
    topology: Option<SourceId>,
    dialect: Dialect,
    findings: Vec<Diagnostic>,
) -> Judgement {
    let mut judged = read_only(inputs, source, topology, dialect, findings);
    let Some(document) = &judged.document else {
        return judged;
    };
    let tailnet = judged.topology.as_ref().map(|topology| &topology.tailnet);
    let options = Options::default();
    let asked =
        tailnet.and_then(|tailnet| in_tailnet(document, tailnet, &options, Tests::Ask, &mut judged.diagnostics));
    let subject = lints::Subject {
        document,
        inputs,
        own: lints::Own::ALL,
        tailnet,
        lowered: asked.as_ref().map(Compiled::lowered),
    };
    lints::check(&subject, &mut judged.diagnostics);
    judged
}

/// Judges the same without asking the tailnet, which is only read: for whoever asks [`in_tailnet`] then, and wants what
/// it compiles.
#[must_use]
pub fn read_only(
    inputs: &Inputs,
    source: SourceId,
    topology: Option<SourceId>,
    dialect: Dialect,
    mut findings: Vec<Diagnostic>,
) -> Judgement {
    let mut topology = topology
        .and_then(|id| inputs.get(id)?.tree.as_ref())
        .map(topology::read)
        .map(|(topology, found)| {
            findings.extend(found);
            topology
        });
    let document = read::read_input(inputs, source, dialect, &mut findings);
    if let Some(document) = &document {
        rules::check(document, &mut findings);
        if let Some(topology) = &mut topology {
            findings.extend(rules::assumed_user::assume(document, topology));
            topology.complete(&networks(document));
        }
    }
    Judgement {
        document,
        topology,
        diagnostics: findings,
    }
}

/// Whether to ask the policy's own tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tests {
    /// What fails is an error, as where headscale is given a policy.
    #[default]
    Ask,
    /// They are nobody's concern; headscale starts with a policy whose tests fail.
    Ignore,
}

/// Whether headscale would not start with a policy of which `found` was found.
#[must_use]
pub fn hinders(found: &Diagnostic) -> bool {
    found.severity == Severity::Error && !rules::is_outcome_of_tests(found)
}

/// Judges `document`, of which `findings` holds what was found without a tailnet, in `tailnet`, and compiles it. What is
/// found is added. `None`: headscale would not start with it.
///
/// Whoever reads a topology that does not list users asks [`rules::assumed_user::assume`] before.
pub fn in_tailnet<'a>(
    document: &'a Document,
    tailnet: &'a Tailnet,
    options: &Options,
    ask: Tests,
    findings: &mut Vec<Diagnostic>,
) -> Option<Compiled<'a>> {
    if findings.iter().any(hinders) {
        return None;
    }
    let mut lowered = lower(document, Index::new(tailnet));
    rules::check_users(document, lowered.resolver_mut(), findings);
    if findings.iter().any(hinders) {
        return None;
    }
    let mut compiled = Compiled::new(document, lowered, options);
    match ask {
        Tests::Ask => {
            let failed = tests::run(document, &mut compiled).findings(document, findings);
            findings.extend(failed);
        }
        Tests::Ignore => findings.retain(|found| !rules::is_outcome_of_tests(found)),
    }
    Some(compiled)
}
