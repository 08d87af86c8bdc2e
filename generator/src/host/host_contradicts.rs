//! TN601: contradictions between a wrapped service and the declaration. Judged by the NixOS modules, where the host is evaluated.

use crate::diagnostics::{Code, Example, Page, Severity};

/// The page of TN601.
pub const PAGE: Page = Page {
    code: Code(601),
    severity: Severity::Error,
    name: "host-contradicts",
    what: "A host sets something that the declaration decides to another value.",
    why: "What every host is built from is the declaration: policy tests, flows and firewalls were judged with it. \
          A host that quietly does something else would make all of that untrue, so neither side wins in silence. \
          What the declaration does not decide is set on the host as ever.",
    wrong: Example::Host {
        node: "primer",
        module: include_str!("examples/601-primer-wrong.nix"),
    },
    right: Example::Host {
        node: "primer",
        module: include_str!("examples/601-primer-right.nix"),
    },
};
