//! TN211: an embedded relay at another address than headscale.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::DerpImplementation;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN211.
pub const PAGE: Page = Page {
    code: Code(211),
    severity: Severity::Error,
    name: "embedded-relay-address",
    what: "With the embedded relay, the relay's host name or port is not the control server's.",
    why: "The embedded relay has no listener of its own: it answers under the path `/derp` of the control \
          server's URL, with its certificate.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    implementation: "embedded",
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org" } } } },
//                                                                     ^^^^^^^^^^^^^^^^^^ TN211
  },
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

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    if declaration.derp.implementation.value != DerpImplementation::Embedded {
        return;
    }
    let url = &declaration.control_server.url;
    for node in declaration
        .derp
        .regions
        .values()
        .flat_map(|region| region.nodes.values())
    {
        if node.host_name.value.as_str() != url.value.host() {
            let message = format!(
                "the embedded relay answers as {:?}, the control server's name",
                url.value.host()
            );
            findings.push(finding(node.host_name.span, message, url.span));
        }
        if node.port.value.get() != url.value.port() {
            let message = format!(
                "the embedded relay answers on port {}, the control server's",
                url.value.port()
            );
            findings.push(finding(node.port.span, message, url.span));
        }
    }
}

fn finding(span: Span, message: String, url: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, message)
        .related(url, "the control server")
        .help("write what the control server's URL has")
        .help("write implementation: \"derper\" for a relay with an address of its own")
}
