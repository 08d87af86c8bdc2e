//! `report.json`: what was judged, what was found, what was written.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::cluster::judge::POLICY;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::render::json::{self, Finding};
use crate::hujson::{Kind, Value};
use crate::input::Inputs;

/// The report of one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Who wrote it.
    pub generator: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The cluster's name; absent when the declaration could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// The headscale series that was judged for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headscale: Option<String>,
    /// SHA-256 of the declaration as compact JSON with sorted names, in hexadecimal: what `builtins.hashString "sha256"
    /// (builtins.toJSON cluster)` gives for the same declaration, however its file is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
    /// SHA-256 of the policy file that the declaration names, in hexadecimal: the hash of the declaration covers its name
    /// only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_file: Option<String>,
    /// Whether there is no error. Without, nothing but this report was written.
    pub ok: bool,
    /// All findings, by place.
    pub diagnostics: Vec<Finding>,
    /// The files that were written beside this one.
    pub artifacts: Vec<String>,
}

impl Report {
    /// A report of `findings`; `tree` is the declaration's.
    #[must_use]
    pub fn new(inputs: &Inputs, tree: Option<&Value>, findings: &[Diagnostic]) -> Self {
        let json::Report { ok, diagnostics } = json::Report::new(inputs, findings);
        Self {
            generator: super::GENERATOR,
            version: env!("CARGO_PKG_VERSION"),
            cluster: None,
            headscale: None,
            declaration: tree.map(hash),
            policy_file: inputs.of_prefix(POLICY).map(|input| hex(&input.text)),
            ok,
            diagnostics,
            artifacts: Vec::new(),
        }
    }
}

/// The hash of what a declaration says.
#[must_use]
pub fn hash(tree: &Value) -> String {
    let mut text = String::new();
    push(tree, &mut text);
    hex(&text)
}

/// SHA-256 of `text` in hexadecimal.
fn hex(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compact JSON with sorted names. Depth is bounded by the parser.
fn push(value: &Value, out: &mut String) {
    let string = |text: &str, out: &mut String| out.push_str(&serde_json::Value::from(text).to_string());
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(literal) => out.push_str(literal),
        Kind::String(text) => string(text, out),
        Kind::Array(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                push(item, out);
            }
            out.push(']');
        }
        Kind::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|a, b| a.name.value.cmp(&b.name.value));
            out.push('{');
            for (number, member) in sorted.into_iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                string(&member.name.value, out);
                out.push(':');
                push(&member.value, out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hujson::{Flavour, parse};
    use crate::source::SourceId;

    fn of(text: &str) -> String {
        hash(&parse(SourceId(0), text, Flavour::Json5).root.unwrap())
    }

    /// `builtins.hashString "sha256" (builtins.toJSON { a = [ 1 "x" null ]; b.c = true; })`, by another program.
    #[test]
    fn is_what_nix_calculates_however_it_is_written() {
        let nix = Sha256::digest(br#"{"a":[1,"x",null],"b":{"c":true}}"#);
        let nix: String = nix.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(of("{ b: { c: true }, a: [1, 'x', null] } // a comment"), nix);
        assert_ne!(of("{ b: { c: true }, a: [1, 'y', null] }"), nix);
    }
}
