//! TN131: an owner of a tag that is none.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::read::Place;
use crate::policy::words::alias::OwnerError;
use crate::policy::words::{Owner, Quoted};
use crate::source::Span;

use super::{mend, role_autogroup, unfilled_template, user_without_at};

/// TN131.
pub const PAGE: Page = Page {
    code: Code(131),
    severity: Severity::Error,
    name: "tag-owner",
    what: "An owner of a tag is neither a user, nor a group, nor a tag.",
    why: "Owners are written `alice@`, `group:admins` or `tag:other` (`parseOwner`, hscontrol/policy/v2/types.go), and \
          spaces around them are not trimmed. Addresses, hosts, `*` and autogroups own no tags.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": {
    "tag:web": ["alice", "autogroup:member"],
//              ^^^^^^^ TN131: invalid owner format: "alice"
//                       ^^^^^^^^^^^^^^^^^^ TN131: invalid owner format: "autogroup:member"
  },
  "acls": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": {
    "tag:web": ["alice@", "bob@"],
  },
  "acls": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The owner `text` is none.
pub(crate) fn finding(text: &str, span: Span, error: &OwnerError, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!("Invalid Owner {}", Quoted(text)),
        _ => error.to_string(),
    };
    if unfilled_template::is_template(text) {
        return unfilled_template::finding(text, span, words);
    }
    if role_autogroup::is_role(text) {
        return role_autogroup::finding(text, span, Place::TagOwner, words);
    }
    let finding = Diagnostic::new(&PAGE, span, words);
    if let Some(fix) = mended(text, span) {
        return finding
            .fix(fix)
            .help("an owner is written `alice@`, `group:admins` or `tag:other`");
    }
    match text {
        "*" => finding.help("name the groups or users that may give the tag; everybody cannot be said"),
        "" => finding.help("for a tag that nobody gives by himself leave the list empty"),
        _ if text.starts_with("autogroup:") => {
            finding.help("autogroups own no tags: name a group that lists the users")
        }
        _ => finding.help("an owner is written `alice@`, `group:admins` or `tag:other`"),
    }
}

/// What mends an owner or approver: space, the case of a prefix, a missing `@`.
pub(super) fn mended(text: &str, span: Span) -> Option<crate::diagnostics::Fix> {
    let trimmed = text.trim();
    let lower = match trimmed.split_once(':') {
        Some((prefix, rest)) => format!("{}:{rest}", prefix.to_ascii_lowercase()),
        None => trimmed.to_owned(),
    };
    if Owner::parse_tag_owner(&lower).is_ok() {
        return Some(mend::word(span, &lower, true));
    }
    // It may be a group or a tag without its prefix as well.
    user_without_at::is_plain_name(trimmed).then(|| mend::word(span, &format!("{trimmed}@"), false))
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_fixed, assert_page, check, one, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn what_owns_no_tag() {
        check(
            r#"{
  "tagOwners": {"tag:a": ["*", "", null, "10.0.0.1", "autogroup:tagged"]},
//                        ^^^ TN131: invalid owner format: "*"
//                             ^^ TN131: invalid owner format: ""
//                                 ^^^^ TN131: invalid owner format: ""
//                                       ^^^^^^^^^^ TN131
//                                                   ^^^^^^^^^^^^^^^^^^ TN131
}"#,
        );
        check(r#"{"groups": {"group:a": []}, "tagOwners": {"tag:a": [" a@ ", "group:a", "tag:a"]}, "acls": []}"#);
    }

    #[test]
    fn what_is_certain_is_mended() {
        assert_fixed(
            r#"{"groups": {"group:a": []}, "tagOwners": {"tag:a": ["Group:a", " tag:a"]}, "acls": []}"#,
            r#"{"groups": {"group:a": []}, "tagOwners": {"tag:a": ["group:a", "tag:a"]}, "acls": []}"#,
        );
        let finding = one(r#"{"tagOwners": {"tag:a": ["alice"]}, "acls": []}"#);
        assert_eq!(finding.fixes[0].edits[0].text, "\"alice@\"");
        assert!(!finding.fixes[0].safe);
    }

    #[test]
    fn words_of_0_28() {
        let finding = one_in(Dialect::V0_28, r#"{"tagOwners": {"tag:a": ["alice"]}, "acls": []}"#);
        assert_eq!(finding.message, "Invalid Owner \"alice\"");
    }
}
