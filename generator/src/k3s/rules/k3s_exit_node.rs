//! TN953: a k3s node that goes out through another.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN953.
pub const PAGE: Page = Page {
    code: Code(953),
    severity: Severity::Warning,
    name: "k3s-node-behind-exit-node",
    what: "A k3s node uses an exit node.",
    why: "Then everything that pods send to the internet goes through the tailnet and that one node, image \
          pulls included, and stops when it is down.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: {
    primer: { tags: ["tag:primer"], exitNode: true },
    worker: { tags: ["tag:worker"], k3s: "server", useExitNode: "primer" },
//                                                              ^^^^^^^^ TN953
  },
  policy: { grants: [{ src: ["tag:worker"], dst: ["autogroup:internet"], ip: ["*"] }] },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: {
    primer: { tags: ["tag:primer"], exitNode: true },
    worker: { tags: ["tag:worker"], useExitNode: "primer" },
  },
  policy: { grants: [{ src: ["tag:worker"], dst: ["autogroup:internet"], ip: ["*"] }] },
}
"#
    )),
};

/// Judges the k3s nodes.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for node in declaration.nodes.values() {
        if let (Some(used), Some(role)) = (&node.use_exit_node, &node.k3s) {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    used.span,
                    format!("all that pods send out goes through {}", used.value),
                )
                .related(role.span, "it has a part in k3s")
                .help("leave `useExitNode` out on k3s nodes"),
            );
        }
    }
}
