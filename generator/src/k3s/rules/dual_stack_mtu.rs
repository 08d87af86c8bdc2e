//! TN404: IPv6 for pods through a tunnel that is too small for it.

use ipnet::IpNet;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::FlannelBackend;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::k3s::mtu;

/// The page of TN404.
pub const PAGE: Page = Page {
    code: Code(404),
    severity: Severity::Error,
    name: "dual-stack-mtu",
    what: "Pods are to have IPv6 addresses, and what fits through the tailnet is too little for IPv6.",
    why: "A device under 1280 bytes cannot have an IPv6 address (RFC 8200). `tailscale0` has 1280, and flannel \
          takes its own header from that (k3s#4743, tailscale#3575).",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { podCidr: ["10.42.0.0/16", "fd42::/56"], serviceCidr: ["10.43.0.0/16", "fd43::/112"] },
//                                 ^^^^^^^^^^^ TN404
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  tailnetMtu: 1350,
  k3s: { podCidr: ["10.42.0.0/16", "fd42::/56"], serviceCidr: ["10.43.0.0/16", "fd43::/112"] },
}
"#
    )),
};

/// Judges the pods' range of the sixth version.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let k3s = &declaration.k3s;
    let least = mtu::least_for_ipv6(k3s.flannel_backend.value);
    let Some(range) = k3s.pod_cidr.iter().find(|range| matches!(range.value.0, IpNet::V6(_))) else {
        return;
    };
    if declaration.tailnet_mtu.value < least && k3s.flannel_backend.value != FlannelBackend::None {
        findings.push(
            Diagnostic::new(
                &PAGE,
                range.span,
                format!(
                    "IPv6 for pods needs an MTU of {least} on the tailnet's interface, which has {}",
                    declaration.tailnet_mtu.value
                ),
            )
            .help("give pods IPv4 alone")
            .help(format!(
                "write tailnetMtu: {least}, if the underlay carries packets of {} bytes between all hosts",
                least + mtu::WIREGUARD_OVERHEAD
            )),
        );
    }
}
