//! TN930: a region that never becomes a home.

use crate::cluster::declaration::{Declaration, DerpRegion};
use crate::cluster::sample::sample;
use crate::derp::public::PublicRegion;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN930.
pub const PAGE: Page = Page {
    code: Code(930),
    severity: Severity::Warning,
    name: "region-without-stun",
    what: "A region answers no STUN while another one does.",
    why: "Clients choose their home among the regions they have measured, and measure over HTTPS only when no \
          STUN was answered anywhere (`net/netcheck`): a region without STUN beside one with it is nobody's \
          home, however near.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, relay: { tags: ["tag:primer"] } },
  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443, stunPort: null } } },
//    ^^^^^ TN930
      "901": { code: "other", nodes: { relay: { hostName: "relay.example.org" } } },
    },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, relay: { tags: ["tag:primer"] } },
  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
      "901": { code: "other", nodes: { relay: { hostName: "relay.example.org" } } },
    },
  },
}
"#
    )),
};

/// Judges the regions of one's own; `public` are the public regions in use.
pub(crate) fn check(declaration: &Declaration, public: &[PublicRegion], findings: &mut Vec<Diagnostic>) {
    let answers = |region: &DerpRegion| region.nodes.values().any(|node| node.stun_port.is_some());
    let own = declaration.derp.regions.values().any(answers);
    let others = public
        .iter()
        .flat_map(|region| &region.nodes)
        .any(|node| node.stun_port.as_ref().is_none_or(|port| port.value >= 0));
    if !own && !others {
        return;
    }
    for (id, region) in declaration.derp.regions.iter() {
        // A region that clients are told not to measure is not meant to be a home.
        if !answers(region) && !region.nodes.is_empty() && !region.no_measure_no_home.value {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    id.span,
                    format!("region {} answers no STUN and will be nobody's home", id.value),
                )
                .help("let one of its relays answer STUN: leave `stunPort` out"),
            );
        }
    }
}
