//! TN126: the name of a group without `group:`.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::Quoted;
use crate::policy::words::alias::NameError;
use crate::source::Span;

use super::{mend, user_without_at};

/// TN126.
pub const PAGE: Page = Page {
    code: Code(126),
    severity: Severity::Error,
    name: "group-name",
    what: "A name in `groups` does not begin with `group:`.",
    why: "The prefix belongs to the name, where it is defined and where it is used (`Group.Validate`, \
          hscontrol/policy/v2/types.go).",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "admins": ["alice@"],
//  ^^^^^^^^ TN126: group must start with 'group:', got: "admins"
  },
  "acls": [{ "action": "accept", "src": ["group:admins"], "dst": ["*:*"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": {
    "group:admins": ["alice@"],
  },
  "acls": [{ "action": "accept", "src": ["group:admins"], "dst": ["*:*"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The group `text` has no prefix.
pub(crate) fn finding(text: &str, span: Span, error: &NameError, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!("Group has to start with \"group:\", got: {}", Quoted(text)),
        _ => error.to_string(),
    };
    let finding = Diagnostic::new(&PAGE, span, words);
    let name = match text.trim().split_once(':') {
        Some((prefix, name)) if prefix.eq_ignore_ascii_case("group") => name,
        Some((prefix, name)) if prefix.eq_ignore_ascii_case("groups") => {
            return finding.fix(mend::word(span, &format!("group:{name}"), false));
        }
        _ if user_without_at::is_plain_name(text.trim()) => text.trim(),
        _ => return finding.help("the name of a group is written `group:admins`"),
    };
    finding.fix(mend::word(span, &format!("group:{name}"), true))
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn the_prefix_is_added() {
        assert_fixed(
            r#"{"groups": {"a": [], "Group:b": []}, "acls": []}"#,
            r#"{"groups": {"group:a": [], "group:b": []}, "acls": []}"#,
        );
    }

    #[test]
    fn words_of_0_28() {
        let finding = one_in(Dialect::V0_28, r#"{"groups": {"a": []}, "acls": []}"#);
        assert_eq!(finding.message, "Group has to start with \"group:\", got: \"a\"");
    }
}
