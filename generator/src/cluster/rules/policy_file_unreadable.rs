//! TN717: a policy file that cannot be found from here.

use super::mend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN717.
pub const PAGE: Page = Page {
    code: Code(717),
    severity: Severity::Error,
    name: "policy-file-unreadable",
    what: "The policy file that the declaration names cannot be read.",
    why: "A path is taken from the folder of the declaration. What Nix hands over lies in no folder: there the path is \
          one of Nix's own (`file = ./policy.hujson;`), which becomes an absolute one.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  policy: { file: "examples/policies/nowhere.hujson" },
//                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN717: the policy file "examples/policies/nowhere.hujson" cannot be read
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"] } },
  policy: { file: "examples/policies/small.hujson" },
}
"#,
    ),
};

/// The file `path`, named at `span`, cannot be read: `why`.
pub(crate) fn finding(path: &str, span: Span, why: &str) -> Diagnostic {
    let message = format!("the policy file {} cannot be read: {why}", mend::quote(path));
    Diagnostic::new(&PAGE, span, message).help("write the path as seen from the declaration, or an absolute one")
}
