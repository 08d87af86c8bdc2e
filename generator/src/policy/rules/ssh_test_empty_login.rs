//! TN181: an SSH test of a login without a name.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::context::Context;
use super::wording::test_failed;

/// The page of TN181.
pub const PAGE: Page = Page {
    code: Code(181),
    severity: Severity::Error,
    name: "ssh-test-empty-login",
    what: "An entry of `sshTests` asserts that a login without a name gets in.",
    why: "No rule lets it in, so the test fails whatever the tailnet looks like (`sshUserMapAllows`, \
          hscontrol/policy/v2/sshtest.go), and a policy whose tests fail is not taken by `headscale policy set`. Under \
          `deny` an empty login passes.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "sshTests": [
    { "src": "alice@example.org", "dst": ["autogroup:tagged"], "accept": [""] },
    //                                                                    ^^ TN181: test(s) failed: alice@example.org/"" -> autogroup:tagged: expected ALLOWED, got DENIED
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
    for test in &context.document.ssh_tests {
        for (logins, expected) in [(&test.accept, "ALLOWED"), (&test.check, "ALLOWED via check")] {
            for login in logins.iter().filter(|login| login.value.trim().is_empty()) {
                let dst = test.dst.first().map(|dst| dst.value.to_string()).unwrap_or_default();
                let message = test_failed(&format!(
                    "{}/\"\" -> {dst}: expected {expected}, got DENIED",
                    test.src.value
                ));
                out.push(Diagnostic::new(&PAGE, login.span, message).help("name a login, or take the entry out"));
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
    fn blank_is_empty_and_deny_passes() {
        assert_found(
            &PAGE,
            r#"{
  "sshTests": [
    { "src": "a@", "dst": ["a@"], "check": ["root", " "], "deny": [""] },
    //                                              ^^^ TN181: a@/"" -> a@: expected ALLOWED via check, got DENIED
  ],
}"#,
            "0.29",
        );
    }
}
