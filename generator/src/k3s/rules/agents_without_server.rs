//! TN409: agents with nothing to join.

use crate::cluster::declaration::Declaration;
use crate::cluster::listeners;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN409.
pub const PAGE: Page = Page {
    code: Code(409),
    severity: Severity::Error,
    name: "agents-without-server",
    what: "There are k3s agents and no server.",
    why: "An agent does nothing until it has joined a server.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "agent" } },
//                                              ^^^^^^^ TN409
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
}
"#
    )),
};

/// Judges the roles.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let agent = declaration.nodes.values().find_map(|node| node.k3s.as_ref());
    if let Some(agent) = agent.filter(|_| listeners::servers(declaration).next().is_none()) {
        findings.push(
            Diagnostic::new(&PAGE, agent.span, "there is no k3s server to join")
                .help("write k3s: \"server\" for one node"),
        );
    }
}
