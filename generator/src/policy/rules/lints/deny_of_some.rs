//! TN920: a `deny` that holds although somebody gets through.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::ask::tests::Assertion;
use crate::policy::document::Document;

/// The page of TN920.
pub const PAGE: Page = Page {
    code: Code(920),
    severity: Severity::Warning,
    name: "deny-of-some",
    what: "A `deny` of `tests` holds, and a rule lets some of its source in.",
    why: "For headscale a source is denied when not all of its addresses get through (hscontrol/policy/v2/test.go): a \
          group is denied as long as one of its members has no way, whatever the others may do.",
    wrong: Example::Policy {
        text: r#"{
  "groups": { "group:dev": ["alice@", "bob@"] },
  "tagOwners": { "tag:db": [] },
  "grants": [{ "src": ["alice@"], "dst": ["tag:db"], "ip": ["tcp:5432"] }],
  "tests": [
    { "src": "group:dev", "proto": "tcp", "deny": ["tag:db:5432"] },
//                                                 ^^^^^^^^^^^^^ TN920: this holds only because not all of "group:dev" get through
  ],
}
"#,
        topology: Some(SAMPLE),
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:db": [] },
  "grants": [{ "src": ["alice@"], "dst": ["tag:db"], "ip": ["tcp:5432"] }],
  "tests": [{ "src": "bob@", "proto": "tcp", "deny": ["tag:db:5432"] }],
}
"#,
        topology: Some(SAMPLE),
        dialect: "0.29",
    },
};

const SAMPLE: &str = r#"{
  "users": [{ "name": "alice" }, { "name": "bob" }],
  "nodes": {
    "db": { "tags": ["tag:db"], "ipv4": "100.64.0.1" },
    "laptop": { "user": "alice", "ipv4": "100.64.0.2" },
    "desk": { "user": "bob", "ipv4": "100.64.0.9" },
  },
}"#;

/// `assertion`, a `deny` of `document`, holds by this quirk.
pub(crate) fn finding(assertion: &Assertion, document: &Document) -> Diagnostic {
    let source = document
        .tests
        .get(assertion.test)
        .map(|test| test.src.value.to_string());
    let message = format!(
        "this holds only because not all of {:?} get through",
        source.unwrap_or_default()
    );
    let mut finding = Diagnostic::new(&PAGE, assertion.span, message).help("test those apart who must not get through");
    for rule in assertion.rules.iter().take(3) {
        if let Some(span) = rule.span(document) {
            finding = finding.related(span, format!("{rule} lets some in"));
        }
    }
    finding
}
