//! TN950: WireGuard inside WireGuard.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::FlannelBackend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN950.
pub const PAGE: Page = Page {
    code: Code(950),
    severity: Severity::Warning,
    name: "encrypted-twice",
    what: "The flannel backend is `wireguard-native`.",
    why: "The tailnet encrypts everything between nodes already. A second layer costs processor time and 30 \
          more bytes of every packet, and helps only against a control server that turned evil; k3s gives it \
          no pre-shared key.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { flannelBackend: "wireguard-native" },
//                       ^^^^^^^^^^^^^^^^^^ TN950
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

/// Judges the backend.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let backend = &declaration.k3s.flannel_backend;
    if backend.value == FlannelBackend::WireguardNative && declaration.nodes.values().any(|node| node.k3s.is_some()) {
        findings.push(
            Diagnostic::new(&PAGE, backend.span, "pods' packets are encrypted twice")
                .help("leave `flannelBackend` out: vxlan over the tailnet is encrypted by it"),
        );
    }
}
