//! TN176: an SSH test from nobody.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::Alias;
use super::context::Context;
use super::places::Place;
use super::wording::test_failed;

/// The page of TN176.
pub const PAGE: Page = Page {
    code: Code(176),
    severity: Severity::Error,
    name: "ssh-test-without-source",
    what: "An entry of `sshTests` has no `src`.",
    why: "headscale refuses the policy (`ErrSSHTestEmptySrc`, hscontrol/policy/v2/types.go), also when it starts.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "sshTests": [
    { "src": "", "dst": ["autogroup:tagged"], "accept": ["root"] },
    //       ^^ TN176: test(s) failed: sshTest 0: SSH tests entry must have a non-empty src
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "sshTests": [
    { "src": "alice@example.org", "dst": ["autogroup:tagged"], "accept": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Whether `alias` is the empty text, which is read as the name of a host.
pub(super) fn is_empty(alias: &Alias) -> bool {
    matches!(alias, Alias::Host(host) if host.as_str().is_empty())
}

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::SshTestSource]) {
        if is_empty(reference.alias) && !context.is_misread(reference.span) {
            let message = test_failed(&format!(
                "sshTest {}: SSH tests entry must have a non-empty src",
                reference.entry
            ));
            out.push(
                Diagnostic::new(&PAGE, reference.span, message).help("say who logs in: a user, a tag, an address"),
            );
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
    fn absent_and_blank_are_empty_too() {
        assert_found(
            &PAGE,
            r#"{
  "sshTests": [
      { "dst": ["autogroup:tagged"], "accept": ["root"] },
    //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN176: sshTest 0: SSH tests entry must have a non-empty src
      { "src": " ", "dst": ["autogroup:tagged"], "accept": ["root"] },
    //         ^^^ TN176: sshTest 1
  ],
}"#,
            "0.29",
        );
    }
}
