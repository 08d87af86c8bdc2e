//! TN196: an entry of `sshTests` that does not hold.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::ask::tests::Assertion;
use crate::policy::document::Document;

use super::test_failed::{SAMPLE, failed};

/// The page of TN196.
pub const PAGE: Page = Page {
    code: Code(196),
    severity: Severity::Error,
    name: "ssh-test-failed",
    what: "An assertion of `sshTests` does not hold in this tailnet.",
    why: "headscale refuses a policy whose sshTests fail where one is set or reloaded, and only warns when it starts \
          (hscontrol/policy/v2/sshtest.go). Every login is asked of every node, and all addresses of the source must \
          agree; a test without logins and one whose destination is no node fail as well.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": {"tag:web": ["alice@"]},
  "acls": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web:22"]}],
  "ssh": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["autogroup:nonroot"]}],
  "sshTests": [
    {"src": "alice@", "dst": ["tag:web"], "accept": ["ubuntu", "root"]},
    //                                                         ^^^^^^ TN196: alice@/root -> web: expected ALLOWED, got DENIED
  ],
}"#,
        topology: Some(SAMPLE),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": {"tag:web": ["alice@"]},
  "acls": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web:22"]}],
  "ssh": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["autogroup:nonroot"]}],
  "sshTests": [{"src": "alice@", "dst": ["tag:web"], "accept": ["ubuntu"], "deny": ["root"]}],
}"#,
        topology: Some(SAMPLE),
        dialect: "0.29",
    },
};

/// `assertion` of `document` does not hold.
pub(crate) fn finding(assertion: &Assertion, document: &Document) -> Diagnostic {
    failed(&PAGE, assertion, document)
}
