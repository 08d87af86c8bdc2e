//! TN403: pods routed over a link that there is not.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::FlannelBackend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN403.
pub const PAGE: Page = Page {
    code: Code(403),
    severity: Severity::Error,
    name: "flannel-backend-host-gw",
    what: "The flannel backend is `host-gw`.",
    why: "With host-gw every node is the gateway to its pods for the others, which works between nodes on one \
          link; `tailscale0` is no link, tailscaled drops what is not for an address or route that it knows.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { flannelBackend: "host-gw" },
//                       ^^^^^^^^^ TN403
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
    if backend.value == FlannelBackend::HostGw {
        findings.push(
            Diagnostic::new(
                &PAGE,
                backend.span,
                "host-gw needs nodes on one link, and a tailnet is none",
            )
            .help("leave `flannelBackend` out: vxlan works over the tailnet"),
        );
    }
}
