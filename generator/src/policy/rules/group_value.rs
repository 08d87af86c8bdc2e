//! TN127: a group that is no list of strings.

use crate::diagnostics::{Code, Diagnostic, Edit, Example, Fix, Page, Severity};
use crate::hujson::{Kind, Value};
use crate::policy::dialect::Dialect;
use crate::policy::read::go_type;
use crate::policy::words::Quoted;

use super::wording;

/// TN127.
pub const PAGE: Page = Page {
    code: Code(127),
    severity: Severity::Error,
    name: "group-value",
    what: "A group is not a list of users.",
    why: "headscale wants a list, also for one user and for none, and strings in it (`Groups.UnmarshalJSON`, \
          hscontrol/policy/v2/types.go). Unlike elsewhere `null` is refused.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "group:admins": "alice@",
//                  ^^^^^^^^ TN127: group value must be an array of users: group "group:admins" got string: "alice@"
    "group:guests": null,
//                  ^^^^ TN127: group value must be an array of users: group "group:guests" got <nil>
    "group:staff": [7],
//                  ^ TN127: invalid group member type: group "group:staff" expected string but got float64
  },
  "acls": [{ "action": "accept", "src": ["group:admins", "group:guests", "group:staff"], "dst": ["*:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": {
    "group:admins": ["alice@"],
    "group:guests": ["carol@"],
    "group:staff": ["bob@"],
  },
  "acls": [{ "action": "accept", "src": ["group:admins", "group:guests", "group:staff"], "dst": ["*:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// `value` of `group` is no list.
pub(crate) fn not_a_list(group: &str, value: &Value, dialect: Dialect) -> Diagnostic {
    let got = match &value.kind {
        Kind::String(text) => format!("string: {}", Quoted(text)),
        kind => go_type(kind).to_owned(),
    };
    let words = match dialect {
        Dialect::V0_28 => format!("Group \"{group}\" value must be an array of users, got {got}"),
        _ => format!(
            "group value must be an array of users: group {} got {got}",
            Quoted(group)
        ),
    };
    let finding = Diagnostic::new(&PAGE, value.span, words);
    let list = match &value.kind {
        Kind::String(text) => format!("[{}]", wording::json(text)),
        Kind::Null => "[]".into(),
        _ => return finding.help("write a list of users: `[\"alice@\"]`"),
    };
    finding.fix(Fix {
        title: format!("write {list}"),
        edits: vec![Edit {
            span: value.span,
            text: list,
        }],
        safe: true,
    })
}

/// `member` of `group` is no string.
pub(crate) fn not_a_string(group: &str, member: &Value, dialect: Dialect) -> Diagnostic {
    let got = go_type(&member.kind);
    let words = match dialect {
        Dialect::V0_28 => {
            format!("Group \"{group}\" contains invalid member type, expected string but got {got}")
        }
        _ => format!(
            "invalid group member type: group {} expected string but got {got}",
            Quoted(group)
        ),
    };
    Diagnostic::new(&PAGE, member.span, words).help("users are strings: `alice@`, or the mail address")
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
    fn one_user_and_none_become_lists() {
        assert_fixed(
            r#"{"groups": {"group:a": "alice@", "group:b": null}, "acls": []}"#,
            r#"{"groups": {"group:a": ["alice@"], "group:b": []}, "acls": []}"#,
        );
    }

    #[test]
    fn words_of_0_28() {
        for (value, words) in [
            (
                "\"a@\"",
                r#"Group "group:a" value must be an array of users, got string: "a@""#,
            ),
            (
                "{}",
                r#"Group "group:a" value must be an array of users, got map[string]interface {}"#,
            ),
            (
                "[true]",
                r#"Group "group:a" contains invalid member type, expected string but got bool"#,
            ),
        ] {
            let policy = format!(r#"{{"groups": {{"group:a": {value}}}, "acls": []}}"#);
            assert_eq!(one_in(Dialect::V0_28, &policy).message, words);
        }
    }
}
