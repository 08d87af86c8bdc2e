//! TN307: headscale listening where no client knocks.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::TlsMode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN307.
pub const PAGE: Page = Page {
    code: Code(307),
    severity: Severity::Error,
    name: "listen-port-differs",
    what: "headscale listens on another port than its URL has, and no proxy stands before it.",
    why: "Clients dial the URL's port and no other.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", listen: "0.0.0.0:8080" },
//                                                                               ^^^^^^^^^^^^^^ TN307
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
    listen: "127.0.0.1:8080",
    tls: { mode: "proxy" },
  },
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
    let (listens, dialled) = (listen.value.0.port(), server.url.value.port());
    if listens != dialled {
        findings.push(
            Diagnostic::new(
                &PAGE,
                listen.span,
                format!("headscale listens on port {listens}, and clients dial {dialled}"),
            )
            .related(server.url.span, "clients dial this")
            .help(format!("write port {dialled} here, or :{listens} into the URL"))
            .help("if a reverse proxy stands before headscale, write tls: { mode: \"proxy\" }"),
        );
    }
}
