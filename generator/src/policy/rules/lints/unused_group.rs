//! TN908: a group that nothing uses.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN908.
pub const PAGE: Page = Page {
    code: Code(908),
    severity: Severity::Warning,
    name: "unused-group",
    what: "A group is defined, and neither rules nor owners nor tests name it.",
    why: "It gives nobody anything: it is left over, or a rule that was to use it is missing or names another group.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "group:ops": ["alice@"],
    "group:dev": ["bob@"],
//  ^^^^^^^^^^^ TN908: nothing uses "group:dev"
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

/// Looks at every group.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    // Where there are no rules at all, that is what is wrong.
    if !linted.has_rules() {
        return;
    }
    let groups = linted.document.groups.iter().take(linted.own.groups);
    let names = groups.map(|group| (group.name.value.as_str(), group.name.span));
    let help = "leave it out, or name it where its members are meant";
    linted.unused(&PAGE, names, &linted.used_groups(), help, found);
}
