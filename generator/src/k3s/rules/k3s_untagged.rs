//! TN416: a part of k3s that belongs to a person.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN416.
pub const PAGE: Page = Page {
    code: Code(416),
    severity: Severity::Error,
    name: "k3s-node-without-tag",
    what: "A k3s node is owned by a person instead of being tagged.",
    why: "Its log-in expires with the person's, and then the cluster loses the node; pods go out with their \
          node's identity, so every pod on it would have the person's rights; and what k3s needs could only be \
          granted to everything that the person owns.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, box: { owner: "alice", k3s: "agent" } },
//                                                                                      ^^^^^^^ TN416
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, box: { tags: ["tag:worker"], k3s: "agent" } },
}
"#
    )),
};

/// Judges the k3s nodes.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for (name, node) in declaration.nodes.iter() {
        if let (Some(role), Some(owner)) = (&node.k3s, &node.owner) {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    role.span,
                    format!("{} is a k3s {} and belongs to {}", name.value, role.value, owner.value),
                )
                .related(owner.span, "its owner")
                .help("give it tags instead of an owner"),
            );
        }
    }
}
