//! `tailnet test`: the policy's own tests, and what the cluster needs, one line each.

use std::io::Write;

use serde::Serialize;

use super::rules::Rule;
use super::subject::{Subject, SubjectArgs};
use super::{Context, Exit, Format, Outcome};
use crate::cluster::Model;
use crate::cluster::words::{ServicePorts, Transport};
use crate::net::traffic::protocol;
use crate::net::{Ranges, TrafficSet};
use crate::policy::ask::opens::{Atlas, End};
use crate::policy::ask::tests::{self, TestSection};
use crate::policy::compile::Options;
use crate::policy::judge::{Tests, hinders, in_tailnet};
use crate::policy::tailnet::{Id as _, NodeId};

/// The arguments of `tailnet test`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    subject: SubjectArgs,
    /// Also say which rules no test exercises
    #[arg(long)]
    coverage: bool,
}

/// The answer for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    ok: bool,
    tests: Vec<Line>,
    flows: Vec<Flow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Covered>,
}

/// One assertion of a test.
#[derive(Serialize)]
struct Line {
    ok: bool,
    section: &'static str,
    test: usize,
    /// headscale's words.
    line: String,
    rules: Vec<String>,
    #[serde(flatten)]
    place: Rule,
}

/// One flow that the cluster needs.
#[derive(Serialize)]
struct Flow {
    ok: bool,
    why: String,
    from: Vec<String>,
    to: Vec<String>,
    ports: Vec<String>,
    /// The first pair that cannot: `FROM -> TO PORT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fails: Option<String>,
    #[serde(flatten)]
    place: Rule,
}

/// Which rules tests exercise.
#[derive(Serialize)]
struct Covered {
    rules: usize,
    exercised: usize,
    unexercised: Vec<Missed>,
}

/// A rule that no test exercises.
#[derive(Serialize)]
struct Missed {
    #[serde(flatten)]
    rule: Rule,
    /// Why no test can.
    #[serde(skip_serializing_if = "Option::is_none")]
    cannot: Option<&'static str>,
}

/// Asks them all.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    context.only(&[Format::Human, Format::Json])?;
    let mut judged = args.subject.judge(context)?;
    let mut again = Vec::new();
    let refused = judged.diagnostics.iter().any(hinders);
    let answer = match judged.asked()? {
        Some((document, tailnet)) if !refused => {
            let compiled = in_tailnet(document, tailnet, &Options::default(), Tests::Ignore, &mut again);
            compiled.map(|mut compiled| {
                let results = tests::run(document, &mut compiled);
                let lines: Vec<Line> = results
                    .assertions
                    .iter()
                    .map(|one| Line {
                        ok: one.holds(),
                        section: section(one.section),
                        test: one.test,
                        line: one.line(),
                        rules: one.rules.iter().map(ToString::to_string).collect(),
                        place: Rule::at(
                            &judged.inputs,
                            format!("{}[{}]", section(one.section), one.test),
                            one.span,
                        ),
                    })
                    .collect();
                let flows = match &judged.subject {
                    Subject::Declaration(judgement) => judgement
                        .model
                        .as_ref()
                        .map_or_else(Vec::new, |model| flows(&judged.inputs, model, &Atlas::new(&compiled))),
                    _ => Vec::new(),
                };
                let coverage = args
                    .coverage
                    .then(|| results.coverage(document))
                    .map(|coverage| Covered {
                        rules: coverage.rules,
                        exercised: coverage.exercised,
                        unexercised: coverage
                            .unexercised
                            .iter()
                            .map(|one| Missed {
                                rule: Rule::at(&judged.inputs, one.rule.to_string(), one.span),
                                cannot: one.cannot,
                            })
                            .collect(),
                    });
                Answer {
                    ok: lines.iter().all(|line| line.ok) && flows.iter().all(|flow| flow.ok),
                    tests: lines,
                    flows,
                    coverage,
                }
            })
        }
        _ => None,
    };
    let Some(answer) = answer else {
        judged.hide_secrets();
        let paths = judged.is_declaration();
        let exit = context.findings(&judged.inputs, judged.diagnostics, "tailnet test", paths)?;
        return Ok(exit.max(Exit::Findings));
    };
    if context.format == Format::Json {
        context.json(&answer)?;
    } else {
        say(context.out, &answer)?;
    }
    Ok(if answer.ok { Exit::Fine } else { Exit::Findings })
}

