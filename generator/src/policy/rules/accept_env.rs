//! TN139: an empty name in `acceptEnv`.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN139.
pub const PAGE: Page = Page {
    code: Code(139),
    severity: Severity::Error,
    name: "empty-accept-env",
    what: "An entry of an SSH rule's `acceptEnv` is empty.",
    why: "An entry names the environment variables that a session may bring, `*` and `?` being wildcards; headscale \
          refuses the empty name (`ErrSSHAcceptEnvEmpty`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"] }],
  "ssh": [
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"], "acceptEnv": [""] },
//                                                                                                                 ^^ TN139: acceptEnv values cannot be empty
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
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"], "acceptEnv": ["LC_*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The entry at `span` is empty.
pub(crate) fn finding(span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, "acceptEnv values cannot be empty")
        .help("name the variable, or take the entry out; `*` accepts all")
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
    fn null_is_empty_and_space_is_not() {
        check(
            r#"{
  "ssh": [{"action": "accept", "users": ["a"], "acceptEnv": [null, " ", "**"]}],
//                                                           ^^^^ TN139
}"#,
        );
    }
}
