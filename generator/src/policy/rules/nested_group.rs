//! TN128: a group in a group.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::words::Quoted;
use crate::source::Span;

/// TN128.
pub const PAGE: Page = Page {
    code: Code(128),
    severity: Severity::Error,
    name: "nested-group",
    what: "A group has another group as a member.",
    why: "Groups hold users only (`ErrGroupMembersCannotBeRecursive`, hscontrol/policy/v2/types.go). Where a rule takes \
          a group, it takes several.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "group:staff": ["group:admins", "bob@"],
//                  ^^^^^^^^^^^^^^ TN128: groups["group:staff"]: "group:admins": group members cannot be recursive
    "group:admins": ["alice@"],
  },
  "acls": [{ "action": "accept", "src": ["group:staff"], "dst": ["*:*"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": {
    "group:staff": ["bob@"],
    "group:admins": ["alice@"],
  },
  "acls": [{ "action": "accept", "src": ["group:staff", "group:admins"], "dst": ["*:*"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `group` has the group `member`.
pub(crate) fn finding(group: &str, member: &str, span: Span, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!(
            "Nested groups are not allowed, found {} inside {}",
            Quoted(member),
            Quoted(group)
        ),
        _ => format!(
            "groups[{}]: {}: group members cannot be recursive",
            Quoted(group),
            Quoted(member)
        ),
    };
    Diagnostic::new(&PAGE, span, words).help("list its members here, or name both groups in the rules")
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_page, check, check_in, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn an_at_sign_makes_it_a_user_in_0_28_only() {
        check("{\"groups\": {\"group:a\": [\"group:b@c\"]}, \"acls\": []}\n//                      ^^^^^^^^^^^ TN128");
        check_in(Dialect::V0_28, r#"{"groups": {"group:a": ["group:b@c"]}, "acls": []}"#);
    }

    #[test]
    fn words_of_0_28() {
        let finding = one_in(Dialect::V0_28, r#"{"groups": {"group:a": ["group:b"]}, "acls": []}"#);
        assert_eq!(
            finding.message,
            r#"Nested groups are not allowed, found "group:b" inside "group:a""#
        );
    }
}
