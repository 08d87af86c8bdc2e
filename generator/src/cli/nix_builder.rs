//! `tailnet nix-builder`: the builder of a derivation with structured attributes.
//!
//! Nix hands over one file, named by `NIX_ATTRS_JSON_FILE`, and no other variable made from attributes. Read from it:
//!
//! | attribute | is |
//! |---|---|
//! | `declaration` | the declaration, the value of `tailnet.cluster` |
//! | `files` | the texts of the files that it names, by the names that it uses; may be absent |
//! | `mode` | `eval`: what is wrong is in the report, the build succeeds; `build`: what is wrong fails the build |
//! | `withTests` | whether tests are written into the policy; false when absent |
//! | `outputs.out` | the path to write |
//!
//! There is no shell and no standard environment; what is said goes to the build's log.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::handed_over::HandedOver;
use super::{Context, Exit, Outcome};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::render::human;
use crate::hujson::{Flavour, Value};
use crate::input::{Inputs, Origin, display_name, open, read_bytes};
use crate::render::{Options, write};
use crate::source::SourceId;

/// The variable that names the attributes' file.
const ATTRIBUTES: &str = "NIX_ATTRS_JSON_FILE";

/// What becomes of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// They are in the report, and the modules raise them.
    Eval,
    /// They fail the build.
    Build,
}

/// Builds what the environment asks for.
pub(super) fn run(context: &mut Context<'_>) -> Outcome {
    let Some(file) = std::env::var_os(ATTRIBUTES) else {
        bail!("{ATTRIBUTES} is not set: this command is the builder of a derivation with `__structuredAttrs`");
    };
    build(&file, context)
}

/// Builds what the attributes in `file` ask for.
fn build(file: &OsString, context: &mut Context<'_>) -> Outcome {
    let attributes = Attributes::read(Path::new(file), context)?;
    let judged = attributes.handed_over.judge();
    let exit = Context::exit_of(&judged.judgement.diagnostics);
    if attributes.mode == Mode::Build {
        context.remarks(&judged.inputs, judged.judgement.diagnostics.clone(), true)?;
        if exit != Exit::Fine {
            return Ok(exit);
        }
    }
    let options = Options {
        with_tests: attributes.with_tests,
    };
    write::create(&attributes.out, &judged.artifacts(options))?;
    Ok(Exit::Fine)
}

/// What is read from the attributes.
struct Attributes {
    handed_over: HandedOver,
    mode: Mode,
    with_tests: bool,
    out: PathBuf,
}

impl Attributes {
    fn read(path: &Path, context: &mut Context<'_>) -> anyhow::Result<Self> {
        let mut inputs = Inputs::default();
        let mut findings = Vec::new();
        let name = display_name(path);
        let id = read_bytes(&name, open(path), &mut findings)
            .and_then(|bytes| inputs.read(name, bytes, Origin::File, Flavour::Hujson, "", &mut findings));
        let Some((text, tree)) = id.and_then(|id| parts(&inputs, id)) else {
            said(&inputs, &findings, context)?;
            bail!("the attributes of the derivation cannot be read");
        };
        let Some(handed_over) = HandedOver::of(text, tree) else {
            bail!("the derivation has no attribute `declaration`");
        };
        let mode = match tree.get("mode").and_then(Value::as_str) {
            Some("eval") => Mode::Eval,
            Some("build") => Mode::Build,
            _ => bail!("the derivation's attribute `mode` is \"eval\" or \"build\""),
        };
        let out = tree
            .get("outputs")
            .and_then(|outputs| outputs.get("out"))
            .and_then(Value::as_str)
            .context("the derivation has no output `out`")?;
        Ok(Self {
            handed_over,
            mode,
            with_tests: tree.get("withTests").and_then(Value::as_bool).unwrap_or(false),
            out: PathBuf::from(out),
        })
    }
}

fn parts(inputs: &Inputs, id: SourceId) -> Option<(&str, &Value)> {
    let input = inputs.get(id)?;
    Some((&input.text, input.tree.as_ref()?))
}

/// Says what hinders, for the build's log.
fn said(inputs: &Inputs, findings: &[Diagnostic], context: &mut Context<'_>) -> std::io::Result<()> {
    human::write(context.err, inputs, findings, human::Style::default())
}
