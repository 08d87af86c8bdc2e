//! `tailnet compile`: what headscale would send to every node.

use anyhow::bail;

use super::subject::{Judged, SubjectArgs};
use super::{Context, Exit, Format, Outcome};
use crate::diagnostics::render::json::Report;
use crate::diagnostics::render::normalise;
use crate::diagnostics::{Diagnostic, Severity};
use crate::policy::compile::{Compiled, Options};
use crate::policy::judge::{self, Tests, in_tailnet};
use crate::policy::rules::{is_outcome_of_tests, mend};
use crate::policy::tailnet::NodeId;

/// The arguments of `tailnet compile`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    subject: SubjectArgs,
    /// Only what this node receives
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// Where clients ask for SSH checks: the control server's address
    #[arg(long, value_name = "URL")]
    server_url: Option<String>,
    /// Leave out the verdict on `tests` and `sshTests`: headscale starts with a policy whose tests fail
    #[arg(long)]
    no_tests: bool,
}

/// Compiles, and writes a node at a time.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    context.only(&[Format::Human, Format::Json])?;
    let judged = args.subject.judge_alone(context)?;
    let url = args.server_url.clone().or_else(|| judged.server_url());
    let options = Options {
        server_url: url.unwrap_or_default().trim_end_matches('/').to_owned(),
        ..Options::default()
    };
    let tests = if args.no_tests { Tests::Ignore } else { Tests::Ask };
    let hinders =
        |found: &Diagnostic| found.severity == Severity::Error && (tests == Tests::Ask || !is_outcome_of_tests(found));
    let mut findings = judged.diagnostics.clone();
    let declared = judged.declared_tailnet();
    let compiled = match (judged.asked()?, &declared) {
        // Tests that fail whatever the tailnet looks like hinder nobody from asking the others.
        _ if findings.iter().any(judge::hinders) => None,
        (None, _) => None,
        // A declaration was judged in whole, stand-ins included.
        (Some((document, _)), Some(tailnet)) => in_tailnet(document, tailnet, &options, Tests::Ignore, &mut Vec::new()),
        (Some((document, tailnet)), None) => in_tailnet(document, tailnet, &options, tests, &mut findings),
    };
    if tests == Tests::Ignore {
        findings.retain(|found| !is_outcome_of_tests(found));
    }
    match compiled.filter(|_| !findings.iter().any(hinders)) {
        Some(compiled) => {
            write(args, context, &compiled)?;
            context.out.flush()?;
            if context.format == Format::Human && judged.has_symbolic_addresses() {
                writeln!(
                    context.err,
                    "note: nodes without declared addresses have some for judgement only"
                )?;
            }
            remark(context, judged, findings)?;
            Ok(Exit::Fine)
        }
        None => refuse(context, judged, findings),
    }
}

fn write(args: &Args, context: &mut Context<'_>, compiled: &Compiled<'_>) -> anyhow::Result<()> {
    let index = compiled.lowered().index();
    let nodes: Vec<NodeId> = match &args.node {
        None => index.nodes().map(|(id, _)| id).collect(),
        Some(name) => {
            let Some((id, _)) = index.nodes().find(|(_, node)| node.name == *name) else {
                let near = mend::nearest(name, index.nodes().map(|(_, node)| node.name.as_str()));
                let hint = near.map(|near| format!("; the nearest is {near:?}"));
                bail!("there is no node {name:?}{}", hint.unwrap_or_default());
            };
            vec![id]
        }
    };
    let mut progress = context.progress("nodes", nodes.len());
    compiled.write_nodes(&mut context.out, nodes.into_iter().inspect(|_| progress.step()))?;
    writeln!(context.out)?;
    Ok(())
}

/// Warnings, for people, beside the answer.
fn remark(context: &mut Context<'_>, mut judged: Judged, findings: Vec<Diagnostic>) -> anyhow::Result<()> {
    judged.diagnostics = findings;
    judged.hide_secrets();
    let paths = judged.is_declaration();
    context.remarks(&judged.inputs, judged.diagnostics, paths)?;
    Ok(())
}

fn refuse(context: &mut Context<'_>, mut judged: Judged, findings: Vec<Diagnostic>) -> Outcome {
    judged.diagnostics = findings;
    judged.hide_secrets();
    normalise(&mut judged.diagnostics);
    let exit = Context::exit_of(&judged.diagnostics).max(Exit::Findings);
    if context.format == Format::Json {
        context.json(&Report::new(&judged.inputs, &judged.diagnostics))?;
    } else {
        let paths = judged.is_declaration();
        context.remarks(&judged.inputs, judged.diagnostics, paths)?;
    }
    Ok(exit)
}
