//! TN412: more nodes than ranges for their pods.

use ipnet::IpNet;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN412.
pub const PAGE: Page = Page {
    code: Code(412),
    severity: Severity::Error,
    name: "pod-cidr-too-small",
    what: "The pods' range has no part for every k3s node.",
    why: "Every node gets a range of its own from it, a /24 of IPv4 and a /64 of IPv6: the nodes that come \
          last get none, and no pod starts on them.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { podCidr: "10.42.0.0/24" },
//                ^^^^^^^^^^^^^^ TN412
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

/// Judges the size.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let nodes = declaration.nodes.values().filter(|node| node.k3s.is_some()).count();
    for range in &declaration.k3s.pod_cidr {
        let share = if matches!(range.value.0, IpNet::V4(_)) {
            24_u8
        } else {
            64
        };
        let parts = match share.checked_sub(range.value.0.prefix_len()) {
            Some(bits) => 1_u128.checked_shl(u32::from(bits)).unwrap_or(u128::MAX),
            None => 0,
        };
        if parts < nodes as u128 {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    range.span,
                    format!("{} has {parts} ranges of /{share} for {nodes} k3s nodes", range.value),
                )
                .help("take a larger range: 10.42.0.0/16 is enough for 256 nodes"),
            );
        }
    }
}
