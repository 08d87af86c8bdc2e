//! TN406: packets of pods that do not fit.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::k3s::mtu;

/// The page of TN406.
pub const PAGE: Page = Page {
    code: Code(406),
    severity: Severity::Error,
    name: "pod-mtu-too-large",
    what: "The pods' MTU is larger than what is left of the tailnet's.",
    why: "What the tunnel makes larger than `tailscale0` is dropped there: small requests work and large \
          answers hang. Seen in virtual machines: 1230 bytes pass between pods over vxlan, 1231 do not.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { mtu: 1450 },
//            ^^^^ TN406
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { mtu: 1230 },
}
"#
    )),
};

/// Judges the pods' MTU.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(written) = &declaration.k3s.mtu else { return };
    let backend = declaration.k3s.flannel_backend.value;
    let fits = mtu::inner(backend, declaration.tailnet_mtu.value);
    if written.value > fits {
        findings.push(
            Diagnostic::new(
                &PAGE,
                written.span,
                format!(
                    "{fits} bytes are left for pods of the tailnet's {} with {backend}, not {}",
                    declaration.tailnet_mtu.value, written.value
                ),
            )
            .help("leave `mtu` out: it is calculated"),
        );
    }
}
