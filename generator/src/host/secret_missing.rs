//! TN607: secret files that a host's role needs. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN607.
pub const PAGE: Page = Page {
    code: Code(607),
    severity: Severity::Error,
    name: "secret-missing",
    what: "A service of this host needs a secret file, and no path is given.",
    why: "The unit would fail at every start: derper without a certificate, an agent without a token. Only the \
          path is known to Nix; whether the file is there is seen when the unit starts.",
    wrong: Example::Host {
        node: "worker",
        module: include_str!("examples/607-worker-wrong.nix"),
    },
    right: Example::Host {
        node: "worker",
        module: include_str!("examples/607-worker-right.nix"),
    },
};
