//! TN505: a pin for a certificate that is renewed.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::{DerpImplementation, TlsMode};
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN505.
pub const PAGE: Page = Page {
    code: Code(505),
    severity: Severity::Error,
    name: "pin-of-embedded-relay",
    what: "The embedded relay's certificate is pinned, and headscale gets it from Let's Encrypt or has it \
          behind a proxy.",
    why: "A pin is the hash of one certificate, and a client accepts no chain with it: at the first renewal, \
          after two months at most, no client uses the relay any more.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    implementation: "embedded",
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "headscale.example.org" } } } },
  },
  keys: { derp: { primer: { certificate: "sha256-raw:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } } },
//                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN505
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    implementation: "embedded",
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "headscale.example.org" } } } },
  },
}
"#
    )),
};

/// Judges the pins.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let tls = &declaration.control_server.tls;
    if declaration.derp.implementation.value != DerpImplementation::Embedded || tls.mode.value == TlsMode::Files {
        return;
    }
    let keys = declaration
        .keys
        .derp
        .values()
        .filter_map(|keys| keys.certificate.as_ref())
        .map(|pin| pin.span);
    let relays = declaration
        .derp
        .regions
        .values()
        .flat_map(|region| region.nodes.values());
    let names = relays
        .filter_map(|node| node.cert_name.as_ref())
        .filter(|name| name.value.as_str().starts_with("sha256-raw:"))
        .map(|name| name.span);
    for span in keys.chain(names) {
        findings.push(
            Diagnostic::new(
                &PAGE,
                span,
                "the embedded relay's certificate is headscale's, and changes at every renewal",
            )
            .help("leave the pin out: clients check the certificate by its name")
            .help("write derp.implementation: \"derper\", whose certificate can be one of your own"),
        );
    }
}
