//! TN415: a way to the internet that nobody offers.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN415.
pub const PAGE: Page = Page {
    code: Code(415),
    severity: Severity::Error,
    name: "exit-node-unusable",
    what: "A node is to use an exit node that is none, or itself.",
    why: "tailscale refuses it, and the node keeps going out by itself, or, once set, has no way out at all.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: {
    primer: { tags: ["tag:primer"] },
    worker: { tags: ["tag:worker"], useExitNode: "primer" },
//                                               ^^^^^^^^ TN415
  },
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

/// Judges the use of exit nodes.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for (name, node) in declaration.nodes.iter() {
        let Some(used) = &node.use_exit_node else { continue };
        let Some((place, exit)) = declaration.nodes.get_entry(&used.value) else {
            continue;
        };
        if used.value == name.value {
            findings.push(Diagnostic::new(
                &PAGE,
                used.span,
                format!("{} would be its own exit node", name.value),
            ));
        } else if !exit.exit_node.value {
            findings.push(
                Diagnostic::new(&PAGE, used.span, format!("{} is not an exit node", used.value))
                    .related(place.span, "declared here")
                    .help(format!("write nodes.{}.exitNode: true", used.value)),
            );
        }
    }
}
