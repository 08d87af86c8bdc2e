//! TN301: the control server named under the base domain.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::dns::is_under;

/// The page of TN301.
pub const PAGE: Page = Page {
    code: Code(301),
    severity: Severity::Error,
    name: "server-url-under-base-domain",
    what: "The control server's host name lies under the base domain.",
    why: "headscale does not start: MagicDNS answers for all of the base domain, so that a client whose \
          tailnet is down could not find the control server. Up to 0.29.2 a port in the URL hides this from \
          headscale, and then clients stay out after the first restart instead. A base domain under the \
          control server's name is fine.",
    wrong: Example::Declaration(concat!(
        r#"{
  name: "keystone",
  baseDomain: "example.org",
//            ^^^^^^^^^^^^^ TN301: server_url cannot be part of base_domain
"#,
        sample!(control),
        sample!(nodes),
        r#"  derp: { regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.net", port: 8443 } } } } },
}
"#
    )),
    right: Example::Declaration(concat!(sample!(), "}\n")),
};

/// Judges the control server's URL.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let url = &declaration.control_server.url;
    let (host, base) = (url.value.host(), declaration.base_domain.value.as_str());
    if host != base && is_under(&host, base) {
        findings.push(
            Diagnostic::new(
                &PAGE,
                declaration.base_domain.span,
                "server_url cannot be part of base_domain in a way that could make the DERP and headscale server \
                 unreachable",
            )
            .related(url.span, "the control server")
            .help(format!("use a base domain beside it, such as mesh.{base}")),
        );
    }
}
