//! TN316: scopes with which nobody is recognised.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN316.
pub const PAGE: Page = Page {
    code: Code(316),
    severity: Severity::Error,
    name: "oidc-scope",
    what: "The scopes asked from the OpenID Connect provider lack `openid`, or `email` although people are \
          declared by email.",
    why: "Without `openid` a provider gives no identity; without `email` headscale learns no email, and \
          whatever the policy says of `alice@example.org` matches nobody.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    oidc: { issuer: "https://id.example.org", clientId: "headscale", scope: ["profile"] },
//                                                                           ^^^^^^^^^ TN316
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
    oidc: { issuer: "https://id.example.org", clientId: "headscale", scope: ["openid", "profile", "email"] },
  },
}
"#
    )),
};

/// Judges the scopes, where some are written.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(oidc) = &declaration.control_server.oidc else {
        return;
    };
    let Some(last) = oidc.scope.last() else { return };
    let has = |scope: &str| oidc.scope.iter().any(|written| written.value.as_str() == scope);
    let by_email = declaration.users.values().find_map(|user| user.email.as_ref());
    if !has("openid") {
        findings.push(
            Diagnostic::new(&PAGE, last.span, "the scope \"openid\" is missing")
                .help("add \"openid\", or leave `scope` out: openid, profile and email are asked for"),
        );
    } else if let Some(email) = by_email.filter(|_| !has("email")) {
        findings.push(
            Diagnostic::new(
                &PAGE,
                last.span,
                "the scope \"email\" is missing, and people are declared by email",
            )
            .related(email.span, "nobody would be recognised by this")
            .help("add \"email\", or leave `scope` out: openid, profile and email are asked for"),
        );
    }
}
