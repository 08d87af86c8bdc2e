//! TN918: an entry of `nodeAttrs` that does nothing.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN918.
pub const PAGE: Page = Page {
    code: Code(918),
    severity: Severity::Warning,
    name: "attribute-of-nothing",
    what: "An entry of `nodeAttrs` has no targets, or gives them nothing.",
    why: "headscale takes an entry without `attr` or without `target` and does nothing with it.",
    wrong: Example::Policy {
        text: r#"{
  "grants": [],
  "nodeAttrs": [
    { "target": ["*"] },
//  ^^^^^^^^^^^^^^^^^^^ TN918: this entry gives nothing
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "grants": [],
  "nodeAttrs": [
    { "target": ["*"], "attr": ["randomize-client-port"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every entry.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    for entry in linted.document.node_attrs.iter().take(linted.own.node_attrs) {
        let message = if entry.attr.is_empty() {
            "this entry gives nothing"
        } else if entry.target.is_empty() {
            "this entry is for nobody"
        } else {
            continue;
        };
        if !linted.is_blamed(entry.span) {
            found.push(Diagnostic::new(&PAGE, entry.span, message).help("name both target and attr, or leave it out"));
        }
    }
}
