//! TN300: the control server called like the base domain.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN300.
pub const PAGE: Page = Page {
    code: Code(300),
    severity: Severity::Error,
    name: "server-url-is-base-domain",
    what: "The control server's host name is the base domain itself.",
    why: "headscale does not start: MagicDNS would answer for the whole domain, so that a client whose tailnet \
          is down could find neither the control server nor a relay by name.",
    wrong: Example::Declaration(concat!(
        r#"{
  name: "keystone",
  baseDomain: "headscale.example.org",
//            ^^^^^^^^^^^^^^^^^^^^^^^ TN300: server_url cannot use the same domain as base_domain
"#,
        sample!(control),
        sample!(nodes),
        sample!(derp),
        "}\n"
    )),
    right: Example::Declaration(concat!(sample!(), "}\n")),
};

/// Judges the control server's URL.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let url = &declaration.control_server.url;
    if url.value.host() == declaration.base_domain.value.as_str() {
        findings.push(
            Diagnostic::new(
                &PAGE,
                declaration.base_domain.span,
                "server_url cannot use the same domain as base_domain in a way that could make the DERP and headscale \
                 server unreachable",
            )
            .related(url.span, "the control server")
            .help("use a base domain of its own, such as \"mesh.\" before your domain"),
        );
    }
}
