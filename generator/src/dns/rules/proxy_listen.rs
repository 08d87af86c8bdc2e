//! TN946: headscale beside its proxy.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::TlsMode;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN946.
pub const PAGE: Page = Page {
    code: Code(946),
    severity: Severity::Warning,
    name: "plain-http-on-every-address",
    what: "headscale speaks plain http to a reverse proxy, and listens for it on more than the loopback \
          address.",
    why: "Whoever reaches the port goes around the proxy, without TLS.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    listen: "0.0.0.0:8080",
//          ^^^^^^^^^^^^^^ TN946
    tls: { mode: "proxy" },
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
    listen: "127.0.0.1:8080",
    tls: { mode: "proxy" },
  },
}
"#
    )),
};

/// Judges where headscale listens. With trusted proxies declared, the proxy is taken to stand on another host.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let server = &declaration.control_server;
    let proxied = server.tls.mode.value == TlsMode::Proxy && server.trusted_proxies.is_empty();
    if let Some(listen) = server.listen.as_ref().filter(|_| proxied)
        && !listen.value.0.ip().is_loopback()
    {
        findings.push(
            Diagnostic::new(
                &PAGE,
                listen.span,
                "headscale answers plain http to more than its proxy",
            )
            .help("listen on 127.0.0.1")
            .help("if the proxy is on another host, name it in `controlServer.trustedProxies`"),
        );
    }
}
