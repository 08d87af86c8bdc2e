//! TN947: a route that is announced and not approved.

use super::Context;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::known::is_exit_route;

/// TN947.
pub const PAGE: Page = Page {
    code: Code(947),
    severity: Severity::Warning,
    name: "route-not-approved",
    what: "A node announces a route that the policy does not approve by itself.",
    why: "Until somebody approves it by hand (`headscale nodes approve-routes`) no client is told of the route, and \
          nothing that is granted behind it can be reached. `autoApprovers` does it when the node joins; with \
          `policy.derive = true` the routes of declared nodes are added there.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { router: { tags: ["tag:router"], routes: ["192.168.1.0/24"] } },
//                                                  ^^^^^^^^^^^^^^^^ TN947: nobody approves 192.168.1.0/24 of router
  policy: {
    derive: false,
    tagOwners: { "tag:router": [] },
    grants: [{ src: ["alice@"], dst: ["192.168.1.0/24"], ip: ["tcp:443"] }],
  },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { router: { tags: ["tag:router"], routes: ["192.168.1.0/24"] } },
  policy: {
    derive: false,
    tagOwners: { "tag:router": [] },
    autoApprovers: { routes: { "192.168.1.0/24": ["tag:router"] } },
    grants: [{ src: ["alice@"], dst: ["192.168.1.0/24"], ip: ["tcp:443"] }],
  },
}
"#,
    ),
};

/// Looks at the routes of every declared node.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let nodes = context.declaration.nodes.iter().zip(&context.model.tailnet.nodes);
    for ((name, declared), node) in nodes {
        // Whoever cannot be named cannot approve: said elsewhere.
        if node.tags.is_empty() && node.user.is_none() {
            continue;
        }
        let who = node.tags.first().map_or("the owner", String::as_str);
        for route in declared
            .routes
            .iter()
            .filter(|route| !node.approved.contains(&route.value.0))
        {
            // A default route is no subnet's: said with the routes.
            if is_exit_route(route.value.0) {
                continue;
            }
            let message = format!("nobody approves {} of {}", route.value, name.value);
            findings.push(Diagnostic::new(&PAGE, route.span, message).help(format!(
                "approve it: policy.autoApprovers.routes.\"{}\" = [ \"{who}\" ], or policy.derive = true",
                route.value
            )));
        }
        if declared.exit_node.value && !node.approved.iter().copied().any(is_exit_route) {
            let message = format!("nobody approves {} as an exit node", name.value);
            findings.push(Diagnostic::new(&PAGE, declared.exit_node.span, message).help(format!(
                "approve it: policy.autoApprovers.exitNode = [ \"{who}\" ], or policy.derive = true"
            )));
        }
    }
}
