//! TN502: a path into one host's Nix store.

use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN502.
pub const PAGE: Page = Page {
    code: Code(502),
    severity: Severity::Error,
    name: "store-path-in-declaration",
    what: "A value of the declaration is a path in the Nix store.",
    why: "The declaration is the same on every host, and such a path exists where it was built. Where it was \
          to name a file with a secret, that file is now in the store, and everybody on the host may read it.",
    wrong: Example::Declaration(concat!(
        sample!(),
        r#"  users: { alice: { displayName: "/nix/store/0c5b8vw40dy178xlpddw65q9gf1h2186-alice-key" } },
//                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN502
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(),
        r#"  users: { alice: { displayName: "Alice" } },
}
"#
    )),
};

/// A store path. `name` is what it stands under.
pub(crate) fn finding(span: Span, name: &str) -> Diagnostic {
    let finding = Diagnostic::new(&PAGE, span, "this is a path in the Nix store");
    if super::super::secret::names_a_secret_file(name) {
        finding
            .label("a file with a secret must not be in the store: everybody may read it")
            .help("replace the secret, and name a file outside the store by a string: \"/run/secrets/...\"")
    } else {
        finding.help("write what it is for into the declaration itself, or leave it to the host")
    }
}
