//! TN100: a text that does not follow its grammar. The check is the parser's, [`crate::hujson::parse()`].

use crate::diagnostics::{Code, Example, Page, Severity};

/// TN100.
pub const PAGE: Page = Page {
    code: Code(100),
    severity: Severity::Error,
    name: "syntax",
    what: "The text is not HuJSON (or JSON5, in a declaration).",
    why: "headscale reads a policy with tailscale's package `hujson`: JSON with comments and trailing commas, and \
          nothing else of JSON5. At the first mistake it refuses the whole policy (`parsing HuJSON: hujson: line L, \
          column C: ...`); a server that starts with such a file exits.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    {"action": "accept", "src": ["alice@"] "dst": ["*:*"]},
//                                         ^^^^^ TN100: expected `,` or `}`, found a string
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    {"action": "accept", "src": ["alice@"], "dst": ["*:*"]},
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};
