//! TN195: an entry of `tests` that does not hold.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::ask::tests::{Assertion, Outcome};
use crate::policy::document::Document;
use crate::policy::words::{Alias, Autogroup};

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
    if page.code == PAGE.code && assertion.rules.is_empty() {
        finding = explain(finding, document);
    }
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

/// What an `accept` that does not hold may be owed to, apart from a rule that is missing.
fn explain(mut finding: Diagnostic, document: &Document) -> Diagnostic {
    let mut destinations = document.grants.iter().flatten().flat_map(|grant| &grant.dst);
    let own = |alias: &Alias| *alias == Alias::Autogroup(Autogroup::OwnDevices);
    let acls = document.acls.iter().flatten().flat_map(|acl| &acl.dst);
    if destinations.any(|alias| own(&alias.value)) || acls.into_iter().any(|dst| own(&dst.value.alias)) {
        finding = finding.help("tests do not see rules for autogroup:self");
    }
    if document.grants.iter().flatten().any(|grant| !grant.via.is_empty()) {
        finding = finding.help("tests do not see grants with via");
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::caret::{Text, check_with, judge};

    /// What is found in `marked` by [`SAMPLE`], with its help.
    fn help(marked: &str) -> Vec<String> {
        let text = |name, marked| Text { name, marked };
        let texts = [text("policy.hujson", marked), text("topology.json", SAMPLE)];
        let found = check_with(&texts, |plain| judge(&PAGE.wrong, plain));
        found.into_iter().flat_map(|finding| finding.help).collect()
    }

    #[test]
    fn it_says_what_tests_do_not_see() {
        assert_eq!(
            help(
                r#"{
  "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"]}],
  "tests": [
    {"src": "alice@", "accept": ["alice@:22"]},
    //                           ^^^^^^^^^^^ TN195: expected ALLOWED, got DENIED
  ],
}"#
            ),
            ["tests do not see rules for autogroup:self"]
        );
    }
}
