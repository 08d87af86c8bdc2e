//! TN936: clients that choose their port at random, on hosts with a port that is known.

use super::Context;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::tailnet::{Id as _, Index, NodeId, NodeSet, Resolver};
use crate::source::Span;

/// TN936.
pub const PAGE: Page = Page {
    code: Code(936),
    severity: Severity::Warning,
    name: "random-port",
    what: "The policy makes clients choose their UDP port at random, also those with a public address.",
    why: "`randomizeClientPort` is for networks whose firewall cannot stand several clients on port 41641. A node that \
          others are to reach directly is reached at its `wireguardPort`, which its firewall and the cloud's security \
          group have open: with a random one its connections go through a relay instead.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"], underlayAddress: "203.0.113.10" } },
  access: { services: { site: { on: ["tag:web"], ports: ["tcp:443"], from: ["alice@"] } } },
  policy: { randomizeClientPort: true },
//                               ^^^^ TN936: web then listens on a random port, and not on udp 41641, which is open for it
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { web: { tags: ["tag:web"], underlayAddress: "203.0.113.10" } },
  access: { services: { site: { on: ["tag:web"], ports: ["tcp:443"], from: ["alice@"] } } },
  policy: { nodeAttrs: [{ target: ["autogroup:member"], attr: ["randomize-client-port"] }] },
}
"#,
    ),
};

/// The attribute that `randomizeClientPort` gives to all.
const ATTRIBUTE: &str = "randomize-client-port";

/// Looks at the nodes with an underlay address; the first of them is named for each place that says it.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let (policy, tailnet) = (&context.model.policy, &context.model.tailnet);
    let all = policy.randomize_client_port.as_ref().filter(|all| all.value);
    if let Some(all) = all {
        say(context, all.span, None, findings);
    }
    let mut resolver = Resolver::new(policy, Index::new(tailnet));
    for entry in &policy.node_attrs {
        let Some(attr) = entry.attr.iter().find(|attr| &*attr.value == ATTRIBUTE) else {
            continue;
        };
        let mut nodes = NodeSet::empty(tailnet.nodes.len());
        for target in &entry.target {
            let id = resolver.resolve(&target.value);
            nodes.union_with(&resolver.get(id).nodes);
        }
        say(context, attr.span, Some(&nodes), findings);
    }
}

fn say(context: &Context<'_>, span: Span, among: Option<&NodeSet>, findings: &mut Vec<Diagnostic>) {
    let nodes = context.declaration.nodes.iter().enumerate();
    let hit = nodes.into_iter().find(|(position, (_, node))| {
        let meant = among.is_none_or(|among| among.contains(NodeId::new(*position)));
        meant && !node.underlay_address.is_empty()
    });
    if let Some((_, (name, node))) = hit {
        let port = node.wireguard_port.value.get();
        let message = format!(
            "{} then listens on a random port, and not on udp {port}, which is open for it",
            name.value
        );
        findings.push(
            Diagnostic::new(&PAGE, span, message)
                .help("give the attribute \"randomize-client-port\" to people's devices alone, by nodeAttrs"),
        );
    }
}