const fn section(section: TestSection) -> &'static str {
    match section {
        TestSection::Tests => "tests",
        TestSection::SshTests => "sshTests",
    }
}

fn say(out: &mut dyn Write, answer: &Answer) -> std::io::Result<()> {
    let word = |ok| if ok { "ok  " } else { "FAIL" };
    let (mut passed, mut failed) = (0, 0);
    let mut count = |ok: bool| if ok { passed += 1 } else { failed += 1 };
    for line in &answer.tests {
        count(line.ok);
        let rules = if line.rules.is_empty() {
            String::new()
        } else {
            format!("  by {}", line.rules.join(", "))
        };
        writeln!(out, "{} {}  {}{rules}", word(line.ok), line.place.phrase(), line.line)?;
    }
    for flow in &answer.flows {
        count(flow.ok);
        let fails = flow
            .fails
            .as_ref()
            .map(|pair| format!("  blocked: {pair}"))
            .unwrap_or_default();
        writeln!(
            out,
            "{} {}  {}: {} -> {} {}{fails}",
            word(flow.ok),
            flow.place.phrase(),
            flow.why,
            super::rules::some(&flow.from),
            super::rules::some(&flow.to),
            flow.ports.join(" "),
        )?;
    }
    if let Some(coverage) = &answer.coverage {
        writeln!(
            out,
            "{} of {} rules are exercised by a test",
            coverage.exercised, coverage.rules
        )?;
        for missed in &coverage.unexercised {
            let why = missed
                .cannot
                .map(|why| format!(": no test can, {why}"))
                .unwrap_or_default();
            writeln!(out, "  not exercised: {}{why}", missed.rule.phrase())?;
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")
}

fn flows(inputs: &crate::input::Inputs, model: &Model, atlas: &Atlas<'_, '_>) -> Vec<Flow> {
    let lowered = atlas.lowered();
    let name = |node: &usize| {
        model
            .tailnet
            .nodes
            .get(*node)
            .map(|node| node.name.clone())
            .unwrap_or_default()
    };
    model
        .flows
        .iter()
        .map(|flow| {
            let pairs = flow
                .from
                .iter()
                .flat_map(|from| flow.to.iter().map(move |to| (*from, *to)));
            let fails = pairs.filter(|(from, to)| from != to).find_map(|(from, to)| {
                let end = |node| End::node(lowered, NodeId::new(node));
                let opens = atlas.opens(&end(from), &end(to)).any_family();
                let lacking = flow.ports.iter().find(|ports| !opens.is_superset(&traffic(**ports)))?;
                Some(format!("{} -> {} {lacking}", name(&from), name(&to)))
            });
            Flow {
                ok: fails.is_none(),
                why: flow.why.clone(),
                from: flow.from.iter().map(name).collect(),
                to: flow.to.iter().map(name).collect(),
                ports: flow.ports.iter().map(ToString::to_string).collect(),
                fails,
                place: Rule::at(inputs, "flow".to_owned(), flow.span),
            }
        })
        .collect()
}

fn traffic(ports: ServicePorts) -> TrafficSet {
    let protocol = match ports.transport {
        Transport::Tcp => protocol::TCP,
        Transport::Udp => protocol::UDP,
        Transport::Sctp => protocol::SCTP,
    };
    TrafficSet::new([protocol], &Ranges::range(ports.first.get(), ports.last.get()))
}
