//! TN418: everything announced as a network.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN418.
pub const PAGE: Page = Page {
    code: Code(418),
    severity: Severity::Error,
    name: "default-route-announced",
    what: "A node announces 0.0.0.0/0 or ::/0 as a network behind it.",
    why: "To tailscale these two routes are an exit node, and one alone is refused: `route 0.0.0.0/0 \
          advertised without its IPv6 counterpart, please also advertise ::/0`.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], routes: ["0.0.0.0/0"] } },
//                                                  ^^^^^^^^^^^ TN418
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], exitNode: true } },
  policy: { grants: [{ src: ["tag:primer"], dst: ["autogroup:internet"], ip: ["*"] }] },
}
"#
    )),
};

/// Judges the announced routes.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for (name, node) in declaration.nodes.iter() {
        for route in node.routes.iter().filter(|route| route.value.0.prefix_len() == 0) {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    route.span,
                    format!("{} is what an exit node announces", route.value),
                )
                .help(format!(
                    "write nodes.{}.exitNode: true, and leave the route out",
                    name.value
                )),
            );
        }
    }
}
