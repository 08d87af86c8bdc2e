//! TN302: a control server without TLS.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN302.
pub const PAGE: Page = Page {
    code: Code(302),
    severity: Severity::Error,
    name: "server-url-http",
    what: "The control server's URL is plain http.",
    why: "On any port but 80, a client insists on TLS after its first failed connection and stays out until \
          tailscaled is restarted (seen in virtual machines); the embedded relay needs https; and a log-in \
          page over http gives the session to whoever listens.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "http://headscale.example.org:8080" },
//                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN302
}
"#
    )),
    right: Example::Declaration(concat!(sample!(), "}\n")),
};

/// Judges the control server's URL.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let url = &declaration.control_server.url;
    if !url.value.is_https() {
        findings.push(
            Diagnostic::new(&PAGE, url.span, "the control server's URL must be https")
                .help("write https://; `controlServer.tls` says where the certificate comes from")
                .help("in a lab, use a certificate authority of your own: `controlServer.tls.caCertificates`"),
        );
    }
}
