//! TN609: ports that the policy opens and nobody listens on. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN609.
pub const PAGE: Page = Page {
    code: Code(609),
    severity: Severity::Warning,
    name: "nobody-listens",
    what: "The policy lets peers reach a port on which nothing on the host is known to listen.",
    why: "Either the service was forgotten on the host, or the rule outlived it and opens the port to whatever \
          listens there next. What a container or a pod listens on is not seen: `tailnet.listens` tells.",
    wrong: Example::Host {
        node: "worker",
        module: include_str!("examples/609-worker-wrong.nix"),
    },
    right: Example::Host {
        node: "worker",
        module: include_str!("examples/609-worker-right.nix"),
    },
};
