//! TN411: cluster DNS outside the services.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN411.
pub const PAGE: Page = Page {
    code: Code(411),
    severity: Severity::Error,
    name: "cluster-dns-outside",
    what: "The address of cluster DNS is not in the services' range.",
    why: "It is a service like any other: Kubernetes refuses an address from elsewhere, and no pod resolves a \
          name.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { clusterDns: "10.96.0.10" },
//                   ^^^^^^^^^^^^ TN411
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { clusterDns: "10.43.0.10" },
}
"#
    )),
};

/// Judges the address.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let k3s = &declaration.k3s;
    let Some(dns) = &k3s.cluster_dns else { return };
    if !k3s
        .service_cidr
        .iter()
        .any(|range| range.value.0.contains(&dns.value.0))
    {
        let ranges: Vec<String> = k3s.service_cidr.iter().map(|range| range.value.to_string()).collect();
        findings.push(
            Diagnostic::new(
                &PAGE,
                dns.span,
                format!("{} is not in the services' range {}", dns.value, ranges.join(", ")),
            )
            .help("leave `clusterDns` out: it is the tenth address of the range"),
        );
    }
}
