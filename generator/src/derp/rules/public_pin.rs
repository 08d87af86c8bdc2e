//! TN228: a certificate pin that no certificate matches.

use crate::cluster::sample::sample;
use crate::cluster::words::{CertName, Word};
use crate::derp::public::PublicNode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN228.
pub const PAGE: Page = Page {
    code: Code(228),
    severity: Severity::Error,
    name: "derp-certificate-pin",
    what: "A certificate pin of the public map is not 64 hexadecimal digits in lower case.",
    why: "The client compares the text after `sha256-raw:` with the digits of the certificate's SHA-256 in \
          lower case (`net/tlsdial`): anything else never matches, and the relay is never used.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp.example.net", CertName: "sha256-raw:abc" }] },
//                                                                                                     ^^^^^^^^^^^^^^^^ TN228
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
    let Some(name) = node.cert_name.as_ref().filter(|name| !name.value.is_empty()) else {
        return;
    };
    if let Err(bad) = CertName::parse(&name.value) {
        findings.push(
            Diagnostic::new(&PAGE, name.span, format!("this is no certificate name: {}", bad.why))
                .help("write \"sha256-raw:\" and the SHA-256 of the certificate in lower-case hexadecimal digits"),
        );
    }
}
