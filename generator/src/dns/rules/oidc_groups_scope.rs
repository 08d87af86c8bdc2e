//! TN944: groups that the provider may not tell.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN944.
pub const PAGE: Page = Page {
    code: Code(944),
    severity: Severity::Warning,
    name: "oidc-groups-scope",
    what: "Log-in is limited to groups, and the scopes written do not ask for them.",
    why: "Most providers tell a person's groups only when asked with a scope, usually `groups`: without it \
          nobody is in any group, and nobody gets in.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    oidc: { issuer: "https://id.example.org", clientId: "headscale", allowedGroups: ["staff"] },
//                                                                                   ^^^^^^^ TN944
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
    oidc: { issuer: "https://id.example.org", clientId: "headscale", allowedGroups: ["staff"], scope: ["openid", "profile", "email", "groups"] },
  },
}
"#
    )),
};

/// Judges the scopes.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let Some(oidc) = &declaration.control_server.oidc else {
        return;
    };
    let asked = oidc
        .scope
        .iter()
        .any(|scope| scope.value.as_str().to_ascii_lowercase().contains("group"));
    if let Some(group) = oidc.allowed_groups.first().filter(|_| !asked) {
        findings.push(
            Diagnostic::new(&PAGE, group.span, "no scope asks the provider for groups")
                .help("write scope: [\"openid\", \"profile\", \"email\", \"groups\"], or what your provider calls it"),
        );
    }
}
