//! TN306: a certificate that Let's Encrypt does not give.

use std::net::IpAddr;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::TlsMode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN306.
pub const PAGE: Page = Page {
    code: Code(306),
    severity: Severity::Error,
    name: "lets-encrypt-for-address",
    what: "headscale is to fetch a certificate from Let's Encrypt, and its URL has an address instead of a \
          name.",
    why: "headscale asks for a certificate for the URL's host name; for an address its request is refused, and \
          no client gets in.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://203.0.113.10" },
//                                      ^^^^^^^^^^^^^^^^^^^^^^ TN306
}
"#
    )),
    right: Example::Declaration(concat!(sample!(), "}\n")),
};

/// Judges the control server's URL.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let server = &declaration.control_server;
    if server.tls.mode.value == TlsMode::LetsEncrypt && server.url.value.host().parse::<IpAddr>().is_ok() {
        findings.push(
            Diagnostic::new(
                &PAGE,
                server.url.span,
                "there is no certificate for an address from Let's Encrypt here",
            )
            .help("give the control server a name")
            .help("bring a certificate: `controlServer.tls.mode = \"files\"`"),
        );
    }
}
