//! TN173: a test that asks whether the internet can be reached.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::{Alias, Autogroup};
use super::context::Context;
use super::places::Place;
use super::wording::test_failed;

/// The page of TN173.
pub const PAGE: Page = Page {
    code: Code(173),
    severity: Severity::Error,
    name: "test-to-internet",
    what: "An entry of `tests` has the destination `autogroup:internet`.",
    why: "What reaches the internet is decided by exit nodes and routes, not by the packet filter that tests look at; \
          headscale refuses the policy (`ErrAutogroupInternetTestDst`, hscontrol/policy/v2/types.go), also when it \
          starts.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:22"] }],
  "tests": [
    { "src": "alice@example.org", "accept": ["autogroup:internet:443"] },
    //                                       ^^^^^^^^^^^^^^^^^^^^^^^^ TN173: test(s) failed: test 0, accept "autogroup:internet:443": autogroup:internet not valid as a test destination
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
    { "src": "alice@example.org", "accept": ["tag:proxy:443"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for reference in context.references_at(&[Place::TestAccept, Place::TestDeny]) {
        if *reference.alias == Alias::Autogroup(Autogroup::Internet) {
            let message = test_failed(&format!(
                "{}: autogroup:internet not valid as a test destination",
                reference.in_test()
            ));
            out.push(
                Diagnostic::new(&PAGE, reference.span, message)
                    .help("take it out; whether an exit node may be used is asked with \"tailnet reach\""),
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
    fn whatever_the_port_and_the_list() {
        assert_found(
            &PAGE,
            r#"{
  "tests": [{ "src": "a@", "deny": ["b@:1", "autogroup:internet:*"] }],
  //                                        ^^^^^^^^^^^^^^^^^^^^^^ TN173: test 0, deny "autogroup:internet:*": autogroup:internet not valid as a test destination
}"#,
            "0.29",
        );
    }
}
