//! `tailnet diff`: what a change makes reachable, and what no longer is.

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;

use super::ask::refuse;
use super::rules::{Rule, Traffic, list, some};
use super::subject::{Judged, SubjectArgs};
use super::{Context, Exit, Format, Outcome};
use crate::policy::ask::diff::{Change, Where, diff};
use crate::policy::ask::opens::{Atlas, Opens};
use crate::policy::ask::show;
use crate::policy::judge::hinders;

/// The arguments of `tailnet diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What there was: a declaration, a folder of artifacts, or a policy
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// What there will be
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// The tailnet that policies are judged by
    #[arg(long, value_name = "FILE")]
    topology: Option<PathBuf>,
    /// The tailnet of the new policy, if it is another
    #[arg(long, value_name = "FILE", requires = "topology")]
    new_topology: Option<PathBuf>,
    /// Exit with 1 when anything becomes reachable
    #[arg(long)]
    fail_on_new: bool,
}

/// The answer for machines.
#[derive(Serialize)]
struct Answer {
    opened: Vec<Line>,
    closed: Vec<Line>,
}

/// What opens, or closes.
#[derive(Serialize)]
struct Line {
    from: Vec<String>,
    to: Vec<String>,
    traffic: Traffic,
    by: Vec<Rule>,
    #[serde(skip)]
    phrase: String,
}

/// Compares.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    let side = |file: &PathBuf, topology: Option<&PathBuf>| SubjectArgs {
        file: file.clone(),
        topology: topology.cloned(),
    };
    let mut old = side(&args.old, args.topology.as_ref()).judge_alone(context)?;
    let mut new = side(&args.new, args.new_topology.as_ref().or(args.topology.as_ref())).judge_alone(context)?;
    let answer = old.ask(|old, _, before| {
        let before = Atlas::new(&before);
        new.ask(|new, _, after| Ok(answer(old, new, &before, &Atlas::new(&after))))
    })?;
    let Some(answer) = answer.flatten() else {
        // What hinders the new one is said too where the old one was not even asked.
        new.ask(|_, _, _| Ok(()))?;
        for (judged, what) in [(&old, &args.old), (&new, &args.new)] {
            if judged.diagnostics.iter().any(hinders) {
                let shown = what.display();
                writeln!(context.err, "{shown} cannot be compared: it is wrong itself")?;
            }
        }
        return refuse(context, "tailnet diff", [old, new]);
    };
    match context.format {
        Format::Json => context.json(&answer)?,
        Format::Human => say(context.out, &answer)?,
        Format::Markdown => markdown(context.out, &answer)?,
    }
    Ok(if args.fail_on_new && !answer.opened.is_empty() {
        Exit::Findings
    } else {
        Exit::Fine
    })
}

fn answer(old: &Judged, new: &Judged, before: &Atlas<'_, '_>, after: &Atlas<'_, '_>) -> Answer {
    let mut answer = Answer {
        opened: Vec::new(),
        closed: Vec::new(),
    };
    for change in diff(before, after) {
        if !change.opened.is_empty() {
            let by = list(&new.inputs, after.lowered(), &change.opened_by);
            answer.opened.push(line(&change, &change.opened, by));
        }
        if !change.closed.is_empty() {
            let by = list(&old.inputs, before.lowered(), &change.closed_by);
            answer.closed.push(line(&change, &change.closed, by));
        }
    }
    answer
}

fn line(change: &Change, what: &Opens, by: Vec<Rule>) -> Line {
    Line {
        from: change.from.clone(),
        to: match &change.to {
            Where::Nodes(names) => names.clone(),
            Where::Behind(part) => vec![part.name()],
        },
        traffic: what.into(),
        by,
        phrase: show::opens(what),
    }
}

fn rules(line: &Line) -> String {
    line.by.iter().map(Rule::phrase).collect::<Vec<_>>().join(", ")
}

fn say(out: &mut dyn Write, answer: &Answer) -> std::io::Result<()> {
    for (sign, lines) in [("+", &answer.opened), ("-", &answer.closed)] {
        for line in lines {
            writeln!(
                out,
                "{sign} {} -> {}: {}  by {}",
                some(&line.from),
                some(&line.to),
                line.phrase,
                rules(line)
            )?;
        }
    }
    writeln!(
        out,
        "{} become{} reachable, {} no longer {}",
        answer.opened.len(),
        if answer.opened.len() == 1 { "s" } else { "" },
        answer.closed.len(),
        if answer.closed.len() == 1 { "is" } else { "are" },
    )
}

fn markdown(out: &mut dyn Write, answer: &Answer) -> std::io::Result<()> {
    writeln!(
        out,
        "### Who reaches what: {} opened, {} closed",
        answer.opened.len(),
        answer.closed.len()
    )?;
    for (title, lines) in [
        ("Becomes reachable", &answer.opened),
        ("No longer reachable", &answer.closed),
    ] {
        if lines.is_empty() {
            continue;
        }
        writeln!(
            out,
            "\n**{title}**\n\n| from | to | traffic | by |\n| --- | --- | --- | --- |"
        )?;
        for line in lines {
            let cell = |text: &str| text.replace('|', "\\|");
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                cell(&some(&line.from)),
                cell(&some(&line.to)),
                cell(&line.phrase),
                cell(&rules(line)),
            )?;
        }
    }
    Ok(())
}
