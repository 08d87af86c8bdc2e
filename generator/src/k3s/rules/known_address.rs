//! TN414: an address that the node cannot have.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::NodeName;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN414.
pub const PAGE: Page = Page {
    code: Code(414),
    severity: Severity::Error,
    name: "known-address",
    what: "A node's known address is outside the tailnet's ranges, or another node has it too, or it is a \
          second one of its family.",
    why: "headscale gives a node one address from each range, and no two nodes the same: with a wrong one \
          here, what is judged is another tailnet than the one that runs.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], addresses: ["10.0.0.1"] } },
//                                                     ^^^^^^^^^^ TN414
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], addresses: ["100.64.0.1"] } },
}
"#
    )),
};

/// Judges the known addresses.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<IpAddr, (&NodeName, Span)> = BTreeMap::new();
    for (name, node) in declaration.nodes.iter() {
        let mut families: [Option<Span>; 2] = [None, None];
        for address in &node.addresses {
            let ip = address.value.0;
            if !declaration.is_tailnet(ip) {
                let finding = Diagnostic::new(&PAGE, address.span, format!("{ip} is not in the tailnet's ranges"));
                let help = "write the address that `tailscale ip` prints on the node, or leave it out";
                findings.push(
                    match declaration
                        .tailnet_ranges()
                        .find(|range| range.value.0.addr().is_ipv4() == ip.is_ipv4())
                    {
                        Some(range) => finding
                            .help(help)
                            .help(format!("or set `prefixes` to what headscale has, not {}", range.value)),
                        None => finding.help(help),
                    },
                );
            }
            let family = if ip.is_ipv4() {
                &mut families[0]
            } else {
                &mut families[1]
            };
            if let Some(first) = family {
                findings.push(
                    Diagnostic::new(
                        &PAGE,
                        address.span,
                        format!("{} has one address of this family already", name.value),
                    )
                    .related(*first, "the first"),
                );
            }
            *family = Some(address.span);
            if let Some((other, span)) = taken.insert(ip, (&name.value, address.span)) {
                findings.push(
                    Diagnostic::new(&PAGE, address.span, format!("{ip} is also the address of {other}"))
                        .related(span, "here"),
                );
            }
        }
    }
}
