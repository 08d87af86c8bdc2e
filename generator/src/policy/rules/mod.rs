//! The rules a policy is judged by: one file a code, each with its page, its check and its tests.

pub mod accept_env;
pub mod acl_action;
pub mod approver_route;
pub mod auto_approver;
pub mod bad_destination;
pub mod bad_port;
pub mod bad_protocol;
pub mod bad_traffic;
pub mod capability_name;
pub mod check_period_syntax;
pub mod empty_policy;
pub mod group_name;
pub mod group_value;
pub mod host_entry;
pub mod invalid_alias;
pub mod ip_pool;
mod mend;
pub mod nested_group;
pub mod not_in_dialect;
pub mod old_field;
pub mod role_autogroup;
pub mod service_alias;
pub mod service_field;
pub mod ssh_action;
pub mod ssh_login;
pub mod tag_name;
pub mod tag_owner;
pub mod test_source;
pub mod topology_contradiction;
pub mod topology_shape;
pub mod topology_unknown_key;
pub mod unfilled_template;
pub mod unknown_autogroup;
pub mod unknown_field;
pub mod user_without_at;
pub mod via_not_a_tag;
pub mod wrong_type;

use crate::diagnostics::Page;

/// The pages of all codes about policies, in the order of their codes.
pub const PAGES: &[&Page] = &[
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
    &topology_shape::PAGE,
    &topology_unknown_key::PAGE,
    &topology_contradiction::PAGE,
];
