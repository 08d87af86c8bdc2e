//! TN955: Kubernetes secrets in the clear.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN955.
pub const PAGE: Page = Page {
    code: Code(955),
    severity: Severity::Warning,
    name: "secrets-unencrypted",
    what: "Kubernetes secrets are not to be encrypted on the servers' disks.",
    why: "A copy of the datastore, a backup or a discarded disk then holds them all, in plain text.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { secretsEncryption: false },
//                          ^^^^^ TN955
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
}
"#
    )),
};

/// Judges the encryption.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let encryption = &declaration.k3s.secrets_encryption;
    if !encryption.value {
        findings.push(
            Diagnostic::new(&PAGE, encryption.span, "Kubernetes secrets are kept in plain text")
                .help("leave `secretsEncryption` out: it is on"),
        );
    }
}
