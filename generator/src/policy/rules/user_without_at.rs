//! TN125: a user without `@`.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::read::Place;
use crate::policy::words::Quoted;
use crate::policy::words::user::UserError;
use crate::source::Span;

use super::{mend, role_autogroup, unfilled_template};

/// TN125.
pub const PAGE: Page = Page {
    code: Code(125),
    severity: Severity::Error,
    name: "user-without-at",
    what: "A member of a group is no user: it has no `@`.",
    why: "headscale tells users by the `@` (`Username.Validate`, hscontrol/policy/v2/types.go): a local user is written \
          `alice@`, one from an identity provider with the mail address. Groups hold users and nothing else.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "group:admins": ["alice", "bob@example.org"],
//                   ^^^^^^^ TN125: username must contain @, got: "alice"
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
    "group:admins": ["alice@", "bob@example.org"],
  },
  "acls": [{ "action": "accept", "src": ["group:admins"], "dst": ["*:*"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Whether `text` can be nothing else than a user's name.
pub(super) fn is_plain_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// The member `text` of a group is no user.
pub(crate) fn finding(text: &str, span: Span, error: &UserError, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!("Username has to contain @, got: {}", Quoted(text)),
        _ => error.to_string(),
    };
    if unfilled_template::is_template(text) {
        return unfilled_template::finding(text, span, words);
    }
    if role_autogroup::is_role(text) {
        return role_autogroup::finding(text, span, Place::GroupMember, words);
    }
    let finding = Diagnostic::new(&PAGE, span, words);
    if is_plain_name(text.trim()) {
        return finding
            .help("a local user is written with a trailing `@`, one from an identity provider with the mail address")
            .fix(mend::word(span, &format!("{}@", text.trim()), true));
    }
    let finding = finding.help("groups hold users only, written `alice@` or `alice@example.org`");
    if text.starts_with("tag:") {
        return finding.help(format!(
            "machines are named by their tag: write {} in the rules instead of the group, and define the tag in `tagOwners`",
            Quoted(text)
        ));
    }
    finding
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, one, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn a_name_gets_its_at_sign() {
        assert_fixed(
            r#"{"groups": {"group:a": ["alice", "b.c-d_1"]}, "acls": []}"#,
            r#"{"groups": {"group:a": ["alice@", "b.c-d_1@"]}, "acls": []}"#,
        );
    }

    #[test]
    fn other_things_get_none() {
        for member in ["tag:a", "*", "", "a b"] {
            let finding = one(&format!(r#"{{"groups": {{"group:a": ["{member}"]}}, "acls": []}}"#));
            assert_eq!((finding.code, finding.fixes.len()), (PAGE.code, 0), "{member}");
        }
    }

    #[test]
    fn words_of_0_28() {
        let finding = one_in(Dialect::V0_28, r#"{"groups": {"group:a": ["alice"]}, "acls": []}"#);
        assert_eq!(finding.message, "Username has to contain @, got: \"alice\"");
    }
}
