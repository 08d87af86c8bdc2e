//! TN166: an SSH rule from tagged nodes to a user's devices.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::Alias;
use super::context::{Context, is_tagged};

/// The page of TN166.
pub const PAGE: Page = Page {
    code: Code(166),
    severity: Severity::Error,
    name: "ssh-tag-to-user",
    what: "An SSH rule lets tagged nodes into the devices of a user.",
    why: "headscale refuses the policy: machines do not log in to people's devices \
          (`validateSSHSrcDstCombination`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tagOwners": { "tag:ci": [] },
  "ssh": [
    { "action": "accept", "src": ["tag:ci"], "dst": ["alice@example.org"], "users": ["root"] },
    //                                               ^^^^^^^^^^^^^^^^^^^ TN166: tags in SSH source cannot access user-owned devices (alice@example.org); use autogroup:tagged or specific tags as destinations instead
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tagOwners": { "tag:ci": [], "tag:server": [] },
  "ssh": [
    { "action": "accept", "src": ["tag:ci"], "dst": ["tag:server"], "users": ["root"] },
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
            if let Alias::User(user) = &dst.value {
                let message = format!(
                    "tags in SSH source cannot access user-owned devices ({}); use autogroup:tagged or specific tags \
                     as destinations instead",
                    user.as_str()
                );
                out.push(Diagnostic::new(&PAGE, dst.span, message).related(tagged.span, "the tagged source"));
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
    fn all_tagged_nodes_are_tags_too() {
        assert_found(
            &PAGE,
            r#"{
  "ssh": [
    { "action": "check", "src": ["a@", "autogroup:tagged"], "dst": ["autogroup:tagged", "a@", "b@"], "users": ["root"] },
    //                                                                                  ^^^^ TN166: (a@)
    //                                                                                        ^^^^ TN166: (b@)
  ],
}"#,
            "0.28",
        );
    }
}
