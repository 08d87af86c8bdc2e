//! `tailnet lock`: the artifacts beside the declaration, in the user's repository, so that Nix can read them while it
//! evaluates and has to build nothing (`tailnet.validation = "locked"`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};

use super::handed_over::HandedOver;
use super::judged::Judged;
use super::{Context, Exit, Format, Outcome};
use crate::input::Inputs;
use crate::render::write::{self, Files};
use crate::render::{Options, REPORT};

/// The arguments of `tailnet lock`.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub(super) struct Args {
    /// The declaration: a .json, .json5 or .hujson file, or - for what `nix eval --json` prints of
    /// `config.tailnet.lockInput`
    declaration: PathBuf,
    /// The folder to write; it is replaced as a whole when an earlier run wrote it. Without: beside the declaration,
    /// called as it is with .lock for its extension
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write nothing; say whether the folder holds what would be written (exit 1 when not)
    #[arg(long)]
    check: bool,
}

/// Stands under the help of the command.
const AFTER: &str = "With Nix:\n  \
     nix eval --json .#nixosConfigurations.HOST.config.tailnet.lockInput | tailnet lock - --out cluster.lock";

/// Judges, and writes the artifacts or compares with those that are there.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Outcome {
    context.only(&[Format::Human])?;
    let out = match &args.out {
        Some(out) => out.clone(),
        None if args.declaration.as_os_str() == "-" => bail!("--out is needed where the declaration is standard input"),
        None => args.declaration.with_extension("lock"),
    };
    let judged = judge(&args.declaration);
    let exit = context.remarks(&judged.inputs, judged.judgement.diagnostics.clone(), true)?;
    if exit != Exit::Fine {
        writeln!(context.err, "nothing was written to {}", out.display())?;
        return Ok(exit);
    }
    let files = judged.artifacts(Options::default());
    if args.check {
        return compare(&out, &files, context);
    }
    write::replace(&out, &files).context("nothing was written")?;
    writeln!(context.out, "{}: {} files", out.display(), files.len())?;
    Ok(Exit::Fine)
}

/// Judges the declaration at `path`, which may be one that Nix hands over.
fn judge(path: &Path) -> Judged {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let source = inputs.read_file(path, "", &mut findings);
    let input = source.and_then(|source| inputs.get(source));
    let handed_over = input.and_then(|input| HandedOver::of(&input.text, input.tree.as_ref()?));
    match handed_over {
        Some(handed_over) => handed_over.judge(),
        None => Judged::new(inputs, source, findings),
    }
}

/// Says what differs between the folder `out` and `files`.
fn compare(out: &Path, files: &Files, context: &mut Context<'_>) -> Outcome {
    ensure!(
        out.join(REPORT).is_file(),
        "{} holds no {REPORT}: there is nothing to compare with",
        out.display()
    );
    let mut differences = BTreeMap::new();
    for (name, text) in files {
        match std::fs::read(out.join(name)) {
            Ok(found) if found == *text => {}
            Ok(_) => {
                differences.insert(name, "differs");
            }
            Err(_) => {
                differences.insert(name, "is missing");
            }
        }
    }
    for (name, what) in &differences {
        writeln!(context.out, "{} {what}", out.join(name).display())?;
    }
    if differences.is_empty() {
        writeln!(context.out, "{} is up to date", out.display())?;
        return Ok(Exit::Fine);
    }
    Ok(Exit::Findings)
}
