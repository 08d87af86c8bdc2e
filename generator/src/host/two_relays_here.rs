//! TN606: a second relay beside the declared one. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN606.
pub const PAGE: Page = Page {
    code: Code(606),
    severity: Severity::Error,
    name: "two-relays-here",
    what: "Two relays would run on one host.",
    why: "Both answer on the same ports for the same region; which one gets them is chance. nixpkgs' own derper \
          asks no headscale whom it may serve.",
    wrong: Example::Host {
        node: "primer",
        module: include_str!("examples/606-primer-wrong.nix"),
    },
    right: Example::Host {
        node: "primer",
        module: include_str!("examples/606-primer-right.nix"),
    },
};
