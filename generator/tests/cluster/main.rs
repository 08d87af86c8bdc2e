//! Declarations as a whole: the examples, and what does not depend on what.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod corpus;
mod examples;
mod hostile;
#[cfg(feature = "full")]
mod options;
mod same;

use std::path::{Path, PathBuf};

use tailnet_generator::cluster::{Judgement, Options, judge_with};
use tailnet_generator::hujson::Flavour;
use tailnet_generator::input::{Inputs, Origin};

/// The folder of the examples.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// Judges `text` as if it lay among the examples.
fn judge(text: &str, seed: u64) -> (Inputs, Judgement) {
    let mut inputs = Inputs::default();
    let mut findings = Vec::new();
    let name = examples().join("test.json5").display().to_string();
    let id = inputs.read(name, text, Origin::File, Flavour::Json5, "", &mut findings);
    let id = id.unwrap_or_else(|| panic!("{findings:?}"));
    let options = Options {
        seed,
        ..Options::default()
    };
    let judgement = judge_with(&mut inputs, id, findings, options);
    (inputs, judgement)
}

/// What was found, a line each: code, option, words.
fn said(inputs: &Inputs, judgement: &Judgement) -> Vec<String> {
    let findings = judgement.diagnostics.iter();
    findings
        .map(|finding| {
            let path = finding.span.map(|span| inputs.path(span)).unwrap_or_default();
            format!("{} {path}: {}", finding.code, finding.message)
        })
        .collect()
}
