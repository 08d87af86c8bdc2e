//! TN5xx: keys and secrets. One file a code.

use super::scan::{self, Secret};
use super::secret::Kind;
use super::store_path::is_store_path;
use crate::cluster::declaration::Declaration;
use crate::diagnostics::{Diagnostic, Page};
use crate::hujson::Value;
use crate::input::Inputs;

pub mod embedded_pin;
pub mod long_key;
pub mod named_secret;
pub mod placeholder;
pub mod secret;
pub mod shared_key;
pub mod store_path;
pub mod two_pins;

/// The pages of all codes about keys and secrets.
pub const PAGES: &[&Page] = &[
    &secret::PAGE,
    &named_secret::PAGE,
    &store_path::PAGE,
    &shared_key::PAGE,
    &placeholder::PAGE,
    &embedded_pin::PAGE,
    &two_pins::PAGE,
    &long_key::PAGE,
];

/// Judges what the declaration says of keys.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    shared_key::check(declaration, findings);
    placeholder::check(declaration, findings);
    embedded_pin::check(declaration, findings);
    two_pins::check(declaration, findings);
    long_key::check(declaration, findings);
}

/// Looks for secrets in all that was read, adds a finding for each, and hides them from `inputs` and from the findings
/// there are so far. To be called last: what comes after sees asterisks.
pub fn secrets(inputs: &mut Inputs, findings: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    let secrets = find(inputs, &mut found);
    if !secrets.is_empty() {
        scan::hide(inputs, &secrets, findings);
        findings.append(&mut found);
    }
}

/// The same without hiding anything: for tests that compare what is marked.
pub(crate) fn find(inputs: &Inputs, findings: &mut Vec<Diagnostic>) -> Vec<Secret> {
    let secrets = scan::scan(inputs);
    findings.extend(secrets.iter().take(MOST).map(|Secret { kind, span }| match kind {
        Kind::Named => named_secret::finding(*span),
        kind => secret::finding(*span, *kind),
    }));
    secrets
}

/// How many secrets are reported; all are hidden.
const MOST: usize = 100;

/// Looks for store paths in a declaration's tree. A policy file may be one: it is public, and Nix puts it there.
pub(crate) fn store_paths(tree: &Value, findings: &mut Vec<Diagnostic>) {
    let policy_file = tree
        .get("policy")
        .and_then(|policy| policy.get("file"))
        .map(|file| file.span);
    let mut found = Vec::new();
    walk(tree, "", &mut found);
    found.retain(|(span, _)| Some(*span) != policy_file);
    findings.extend(
        found
            .into_iter()
            .take(MOST)
            .map(|(span, name)| store_path::finding(span, &name)),
    );
}

/// Collects the store paths of `value`, which stands under `name`. Depth is bounded by the parser.
fn walk(value: &Value, name: &str, found: &mut Vec<(crate::source::Span, String)>) {
    if value.as_str().is_some_and(is_store_path) {
        found.push((value.span, name.to_owned()));
    }
    for item in value.as_array().unwrap_or_default() {
        walk(item, name, found);
    }
    for member in value.as_object().unwrap_or_default() {
        walk(&member.value, &member.name.value, found);
    }
}

#[cfg(test)]
mod tests;
