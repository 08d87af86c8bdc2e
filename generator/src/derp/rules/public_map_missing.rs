//! TN220: public relays without a map that names them.

use crate::cluster::declaration::{Declaration, PublicRegions};
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN220.
pub const PAGE: Page = Page {
    code: Code(220),
    severity: Severity::Error,
    name: "public-derp-map-missing",
    what: "Public regions are to be used, and the declaration has no copy of their map.",
    why: "Nothing is fetched while a host is evaluated or headscale starts: a map behind a URL that cannot be \
          reached keeps headscale from starting (`getting DERPMap`). So the map is kept with the declaration.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: { publicRegions: [1] },
//                       ^^^ TN220
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    publicRegions: [1],
    // From https://controlplane.tailscale.com/derpmap/default
    publicMap: { Regions: { "1": { RegionID: 1, RegionCode: "nyc", Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com" }] } } },
  },
}
"#
    )),
};

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let derp = &declaration.derp;
    if derp.public_regions.value != PublicRegions::None && derp.public_map.is_none() {
        findings.push(
            Diagnostic::new(
                &PAGE,
                derp.public_regions.span,
                "public regions are taken from `derp.publicMap`, which is not set",
            )
            .help("keep a copy of https://controlplane.tailscale.com/derpmap/default with the declaration")
            .help("write publicRegions: \"none\""),
        );
    }
}
