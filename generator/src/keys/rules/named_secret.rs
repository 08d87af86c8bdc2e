//! TN501: a secret, by its name.

use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN501.
pub const PAGE: Page = Page {
    code: Code(501),
    severity: Severity::Error,
    name: "secret-by-name",
    what: "A value under a name such as `client_secret`, `password` or `token` looks like a secret.",
    why: "The declaration ends up in the Nix store, which everybody on every host may read. headscale reads \
          the secret of its OpenID Connect client from a file.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    oidc: {
      issuer: "https://id.example.org",
      clientId: "headscale",
      extraParams: { client_secret: "correct-horse-battery" },
//                                  ^^^^^^^^^^^^^^^^^^^^^^^ TN501
    },
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

/// A value that its name and shape give away. The value itself is nowhere in it.
pub(crate) fn finding(span: Span) -> Diagnostic {
    Diagnostic::new(&PAGE, span, "this seems to be a secret, to judge by its name")
        .help("remove it, and give the host that needs it a file (`tailnet.secrets`)")
        .help("if it is public, give it another name")
}
