//! TN421: pods of a family that the tailnet does not have.

use ipnet::IpNet;

use crate::cluster::declaration::{Declaration, NOWHERE};
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN421.
pub const PAGE: Page = Page {
    code: Code(421),
    severity: Severity::Error,
    name: "pod-family-without-address",
    what: "Pods are to have addresses of a family of which nodes have none in the tailnet.",
    why: "flannel carries each family over the node's address of the same family on `tailscale0`: without one \
          k3s does not start.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  prefixes: { v4: null },
  k3s: { podCidr: "10.42.0.0/16" },
//                ^^^^^^^^^^^^^^ TN421
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { podCidr: "10.42.0.0/16" },
}
"#
    )),
};

/// Judges the families.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(role) = declaration.nodes.values().find_map(|node| node.k3s.as_ref()) else {
        return;
    };
    let prefixes = &declaration.prefixes;
    if prefixes.v4.is_none() && prefixes.v6.is_none() {
        return; // Another finding says so.
    }
    for range in &declaration.k3s.pod_cidr {
        let (has, family) = match range.value.0 {
            IpNet::V4(_) => (prefixes.v4.is_some(), "IPv4"),
            IpNet::V6(_) => (prefixes.v6.is_some(), "IPv6"),
        };
        if !has {
            let span = if range.span == NOWHERE { role.span } else { range.span };
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    span,
                    format!("pods are to have {family} addresses, and nodes have none"),
                )
                .help("give the tailnet a range of this family in `prefixes`")
                .help("give pods and services ranges of the other family"),
            );
        }
    }
}
