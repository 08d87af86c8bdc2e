//! TN710: a node's address that headscale cannot have given.

use super::Context;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// TN710.
pub const PAGE: Page = Page {
    code: Code(710),
    severity: Severity::Error,
    name: "impossible-address",
    what: "A node is declared to have a tailnet address that headscale cannot have given it.",
    why: "headscale gives each node one address of each family, from `prefixes`. Addresses cannot be chosen: they are \
          declared only for nodes of a tailnet that already runs, as `headscale nodes list` shows them.",
    wrong: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: { primer: { tags: ["tag:primer"], addresses: ["10.0.0.1"] } },
//                                                     ^^^^^^^^^^ TN710: 10.0.0.1 is not in 100.64.0.0/10
}
"#,
    ),
    right: Example::Declaration(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
  nodes: { primer: { tags: ["tag:primer"], addresses: ["100.64.0.1"] } },
}
"#,
    ),
};

/// Looks at every known address.
pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let prefixes = &context.declaration.prefixes;
    for node in context.declaration.nodes.values() {
        let (mut first_v4, mut first_v6) = (None, None);
        for address in &node.addresses {
            let v4 = address.value.0.is_ipv4();
            let (prefix, family) = if v4 {
                (&prefixes.v4, "IPv4")
            } else {
                (&prefixes.v6, "IPv6")
            };
            let finding = |message: String| Diagnostic::new(&PAGE, address.span, message);
            match prefix {
                None => findings.push(finding(format!("the tailnet has no {family} addresses")).help(format!(
                    "set prefixes.{} or leave the address out",
                    if v4 { "v4" } else { "v6" }
                ))),
                Some(prefix) if !prefix.value.0.contains(&address.value.0) => {
                    let message = format!("{} is not in {}", address.value, prefix.value);
                    let underlay =
                        "an address outside the tailnet is an underlayAddress; a tailnet's own range is prefixes";
                    findings.push(finding(message).help(underlay));
                }
                Some(_) => {}
            }
            let first = if v4 { &mut first_v4 } else { &mut first_v6 };
            match first {
                Some(earlier) => findings.push(
                    finding(format!("a node has one {family} address")).related(*earlier, "this one, or the other"),
                ),
                None => *first = Some(address.span),
            }
        }
    }
}
