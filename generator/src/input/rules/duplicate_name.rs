//! TN101: a name that stands twice in one object. The parser finds exact repetitions, readers of a struct those that
//! differ only in what headscale folds ([`crate::hujson::fold_name`]): they report them with [`finding`].

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN101.
pub const PAGE: Page = Page {
    code: Code(101),
    severity: Severity::Error,
    name: "duplicate-name",
    what: "A name stands twice in one object.",
    why: "Which of the two would count is anybody's guess, so headscale's JSON package (go-json-experiment) refuses the \
          policy. The names of the policy's own fields are compared without case, `-` and `_` (`acls` and `ACLs` are \
          the same field); names of groups, hosts and tags are compared exactly.",
    wrong: Example::Policy {
        text: r#"{
  "groups": {
    "group:admins": ["alice@"],
    "group:admins": ["bob@"],
//  ^^^^^^^^^^^^^^ TN101: duplicate object member name "group:admins"
  },
  "acls": [{"action": "accept", "src": ["group:admins"], "dst": ["*:*"]}],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "groups": {
    "group:admins": ["alice@", "bob@"],
  },
  "acls": [{"action": "accept", "src": ["group:admins"], "dst": ["*:*"]}],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// The name `name` at `again` is the same field as the one at `first`, before it.
#[must_use]
pub fn finding(name: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, again, format!("duplicate object member name {name:?}")).related(first, "first written here")
}
