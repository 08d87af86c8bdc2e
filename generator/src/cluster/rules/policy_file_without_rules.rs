//! TN716: a policy file without rules.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN716.
pub const PAGE: Page = Page {
    code: Code(716),
    severity: Severity::Error,
    name: "policy-file-without-rules",
    what: "The policy file has neither `acls` nor `grants`, and so allows everything.",
    why: "For headscale a policy without any rule list is one that lets everybody reach everything \
          (`policy/v2/policy.go`), while an empty list lets nothing pass. The declaration's policy always has rules, so \
          that the same file would suddenly close everything. Which of the two is meant has to be said.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  policy: { file: "examples/policies/without-rules.hujson" },
//                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN716: the policy file has neither "acls" nor "grants"
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

/// The file named at `span` has no rules.
pub(crate) fn finding(span: Span) -> Diagnostic {
    let message = "the policy file has neither \"acls\" nor \"grants\", which allows everything";
    Diagnostic::new(&PAGE, span, message)
        .help("to let nothing pass but what is declared here, write \"grants\": [] into the file")
        .help("to let everything pass, write it: \"grants\": [{\"src\": [\"*\"], \"dst\": [\"*\"], \"ip\": [\"*\"]}]")
}
