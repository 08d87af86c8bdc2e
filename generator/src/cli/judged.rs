//! A declaration, read and judged, for the commands that work with one.

#[cfg(feature = "full")]
use std::path::Path;

use crate::cluster::{self, Judgement};
use crate::diagnostics::Diagnostic;
use crate::hujson::Value;
use crate::input::Inputs;
use crate::keys;
use crate::render::write::Files;
use crate::render::{self, Options};
use crate::source::SourceId;

/// A declaration with everything that is known about it.
pub(super) struct Judged {
    /// What was read: the declaration, and the policy file it names.
    pub(super) inputs: Inputs,
    /// Which of them is the declaration; `None`: it could not be read.
    source: Option<SourceId>,
    /// What it means and what is wrong with it. Secrets are hidden from its findings.
    pub(super) judgement: Judgement,
}

impl Judged {
    /// Reads the file at `path`, or standard input where it is `-`, and judges it.
    #[cfg(feature = "full")]
    pub(super) fn read(path: &Path) -> Self {
        let mut inputs = Inputs::default();
        let mut findings = Vec::new();
        let source = inputs.read_file(path, "", &mut findings);
        Self::new(inputs, source, findings)
    }

    /// Judges the declaration `source` of `inputs`.
    pub(super) fn new(mut inputs: Inputs, source: Option<SourceId>, findings: Vec<Diagnostic>) -> Self {
        let mut judgement = match source {
            Some(source) => cluster::judge(&mut inputs, source, findings),
            None => {
                let mut diagnostics = findings;
                keys::rules::secrets(&mut inputs, &mut diagnostics);
                Judgement {
                    declaration: None,
                    model: None,
                    diagnostics,
                }
            }
        };
        crate::diagnostics::render::normalise(&mut judgement.diagnostics);
        Self {
            inputs,
            source,
            judgement,
        }
    }

    /// The declaration's tree.
    pub(super) fn tree(&self) -> Option<&Value> {
        self.inputs.get(self.source?)?.tree.as_ref()
    }

    /// All artifacts, or with errors the report alone.
    pub(super) fn artifacts(&self, options: Options) -> Files {
        let judged = self.judgement.declaration.as_ref().zip(self.judgement.model.as_ref());
        render::artifacts(&self.inputs, self.tree(), judged, &self.judgement.diagnostics, options)
    }
}
