//! TN225: a relay without a name to dial.

use crate::cluster::sample::sample;
use crate::cluster::words::{HostName, Word};
use crate::derp::public::PublicNode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN225.
pub const PAGE: Page = Page {
    code: Code(225),
    severity: Severity::Error,
    name: "derp-host-name",
    what: "A relay of the public map has no host name, or something that is none.",
    why: "Clients dial `HostName` as it is and check the certificate for it: a scheme or a port in it makes a \
          name that no DNS has (headscale#2836).",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "https://derp1f.tailscale.com" }] },
//                                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN225
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
    let Some(host) = &node.host_name else {
        findings.push(Diagnostic::new(&PAGE, node.span, "a relay needs a \"HostName\""));
        return;
    };
    // Names in capitals are fine for a client.
    if let Err(bad) = HostName::parse(&host.value.to_ascii_lowercase()) {
        let mut finding = Diagnostic::new(&PAGE, host.span, format!("this is no host name: {}", bad.why));
        if let Some(meant) = bad.meant {
            finding = finding.help(format!("write {meant:?}; a port belongs into \"DERPPort\""));
        }
        findings.push(finding);
    }
}
