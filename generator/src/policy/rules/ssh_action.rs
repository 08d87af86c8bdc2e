//! TN116: an SSH rule without an action, or with one that does not exist.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::hujson::Value;
use crate::policy::dialect::Dialect;
use crate::policy::words::Quoted;
use crate::source::Span;

use super::mend;

/// TN116.
pub const PAGE: Page = Page {
    code: Code(116),
    severity: Severity::Error,
    name: "ssh-action",
    what: "The `action` of an SSH rule is missing, or neither `accept` nor `check`.",
    why: "`accept` lets in, `check` lets in after a login with the control server; there is no way to deny \
          (`SSHAction.UnmarshalJSON` and `Policy.validate`, hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"] }],
  "ssh": [
    { "action": "allow", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"] },
//              ^^^^^^^ TN116: "allow" is not a valid action
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
    { "action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `value`, which reads `text`, is no action.
pub(crate) fn finding(text: &str, value: &Value, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!("invalid SSH action {}, must be one of: accept, check", Quoted(text)),
        _ => format!("{} is not a valid action", Quoted(text)),
    };
    let finding = Diagnostic::new(&PAGE, value.span, words);
    let lower = text.trim().to_lowercase();
    match &*lower {
        "accept" | "check" => finding.fix(mend::word(value.span, &lower, true)),
        "allow" | "permit" => finding.fix(mend::word(value.span, "accept", false)),
        "deny" | "drop" | "reject" | "block" => finding.help("what no rule allows is denied: take this rule out"),
        _ => finding.help("write \"accept\", or \"check\" for a login with the control server first"),
    }
}

/// The rule at `span` has none.
pub(crate) fn missing(span: Span, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        // 0.28 finds it when it compiles the rule for a node.
        Dialect::V0_28 => "parsing SSH policy, unknown action \"\"",
        _ => "action must be specified",
    };
    Diagnostic::new(&PAGE, span, words)
        .help("add \"action\": \"accept\", or \"check\" for a login with the control server first")
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn missing_and_empty() {
        check(
            r#"{
  "ssh": [
    {"users": ["root"]},
//  ^^^^^^^^^^^^^^^^^^^ TN116: action must be specified
    {"action": " ", "users": ["root"]},
//             ^^^ TN116: action must be specified
    {"action": " check\n", "users": ["root"]},
//             ^^^^^^^^^^ TN116: "check\\n" is not a valid action
    {"action": " check ", "users": ["root"]},
    {"action": 5, "users": ["root"]},
//             ^ TN116: "5" is not a valid action
  ],
}"#,
        );
    }

    #[test]
    fn escapes_are_not_decoded() {
        // headscale looks at the bytes of the JSON (`SSHAction.UnmarshalJSON`), which an escape makes others.
        let policy = "{\"ssh\": [{\"action\": \"\\u0061ccept\", \"users\": [\"a\"]}]}";
        let marked =
            format!("{policy}\n//                  ^^^^^^^^^^^^^ TN116: \"\\\\u0061ccept\" is not a valid action");
        check(&marked);
    }

    #[test]
    fn case_is_mended() {
        assert_fixed(
            r#"{"ssh": [{"action": "Check", "users": ["a"]}]}"#,
            r#"{"ssh": [{"action": "check", "users": ["a"]}]}"#,
        );
    }
}
