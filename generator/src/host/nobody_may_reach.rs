//! TN610: ports that are there for the tailnet and the policy opens to nobody. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN610.
pub const PAGE: Page = Page {
    code: Code(610),
    severity: Severity::Warning,
    name: "nobody-may-reach",
    what: "A port is there for the tailnet, and the policy lets nobody reach it.",
    why: "tailscaled drops what the policy does not let through, whatever the host's firewall opens on the \
          tailnet's interface. Somebody expects to get there.",
    wrong: Example::Host {
        node: "worker",
        module: include_str!("examples/610-worker-wrong.nix"),
    },
    right: Example::Host {
        node: "worker",
        module: include_str!("examples/610-worker-right.nix"),
    },
};
