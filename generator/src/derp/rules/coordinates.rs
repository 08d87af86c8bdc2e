//! TN207: a place that is not on Earth.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN207.
pub const PAGE: Page = Page {
    code: Code(207),
    severity: Severity::Error,
    name: "derp-coordinates",
    what: "A region's latitude is not within -90 to 90, or its longitude not within -180 to 180.",
    why: "They are degrees; clients that cannot measure a region guess by them which one is near.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: {
      "900": { code: "keystone", latitude: 500.5, nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
//                                         ^^^^^ TN207
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
    regions: {
      "900": { code: "keystone", latitude: 50.05, nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
    },
  },
}
"#
    )),
};

/// Judges the regions of one's own.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for region in declaration.derp.regions.values() {
        for (degrees, limit, what) in [
            (&region.latitude, 90.0, "latitude"),
            (&region.longitude, 180.0, "longitude"),
        ] {
            if let Some(degrees) = degrees.as_ref().filter(|degrees| degrees.value.abs() > limit) {
                findings.push(Diagnostic::new(
                    &PAGE,
                    degrees.span,
                    format!("a {what} is within -{limit} to {limit} degrees"),
                ));
            }
        }
    }
}
