//! TN229: a relay whose certificate nobody checks.

use crate::cluster::sample::sample;
use crate::derp::public::PublicNode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN229.
pub const PAGE: Page = Page {
    code: Code(229),
    severity: Severity::Error,
    name: "derp-insecure",
    what: "A relay of the public map has `InsecureForTests`.",
    why: "Clients then accept any certificate for it: whoever is in between can stand in for the relay, see \
          who talks to whom, and drop what they like.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp.example.net", InsecureForTests: true }] },
//                                                                                                             ^^^^ TN229
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
    if let Some(insecure) = node.insecure.as_ref().filter(|insecure| insecure.value) {
        findings.push(
            Diagnostic::new(&PAGE, insecure.span, "the relay's certificate would not be checked")
                .help("leave it out; for a certificate of your own, pin it with CertName: \"sha256-raw:...\""),
        );
    }
}
