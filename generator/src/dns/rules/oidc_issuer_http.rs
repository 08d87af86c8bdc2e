//! TN314: log-in over plain http.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN314.
pub const PAGE: Page = Page {
    code: Code(314),
    severity: Severity::Error,
    name: "oidc-issuer-http",
    what: "The OpenID Connect provider's URL is plain http.",
    why: "The provider's keys and answers come over this URL: whoever is in between decides who logs in. \
          OpenID Connect demands https (Discovery, section 3).",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    oidc: { issuer: "http://id.example.org", clientId: "headscale" },
//                  ^^^^^^^^^^^^^^^^^^^^^^^ TN314
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
    if !oidc.issuer.value.is_https() {
        findings
            .push(Diagnostic::new(&PAGE, oidc.issuer.span, "the issuer's URL must be https").help("write https://"));
    }
}
