//! TN108: an input that cannot be read at all.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use std::io::{Error, ErrorKind};

/// TN108.
pub const PAGE: Page = Page {
    code: Code(108),
    severity: Severity::Error,
    name: "unreadable-input",
    what: "An input cannot be read: there is no such file, it is a directory, or reading it is not allowed.",
    why: "Without the text there is nothing to judge. headscale with `policy.path` naming such a file does not start.",
    wrong: Example::Input {
        shown: "a path where there is no file",
        open: || Err(ErrorKind::NotFound.into()),
    },
    right: Example::Policy {
        text: "{\"acls\": []}\n",
        topology: None,
        dialect: "0.29",
    },
};

/// The input called `name` cannot be read, for the reason `error` gives.
#[must_use]
pub fn finding(name: &str, error: &Error) -> Diagnostic {
    let finding = |reason: &str| Diagnostic::without_place(&PAGE, format!("cannot read {name:?}: {reason}"));
    match error.kind() {
        ErrorKind::NotFound => finding("there is no such file"),
        ErrorKind::PermissionDenied => finding("permission denied"),
        ErrorKind::IsADirectory => finding("it is a directory").help("name the file in it"),
        _ => finding(&error.to_string()),
    }
}
