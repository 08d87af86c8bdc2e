//! TN608: tokens of k3s where they should not be. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN608.
pub const PAGE: Page = Page {
    code: Code(608),
    severity: Severity::Error,
    name: "stronger-token",
    what: "A host is given a k3s token that is worth more than it needs.",
    why: "The server's token is administrator of the cluster and the passphrase of its bootstrap data; an agent \
          joins with the agents' own, which can do nothing else. A server without a token for agents is a warning.",
    wrong: Example::Host {
        node: "worker",
        module: include_str!("examples/608-worker-wrong.nix"),
    },
    right: Example::Host {
        node: "worker",
        module: include_str!("examples/608-worker-right.nix"),
    },
};
