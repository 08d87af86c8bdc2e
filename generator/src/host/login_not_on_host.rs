//! TN603: logins that the policy names and the host lacks. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN603.
pub const PAGE: Page = Page {
    code: Code(603),
    severity: Severity::Error,
    name: "login-not-on-host",
    what: "An SSH rule lets people log in as a user who does not exist on the host, or whose shell ends every \
           session.",
    why: "tailscaled looks the user up when somebody connects, and refuses the session when there is none. The \
          rule reads as if it worked, and is found out in the emergency that it was written for. A user without a \
          shell is a warning.",
    wrong: Example::Host {
        node: "worker",
        module: include_str!("examples/603-worker-wrong.nix"),
    },
    right: Example::Host {
        node: "worker",
        module: include_str!("examples/603-worker-right.nix"),
    },
};
