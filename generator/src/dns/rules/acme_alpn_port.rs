//! TN942: a challenge on a port where it is not asked.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::{AcmeChallenge, TlsMode};
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN942.
pub const PAGE: Page = Page {
    code: Code(942),
    severity: Severity::Warning,
    name: "tls-alpn-port",
    what: "The certificate is to be proved over TLS-ALPN-01, and headscale does not listen on port 443.",
    why: "Let's Encrypt asks on port 443 only. headscale says so and goes on, since something may forward that \
          port; without it there is no certificate.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org:444",
    tls: { challenge: "TLS-ALPN-01" },
//                    ^^^^^^^^^^^^^ TN942
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    tls: { challenge: "TLS-ALPN-01" },
  },
}
"#
    )),
};

/// Judges the TLS settings.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let server = &declaration.control_server;
    let listens = server
        .listen
        .as_ref()
        .map_or(server.url.value.port(), |listen| listen.value.0.port());
    if server.tls.mode.value == TlsMode::LetsEncrypt
        && server.tls.challenge.value == AcmeChallenge::TlsAlpn01
        && listens != 443
    {
        findings.push(
            Diagnostic::new(
                &PAGE,
                server.tls.challenge.span,
                format!("Let's Encrypt asks on port 443, and headscale listens on {listens}"),
            )
            .help("write challenge: \"HTTP-01\", which is asked on port 80")
            .help("let headscale listen on port 443"),
        );
    }
}
