//! TN506: two pins for one certificate.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN506.
pub const PAGE: Page = Page {
    code: Code(506),
    severity: Severity::Error,
    name: "two-pins",
    what: "A relay's certificate is pinned twice, differently.",
    why: "One of the two is another certificate's; the map can have one.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: {
      "900": {
        code: "keystone",
        nodes: {
          primer: {
            hostName: "derp.example.org",
            port: 8443,
            certName: "sha256-raw:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210",
//                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN506
          },
        },
      },
    },
  },
  keys: { derp: { primer: { certificate: "sha256-raw:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } } },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  keys: { derp: { primer: { certificate: "sha256-raw:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } } },
}
"#
    )),
};

/// Judges the pins.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for (name, node) in declaration.derp.regions.values().flat_map(|region| region.nodes.iter()) {
        let pin = declaration
            .keys
            .derp
            .get(&name.value)
            .and_then(|keys| keys.certificate.as_ref());
        if let (Some(written), Some(pin)) = (&node.cert_name, pin)
            && written.value.as_str() != pin.value.as_str()
        {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    written.span,
                    format!("`keys.derp.{}` has another pin", name.value),
                )
                .related(pin.span, "the other")
                .help("leave `certName` out: the pin in `keys` is used"),
            );
        }
    }
}
