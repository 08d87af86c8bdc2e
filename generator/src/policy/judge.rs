//! One entry point: from the text of a policy, and a tailnet where there is one, to everything that is wrong with it.

use super::dialect::Dialect;
use super::document::Document;
use super::tailnet::topology::{self, Topology};
use super::{read, rules};
use crate::diagnostics::Diagnostic;
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
    "whether its rules match any node",
];

/// Judges the policy that is the text `source`, by the tailnet of the text `topology`. `findings`: what was found when
/// these texts were read.
#[must_use]
pub fn judge(
    inputs: &Inputs,
    source: SourceId,
    topology: Option<SourceId>,
    dialect: Dialect,
    mut findings: Vec<Diagnostic>,
) -> Judgement {
    let topology = topology
        .and_then(|id| inputs.get(id)?.tree.as_ref())
        .map(topology::read)
        .map(|(topology, found)| {
            findings.extend(found);
            topology
        });
    let document = read::read_input(inputs, source, dialect, &mut findings);
    if let Some(document) = &document {
        rules::check(document, &mut findings);
    }
    Judgement {
        document,
        topology,
        diagnostics: findings,
    }
}
