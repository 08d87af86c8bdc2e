//! TN401: a host that tailscaled cuts off from its own network.

use crate::cluster::rules::Context;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::known::CGNAT;
use crate::policy::tailnet::{Id as _, Index, NodeId, NodeSet, Resolver};

/// The page of TN401.
pub const PAGE: Page = Page {
    code: Code(401),
    severity: Severity::Error,
    name: "underlay-in-tailscale-range",
    what: "A node's underlay address lies in 100.64.0.0/10.",
    why: "On Linux tailscaled drops what comes from this range through any interface but its own \
          (`util/linuxfw`): in clouds that use it themselves, resolvers, metadata service and neighbours are \
          gone once the tailnet is up (tailscale#12555). Clients since 1.98 leave that rule out when the \
          policy gives the node the attribute `disable-linux-cgnat-drop-rule`.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  prefixes: { v4: "100.64.0.0/16" },
  nodes: { primer: { tags: ["tag:primer"], underlayAddress: "100.100.2.10" } },
//                                                          ^^^^^^^^^^^^^^ TN401: tailscaled drops what comes from 100.64.0.0/10
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  prefixes: { v4: "100.64.0.0/16" },
  nodes: { primer: { tags: ["tag:primer"], underlayAddress: "100.100.2.10" } },
  policy: { nodeAttrs: [{ target: ["tag:primer"], attr: ["disable-linux-cgnat-drop-rule"] }] },
}
"#
    )),
};

/// The attribute that leaves the rule out.
const ATTRIBUTE: &str = "disable-linux-cgnat-drop-rule";

/// Judges the underlay addresses of declared nodes that do not have the attribute.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let (policy, tailnet) = (&context.model.policy, &context.model.tailnet);
    let mut resolver = Resolver::new(policy, Index::new(tailnet));
    let mut spared = NodeSet::empty(tailnet.nodes.len());
    let entries = policy.node_attrs.iter();
    let giving = entries.filter(|entry| entry.attr.iter().any(|attr| &*attr.value == ATTRIBUTE));
    for target in giving.flat_map(|entry| &entry.target) {
        let id = resolver.resolve(&target.value);
        spared.union_with(&resolver.get(id).nodes);
    }
    for (position, node) in context.declaration.nodes.values().enumerate() {
        if spared.contains(NodeId::new(position)) {
            continue;
        }
        for address in &node.underlay_address {
            // An address of the tailnet itself is another rule's matter.
            if CGNAT.contains(&address.value.0) && !context.declaration.is_tailnet(address.value.0) {
                let message = format!("tailscaled drops what comes from {CGNAT} on the underlay");
                findings.push(Diagnostic::new(&PAGE, address.span, message).help(format!(
                    "give the node the attribute {ATTRIBUTE:?} in the policy's `nodeAttrs` (clients since 1.98)"
                )));
            }
        }
    }
}
