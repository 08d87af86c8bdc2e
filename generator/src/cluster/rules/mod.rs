//! The rules a declaration is judged by: one file a code, each with its page, its check and its tests.
//!
//! Findings of reading and of building the model come from constructors (`finding`); what the parts mean together is
//! found by the functions of [`CHECKS`].

pub mod bad_value;
pub mod defined_twice;
pub mod duplicate_address;
pub mod impossible_address;
pub mod kubectl_without_server;
pub(crate) mod mend;
pub mod missing_option;
pub mod node_identity;
pub mod node_without_tag;
pub mod policy_file_unreadable;
pub mod policy_file_without_rules;
pub mod rule_beyond_role;
pub mod same_person;
pub mod two_ssh_servers;
pub mod undeclared_node;
pub mod undeclared_owner;
pub mod undeclared_user;
pub mod undefined_node_tag;
pub mod unknown_option;
pub mod wrong_type;

use super::declaration::Declaration;
use super::model::Model;
use crate::diagnostics::{Diagnostic, Page};
use crate::hujson::{Kind, Value};
use crate::source::Span;

/// The pages of all codes about declarations, in the order of their codes.
pub const PAGES: &[&Page] = &[
    &unknown_option::PAGE,
    &wrong_type::PAGE,
    &missing_option::PAGE,
    &bad_value::PAGE,
    &undeclared_node::PAGE,
    &undeclared_owner::PAGE,
    &undeclared_user::PAGE,
    &node_identity::PAGE,
    &duplicate_address::PAGE,
    &impossible_address::PAGE,
    &defined_twice::PAGE,
    &undefined_node_tag::PAGE,
    &node_without_tag::PAGE,
    &kubectl_without_server::PAGE,
    &two_ssh_servers::PAGE,
    &policy_file_without_rules::PAGE,
    &policy_file_unreadable::PAGE,
    &same_person::PAGE,
    &rule_beyond_role::PAGE,
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

/// What every rule looks at.
pub(crate) struct Context<'a> {
    /// What was declared.
    pub declaration: &'a Declaration,
    /// What it means.
    pub model: &'a Model,
    /// What it was read from.
    pub tree: &'a Value,
}

impl Context<'_> {
    /// Whether the object at `span` has one of the members `names`, with a value that `is`: what was written there may
    /// have been wrong, and then the declaration lacks it.
    pub(crate) fn is_written(&self, span: Span, names: &[&str], is: impl Fn(&Kind) -> bool) -> bool {
        let members = super::judge::members_at(self.tree, span);
        members
            .iter()
            .any(|member| names.contains(&&*member.name.value) && is(&member.value.kind))
    }
}

/// What finds the violations of one rule.
type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// The rules about what the parts of a declaration mean together.
const CHECKS: &[Check] = &[
    undeclared_node::check,
    undeclared_owner::check,
    undeclared_user::check,
    node_identity::check,
    duplicate_address::check,
    impossible_address::check,
    undefined_node_tag::check,
    two_ssh_servers::check,
    same_person::check,
];

/// Judges a declaration by all of them.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for check in CHECKS {
        check(context, findings);
    }
}
