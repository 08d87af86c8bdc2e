//! TN177: an SSH test to nowhere.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::context::Context;
use super::wording::test_failed;

/// The page of TN177.
pub const PAGE: Page = Page {
    code: Code(177),
    severity: Severity::Error,
    name: "ssh-test-without-destination",
    what: "An entry of `sshTests` has no `dst`.",
    why: "headscale refuses the policy (`ErrSSHTestEmptyDst`, hscontrol/policy/v2/types.go), also when it starts.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "sshTests": [
    { "src": "alice@example.org", "dst": [], "accept": ["root"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN177: test(s) failed: sshTest 0: SSH tests entry must have at least one dst
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

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (i, test) in context.document.ssh_tests.iter().enumerate() {
        if test.dst.is_empty() && !context.is_blamed(test.span) {
            let message = test_failed(&format!("sshTest {i}: SSH tests entry must have at least one dst"));
            out.push(
                Diagnostic::new(&PAGE, test.span, message).help("say what is logged in to: \"dst\": [\"tag:server\"]"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_none, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn absent_is_empty_too() {
        assert_found(
            &PAGE,
            r#"{
  "sshTests": [
      { "src": "a@", "accept": ["root"] },
    //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN177
  ],
}"#,
            "0.29",
        );
    }

    #[test]
    fn a_destination_that_could_not_be_read_is_one_all_the_same() {
        assert_none(
            &PAGE,
            r#"{ "sshTests": [{ "src": "a@", "dst": ["svc:x"], "accept": ["root"] }] }"#,
            "0.29",
        );
    }
}
