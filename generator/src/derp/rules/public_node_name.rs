//! TN224: relays without a name of their own.

use std::collections::BTreeMap;

use crate::cluster::sample::sample;
use crate::derp::public::PublicRegion;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN224.
pub const PAGE: Page = Page {
    code: Code(224),
    severity: Severity::Error,
    name: "derp-relay-name",
    what: "A relay of the public map has no name, or the name of another relay.",
    why: "Clients keep what they measure by the relay's name, over all regions: of two with one name only one \
          is ever measured.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "a.example.net" }, { Name: "1f", RegionID: 1, HostName: "b.example.net" }] },
//                                                                                                  ^^^^ TN224
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

/// Judges the public regions. The names of one's own relays are made here, and no other relay is named like them.
pub(crate) fn check(regions: &[PublicRegion], findings: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for node in regions.iter().flat_map(|region| &region.nodes) {
        match node.name.as_ref().filter(|name| !name.value.is_empty()) {
            None => findings.push(Diagnostic::new(&PAGE, node.span, "a relay needs a \"Name\"")),
            Some(name) => {
                if let Some(first) = seen.get(name.value.as_str()) {
                    findings.push(
                        Diagnostic::new(&PAGE, name.span, format!("a second relay is called {:?}", name.value))
                            .related(*first, "the first")
                            .help("give every relay a name of its own, over all regions"),
                    );
                } else {
                    seen.insert(&name.value, name.span);
                }
            }
        }
    }
}
