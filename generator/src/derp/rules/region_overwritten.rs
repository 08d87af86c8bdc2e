//! TN202: one id for a private and a public region.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::derp::public::PublicRegion;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN202.
pub const PAGE: Page = Page {
    code: Code(202),
    severity: Severity::Error,
    name: "derp-region-overwritten",
    what: "A region of your own has the id of a public region that is used.",
    why: "There is one region an id: one of the two would be gone, and with it every relay in it.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
//             ^^^^^ TN202
    publicRegions: "all",
    publicMap: { Regions: { "900": { RegionID: 900, Nodes: [{ Name: "x", RegionID: 900, HostName: "derp.example.net" }] } } },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "901": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: { Regions: { "900": { RegionID: 900, Nodes: [{ Name: "x", RegionID: 900, HostName: "derp.example.net" }] } } },
  },
}
"#
    )),
};

/// Judges the relays; `public` are the public regions in use.
pub(crate) fn check(declaration: &Declaration, public: &[PublicRegion], findings: &mut Vec<Diagnostic>) {
    for id in declaration.derp.regions.names() {
        if let Some(other) = public.iter().find(|region| region.key.value == id.value.get()) {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    id.span,
                    format!("region {} is declared and taken from the public map", id.value),
                )
                .related(other.key.span, "the public region")
                .help("give your region another id from 900 to 999"),
            );
        }
    }
}
