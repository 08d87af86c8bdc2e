//! TN103: too many values inside each other. The check is the parser's, [`crate::hujson::MAX_DEPTH`].

use crate::diagnostics::{Code, Example, Page, Severity};
use crate::hujson::MAX_DEPTH;

/// TN103.
pub const PAGE: Page = Page {
    code: Code(103),
    severity: Severity::Error,
    name: "nested-too-deep",
    what: "More than 1,000 arrays and objects stand inside each other.",
    why: "No policy and no declaration needs more than ten levels; so many mean a file that is something else. \
          headscale's JSON package stops at 10,000.",
    wrong: Example::Input {
        shown: "a file that begins with 1,001 opening brackets",
        open: || Ok(Box::new(std::io::Cursor::new("[".repeat(MAX_DEPTH + 1)))),
    },
    right: Example::Policy {
        text: "{\"acls\": []}\n",
        topology: None,
        dialect: "0.29",
    },
};
