//! TN169: an SSH rule from tagged nodes to `autogroup:member`.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::{Context, is_tagged};

/// The page of TN169.
pub const PAGE: Page = Page {
    code: Code(169),
    severity: Severity::Error,
    name: "ssh-tag-to-member",
    what: "An SSH rule lets tagged nodes into everybody's devices.",
    why: "headscale refuses the policy: machines do not log in to people's devices \
          (`validateSSHSrcDstCombination`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tagOwners": { "tag:backup": [] },
  "ssh": [
    { "action": "accept", "src": ["tag:backup"], "dst": ["autogroup:member"], "users": ["root"] },
    //                                                   ^^^^^^^^^^^^^^^^^^ TN169: tags in SSH source cannot access autogroup:member (user-owned devices)
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tagOwners": { "tag:backup": [] },
  "ssh": [
    { "action": "accept", "src": ["tag:backup"], "dst": ["autogroup:tagged"], "users": ["root"] },
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
            if dst.value == Alias::Autogroup(Autogroup::Member) {
                out.push(
                    Diagnostic::new(
                        &PAGE,
                        dst.span,
                        "tags in SSH source cannot access autogroup:member (user-owned devices)",
                    )
                    .related(tagged.span, "the tagged source")
                    .help("write \"autogroup:tagged\" or a tag here"),
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
    fn people_may() {
        assert_found(
            &PAGE,
            r#"{
  "ssh": [
    { "action": "accept", "src": ["a@"], "dst": ["autogroup:member"], "users": ["root"] },
    { "action": "accept", "src": ["a@", "autogroup:tagged"], "dst": ["autogroup:member"], "users": ["root"] },
    //                                                               ^^^^^^^^^^^^^^^^^^ TN169
  ],
}"#,
            "0.28",
        );
    }
}
