//! TN711: defined in the policy file and in the declaration.

use super::mend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN711.
pub const PAGE: Page = Page {
    code: Code(711),
    severity: Severity::Error,
    name: "defined-twice",
    what: "Something is defined in the policy file and in the declaration's own policy.",
    why: "Which of the two was meant cannot be known: a group that loses members, or gains some, changes who reaches \
          what. Lists of rules are joined; what has a name is defined once.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {}, bob: {} },
  nodes: { web: { tags: ["tag:web"] } },
  policy: {
    file: "examples/policies/small.hujson",
    groups: { "group:admins": ["bob@"] },
//            ^^^^^^^^^^^^^^ TN711: "group:admins" is defined in the policy file too
  },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {}, bob: {} },
  nodes: { web: { tags: ["tag:web"] } },
  policy: {
    file: "examples/policies/small.hujson",
    groups: { "group:operators": ["bob@"] },
    grants: [{ src: ["group:operators"], dst: ["tag:web"], ip: ["tcp:8080"] }],
  },
}
"#,
    ),
};

/// `name`, written at `span`, is defined at `first` already.
pub(crate) fn finding(name: &str, span: Span, first: Span) -> Diagnostic {
    let message = format!("{} is defined in the policy file too", mend::quote(name));
    Diagnostic::new(&PAGE, span, message)
        .related(first, "defined here")
        .help("leave one of the two out, or give them different names")
}
