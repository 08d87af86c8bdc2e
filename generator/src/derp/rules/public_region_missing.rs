//! TN221: a public region that the map does not have.

use crate::cluster::declaration::{Declaration, PublicRegions};
use crate::cluster::sample::sample;
use crate::derp::public;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN221.
pub const PAGE: Page = Page {
    code: Code(221),
    severity: Severity::Error,
    name: "public-region-missing",
    what: "A public region is asked for that the copy of the map does not have.",
    why: "It would be left out, and with it the relay that somebody counts on.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    publicRegions: [1, 4],
//                     ^ TN221
    publicMap: { Regions: { "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com" }] } } },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    publicRegions: [1],
    publicMap: { Regions: { "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com" }] } } },
  },
}
"#
    )),
};

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let derp = &declaration.derp;
    let (PublicRegions::Only(wanted), Some(map)) = (&derp.public_regions.value, &derp.public_map) else {
        return;
    };
    let there = public::ids(map);
    for id in wanted.iter().filter(|id| !there.contains(&id.value.get())) {
        let mut finding = Diagnostic::new(&PAGE, id.span, format!("the public map has no region {}", id.value));
        if !there.is_empty() {
            let there: Vec<String> = there.iter().take(40).map(ToString::to_string).collect();
            finding = finding.help(format!("it has {}", there.join(", ")));
        }
        findings.push(finding);
    }
}
