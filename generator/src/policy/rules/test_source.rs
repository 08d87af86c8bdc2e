//! TN141: a test that names somebody who cannot exist.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::words::Quoted;
use crate::policy::words::alias::AliasError;
use crate::source::Span;

use super::wording::test_failed;
use super::{role_autogroup, unfilled_template};

/// TN141.
pub const PAGE: Page = Page {
    code: Code(141),
    severity: Severity::Error,
    name: "test-names-nobody",
    what: "A test names a source, or an SSH test a source or destination, that no tailnet can have.",
    why: "headscale looks at the name only when it runs the test, which then fails whatever the tailnet looks like \
          (`resolveTestSource`, hscontrol/policy/v2/test.go): `policy set` and `policy check` refuse the policy, a \
          start with it only warns.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:*"] }],
  "tests": [
    { "src": "alice:22", "accept": ["100.64.0.1:22"] },
//           ^^^^^^^^^^ TN141: test(s) failed: failed to resolve source "alice:22": invalid alias: invalid alias format: "alice:22"
    { "src": "autogroup:everybody", "accept": ["100.64.0.1:22"] },
//           ^^^^^^^^^^^^^^^^^^^^^ TN141: test(s) failed: failed to resolve source "autogroup:everybody": resolving: unknown autogroup: "autogroup:everybody"
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:*"] }],
  "tests": [
    { "src": "100.64.0.2", "accept": ["100.64.0.1:22"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// headscale's words for the unknown autogroup `text`.
pub(super) fn words(text: &str) -> String {
    test_failed(&format!("unknown autogroup: {}", Quoted(text)))
}

/// The source `text` of a test is no alias.
pub(crate) fn finding(text: &str, span: Span, error: &AliasError) -> Diagnostic {
    let reason = match error {
        AliasError::UnknownAutogroup(_) => format!("resolving: unknown autogroup: {}", Quoted(text)),
        AliasError::Format(_) => format!("invalid alias: {error}"),
    };
    let words = test_failed(&format!("failed to resolve source {}: {reason}", Quoted(text)));
    if unfilled_template::is_template(text) {
        return unfilled_template::finding(text, span, words);
    }
    with_help(text, Diagnostic::new(&PAGE, span, words))
}

/// Adds what to write instead of `text`.
pub(super) fn with_help(text: &str, finding: Diagnostic) -> Diagnostic {
    if role_autogroup::is_role(text) {
        return finding.help("headscale's users have no roles: name a user or a group whose members are listed");
    }
    finding
        .help("name a user, a group, a tag, a host or an address, as it stands in the rules; no port, no space around")
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_page, check};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn sources_of_tests_are_not_trimmed() {
        check(
            r#"{
  "tests": [{"src": " tag:a", "accept": ["1.1.1.1:1"]}],
//                  ^^^^^^^^ TN141: invalid alias format: " tag:a"
  "sshTests": [{"src": "autogroup:x", "dst": ["autogroup:admin"], "accept": ["root"]}],
//                     ^^^^^^^^^^^^^ TN141: test(s) failed: unknown autogroup: "autogroup:x"
//                                            ^^^^^^^^^^^^^^^^^ TN141: test(s) failed: unknown autogroup: "autogroup:admin"
}"#,
        );
    }
}
