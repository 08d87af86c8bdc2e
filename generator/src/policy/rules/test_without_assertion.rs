//! TN171: a test that asserts nothing.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::context::Context;
use super::wording::test_failed;

/// The page of TN171.
pub const PAGE: Page = Page {
    code: Code(171),
    severity: Severity::Error,
    name: "test-without-assertion",
    what: "An entry of `tests` has neither `accept` nor `deny`.",
    why: "headscale refuses the policy (`ErrTestEmptyAssertions`, hscontrol/policy/v2/types.go), also when it starts.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tests": [
    { "src": "alice@example.org", "accept": [] },
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN171: test(s) failed: test 0: test entry must have at least one of "accept" or "deny"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [],
  "tests": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (i, test) in context.document.tests.iter().enumerate() {
        if test.accept.is_empty() && test.deny.is_empty() && !context.is_blamed(test.span) {
            let message = test_failed(&format!(
                "test {i}: test entry must have at least one of \"accept\" or \"deny\""
            ));
            out.push(
                Diagnostic::new(&PAGE, test.span, message)
                    .help("say what src must reach: \"accept\": [\"tag:server:22\"], or must not: \"deny\""),
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
    fn tests_are_counted_from_0() {
        assert_found(
            &PAGE,
            r#"{
  "tests": [
      { "src": "a@", "deny": ["b@:22"] },
      { "src": "a@" },
    //^^^^^^^^^^^^^^^ TN171: test(s) failed: test 1: test entry must have
  ],
}"#,
            "0.29",
        );
    }

    #[test]
    fn a_destination_that_could_not_be_read_is_an_assertion_all_the_same() {
        assert_none(&PAGE, r#"{ "tests": [{ "src": "a@", "accept": ["b@"] }] }"#, "0.29");
    }
}
