//! `tailnet fmt FILE...`: canonical form, comments kept.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde::Serialize;

use super::{Context, Exit, Format, Outcome, write};
use crate::diagnostics::render::json::Report;
use crate::hujson::{Flavour, format};
use crate::input::{Inputs, Origin, display_name, open, read_bytes};

/// The arguments of `tailnet fmt`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Policies (.hujson) or declarations (.json, .json5); `-` formats standard input to standard output
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Change nothing; name the files that are not in canonical form and exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

/// The answer for machines.
#[derive(Serialize)]
struct Answer {
    ok: bool,
    /// The files that were changed, or with `--check` would be.
    changed: Vec<String>,
    #[serde(flatten)]
    report: Findings,
}

/// The findings of a [`Report`], whose `ok` the answer has itself.
#[derive(Serialize)]
struct Findings {
    diagnostics: Vec<crate::diagnostics::render::json::Finding>,
}

/// Formats every file; one that cannot be read or has errors hinders none of the others.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    context.only(&[Format::Human, Format::Json])?;
    let from_stdin = args.files.iter().any(|file| file.as_os_str() == "-");
    ensure!(
        !from_stdin || args.files.len() == 1,
        "`-` cannot be formatted together with files"
    );
    ensure!(
        !from_stdin || args.check || context.format == Format::Human,
        "standard input is formatted to standard output, which has one form"
    );
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let mut changed = Vec::new();
    for file in &args.files {
        let name = display_name(file);
        let Some((before, after)) = formatted(file, &mut inputs, &mut findings) else {
            continue;
        };
        if from_stdin && !args.check {
            context.out.write_all(after.as_bytes())?;
        } else if before != after {
            if !args.check {
                write::atomically(file, after.as_bytes()).with_context(|| format!("cannot write {name:?}"))?;
            }
            changed.push(name);
        }
    }
    let ok = findings.is_empty() && (changed.is_empty() || !args.check);
    let exit = if context.format == Format::Json {
        let exit = Context::exit_of(&findings);
        let report = Findings {
            diagnostics: Report::new(&inputs, &findings).diagnostics,
        };
        context.json(&Answer { ok, changed, report })?;
        exit
    } else {
        for name in changed.iter().filter(|_| args.check) {
            writeln!(context.out, "not in canonical form: {name}")?;
        }
        context.remarks(&inputs, findings, false)?
    };
    Ok(if exit == Exit::Fine && !ok {
        Exit::Findings
    } else {
        exit
    })
}

/// The text of `file` and its canonical form. `None`: it could not be read or has errors, which are findings now.
fn formatted(
    file: &Path,
    inputs: &mut Inputs,
    findings: &mut Vec<crate::diagnostics::Diagnostic>,
) -> Option<(String, String)> {
    let name = display_name(file);
    let flavour = Flavour::of_path(file);
    let bytes = read_bytes(&name, open(file), findings)?;
    let before = findings.len();
    let id = inputs.read(name, bytes, Origin::File, flavour, "", findings)?;
    if findings.len() > before {
        return None;
    }
    let text = &inputs.get(id)?.text;
    let formatted = format(text, flavour).ok()?;
    Some((text.clone(), formatted))
}
