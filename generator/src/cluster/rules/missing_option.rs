//! TN703: an option that has no default is missing.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN703.
pub const PAGE: Page = Page {
    code: Code(703),
    severity: Severity::Error,
    name: "missing-option",
    what: "An option that has no default is not set.",
    why: "There is nothing that could be taken instead: where a relay answers, whom a service is for.",
    wrong: Example::Declaration(
        r#"{
//<
  name: "keystone",
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

/// The object at `span`, which is `what`, lacks `name`. Its opening bracket is blamed: the whole would hide the rest.
pub(crate) fn finding(span: Span, name: &str, what: &str) -> Diagnostic {
    let open = Span::new(span.source, span.start, span.start.saturating_add(1).min(span.end));
    Diagnostic::new(&PAGE, open, format!("{what} needs {name:?}")).label(format!("{name:?} is missing here"))
}
