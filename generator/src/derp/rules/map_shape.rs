//! TN222: a public map that is none.

use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN222.
pub const PAGE: Page = Page {
    code: Code(222),
    severity: Severity::Error,
    name: "derp-map-shape",
    what: "The copy of the public map is not a DERP map in the form that clients read.",
    why: "headscale decodes maps without checking them: what it does not recognise becomes an empty map or an \
          empty field, silently. A region that is null removes one in headscale up to 0.29 and nothing in \
          later ones.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
    publicMap: { Regions: { "1": { RegionID: "1", Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com" }] } } },
//                                           ^^^ TN222
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
    publicMap: { Regions: { "1": { RegionID: 1, Nodes: [{ Name: "1f", RegionID: 1, HostName: "derp1f.tailscale.com" }] } } },
  },
}
"#
    )),
};

/// What stands at `span` is not what a map has there.
pub(crate) fn finding(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&PAGE, span, message)
        .help("take the map as https://controlplane.tailscale.com/derpmap/default gives it")
}
