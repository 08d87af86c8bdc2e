//! TN933: a plain HTTP port where no client looks.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN933.
pub const PAGE: Page = Page {
    code: Code(933),
    severity: Severity::Warning,
    name: "relay-http-port",
    what: "A relay's plain HTTP port is not 80.",
    why: "Clients look for captive portals, and Let's Encrypt for its challenge, on port 80 alone: on any \
          other port it serves nobody.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443, httpPort: 8080 } } } },
//                                                                                                               ^^^^ TN933
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        sample!(derp),
        "}\n"
    )),
};

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for node in declaration
        .derp
        .regions
        .values()
        .flat_map(|region| region.nodes.values())
    {
        if let Some(port) = node.http_port.as_ref().filter(|port| port.value.get() != 80) {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    port.span,
                    format!("nobody asks for plain HTTP on port {}", port.value),
                )
                .help("write httpPort: 80, or leave it out"),
            );
        }
    }
}
