//! `tailnet check`: judged, and nothing written but what `--fix` mends.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::Serialize;

use super::subject::{Judged, Subject, SubjectArgs};
use super::{Context, Exit, Format, Outcome, write};
use crate::diagnostics::fix;
use crate::diagnostics::render::json::Report;
use crate::diagnostics::render::normalise;
use crate::policy::judge::NEEDS_A_TAILNET;
use crate::source::SourceId;

/// The arguments of `tailnet check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    subject: SubjectArgs,
    /// Mend what can be mended with certainty, comments kept, and show what is left
    #[arg(long)]
    fix: bool,
    /// Exit with 1 for warnings too
    #[arg(long)]
    strict: bool,
}

/// The answer for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(flatten)]
    report: Report,
    /// What could not be judged, since there is no topology.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    left_out: &'static [&'static str],
    /// What `--fix` mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<Vec<Mended>>,
}

/// One fix that was applied.
#[derive(Serialize)]
struct Mended {
    file: String,
    code: String,
    title: String,
}

/// How often fixes are applied and the text judged anew. Fixes do not undo each other; this is a safeguard.
const ROUNDS: usize = 20;

/// Judges, mends if asked to, and says what is wrong.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    ensure!(
        !(args.fix && args.subject.is_stdin()),
        "`--fix` changes files; standard input is none"
    );
    let mut judged = args.subject.judge(context)?;
    let mut mended = Vec::new();
    for _ in 0..ROUNDS {
        if !args.fix || !mend(&args.subject.file, &judged, &mut mended)? {
            break;
        }
        judged = args.subject.judge(context)?;
    }
    judged.hide_secrets();
    say(args, context, judged, mended)
}

/// Applies what is certain to every file but the topology, which somebody's program wrote. Whether there was anything.
fn mend(file: &Path, judged: &Judged, mended: &mut Vec<Mended>) -> anyhow::Result<bool> {
    let mut findings = judged.diagnostics.clone();
    normalise(&mut findings);
    let mut changed = false;
    for id in (0..judged.inputs.next_id().0).map(SourceId) {
        let Some(input) = judged.inputs.get(id).filter(|_| Some(id) != judged.topology) else {
            continue;
        };
        let path = match id {
            SourceId(0) => file,
            _ => Path::new(&input.name),
        };
        // Judging hides secrets in its texts: what is changed is read once more. What is no file, no text or no longer
        // what was judged is left alone.
        let read = fs::read_to_string(path).ok();
        let Some(text) = read.filter(|text| text.len() == input.text.len()) else {
            continue;
        };
        let Some(fixed) = fix::apply(id, &text, &findings) else {
            continue;
        };
        write::atomically(path, fixed.text.as_bytes()).with_context(|| format!("cannot write {:?}", input.name))?;
        mended.extend(fixed.applied.into_iter().map(|(code, title)| Mended {
            file: input.name.clone(),
            code: code.to_string(),
            title,
        }));
        changed = true;
    }
    Ok(changed)
}

fn say(args: &Args, context: &mut Context<'_>, judged: Judged, mended: Vec<Mended>) -> Outcome {
    let left_out = match &judged.subject {
        Subject::Policy(judgement) if judgement.topology.is_none() => NEEDS_A_TAILNET,
        _ => &[],
    };
    let paths = judged.is_declaration();
    let strict_exit = if args.strict && !judged.diagnostics.is_empty() {
        Exit::Findings
    } else {
        Exit::Fine
    };
    let exit = if context.format == Format::Json {
        let exit = Context::exit_of(&judged.diagnostics);
        let mut findings = judged.diagnostics;
        normalise(&mut findings);
        let report = Report::new(&judged.inputs, &findings);
        context.json(&Answer {
            report,
            left_out,
            fixed: args.fix.then_some(mended),
        })?;
        exit
    } else {
        for Mended { file, code, title } in mended {
            writeln!(context.err, "{file}: {code} mended: {title}")?;
        }
        context.err.flush()?;
        let subject = format!("tailnet check {}", args.subject.file.display());
        let exit = context.findings(&judged.inputs, judged.diagnostics, &subject, paths)?;
        if !left_out.is_empty() {
            let left_out = left_out.join("; ");
            writeln!(
                context.out,
                "\nJudged without a topology, so this was left out: {left_out}."
            )?;
        }
        exit
    };
    Ok(if exit == Exit::Fine { strict_exit } else { exit })
}
