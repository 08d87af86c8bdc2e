//! TN604: the package of headscale and the declared series. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN604.
pub const PAGE: Page = Page {
    code: Code(604),
    severity: Severity::Error,
    name: "headscale-series",
    what: "The headscale that runs is of another series than the one the declaration is judged for.",
    why: "0.28, 0.29 and 0.30 read different policies and settings: what one accepts the next refuses at its \
          start. The policy and the settings were judged and written for `headscaleVersion`.",
    wrong: Example::Host {
        node: "primer",
        module: include_str!("examples/604-primer-wrong.nix"),
    },
    right: Example::Host {
        node: "primer",
        module: include_str!("examples/604-primer-right.nix"),
    },
};
