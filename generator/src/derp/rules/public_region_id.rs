//! TN223: a region that says it is another one.

use crate::cluster::sample::sample;
use crate::derp::public::PublicRegion;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::{Span, Spanned};

/// The page of TN223.
pub const PAGE: Page = Page {
    code: Code(223),
    severity: Severity::Error,
    name: "derp-region-id",
    what: "A region's id, its key in the map and the ids in its relays are not the same.",
    why: "Clients take the id from the relay and look for the region under it: with another id, or none, they \
          never connect (tailscale#9526).",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: {
      Regions: {
        "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 2, HostName: "derp1f.tailscale.com" }] },
//                                                          ^ TN223
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

/// Judges a public region.
pub(crate) fn check(region: &PublicRegion, findings: &mut Vec<Diagnostic>) {
    let key = region.key.value;
    let mut judge = |own: &Option<Spanned<u64>>, whole: Span, what: &str| {
        if own.as_ref().is_some_and(|own| own.value == key) {
            return;
        }
        let (span, message) = match own {
            Some(own) => (
                own.span,
                format!("{what} of region {key} says that it belongs to region {}", own.value),
            ),
            None => (whole, format!("{what} of region {key} has no \"RegionID\"")),
        };
        findings.push(
            Diagnostic::new(&PAGE, span, message)
                .related(region.key.span, "the region's key")
                .help(format!("write RegionID: {key}")),
        );
    };
    judge(&region.own_id, region.key.span, "the entry");
    for node in &region.nodes {
        judge(&node.own_id, node.span, "a relay");
    }
}
