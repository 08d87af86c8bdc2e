//! TN132: an auto approver that is none.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::dialect::Dialect;
use crate::policy::read::Place;
use crate::policy::words::Quoted;
use crate::policy::words::alias::OwnerError;
use crate::source::Span;

use super::{role_autogroup, tag_owner, unfilled_template};

/// TN132.
pub const PAGE: Page = Page {
    code: Code(132),
    severity: Severity::Error,
    name: "auto-approver",
    what: "An entry of `autoApprovers` is neither a user, nor a group, nor a tag.",
    why: "A route is approved when the node that announces it belongs to one of the users or has one of the tags \
          (`parseAutoApprover`, hscontrol/policy/v2/types.go). `*` and autogroups are refused.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [] },
  "autoApprovers": {
    "routes": { "192.0.2.0/24": ["*"] },
//                               ^^^ TN132: invalid auto approver format: "*"
    "exitNode": ["autogroup:tagged"],
//               ^^^^^^^^^^^^^^^^^^ TN132: invalid auto approver format: "autogroup:tagged"
  },
  "acls": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:router": [] },
  "autoApprovers": {
    "routes": { "192.0.2.0/24": ["tag:router"] },
    "exitNode": ["tag:router"],
  },
  "acls": [],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The approver `text` is none.
pub(crate) fn finding(text: &str, span: Span, error: &OwnerError, dialect: Dialect) -> Diagnostic {
    let words = match dialect {
        Dialect::V0_28 => format!("Invalid AutoApprover {}", Quoted(text)),
        _ => error.to_string(),
    };
    if unfilled_template::is_template(text) {
        return unfilled_template::finding(text, span, words);
    }
    if role_autogroup::is_role(text) {
        return role_autogroup::finding(text, span, Place::AutoApprover, words);
    }
    let finding = Diagnostic::new(&PAGE, span, words);
    if let Some(fix) = tag_owner::mended(text, span) {
        return finding
            .fix(fix)
            .help("an approver is written `alice@`, `group:admins` or `tag:router`");
    }
    match text {
        "*" => finding.help("name the tags of the routers: their routes are approved then"),
        _ if text.starts_with("autogroup:") => {
            finding.help("name the tags of the routers, or a group that lists the users")
        }
        _ => finding.help("an approver is written `alice@`, `group:admins` or `tag:router`"),
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::read::testing::{assert_page, one_in};

    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn words_of_0_28() {
        let finding = one_in(Dialect::V0_28, r#"{"autoApprovers": {"exitNode": ["*"]}, "acls": []}"#);
        assert_eq!(finding.message, "Invalid AutoApprover \"*\"");
    }
}
