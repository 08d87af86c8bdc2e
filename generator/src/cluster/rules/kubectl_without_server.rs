//! TN714: cluster access without a cluster.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN714.
pub const PAGE: Page = Page {
    code: Code(714),
    severity: Severity::Error,
    name: "kubectl-without-server",
    what: "Cluster access is declared, and no node is a k3s server.",
    why: "There is no API that could be reached.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"] } },
  access: { kubectl: [{ from: ["alice@"] }] },
//                    ^^^^^^^^^^^^^^^^^^^^ TN714: no node is a k3s server
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
  access: { kubectl: [{ from: ["alice@"] }] },
}
"#,
    ),
};

/// The preset at `span` has nothing to open.
pub(crate) fn finding(span: Span) -> Diagnostic {
    Diagnostic::new(
        &PAGE,
        span,
        "no node is a k3s server, so there is nothing for kubectl to reach",
    )
    .help("say which node is: nodes.NAME.k3s = \"server\"")
}
