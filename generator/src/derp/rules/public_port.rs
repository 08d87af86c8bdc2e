//! TN226: a port that does not exist.

use crate::cluster::sample::sample;
use crate::derp::public::PublicNode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN226.
pub const PAGE: Page = Page {
    code: Code(226),
    severity: Severity::Error,
    name: "derp-port",
    what: "A port of the public map is out of range.",
    why: "headscale hands the map on as it is. `STUNPort` 0 means 3478 and -1 none, `DERPPort` 0 means 443; \
          beyond that they are ports.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com", STUNPort: 70000 }] },
//                                                                                                         ^^^^^ TN226
      },
    },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com" }] },
      },
    },
  },
}
"#
    )),
};

/// Judges a public relay.
pub(crate) fn check(node: &PublicNode, findings: &mut Vec<Diagnostic>) {
    for (port, least, what) in [(&node.stun_port, -1, "STUNPort"), (&node.derp_port, 0, "DERPPort")] {
        let Some(port) = port else { continue };
        if port.value < least || port.value > i64::from(u16::MAX) {
            findings.push(Diagnostic::new(
                &PAGE,
                port.span,
                format!("{what} is within {least} to 65535, found {}", port.value),
            ));
        }
    }
}
