//! TN419: a cluster started by a node that cannot.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::K3sRole;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN419.
pub const PAGE: Page = Page {
    code: Code(419),
    severity: Severity::Error,
    name: "init-server-is-no-server",
    what: "The node that is to start the k3s cluster is no k3s server.",
    why: "All others would wait for a server that never comes.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { initServer: "worker" },
//                   ^^^^^^^^ TN419
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { initServer: "primer" },
}
"#
    )),
};

/// Judges the first server.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(first) = &declaration.k3s.init_server else {
        return;
    };
    let Some((place, node)) = declaration.nodes.get_entry(&first.value) else {
        return;
    };
    if node.k3s.as_ref().is_none_or(|role| role.value != K3sRole::Server) {
        findings.push(
            Diagnostic::new(&PAGE, first.span, format!("{} is no k3s server", first.value))
                .related(place.span, "declared here")
                .help(format!("write nodes.{}.k3s: \"server\"", first.value)),
        );
    }
}
