//! Lints: what headscale takes and what hardly does what its author meant.
//!
//! One file a code, as with the rules. A lint speaks only where it is certain: who keeps a healthy policy sees nothing.
//! What is derived from a declaration's presets and needs is never blamed and never held against the user's own rules.
//!
//! Lints also look at a policy with errors, but only at the rules and names that no error touches.

pub mod accept_all;
pub mod approver_of_nobody;
pub mod attribute_of_nothing;
mod coverage;
pub mod covered_rule;
pub mod deny_of_some;
pub mod empty_group;
pub mod everything_allowed;
pub mod exit_route_as_subnet;
pub mod families_never_meet;
mod mentions;
pub mod misleading_name;
pub mod ping_rule;
pub mod ports_without_effect;
pub mod rule_for_nobody;
pub mod sctp_not_opened;
pub mod ssh_without_port;
mod subject;
pub mod test_twice;
pub mod test_without_target;
#[cfg(test)]
mod tests;
pub mod undeliverable_destination;
mod units;
pub mod unused_group;
pub mod unused_host;
pub mod unused_tag;
pub mod via_without_route;

pub use subject::{Own, Subject};

use crate::diagnostics::{Code, Diagnostic, Page};

/// The pages of all lints of policies, in the order of their codes.
pub const PAGES: &[&Page] = &[
    &rule_for_nobody::PAGE,
    &families_never_meet::PAGE,
    &ports_without_effect::PAGE,
    &undeliverable_destination::PAGE,
    &covered_rule::PAGE,
    &accept_all::PAGE,
    &unused_tag::PAGE,
    &unused_group::PAGE,
    &unused_host::PAGE,
    &empty_group::PAGE,
    &exit_route_as_subnet::PAGE,
    &approver_of_nobody::PAGE,
    &via_without_route::PAGE,
    &ssh_without_port::PAGE,
    &test_without_target::PAGE,
    &test_twice::PAGE,
    &ping_rule::PAGE,
    &attribute_of_nothing::PAGE,
    &everything_allowed::PAGE,
    &deny_of_some::PAGE,
    &misleading_name::PAGE,
    &sctp_not_opened::PAGE,
];

/// What finds the violations of one lint.
type Check = fn(&subject::Linted<'_>, &mut Vec<Diagnostic>);

/// All lints. Those that say the most of a rule come first: of a rule that was blamed the later ones say nothing.
const CHECKS: &[Check] = &[
    everything_allowed::check,
    empty_group::check,
    misleading_name::check,
    via_without_route::check,
    undeliverable_destination::check,
    families_never_meet::check,
    ports_without_effect::check,
    rule_for_nobody::check,
    exit_route_as_subnet::check,
    approver_of_nobody::check,
    attribute_of_nothing::check,
    unused_tag::check,
    unused_group::check,
    unused_host::check,
    ssh_without_port::check,
    test_without_target::check,
    test_twice::check,
    sctp_not_opened::check,
];

/// The lints that compare rules with each other.
const COMPARING: &[Check] = &[accept_all::check, covered_rule::check, ping_rule::check];

/// Judges `subject` by all lints. `findings` holds what was found before, errors and warnings; what is found is added.
/// Time grows with the size of the policy; comparing rules is given up when it would take long.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    // What is no text of a policy says nothing that could be linted.
    let unreadable = [Code(100), Code(102), Code(103), Code(108), Code(109)];
    if findings.iter().any(|found| unreadable.contains(&found.code)) {
        return;
    }
    for checks in [CHECKS, COMPARING] {
        let linted = subject::Linted::new(subject, findings);
        for check in checks {
            check(&linted, findings);
        }
    }
}
