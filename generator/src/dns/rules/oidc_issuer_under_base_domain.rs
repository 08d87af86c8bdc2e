//! TN315: a provider that only members of the tailnet find.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::dns::is_under;

/// The page of TN315.
pub const PAGE: Page = Page {
    code: Code(315),
    severity: Severity::Error,
    name: "oidc-issuer-under-base-domain",
    what: "The OpenID Connect provider's name lies under the base domain.",
    why: "Whoever logs in is not in the tailnet yet, and names under the base domain are answered inside it \
          only; headscale itself asks the provider when it starts, before any tailnet is up.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    oidc: { issuer: "https://id.mesh.example.org", clientId: "headscale" },
//                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN315
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
    oidc: { issuer: "https://id.example.org", clientId: "headscale" },
  },
}
"#
    )),
};

/// Judges the provider's URL.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(oidc) = &declaration.control_server.oidc else {
        return;
    };
    let host = oidc.issuer.value.host();
    if is_under(&host, declaration.base_domain.value.as_str()) {
        findings.push(
            Diagnostic::new(
                &PAGE,
                oidc.issuer.span,
                format!("{host:?} cannot be resolved before the tailnet is up"),
            )
            .related(declaration.base_domain.span, "MagicDNS answers for this domain")
            .help("give the provider a name outside the base domain"),
        );
    }
}
