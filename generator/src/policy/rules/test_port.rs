//! TN174: a test of more than one port.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;
use super::places::{Place, Reference};
use super::wording::test_failed;

/// The page of TN174.
pub const PAGE: Page = Page {
    code: Code(174),
    severity: Severity::Error,
    name: "test-port",
    what: "A destination of `tests` has more than one port.",
    why: "A test is one connection, which is let through or not; of several ports some might be. headscale refuses \
          the policy (`ErrTestDestinationMultiPort`, hscontrol/policy/v2/types.go), also when it starts.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tests": [
    { "src": "alice@example.org", "accept": ["bob@example.org:*"] },
    //                                       ^^^^^^^^^^^^^^^^^^^ TN174: test(s) failed: test 0, accept "bob@example.org:*": test destination port must be a single port
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tests": [
    { "src": "alice@example.org", "accept": ["bob@example.org:22"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Whether the ports of a test's destination are one port, as a test needs it.
pub(super) fn is_one_port(reference: &Reference<'_>) -> bool {
    matches!(reference.ports, Some([range]) if range.first == range.last)
}

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::TestAccept, Place::TestDeny]) {
        // TN173 speaks first, as headscale does.
        if *reference.alias == Alias::Autogroup(Autogroup::Internet) || is_one_port(reference) {
            continue;
        }
        let message = test_failed(&format!(
            "{}: test destination port must be a single port",
            reference.in_test()
        ));
        out.push(Diagnostic::new(&PAGE, reference.span, message).help("write one entry for each port that matters"));
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
    fn a_range_of_one_is_one() {
        assert_found(
            &PAGE,
            r#"{
  "tests": [{ "src": "a@", "deny": ["b@:1-2", "b@:1,2", "b@:1-1", "b@:0-0"] }],
  //                                ^^^^^^^^ TN174: test 0, deny "b@:1-2": test destination port must be a single port
  //                                          ^^^^^^^^ TN174
}"#,
            "0.29",
        );
    }
}
