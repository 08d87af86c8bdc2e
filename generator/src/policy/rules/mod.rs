//! The rules a policy is judged by: one file a code, each with its page, its check and its tests.
//!
//! Words and shapes are judged while a document is read, users and the outcome of tests with a
//! tailnet. What lies between is judged by [`check`]: names that nothing defines, aliases where headscale does not take
//! them, fields that exclude each other, tests that cannot be run. These rules are those of headscale's
//! `Policy.validate` and its helpers (`hscontrol/policy/v2/types.go`, and what `test.go` and `sshtest.go` refuse
//! whatever the tailnet looks like).
//!
//! No check depends on another, but where headscale names only the first of several mistakes of one word, the later
//! ones leave the word to the first.

pub mod accept_env;
pub mod acl_action;
pub mod ambiguous_user;
pub mod app_to_internet;
pub mod approver_route;
pub mod assumed_user;
pub mod auto_approver;
pub mod autogroup_destination;
pub mod autogroup_source;
pub mod bad_destination;
pub mod bad_port;
pub mod bad_protocol;
pub mod bad_traffic;
pub mod capability_name;
pub mod check_period;
pub mod check_period_syntax;
mod context;
pub mod empty_policy;
pub mod everything_as_destination;
pub mod grant_without_traffic;
pub mod group_name;
pub mod group_value;
pub mod host_as_ssh_destination;
pub mod host_entry;
pub mod invalid_alias;
pub mod ip_pool;
pub mod lints;
pub(crate) mod mend;
pub mod nested_group;
pub mod node_attr_autogroup;
pub mod node_attr_user;
pub mod not_in_dialect;
pub mod old_field;
pub mod owner_cycle;
mod places;
pub mod protocol_without_ports;
pub mod role_autogroup;
pub mod self_with_others;
pub mod service_alias;
pub mod service_field;
pub mod ssh_action;
pub mod ssh_autogroup_destination;
pub mod ssh_autogroup_source;
pub mod ssh_autogroup_user;
pub mod ssh_destination;
pub mod ssh_login;
pub mod ssh_other_user;
pub mod ssh_source;
pub mod ssh_tag_to_member;
pub mod ssh_tag_to_self;
pub mod ssh_tag_to_user;
pub mod ssh_test_destination;
pub mod ssh_test_empty_login;
pub mod ssh_test_failed;
pub mod ssh_test_without_assertion;
pub mod ssh_test_without_destination;
pub mod ssh_test_without_source;
pub mod tag_name;
pub mod tag_owner;
pub mod test_failed;
pub mod test_of_nobody;
pub mod test_port;
pub mod test_protocol;
pub mod test_source;
pub mod test_to_internet;
pub mod test_to_range;
pub mod test_without_assertion;
#[cfg(test)]
pub(crate) mod testing;
pub mod topology_contradiction;
pub mod topology_shape;
pub mod topology_unknown_key;
pub mod undefined_group;
pub mod undefined_host;
pub mod undefined_tag;
pub mod unfilled_template;
pub mod unknown_autogroup;
pub mod unknown_field;
pub mod unknown_user;
pub mod unsupported_attr;
mod user_places;
pub mod user_without_at;
pub mod via_not_a_tag;
pub mod wildcard_ssh_destination;
mod wording;
pub mod wrong_type;

use crate::diagnostics::{Diagnostic, Page};

use super::document::Document;
use super::tailnet::Resolver;
use context::Context;

