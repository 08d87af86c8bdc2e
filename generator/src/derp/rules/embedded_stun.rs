//! TN212: an embedded relay that answers no STUN.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::DerpImplementation;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN212.
pub const PAGE: Page = Page {
    code: Code(212),
    severity: Severity::Error,
    name: "embedded-relay-without-stun",
    what: "With the embedded relay, STUN is off.",
    why: "headscale refuses to start: `derp.server.stun_listen_addr must be set if derp.server.enabled is \
          true`.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    implementation: "embedded",
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "headscale.example.org", stunPort: null } } } },
//                                                 ^^^^^^ TN212: stun_listen_addr must be set
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    implementation: "embedded",
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "headscale.example.org" } } } },
  },
}
"#
    )),
};

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    if declaration.derp.implementation.value != DerpImplementation::Embedded {
        return;
    }
    for (name, node) in declaration.derp.regions.values().flat_map(|region| region.nodes.iter()) {
        if node.stun_port.is_none() {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    name.span,
                    "derp.server.stun_listen_addr must be set if derp.server.enabled is true",
                )
                .help("leave `stunPort` out, which means 3478, or write a port"),
            );
        }
    }
}
