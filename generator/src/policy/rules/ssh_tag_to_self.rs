//! TN168: an SSH rule from tagged nodes to `autogroup:self`.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::{Context, is_tagged};

/// The page of TN168.
pub const PAGE: Page = Page {
    code: Code(168),
    severity: Severity::Error,
    name: "ssh-tag-to-self",
    what: "An SSH rule to `autogroup:self` has a tagged source.",
    why: "`autogroup:self` means the devices of the user who connects, and tagged nodes have no user; headscale \
          refuses the policy (`validateSSHSrcDstCombination`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:tagged"], "dst": ["autogroup:self"], "users": ["root"] },
    //                                                         ^^^^^^^^^^^^^^^^ TN168: autogroup:self destination requires source to contain only users or groups, not tags or autogroup:tagged
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
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for rule in &context.document.ssh {
        let Some(tagged) = rule.src.iter().find(|src| is_tagged(&src.value)) else {
            continue;
        };
        for dst in &rule.dst {
            if dst.value == Alias::Autogroup(Autogroup::OwnDevices) {
                out.push(
                    Diagnostic::new(
                        &PAGE,
                        dst.span,
                        "autogroup:self destination requires source to contain only users or groups, not tags or \
                         autogroup:tagged",
                    )
                    .related(tagged.span, "the tagged source")
                    .help("make two rules of it: one from users to autogroup:self, one from tags to tags"),
                );
            }
        }
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
    fn one_tag_among_users_is_enough() {
        assert_found(
            &PAGE,
            r#"{
  "tagOwners": { "tag:a": [] },
  "ssh": [
    { "action": "accept", "src": ["a@", "tag:a"], "dst": ["tag:a", "autogroup:self"], "users": ["root"] },
    //                                                             ^^^^^^^^^^^^^^^^ TN168
  ],
}"#,
            "0.28",
        );
    }
}