/// The pages of all codes about policies, in the order of their codes.
pub const PAGES: &[&Page] = &[
    &undefined_tag::PAGE,
    &undefined_group::PAGE,
    &undefined_host::PAGE,
    &unknown_field::PAGE,
    &service_field::PAGE,
    &old_field::PAGE,
    &not_in_dialect::PAGE,
    &wrong_type::PAGE,
    &acl_action::PAGE,
    &ssh_action::PAGE,
    &bad_port::PAGE,
    &bad_protocol::PAGE,
    &bad_destination::PAGE,
    &bad_traffic::PAGE,
    &invalid_alias::PAGE,
    &service_alias::PAGE,
    &unknown_autogroup::PAGE,
    &role_autogroup::PAGE,
    &user_without_at::PAGE,
    &group_name::PAGE,
    &group_value::PAGE,
    &nested_group::PAGE,
    &tag_name::PAGE,
    &host_entry::PAGE,
    &tag_owner::PAGE,
    &auto_approver::PAGE,
    &approver_route::PAGE,
    &via_not_a_tag::PAGE,
    &capability_name::PAGE,
    &ip_pool::PAGE,
    &ssh_login::PAGE,
    &check_period_syntax::PAGE,
    &accept_env::PAGE,
    &unfilled_template::PAGE,
    &test_source::PAGE,
    &empty_policy::PAGE,
    &autogroup_source::PAGE,
    &autogroup_destination::PAGE,
    &ssh_autogroup_source::PAGE,
    &ssh_autogroup_destination::PAGE,
    &node_attr_autogroup::PAGE,
    &ssh_source::PAGE,
    &wildcard_ssh_destination::PAGE,
    &ssh_destination::PAGE,
    &host_as_ssh_destination::PAGE,
    &self_with_others::PAGE,
    &owner_cycle::PAGE,
    &grant_without_traffic::PAGE,
    &protocol_without_ports::PAGE,
    &everything_as_destination::PAGE,
    &app_to_internet::PAGE,
    &unsupported_attr::PAGE,
    &ssh_tag_to_user::PAGE,
    &ssh_other_user::PAGE,
    &ssh_tag_to_self::PAGE,
    &ssh_tag_to_member::PAGE,
    &check_period::PAGE,
    &test_without_assertion::PAGE,
    &test_protocol::PAGE,
    &test_to_internet::PAGE,
    &test_port::PAGE,
    &test_to_range::PAGE,
    &ssh_test_without_source::PAGE,
    &ssh_test_without_destination::PAGE,
    &ssh_test_destination::PAGE,
    &test_of_nobody::PAGE,
    &ssh_test_without_assertion::PAGE,
    &ssh_test_empty_login::PAGE,
    &ssh_autogroup_user::PAGE,
    &topology_shape::PAGE,
    &topology_unknown_key::PAGE,
    &topology_contradiction::PAGE,
    &ambiguous_user::PAGE,
    &node_attr_user::PAGE,
    &test_failed::PAGE,
    &ssh_test_failed::PAGE,
    &assumed_user::PAGE,
    &unknown_user::PAGE,
];

/// What finds the violations of one rule.
type Check = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// The rules that need no tailnet.
const CHECKS: &[Check] = &[
    undefined_tag::check,
    undefined_group::check,
    undefined_host::check,
    autogroup_source::check,
    autogroup_destination::check,
    ssh_autogroup_source::check,
    ssh_autogroup_destination::check,
    node_attr_autogroup::check,
    ssh_source::check,
    wildcard_ssh_destination::check,
    ssh_destination::check,
    host_as_ssh_destination::check,
    self_with_others::check,
    owner_cycle::check,
    grant_without_traffic::check,
    protocol_without_ports::check,
    everything_as_destination::check,
    app_to_internet::check,
    unsupported_attr::check,
    ssh_tag_to_user::check,
    ssh_other_user::check,
    ssh_tag_to_self::check,
    ssh_tag_to_member::check,
    check_period::check,
    test_without_assertion::check,
    test_protocol::check,
    test_to_internet::check,
    test_port::check,
    test_to_range::check,
    ssh_test_without_source::check,
    ssh_test_without_destination::check,
    ssh_test_destination::check,
    test_of_nobody::check,
    ssh_test_without_assertion::check,
    ssh_test_empty_login::check,
    ssh_autogroup_user::check,
];

/// Whether a finding says that `tests` or `sshTests` fail, with a policy that headscale would start with all the same.
/// The shape of tests is not meant: headscale does not load a policy with malformed ones.
#[must_use]
pub fn is_outcome_of_tests(found: &Diagnostic) -> bool {
    let always = [
        test_source::PAGE.code,
        test_of_nobody::PAGE.code,
        ssh_test_without_assertion::PAGE.code,
        ssh_test_empty_login::PAGE.code,
        test_failed::PAGE.code,
        ssh_test_failed::PAGE.code,
    ];
    // These stand in rules too, where they hinder.
    let in_tests = [undefined_group::PAGE.code, undefined_host::PAGE.code];
    always.contains(&found.code) || (in_tests.contains(&found.code) && found.message.starts_with("test(s) failed: "))
}

/// Judges the users that `document` names by the tailnet of `resolver`: what headscale does before it compiles.
pub fn check_users(document: &Document, resolver: &mut Resolver<'_>, findings: &mut Vec<Diagnostic>) {
    ambiguous_user::check(document, resolver.index(), findings);
    node_attr_user::check(document, resolver, findings);
    unknown_user::check(document, resolver.index(), findings);
}

/// Judges `document` by all rules that need no tailnet and that its dialect has. `findings` holds what was found while
/// it was read, so that a list is not called empty that only could not be read; what is found is added to it, rule by
/// rule. Time is linear in the size of the document (looking for the nearest name is given up when it gets long).
pub fn check(document: &Document, findings: &mut Vec<Diagnostic>) {
    let context = Context::new(document, findings);
    for check in CHECKS {
        check(&context, findings);
    }
}
