//! TN934: a route that no rule lets anybody use.

use super::Context;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::AddrSet;
use crate::net::known::is_exit_route;
use crate::policy::document::Document;
use crate::policy::words::{Alias, Autogroup};

/// TN934.
pub const PAGE: Page = Page {
    code: Code(934),
    severity: Severity::Warning,
    name: "route-of-no-use",
    what: "A node offers a network or a way to the internet, and no rule has it as a destination.",
    why: "Announcing and approving a route opens nothing: a client is told of it only when a rule lets the client reach \
          some of it. An exit node needs a rule to `autogroup:internet`; `tag:exit` is the node itself.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { exit: { tags: ["tag:exit"], exitNode: true } },
//                                               ^^^^ TN934: no rule lets anybody reach the internet through exit
  policy: { grants: [{ src: ["alice@"], dst: ["tag:exit"], ip: ["*"] }] },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { exit: { tags: ["tag:exit"], exitNode: true } },
  policy: { grants: [{ src: ["alice@"], dst: ["autogroup:internet"], ip: ["*"] }] },
}
"#,
    ),
};

/// Looks at the routes of every declared node.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let opened = Opened::of(&context.model.policy);
    for (name, node) in context.declaration.nodes.iter() {
        // Of a default route is said that it is an exit node's.
        for route in node.routes.iter().filter(|route| !is_exit_route(route.value.0)) {
            if !opened.everything && !opened.networks.overlaps_net(route.value.0) {
                let message = format!("no rule lets anybody reach {} behind {}", route.value, name.value);
                findings.push(Diagnostic::new(&PAGE, route.span, message).help(format!(
                    "grant it: {{ src = [ ... ]; dst = [ \"{}\" ]; ip = [ ... ]; }}",
                    route.value
                )));
            }
        }
        if node.exit_node.value && !opened.everything && !opened.internet {
            let message = format!("no rule lets anybody reach the internet through {}", name.value);
            findings.push(
                Diagnostic::new(&PAGE, node.exit_node.span, message)
                    .help("grant it: { src = [ ... ]; dst = [ \"autogroup:internet\" ]; ip = [ \"*\" ]; }"),
            );
        }
    }
}

/// What rules have as destinations outside the tailnet.
struct Opened {
    everything: bool,
    internet: bool,
    networks: AddrSet,
}

impl Opened {
    fn of(policy: &Document) -> Self {
        let grants = policy.grants.iter().flatten().flat_map(|grant| &grant.dst);
        let acls = policy.acls.iter().flatten().flat_map(|acl| &acl.dst);
        let destinations: Vec<&Alias> = grants
            .map(|dst| &dst.value)
            .chain(acls.map(|dst| &dst.value.alias))
            .collect();
        let networks = destinations.iter().filter_map(|alias| match alias {
            Alias::Prefix(prefix) => Some(prefix.network()),
            Alias::Host(name) => {
                let host = policy.hosts.iter().find(|host| host.name.value == *name)?;
                Some(host.prefix.value.network())
            }
            _ => None,
        });
        Self {
            everything: destinations.contains(&&Alias::Wildcard),
            internet: destinations.contains(&&Alias::Autogroup(Autogroup::Internet)),
            networks: networks.collect(),
        }
    }
}
