//! TN153: an autogroup that cannot be the destination of an SSH rule.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;
use super::places::Place;
use super::wording::{choice, list, quote};

/// The page of TN153.
pub const PAGE: Page = Page {
    code: Code(153),
    severity: Severity::Error,
    name: "autogroup-as-ssh-destination",
    what: "An SSH rule has a destination that is an autogroup for other places.",
    why: "As the destination of an SSH rule headscale takes `autogroup:member`, `autogroup:tagged` and \
          `autogroup:self` only (`validateAutogroupForSSHDst`, hscontrol/policy/v2/types.go): SSH rules are carried \
          out by the tailscale client of the destination, and what is outside the tailnet has none.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:internet"], "users": ["root"] },
    //                                                         ^^^^^^^^^^^^^^^^^^^^ TN153: autogroup:internet can only be used in ACL destinations
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:tagged"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// What may be a destination.
const DESTINATIONS: &[Autogroup] = &[Autogroup::Member, Autogroup::Tagged, Autogroup::OwnDevices];

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::SshDestination]) {
        let Alias::Autogroup(autogroup) = *reference.alias else {
            continue;
        };
        // Of autogroup:danger-all the reader says that 0.28 does not know it.
        if DESTINATIONS.contains(&autogroup) || (autogroup == Autogroup::DangerAll && context.is_0_28()) {
            continue;
        }
        let name = quote(&autogroup.to_string());
        let list = list(DESTINATIONS);
        let message = match (context.is_0_28(), autogroup) {
            (true, Autogroup::Internet) => {
                format!("{name} used in SSH destination, it can only be used in ACL destinations")
            }
            // 0.28 says "sources" here too.
            (true, _) => format!("autogroup {name} is not supported for SSH sources, can be {list}"),
            (false, Autogroup::Internet) => "autogroup:internet can only be used in ACL destinations".to_owned(),
            (false, _) => format!("autogroup not supported for SSH destinations: {name}, can be {list}"),
        };
        out.push(
            Diagnostic::new(&PAGE, reference.span, message)
                .label("no destination of SSH rules")
                .help(format!("write {} here", choice(DESTINATIONS))),
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
  "ssh": [{
    "action": "accept",
    "src": ["autogroup:member"],
    "dst": ["autogroup:nonroot", "autogroup:danger-all", "autogroup:self"],
    //      ^^^^^^^^^^^^^^^^^^^ TN153: autogroup not supported for SSH destinations: "autogroup:nonroot", can be [autogroup:member autogroup:tagged autogroup:self]
    //                           ^^^^^^^^^^^^^^^^^^^^^^ TN153: autogroup not supported for SSH destinations: "autogroup:danger-all"
    "users": ["root"],
  }],
}"#,
            "0.29",
        );
    }

    #[test]
    fn v0_28_has_its_own_words() {
        assert_found(
            &PAGE,
            r#"{
  "ssh": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:internet", "autogroup:nonroot"], "users": ["root"] }],
  //                                                                 ^^^^^^^^^^^^^^^^^^^^ TN153: "autogroup:internet" used in SSH destination, it can only be used in ACL destinations
  //                                                                                       ^^^^^^^^^^^^^^^^^^^ TN153: autogroup "autogroup:nonroot" is not supported for SSH sources
}"#,
            "0.28",
        );
    }
}
