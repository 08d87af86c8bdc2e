//! TN195: an entry of `tests` that does not hold.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::ask::tests::{Assertion, Outcome};
use crate::policy::document::Document;

/// The page of TN195.
pub const PAGE: Page = Page {
    code: Code(195),
    severity: Severity::Error,
    name: "test-failed",
    what: "An assertion of `tests` does not hold in this tailnet.",
    why: "headscale refuses a policy whose tests fail where one is set or reloaded, and only warns when it starts \
          (hscontrol/policy/v2/test.go). It asks the filter of the whole tailnet, in which rules with \"via\" and for \
          \"autogroup:self\" are not; and \"deny\" holds as soon as one address of the source gets nowhere.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": {"tag:web": ["alice@"]},
  "acls": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web:443"]}],
  "tests": [
    {"src": "alice@", "proto": "tcp", "accept": ["tag:web:443", "tag:web:22"]},
    //                                                          ^^^^^^^^^^^^ TN195: alice@ -> tag:web:22 (tcp): expected ALLOWED, got DENIED
  ],
}"#,
        topology: Some(SAMPLE),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": {"tag:web": ["alice@"]},
  "acls": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web:443"]}],
  "tests": [{"src": "alice@", "proto": "tcp", "accept": ["tag:web:443"], "deny": ["tag:web:22"]}],
}"#,
        topology: Some(SAMPLE),
        dialect: "0.29",
    },
};

/// A person with a laptop, and a web server.
pub(super) const SAMPLE: &str = r#"{
  "users": [{"name": "alice"}],
  "nodes": {
    "laptop": {"user": "alice", "ipv4": "100.64.0.1"},
    "web": {"tags": ["tag:web"], "ipv4": "100.64.0.2"},
  },
}"#;

/// `assertion` of `document` does not hold.
pub(crate) fn finding(assertion: &Assertion, document: &Document) -> Diagnostic {
    failed(&PAGE, assertion, document)
}

/// headscale's words, and the rules that stand against it.
pub(super) fn failed(page: &Page, assertion: &Assertion, document: &Document) -> Diagnostic {
    let mut finding = Diagnostic::new(page, assertion.span, format!("test(s) failed: {}", assertion.line()));
    if let Outcome::Fails(got) = assertion.outcome {
        finding = finding.label(format!("expected {}, got {got}", assertion.expected));
    }
    for rule in &assertion.rules {
        if let Some(span) = rule.span(document) {
            finding = finding.related(span, format!("allowed by {rule}"));
        }
    }
    finding
}
