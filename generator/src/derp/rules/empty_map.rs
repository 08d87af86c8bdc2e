//! TN200: no relay at all.

use crate::cluster::declaration::{Declaration, PublicRegions};
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN200.
pub const PAGE: Page = Page {
    code: Code(200),
    severity: Severity::Error,
    name: "derp-map-empty",
    what: "The declaration names no DERP region.",
    why: "headscale does not start without one: `initial DERPMap is empty, Headscale requires at least one \
          entry`. Its own default is to fetch Tailscale's map from the internet at every start, and then it \
          does not start while that cannot be reached.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: { publicRegions: "none" },
//                       ^^^^^^ TN200: requires at least one entry
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

/// Judges the relays, where headscale is one of ours: one that runs elsewhere has a map of its own.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let derp = &declaration.derp;
    let ours = declaration.control_server.node.is_some();
    if ours && derp.regions.is_empty() && derp.public_regions.value == PublicRegions::None {
        findings.push(
            Diagnostic::new(
                &PAGE,
                derp.public_regions.span,
                "initial DERPMap is empty, Headscale requires at least one entry",
            )
            .help("declare a relay of your own in `derp.regions`")
            .help("use Tailscale's relays: set `derp.publicRegions` and keep a copy of their map in `derp.publicMap`"),
        );
    }
}
