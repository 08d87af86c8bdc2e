//! TN919: a policy without rules, which allows everything.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN919.
pub const PAGE: Page = Page {
    code: Code(919),
    severity: Severity::Warning,
    name: "everything-allowed",
    what: "The policy has neither `acls` nor `grants`, or both are null.",
    why: "headscale then lets everybody open everything (`FilterAllowAll`), whatever `ssh`, `tagOwners` or anything \
          else say. An empty list is another matter: it allows nothing.",
    wrong: Example::Policy {
        text: r#"{
//< TN919: neither "acls" nor "grants" is there, which allows everything
  "tagOwners": { "tag:web": ["alice@"] },
  "ssh": [
    { "action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:web": ["alice@"] },
  "acls": [
    { "action": "accept", "src": ["alice@"], "dst": ["tag:web:22"] },
  ],
  "ssh": [
    { "action": "accept", "src": ["alice@"], "dst": ["tag:web"], "users": ["root"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks whether there are rules. A declaration's policy always gets an explicit list, and its file is judged by TN716.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let document = linted.document;
    let is_file = linted.own.grants == usize::MAX;
    // What could not be read may have been one of the lists; an empty text was said to allow everything.
    let is_unknown = linted.is_mentioned("acls") || linted.is_mentioned("grants") || linted.is_said(document.span);
    if is_file && document.acls.is_none() && document.grants.is_none() && !is_unknown && !linted.has_rules_key() {
        let message = "neither \"acls\" nor \"grants\" is there, which allows everything";
        found.push(
            Diagnostic::new(&PAGE, document.span, message)
                .help("to allow nothing write \"acls\": []; to allow everything say so with a rule for \"*\""),
        );
    }
}
