//! TN910: a group without members.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::rules::wording::quote;

/// The page of TN910.
pub const PAGE: Page = Page {
    code: Code(910),
    severity: Severity::Warning,
    name: "empty-group",
    what: "A group that is used has no members.",
    why: "A rule for it is for nobody, a tag that it owns is nobody's to give, and a test that names it as its source \
          fails: headscale takes all of that without a word.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "group:ops": [],
//  ^^^^^^^^^^^ TN910: "group:ops" has no members
  },
  "grants": [{ "src": ["group:ops"], "dst": ["autogroup:tagged"], "ip": ["tcp:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": { "group:ops": ["alice@"] },
  "grants": [{ "src": ["group:ops"], "dst": ["autogroup:tagged"], "ip": ["tcp:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every group that something names.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let used = linted.used_groups();
    for group in linted.document.groups.iter().take(linted.own.groups) {
        let name = group.name.value.as_str();
        // Members that could not be read are none here; the error says what is wrong with them.
        let unread = linted.has_errors() && linted.is_member_wrong(group.name.span);
        if group.members.is_empty() && used.contains(name) && !unread {
            let message = format!("{} has no members", quote(name));
            found.push(Diagnostic::new(&PAGE, group.name.span, message).help("name its members, or leave it out"));
        }
    }
}
