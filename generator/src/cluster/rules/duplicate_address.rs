//! TN709: two nodes with one address.

use std::collections::HashMap;
use std::net::IpAddr;

use super::Context;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// TN709.
pub const PAGE: Page = Page {
    code: Code(709),
    severity: Severity::Error,
    name: "duplicate-address",
    what: "Two nodes have the same address.",
    why: "headscale gives an address to one node only, and two hosts with one underlay address are one of them \
          unreachable. Such a line was copied.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    primer: { tags: ["tag:primer"], addresses: ["100.64.0.1"] },
    worker: { tags: ["tag:worker"], addresses: ["100.64.0.1"] },
//                                              ^^^^^^^^^^^^ TN709: 100.64.0.1 is the address of primer already
  },
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: {
    primer: { tags: ["tag:primer"], addresses: ["100.64.0.1"] },
    worker: { tags: ["tag:worker"], addresses: ["100.64.0.2"] },
  },
}
"#,
    ),
};

/// Looks at the addresses in the tailnet, then at those outside.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let nodes = &context.declaration.nodes;
    let tailnet = nodes.iter().map(|(name, node)| (name.value.as_str(), &node.addresses));
    let underlay = nodes
        .iter()
        .map(|(name, node)| (name.value.as_str(), &node.underlay_address));
    for addresses in [tailnet.collect::<Vec<_>>(), underlay.collect()] {
        let mut seen: HashMap<IpAddr, (&str, Span)> = HashMap::new();
        for (name, address) in addresses
            .iter()
            .flat_map(|(name, list)| list.iter().map(move |a| (*name, a)))
        {
            let first = *seen.entry(address.value.0).or_insert((name, address.span));
            if first.1 == address.span {
                continue;
            }
            let whose = if first.0 == name {
                "the same node".to_owned()
            } else {
                first.0.to_owned()
            };
            let message = format!("{} is the address of {whose} already", address.value);
            findings.push(Diagnostic::new(&PAGE, address.span, message).related(first.1, "first here"));
        }
    }
}
