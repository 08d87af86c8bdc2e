//! TN137: the logins of an SSH rule.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::words::login::LoginError;
use crate::source::Span;

use super::mend;

/// TN137.
pub const PAGE: Page = Page {
    code: Code(137),
    severity: Severity::Error,
    name: "ssh-login",
    what: "An SSH rule has no `users`, or one that is empty or `*`.",
    why: "A rule says which logins on the node it opens (`Policy.validate`, hscontrol/policy/v2/types.go): names, \
          `autogroup:nonroot` for all but root, `localpart:*@example.org` for the part before the `@`.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["*"] },
//                                                                                          ^^^ TN137: user "*" is not valid
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": [] },
//                                                                                         ^^ TN137: users must be specified
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["autogroup:nonroot", "root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The login at `span` is none.
pub(crate) fn finding(span: Span, error: LoginError) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, span, error.to_string());
    match error {
        LoginError::Empty => finding.help("name the login, or take the entry out"),
        LoginError::Wildcard => finding
            .help("all logins are \"autogroup:nonroot\" and \"root\"")
            .fix(mend::word(span, "autogroup:nonroot", false)),
    }
}

/// There are none at `span`.
pub(crate) fn missing(span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, "users must be specified")
        .help("name the logins that the rule opens: `\"users\": [\"root\"]`, \"autogroup:nonroot\" for all but root")
}

#[cfg(test)]
mod tests {
    use crate::policy::dialect::Dialect;
    use crate::policy::read::testing::{assert_page, check, check_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn missing_null_and_blank() {
        check(
            r#"{
  "ssh": [
    {"action": "accept", "users": [" ", null, "root", "tag:x", "localpart:?"]},
//                                 ^^^ TN137: user "" is not valid
//                                      ^^^^ TN137: user "" is not valid
    {"action": "accept", "users": null},
//                                ^^^^ TN137: users must be specified
    {"action": "accept"},
//  ^^^^^^^^^^^^^^^^^^^^ TN137: users must be specified
  ],
}"#,
        );
    }

    #[test]
    fn for_0_28_all_this_is_right() {
        check_in(
            Dialect::V0_28,
            r#"{"acls": [], "ssh": [{"action": "accept", "users": ["", "*"]}, {"action": "check"}]}"#,
        );
    }
}
