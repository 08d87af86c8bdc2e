//! `tailnet test`: the policy's own tests, and what the cluster needs, one line each.

use std::io::Write;

use serde::Serialize;

use super::rules::Rule;
use super::subject::{Judged, Subject, SubjectArgs};
use super::{Context, Exit, Format, Outcome};
use crate::cluster::Model;
use crate::cluster::coverage::Coverage;
use crate::input::Inputs;
use crate::policy::ask::tests::{self, TestSection};
use crate::policy::compile::Compiled;
use crate::policy::document::Document;
use crate::policy::lower::Lowered;
use crate::policy::words::Protocol;

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
    says: String,
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
    let mut judged = args.subject.judge_alone(context)?;
    let Some(answer) = judged.ask(|judged, document, compiled| Ok(answer(args, judged, document, compiled)))? else {
        return judged.refuse(context, "tailnet test");
    };
    if context.format == Format::Json {
        context.json(&answer)?;
    } else {
        say(context.out, &answer)?;
    }
    Ok(if answer.ok { Exit::Fine } else { Exit::Findings })
}

fn answer(args: &Args, judged: &Judged, document: &Document, mut compiled: Compiled<'_>) -> Answer {
    let results = tests::run(document, &mut compiled);
    let line = |one: &tests::Assertion| {
        let section = section(one.section);
        Line {
            ok: one.holds(),
            section,
            test: one.test,
            says: one.line(),
            rules: one.rules.iter().map(ToString::to_string).collect(),
            place: Rule::at(&judged.inputs, format!("{section}[{}]", one.test), one.span),
        }
    };
    let tests: Vec<Line> = results.assertions.iter().map(line).collect();
    let flows = match &judged.subject {
        Subject::Declaration(judgement) => judgement
            .model
            .as_ref()
            .map_or_else(Vec::new, |model| flows(&judged.inputs, model, compiled.lowered())),
        _ => Vec::new(),
    };
    let covered = |coverage: tests::Coverage| Covered {
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
    };
    Answer {
        ok: tests.iter().all(|line| line.ok) && flows.iter().all(|flow| flow.ok),
        tests,
        flows,
        coverage: args.coverage.then(|| covered(results.coverage(document))),
    }
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
        writeln!(out, "{} {}  {}{rules}", word(line.ok), line.place.phrase(), line.says)?;
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

fn flows(inputs: &Inputs, model: &Model, lowered: &Lowered<'_>) -> Vec<Flow> {
    let coverage = Coverage::new(model, lowered);
    let name = |&node: &usize| {
        let node = model.tailnet.nodes.get(node);
        node.map(|node| node.name.clone()).unwrap_or_default()
    };
    model
        .flows
        .iter()
        .map(|flow| {
            let missing = coverage.missing(flow);
            Flow {
                ok: missing.is_none(),
                why: flow.why.clone(),
                from: flow.from.iter().map(name).collect(),
                to: flow.to.iter().map(name).collect(),
                ports: flow.ports.iter().map(ToString::to_string).collect(),
                fails: missing.map(|missing| {
                    let protocol = Protocol::Number(missing.protocol);
                    format!(
                        "{} -> {} {protocol}:{}",
                        name(&missing.from),
                        name(&missing.to),
                        missing.port
                    )
                }),
                place: Rule::at(inputs, "flow".to_owned(), flow.span),
            }
        })
        .collect()
}
