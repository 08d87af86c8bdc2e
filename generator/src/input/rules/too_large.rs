//! TN109: an input longer than anything that could be meant.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::input::MAX_BYTES;

/// TN109.
pub const PAGE: Page = Page {
    code: Code(109),
    severity: Severity::Error,
    name: "too-large",
    what: "An input is longer than 256 MiB.",
    why: "A policy of ten thousand rules is a few megabytes. An input without end (a device, a pipe) is noticed before \
          it fills the memory.",
    wrong: Example::Input {
        shown: "/dev/zero",
        open: || Ok(Box::new(std::io::repeat(0))),
    },
    right: Example::Policy {
        text: "{\"acls\": []}\n",
        topology: None,
        dialect: "0.29",
    },
};

/// The input called `name` is longer than [`MAX_BYTES`].
#[must_use]
pub fn finding(name: &str) -> Diagnostic {
    let limit = MAX_BYTES >> 20;
    Diagnostic::without_place(&PAGE, format!("cannot read {name:?}: it is longer than {limit} MiB"))
}
