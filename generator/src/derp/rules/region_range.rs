//! TN201: a private region with an id that is not reserved for private ones.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::derp::PRIVATE_REGIONS;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN201.
pub const PAGE: Page = Page {
    code: Code(201),
    severity: Severity::Error,
    name: "derp-region-range",
    what: "A region of your own has an id outside 900 to 999.",
    why: "Tailscale's own regions have the other ids (`tailcfg/derpmap.go`): one of theirs may get the same id \
          tomorrow, and headscale merges maps by whole regions, the last one read wins.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: { regions: { "42": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } } },
//                   ^^^^ TN201
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        sample!(derp),
        "}\n"
    )),
};

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for id in declaration.derp.regions.names() {
        if !PRIVATE_REGIONS.contains(&id.value.get()) {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    id.span,
                    format!("region id {} is not one of the private ones, 900 to 999", id.value),
                )
                .help("give the region an id from 900 to 999"),
            );
        }
    }
}
