//! TN210: an embedded relay where no headscale runs.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::DerpImplementation;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN210.
pub const PAGE: Page = Page {
    code: Code(210),
    severity: Severity::Error,
    name: "embedded-relay-elsewhere",
    what: "With the embedded relay, the regions name something else than the one relay inside headscale.",
    why: "The embedded relay is part of headscale's process: there is one, on the control server's node, in \
          one region. A relay on any other host needs derper.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, worker: { tags: ["tag:worker"] } },
  derp: {
    implementation: "embedded",
    regions: { "900": { code: "keystone", nodes: { worker: { hostName: "headscale.example.org" } } } },
//                                                 ^^^^^^ TN210
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, worker: { tags: ["tag:worker"] } },
  derp: {
    implementation: "embedded",
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "headscale.example.org" } } } },
  },
}
"#
    )),
};

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let derp = &declaration.derp;
    if derp.implementation.value != DerpImplementation::Embedded {
        return;
    }
    let Some(control) = &declaration.control_server.node else {
        findings.push(
            Diagnostic::new(
                &PAGE,
                derp.implementation.span,
                "the embedded relay runs inside headscale, and no node here runs headscale",
            )
            .help("name the node that runs headscale in `controlServer.node`")
            .help("write implementation: \"derper\""),
        );
        return;
    };
    let mut relay = None;
    for (name, _) in derp.regions.values().flat_map(|region| region.nodes.iter()) {
        let finding = if name.value != control.value {
            format!(
                "the embedded relay runs on {}, where headscale does, not on {}",
                control.value, name.value
            )
        } else if relay.is_some() {
            "headscale has one embedded relay, this is a second".to_owned()
        } else {
            relay = Some(name.span);
            continue;
        };
        let mut finding = Diagnostic::new(&PAGE, name.span, finding);
        finding = finding.related(relay.unwrap_or(control.span), "the one");
        findings.push(finding.help("write implementation: \"derper\" for relays on hosts of their own"));
    }
}
