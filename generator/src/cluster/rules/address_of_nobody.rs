//! TN958: the policy names a tailnet address that no declared node has.

use std::collections::HashSet;
use std::net::IpAddr;

use super::Context;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::policy::mentions::aliases;
use crate::policy::words::{Alias, Prefix};
use crate::source::Span;

/// TN958.
pub const PAGE: Page = Page {
    code: Code(958),
    severity: Severity::Warning,
    name: "address-of-nobody",
    what: "The policy names a single address of the tailnet, and no node is declared to have it.",
    why: "headscale gives addresses in the order in which nodes register: after a node was set up anew, or in another \
          order, the rule is for another machine. No address can be chosen (headscale#2912). Name machines by tag; where \
          an address is known from a running tailnet, declare it with its node.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"] } },
  policy: { grants: [{ src: ["alice@"], dst: ["100.64.0.1"], ip: ["tcp:22"] }] },
//                                            ^^^^^^^^^^^^ TN958: no node is declared to have the address 100.64.0.1
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  users: { alice: {} },
  nodes: { primer: { tags: ["tag:primer"] } },
  policy: { grants: [{ src: ["alice@"], dst: ["tag:primer"], ip: ["tcp:22"] }] },
}
"#,
    ),
};

/// Looks at every address that the policy names; each is reported where it stands first.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let declaration = context.declaration;
    let prefixes = [&declaration.prefixes.v4, &declaration.prefixes.v6];
    let inside = |address: IpAddr| prefixes.into_iter().flatten().any(|net| net.value.0.contains(&address));
    let known: HashSet<IpAddr> = declaration
        .nodes
        .values()
        .flat_map(|node| node.addresses.iter().map(|address| address.value.0))
        .collect();
    let policy = &context.model.policy;
    let hosts = policy.hosts.iter().map(|host| (host.prefix.value, host.prefix.span));
    let literal = aliases(policy).filter_map(|(alias, span)| match alias {
        Alias::Prefix(prefix) => Some((*prefix, span)),
        _ => None,
    });
    let mut seen = HashSet::new();
    for (prefix, span) in hosts
        .chain(literal)
        .filter(|(prefix, _): &(Prefix, Span)| prefix.is_single())
    {
        let address = prefix.addr();
        if inside(address) && !known.contains(&address) && seen.insert(address) {
            let message = format!("no node is declared to have the address {address}");
            findings.push(
                Diagnostic::new(&PAGE, span, message)
                    .help("name the machine by its tag, or declare the address: nodes.NAME.addresses = [ ... ]"),
            );
        }
    }
}
