//! TN921: a name that looks like more than a name.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::rules::wording::quote;

/// The page of TN921.
pub const PAGE: Page = Page {
    code: Code(921),
    severity: Severity::Warning,
    name: "misleading-name",
    what: "A group or tag is defined whose name looks like a pattern, or like a name with a port.",
    why: "headscale takes `group:*` for a group that is called so, and `tag:web:22` in `tagOwners` for a tag of that \
          whole name: neither means everybody, or a port.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "group:*": ["alice@"],
//  ^^^^^^^^^ TN921: "group:*" is a group that is called so, and not everybody
  },
  "acls": [{ "action": "accept", "src": ["group:*"], "dst": ["*:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [{ "action": "accept", "src": ["autogroup:member"], "dst": ["*:22"] }],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at the names of groups and tags.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let document = linted.document;
    for group in document.groups.iter().take(linted.own.groups) {
        let name = group.name.value.as_str();
        if name.contains('*') {
            let message = format!("{} is a group that is called so, and not everybody", quote(name));
            found.push(
                Diagnostic::new(&PAGE, group.name.span, message)
                    .help("for everybody's devices write \"autogroup:member\", or name the group otherwise"),
            );
        }
    }
    for owner in document.tag_owners.iter().take(linted.own.tag_owners) {
        let name = owner.tag.value.as_str();
        let short = name.strip_prefix("tag:").unwrap_or(name);
        let (message, help) = if let Some((tag, port)) = short.rsplit_once(':') {
            (
                format!(
                    "{} is a tag of this whole name, and not port {port} of \"tag:{tag}\"",
                    quote(name)
                ),
                "leave the port out here; ports stand in rules",
            )
        } else if short.contains('*') {
            (
                format!("{} is a tag that is called so, and not every tag", quote(name)),
                "for all tagged nodes write \"autogroup:tagged\" in rules",
            )
        } else {
            continue;
        };
        found.push(Diagnostic::new(&PAGE, owner.tag.span, message).help(help));
    }
}
