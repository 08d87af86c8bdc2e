//! TN602: settings of headscale that it does not know. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN602.
pub const PAGE: Page = Page {
    code: Code(602),
    severity: Severity::Error,
    name: "unknown-headscale-setting",
    what: "A setting of headscale has a name that its version does not read.",
    why: "headscale ignores such a key without a word (`hscontrol/types/config.go`, viper), and NixOS passes any \
          key on: `derp.server.enable` leaves the relay off, and nobody notices. Names that an old version had are \
          among them.",
    wrong: Example::Host {
        node: "primer",
        module: include_str!("examples/602-primer-wrong.nix"),
    },
    right: Example::Host {
        node: "primer",
        module: include_str!("examples/602-primer-right.nix"),
    },
};
