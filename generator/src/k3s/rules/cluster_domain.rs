//! TN420: one domain for pods and nodes.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::dns::is_under;

/// The page of TN420.
pub const PAGE: Page = Page {
    code: Code(420),
    severity: Severity::Error,
    name: "cluster-domain-overlap",
    what: "The domain inside the cluster is the tailnet's base domain, or one lies under the other.",
    why: "Cluster DNS answers for its own domain itself and asks the tailnet for the base domain: of two that \
          overlap, the names of one are not found in pods.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { clusterDomain: "k3s.mesh.example.org" },
//                      ^^^^^^^^^^^^^^^^^^^^^^ TN420
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { clusterDomain: "k3s.example.org" },
}
"#
    )),
};

/// Judges the domain.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let base = &declaration.base_domain;
    let (domain, span) = match &declaration.k3s.cluster_domain {
        Some(domain) => (domain.value.as_str(), domain.span),
        None if declaration.nodes.values().any(|node| node.k3s.is_some()) => (crate::k3s::CLUSTER_DOMAIN, base.span),
        None => return,
    };
    if is_under(domain, base.value.as_str()) || is_under(base.value.as_str(), domain) {
        findings.push(
            Diagnostic::new(
                &PAGE,
                span,
                format!(
                    "the cluster's domain {domain:?} and the base domain {:?} overlap",
                    base.value.as_str()
                ),
            )
            .help("take another domain for one of the two; leave `clusterDomain` out for \"cluster.local\""),
        );
    }
}
