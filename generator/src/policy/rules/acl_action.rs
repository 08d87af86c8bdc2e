//! TN115: an ACL that does something else than accept.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::hujson::Member;
use crate::policy::dialect::Dialect;
use crate::policy::words::Quoted;

use super::mend;

/// TN115.
pub const PAGE: Page = Page {
    code: Code(115),
    severity: Severity::Error,
    name: "acl-action",
    what: "The `action` of an ACL is not `accept`.",
    why: "ACLs can only allow: what no rule allows is denied (`Action.UnmarshalJSON`, hscontrol/policy/v2/types.go). \
          The word is compared as written, so `Accept` is refused too.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "deny", "src": ["*"], "dst": ["*:22"] },
//              ^^^^^^ TN115: action="deny" is not supported: invalid ACL action
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    // nothing is allowed that no rule allows
    { "action": "accept", "src": ["*"], "dst": ["*:80,443"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `action`, whose value is `text`, is not `accept`.
pub(crate) fn finding(text: &str, action: &Member, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!("invalid action {}, must be \"accept\"", Quoted(text)),
        _ => format!("action={} is not supported: invalid ACL action", Quoted(text)),
    };
    let span = action.value.span;
    let finding = Diagnostic::new(&PAGE, span, words);
    let lower = text.trim().to_lowercase();
    match &*lower {
        "accept" => finding.fix(mend::word(span, "accept", true)),
        "allow" | "permit" => finding.fix(mend::word(span, "accept", false)),
        "deny" | "drop" | "reject" | "block" => finding.help(
            "ACLs only allow; what no rule allows is denied: take this rule out and leave out of the other rules what \
             it forbids",
        ),
        "check" => finding.help("`check` belongs into rules of `ssh`"),
        _ => finding.help("write \"accept\", or leave `action` out"),
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn a_missing_action_is_none_of_them() {
        check(r#"{"acls": [{"src": ["*"], "dst": ["*:*"]}]}"#);
    }

    #[test]
    fn null_is_a_word_here() {
        check("{\"acls\": [{\"action\": null}]}\n//                   ^^^^ TN115: action=\"null\" is not supported");
    }

    #[test]
    fn case_and_space_are_mended() {
        assert_fixed(
            r#"{"acls": [{"action": "Accept", "src": [], "dst": []}, {"action": " accept", "src": [], "dst": []}]}"#,
            r#"{"acls": [{"action": "accept", "src": [], "dst": []}, {"action": "accept", "src": [], "dst": []}]}"#,
        );
    }

    #[test]
    fn words_of_0_28() {
        let finding = one_in(Dialect::V0_28, r#"{"acls": [{"action": "deny"}]}"#);
        assert_eq!(finding.message, r#"invalid action "deny", must be "accept""#);
    }
}
