//! TN605: jumps over versions of headscale. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN605.
pub const PAGE: Page = Page {
    code: Code(605),
    severity: Severity::Error,
    name: "database-version",
    what: "The headscale that is to run would refuse the database that is there.",
    why: "headscale upgrades its database one minor version at a time and does not go back \
          (`hscontrol/db/versioncheck.go`); otherwise it ends at its start, and so does the previous generation \
          once the database was changed. Known while evaluating only where `tailnet.headscale.databaseVersion` \
          says what last ran; otherwise found before the switch.",
    wrong: Example::Host {
        node: "primer",
        module: include_str!("examples/605-primer-wrong.nix"),
    },
    right: Example::Host {
        node: "primer",
        module: include_str!("examples/605-primer-right.nix"),
    },
};
