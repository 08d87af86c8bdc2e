//! The rules a declaration is judged by: one file a code, each with its page, its check and its tests.

pub mod bad_value;
pub(crate) mod mend;
pub mod missing_option;
pub mod unknown_option;
pub mod wrong_type;

use crate::cluster::declaration::Declaration;
use crate::diagnostics::{Diagnostic, Page};
use crate::hujson::Value;

/// The pages of all codes about declarations, in the order of their codes.
pub const PAGES: &[&Page] = &[
    &unknown_option::PAGE,
    &wrong_type::PAGE,
    &missing_option::PAGE,
    &bad_value::PAGE,
];

/// Judges what the declaration says by itself, before a model is made of it: relays, names, k3s, keys. `tree` is what
/// it was read from.
pub fn check_families(declaration: &Declaration, tree: &Value, findings: &mut Vec<Diagnostic>) {
    crate::derp::rules::check(declaration, findings);
    crate::dns::rules::check(declaration, findings);
    crate::k3s::rules::check(declaration, findings);
    crate::keys::rules::check(declaration, findings);
    crate::keys::rules::store_paths(tree, findings);
}
