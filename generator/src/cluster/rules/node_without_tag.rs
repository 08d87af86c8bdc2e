//! TN713: a node that a rule has to name and cannot.

use crate::cluster::declaration::Node;
use crate::cluster::words::NodeName;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::{Span, Spanned};

/// TN713.
pub const PAGE: Page = Page {
    code: Code(713),
    severity: Severity::Error,
    name: "node-without-tag",
    what: "A node with a part in the cluster has no tag.",
    why: "Rules name machines by tag, since addresses are not known before a node has joined. A rule for the owner \
          would open the port on every device that this person has, and such a node's log-in may expire.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: {
    primer: { tags: ["tag:primer"], k3s: "server" },
    worker: { owner: "alice", k3s: "agent" },
//  ^^^^^^ TN713: worker needs a tag
  },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    primer: { tags: ["tag:primer"], k3s: "server" },
    worker: { tags: ["tag:worker"], k3s: "agent" },
  },
}
"#,
    ),
};

/// The node `name` has no tag, and what stands at `span` needs it to have one.
pub(crate) fn finding(name: &Spanned<NodeName>, node: &Node, span: Span) -> Diagnostic {
    let finding = Diagnostic::new(
        &PAGE,
        name.span,
        format!("{} needs a tag, since rules name it", name.value),
    )
    .help("give it tags instead of an owner, as tags = [ \"tag:worker\" ]");
    match &node.k3s {
        Some(role) => finding.related(role.span, "k3s needs rules for it"),
        None => finding.related(span, "for this"),
    }
}
