//! `tailnet port POLICY.hujson`: a Tailscale policy brought to headscale.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use serde::Serialize;

use super::{Context, Exit, Format, Outcome, write};
use crate::input::{Inputs, display_name};
use crate::keys;
use crate::policy::port::{Effect, Report, port};

/// The arguments of `tailnet port`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The policy; `-` for standard input
    #[arg(value_name = "POLICY.hujson")]
    policy: PathBuf,
    /// Write the ported policy there instead of standard output; what stood there is replaced as a whole
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The answer for machines.
#[derive(Serialize)]
struct Answer {
    ok: bool,
    #[serde(flatten)]
    report: Report,
}

/// Ports one policy. The policy goes to standard output or to a file, the report to standard error; with
/// `--format json` both are one answer.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    context.only(&[Format::Human, Format::Json])?;
    let mut inputs = Inputs::default();
    let mut found = Vec::new();
    let id = inputs.read_policy_file(&args.policy, "", &mut found);
    let others = found.len();
    // Nobody's secret is said again, and no result would be accepted that holds one.
    keys::rules::secrets(&mut inputs, &mut found);
    let Some(id) = id.filter(|_| found.len() == others) else {
        return refused(context, &inputs, found);
    };
    let ported = match port(&inputs, id, context.dialect) {
        Ok(ported) => ported,
        Err(hindrances) => return refused(context, &inputs, hindrances),
    };
    let mut report = Report::new(&inputs, &ported, context.dialect);
    if let Some(out) = &args.out {
        write::atomically(out, ported.text.as_bytes())
            .with_context(|| format!("cannot write {:?}", display_name(out)))?;
    }
    if context.format == Format::Json {
        report.policy = args.out.is_none().then_some(ported.text);
        context.json(&Answer { ok: true, report })?;
        return Ok(Exit::Fine);
    }
    if args.out.is_none() {
        context.out.write_all(ported.text.as_bytes())?;
        context.out.flush()?;
    }
    say(context.err, &report, &display_name(&args.policy))?;
    Ok(Exit::Fine)
}

/// A text that cannot be ported: what is wrong with it is the answer.
fn refused(context: &mut Context<'_>, inputs: &Inputs, found: Vec<crate::diagnostics::Diagnostic>) -> Outcome {
    let exit = Context::exit_of(&found);
    if context.format == Format::Json {
        context.findings(inputs, found, "tailnet port", false)?;
    } else {
        context.remarks(inputs, found, false)?;
    }
    Ok(exit)
}

/// The report for people.
fn say(err: &mut dyn Write, report: &Report, name: &str) -> std::io::Result<()> {
    for change in &report.changes {
        let place = if change.path.is_empty() {
            "the policy"
        } else {
            &change.path
        };
        writeln!(err, "{name}:{}: {place}: {}", change.line, change.effect.as_str())?;
        match (&change.now, change.was.as_str()) {
            (Some(now), "") => writeln!(err, "  + {now}")?,
            (Some(now), was) => writeln!(err, "  - {was}\n  + {now}")?,
            (None, was) => writeln!(err, "  - {was}")?,
        }
        writeln!(err, "  {}\n", change.why)?;
    }
    for (option, value) in &report.fragments {
        let value = serde_json::to_string_pretty(value)?;
        writeln!(err, "belongs to the declaration's {option}:\n{value}\n")?;
    }
    for remark in &report.remarks {
        writeln!(err, "note: {remark}")?;
    }
    for group in &report.groups {
        writeln!(err, "to do: fill {}, which stands for {}", group.name, group.stands_for)?;
    }
    let counts: Vec<String> = [Effect::Same, Effect::Narrower, Effect::LeftOut]
        .into_iter()
        .filter(|effect| report.count(*effect) > 0)
        .map(|effect| format!("{} {}", report.count(effect), effect.as_str()))
        .collect();
    let counts = if counts.is_empty() {
        "nothing to change".to_owned()
    } else {
        counts.join(", ")
    };
    writeln!(err, "accepted by headscale {}: {counts}", report.dialect)
}
