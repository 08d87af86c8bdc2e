//! The rules a declaration is judged by: one file a code, each with its page, its check and its tests.
//!
//! Findings of reading and of building the model come from constructors (`finding`); what the parts mean together is
//! found by the functions of [`CHECKS`].

pub mod address_of_nobody;
pub mod bad_value;
pub mod defined_twice;
pub mod duplicate_address;
pub mod flow_not_given;
pub mod impossible_address;
pub mod kubectl_without_server;
pub mod login_missing;
pub(crate) mod mend;
pub mod missing_option;
pub mod nobody_administers;
pub mod node_identity;
pub mod node_without_tag;
pub mod policy_file_unreadable;
pub mod policy_file_without_rules;
pub mod preset_for_nobody;
pub mod random_port;
pub mod route_not_approved;
pub mod route_of_no_use;
pub mod rule_beyond_role;
pub mod same_person;
pub mod ssh_option_without_effect;
pub mod two_ssh_servers;
pub mod undeclared_node;
pub mod undeclared_owner;
pub mod undeclared_user;
pub mod undefined_node_tag;
pub mod unknown_option;
pub mod wrong_type;

use std::cell::Cell;

use super::declaration::Declaration;
use super::model::Model;
use crate::diagnostics::{Diagnostic, Page};
use crate::hujson::{Kind, Value};
use crate::policy::compile::Compiled;
use crate::source::Span;

/// The pages of all codes about declarations, in the order of their codes.
pub const PAGES: &[&Page] = &[
    &flow_not_given::PAGE,
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
    &route_of_no_use::PAGE,
    &nobody_administers::PAGE,
    &random_port::PAGE,
    &rule_beyond_role::PAGE,
    &route_not_approved::PAGE,
    &login_missing::PAGE,
    &preset_for_nobody::PAGE,
    &address_of_nobody::PAGE,
    &ssh_option_without_effect::PAGE,
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
    comparisons: Cell<usize>,
}

/// How many pairs of names are compared in one run before suggestions are given up: what keeps thousands of unknown names
/// among thousands of known ones from taking quadratic time.
const COMPARISONS: usize = 200_000;

impl<'a> Context<'a> {
    /// What rules look at.
    pub(crate) fn new(declaration: &'a Declaration, model: &'a Model, tree: &'a Value) -> Self {
        Self {
            declaration,
            model,
            tree,
            comparisons: Cell::new(COMPARISONS),
        }
    }

    /// The one of `names` that resembles `name` most, as long as there is time for it.
    pub(crate) fn nearest<'n>(&self, name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<mend::Near<'n>> {
        let left = self.comparisons.get();
        let mut compared = 0;
        let near = mend::nearest(name, names.into_iter().take(left).inspect(|_| compared += 1));
        self.comparisons.set(left - compared);
        near
    }

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
    route_of_no_use::check,
    route_not_approved::check,
    login_missing::check,
    preset_for_nobody::check,
    address_of_nobody::check,
    ssh_option_without_effect::check,
    random_port::check,
    crate::k3s::rules::underlay_cgnat::check,
];

/// Judges a declaration by all of them.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for check in CHECKS {
        check(context, findings);
    }
}

/// Judges a declaration, in which there is no mistake, by what its policy compiles to.
pub(crate) fn check_compiled(context: &Context<'_>, compiled: &Compiled<'_>, findings: &mut Vec<Diagnostic>) {
    flow_not_given::check(context, compiled, findings);
    crate::dns::rules::resolver_unreachable::check(context, compiled.lowered(), findings);
    nobody_administers::check(context, compiled.lowered(), findings);
}
