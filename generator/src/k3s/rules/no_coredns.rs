//! TN954: a cluster without its DNS.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::K3sComponent;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN954.
pub const PAGE: Page = Page {
    code: Code(954),
    severity: Severity::Warning,
    name: "cluster-dns-disabled",
    what: "k3s's CoreDNS is left out.",
    why: "Pods then resolve neither services nor names of the tailnet: the manifest that tells CoreDNS about \
          the tailnet has nobody to read it.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { disable: ["traefik", "servicelb", "coredns"] },
//                                         ^^^^^^^^^ TN954
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
}
"#
    )),
};

/// Judges the components.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let disabled = declaration.k3s.disable.iter().flatten();
    for component in disabled.filter(|component| component.value == K3sComponent::Coredns) {
        findings.push(
            Diagnostic::new(&PAGE, component.span, "pods resolve no names without cluster DNS")
                .help("leave \"coredns\" in")
                .help("if another DNS server takes its place, let it forward the base domain to 100.100.100.100"),
        );
    }
}
