//! TN180: an SSH test that asserts nothing.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::context::Context;
use super::wording::test_failed;

/// The page of TN180.
pub const PAGE: Page = Page {
    code: Code(180),
    severity: Severity::Error,
    name: "ssh-test-without-assertion",
    what: "An entry of `sshTests` has neither `accept` nor `deny` nor `check`.",
    why: "Such a test fails whatever the tailnet looks like (`runSSHPolicyTest`, hscontrol/policy/v2/sshtest.go), and \
          a policy whose tests fail is not taken by `headscale policy set`.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "sshTests": [
    { "src": "alice@example.org", "dst": ["autogroup:tagged"] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN180: test(s) failed: no accept, deny, or check assertions specified
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
    { "src": "alice@example.org", "dst": ["autogroup:tagged"], "deny": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for test in &context.document.ssh_tests {
        let none = test.accept.is_empty() && test.deny.is_empty() && test.check.is_empty();
        if none && !context.is_blamed(test.span) {
            out.push(
                Diagnostic::new(
                    &PAGE,
                    test.span,
                    test_failed("no accept, deny, or check assertions specified"),
                )
                .help("say which logins must get in: \"accept\": [\"root\"], or must not: \"deny\""),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_none, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn any_of_the_three_will_do() {
        for list in ["accept", "deny", "check"] {
            assert_none(
                &PAGE,
                &format!(r#"{{ "sshTests": [{{ "src": "a@", "dst": ["a@"], "{list}": ["root"] }}] }}"#),
                "0.29",
            );
        }
    }
}
