//! TN308: headscale that only its own host reaches.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::TlsMode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN308.
pub const PAGE: Page = Page {
    code: Code(308),
    severity: Severity::Error,
    name: "listen-on-loopback",
    what: "headscale listens on the loopback address, and no proxy stands before it.",
    why: "No other machine reaches it there.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", listen: "127.0.0.1:443" },
//                                                                               ^^^^^^^^^^^^^^^ TN308
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", listen: "0.0.0.0:443" },
}
"#
    )),
};

/// Judges where headscale listens.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let server = &declaration.control_server;
    let Some(listen) = server
        .listen
        .as_ref()
        .filter(|_| server.tls.mode.value != TlsMode::Proxy)
    else {
        return;
    };
    if listen.value.0.ip().is_loopback() {
        findings.push(
            Diagnostic::new(
                &PAGE,
                listen.span,
                "no client reaches headscale on the loopback address",
            )
            .help("leave `listen` out: headscale then listens on all addresses")
            .help("if a reverse proxy stands before headscale, write tls: { mode: \"proxy\" }"),
        );
    }
}
