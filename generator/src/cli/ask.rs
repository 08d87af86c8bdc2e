//! Asking what a policy means in its tailnet: the one way of all commands that do.

use super::subject::Judged;
use super::{Context, Exit, Format, Outcome};
use crate::cluster::rules::flow_not_given;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::render::json::Report;
use crate::diagnostics::render::normalise;
use crate::policy::compile::{Compiled, Options};
use crate::policy::document::Document;
use crate::policy::judge::{Tests, hinders, in_tailnet};

impl Judged {
    /// Compiles the policy for its tailnet and hands it to `question`. What the policy's own tests say is left aside:
    /// headscale starts with a policy whose tests fail. `None`: there is nothing to ask, and the findings say why.
    ///
    /// # Errors
    /// When a policy comes without a tailnet, and those of `question`.
    pub(super) fn ask<T>(
        &mut self,
        question: impl FnOnce(&Self, &Document, Compiled<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<Option<T>> {
        // That something needed does not pass is an answer here, and no reason not to ask.
        let is_answer = |found: &Diagnostic| found.code == flow_not_given::PAGE.code;
        let (answers, mut findings): (Vec<_>, Vec<_>) = self.diagnostics.iter().cloned().partition(is_answer);
        let mut answer = None;
        if let Some((document, tailnet)) = self.asked()? {
            let compiled = in_tailnet(document, tailnet, &Options::default(), Tests::Ignore, &mut findings);
            answer = compiled
                .map(|compiled| question(self, document, compiled))
                .transpose()?;
        }
        findings.extend(answers);
        self.diagnostics = findings;
        Ok(answer)
    }

    /// Shows why there was nothing to ask. `command` is what the last line speaks of.
    pub(super) fn refuse(self, context: &mut Context<'_>, command: &str) -> Outcome {
        refuse(context, command, [self])
    }
}

/// Shows what is wrong with those of `all` that could not be asked, as one answer.
pub(super) fn refuse<const N: usize>(context: &mut Context<'_>, command: &str, all: [Judged; N]) -> Outcome {
    let mut exit = Exit::Findings;
    let mut report = Report {
        ok: false,
        diagnostics: Vec::new(),
    };
    for mut judged in all {
        judged.hide_secrets();
        if N > 1 && !judged.diagnostics.iter().any(hinders) {
            continue;
        }
        exit = exit.max(Context::exit_of(&judged.diagnostics));
        if context.format == Format::Json {
            normalise(&mut judged.diagnostics);
            let found = Report::new(&judged.inputs, &judged.diagnostics);
            report.diagnostics.extend(found.diagnostics);
        } else {
            let paths = judged.is_declaration();
            context.findings(&judged.inputs, judged.diagnostics, command, paths)?;
        }
    }
    if context.format == Format::Json {
        context.json(&report)?;
    }
    Ok(exit)
}
