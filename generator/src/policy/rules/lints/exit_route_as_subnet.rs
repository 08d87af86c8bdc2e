//! TN911: the exit route among the routes that are approved.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::known::is_exit_route;

/// The page of TN911.
pub const PAGE: Page = Page {
    code: Code(911),
    severity: Severity::Warning,
    name: "exit-route-as-subnet",
    what: "`autoApprovers.routes` has `0.0.0.0/0` or `::/0`.",
    why: "headscale approves exit nodes by `autoApprovers.exitNode` alone. As a route the key approves no exit node; it \
          approves every subnet that those nodes ever announce (`NodeCanApproveRoute`, hscontrol/policy/v2/policy.go).",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:exit": [] },
  "grants": [{ "src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"] }],
  "autoApprovers": {
    "routes": { "0.0.0.0/0": ["tag:exit"] },
//              ^^^^^^^^^^^ TN911: this approves every subnet, and no exit node
  },
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:exit": [] },
  "grants": [{ "src": ["autogroup:member"], "dst": ["autogroup:internet"], "ip": ["*"] }],
  "autoApprovers": { "exitNode": ["tag:exit"] },
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every key of `autoApprovers.routes`.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let routes = linted.document.auto_approvers.routes.iter().take(linted.own.routes);
    for (prefix, _) in routes {
        if is_exit_route(prefix.value.network()) && !linted.is_wrong(prefix.span) {
            found.push(
                Diagnostic::new(&PAGE, prefix.span, "this approves every subnet, and no exit node").help(
                    "exit nodes are approved by autoApprovers.exitNode; name the subnets that are meant, if any are",
                ),
            );
        }
    }
}
