//! TN151: an autogroup that cannot be a destination.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;
use super::places::Place;
use super::wording::{choice, list, quote};

/// The page of TN151.
pub const PAGE: Page = Page {
    code: Code(151),
    severity: Severity::Error,
    name: "autogroup-as-destination",
    what: "An ACL or grant has a destination that is an autogroup for other places.",
    why: "As a destination headscale takes `autogroup:internet`, `autogroup:member`, `autogroup:tagged` and \
          `autogroup:self` only (`validateAutogroupForDst`, hscontrol/policy/v2/types.go). `autogroup:danger-all` \
          widens a source to addresses outside the tailnet; `autogroup:nonroot` is for SSH logins.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["*"], "dst": ["autogroup:danger-all"], "ip": ["*"] },
    //                      ^^^^^^^^^^^^^^^^^^^^^^ TN151: cannot use autogroup:danger-all as a dst
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [
    { "src": ["*"], "dst": ["autogroup:internet"], "ip": ["*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// What may be a destination.
const DESTINATIONS: &[Autogroup] = &[
    Autogroup::Internet,
    Autogroup::Member,
    Autogroup::Tagged,
    Autogroup::OwnDevices,
];

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::AclDestination, Place::GrantDestination]) {
        let Alias::Autogroup(autogroup) = *reference.alias else {
            continue;
        };
        // Of autogroup:danger-all the reader says that 0.28 does not know it.
        if DESTINATIONS.contains(&autogroup) || (autogroup == Autogroup::DangerAll && context.is_0_28()) {
            continue;
        }
        let name = quote(&autogroup.to_string());
        let list = list(DESTINATIONS);
        let message = if context.is_0_28() {
            format!("autogroup {name} is not supported for ACL destinations, can be {list}")
        } else if autogroup == Autogroup::DangerAll {
            "cannot use autogroup:danger-all as a dst".to_owned()
        } else {
            format!("autogroup not supported for ACL destinations: {name}, can be {list}")
        };
        let help = if autogroup == Autogroup::DangerAll {
            "for the whole tailnet write \"*\", for exit nodes \"autogroup:internet\"".to_owned()
        } else {
            format!("write {} here", choice(DESTINATIONS))
        };
        out.push(
            Diagnostic::new(&PAGE, reference.span, message)
                .label("no destination")
                .help(help),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn each_has_headscales_words() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["autogroup:nonroot:22", "autogroup:member:*"] }],
  //                                                   ^^^^^^^^^^^^^^^^^^^^^^ TN151: autogroup not supported for ACL destinations: "autogroup:nonroot", can be [autogroup:internet autogroup:member autogroup:tagged autogroup:self]
}"#,
            "0.29",
        );
    }

    #[test]
    fn v0_28_has_its_own_words() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["autogroup:nonroot:22"] }],
  //                                                   ^^^^^^^^^^^^^^^^^^^^^^ TN151: autogroup "autogroup:nonroot" is not supported for ACL destinations, can be [autogroup:internet
}"#,
            "0.28",
        );
    }
}
