//! TN701: an option that does not exist.

use super::mend::{self, nearest};
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Spanned;

/// TN701.
pub const PAGE: Page = Page {
    code: Code(701),
    severity: Severity::Error,
    name: "unknown-option",
    what: "The declaration has an option that does not exist.",
    why: "An option that is misspelt and passed over would leave its default in force: a relay that was meant to \
          verify its clients, and does not. headscale itself passes over unknown keys of its configuration, which is how \
          `derp.server.enable` came to mean nothing in public configurations.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  basedomain: "mesh.example.org",
//^^^^^^^^^^ TN701: "basedomain" is no option of a declaration
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
}
"#,
    ),
};

/// `name` is a member of `what`, which has only `known`. One of those that is `taken` is not offered.
pub(crate) fn finding(
    name: &Spanned<Box<str>>,
    what: &str,
    known: &[&'static str],
    taken: &[&'static str],
) -> Diagnostic {
    let message = format!("{} is no option of {what}", mend::quote(&name.value));
    let near = nearest(&name.value, known.iter().copied()).filter(|near| !taken.contains(&near.name));
    Diagnostic::new(&PAGE, name.span, message).offer(name.span, near, || {
        format!("it has {}", mend::enumerate(known.iter().copied()))
    })
}
