//! TN952: pods that resolve through the tailnet alone.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN952.
pub const PAGE: Page = Page {
    code: Code(952),
    severity: Severity::Warning,
    name: "accept-dns-on-k3s-node",
    what: "A k3s node is to ask MagicDNS for all names.",
    why: "k3s hands the host's resolver to pods: with MagicDNS in it every name that a pod looks up depends on \
          tailscaled of that node, and what image pulls need for starting depends on what is not started yet. \
          Cluster DNS asks the tailnet for its own names without it.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server", acceptDns: true } },
//                                                                   ^^^^ TN952
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

/// Judges the k3s nodes.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for node in declaration.nodes.values().filter(|node| node.k3s.is_some()) {
        if let Some(accept) = node.accept_dns.as_ref().filter(|accept| accept.value) {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    accept.span,
                    "pods on this node would depend on tailscaled for every name",
                )
                .help("leave `acceptDns` out: it is off on k3s nodes"),
            );
        }
    }
}
