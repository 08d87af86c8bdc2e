//! TN204: two relays behind one address.

use std::collections::BTreeMap;

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::cluster::words::{DerpImplementation, NodeName};
use crate::derp::build;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN204.
pub const PAGE: Page = Page {
    code: Code(204),
    severity: Severity::Error,
    name: "two-relays-on-one-host",
    what: "Two relays stand on one host or answer at one address.",
    why: "derper's own guide rules it out: two relays on one host want the same UDP port 3478 for STUN, and a \
          client that measures the one address twice cannot tell which relay it is near.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"], underlayAddress: "203.0.113.10" } },
  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
      "901": { code: "again", nodes: { primer: { hostName: "derp2.example.org", port: 8444, stunPort: 3479 } } },
//                                     ^^^^^^ TN204
    },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        sample!(derp),
        "}\n"
    )),
};

/// Judges the relays. The embedded relay is one by nature; another rule says so.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    if declaration.derp.implementation.value == DerpImplementation::Embedded {
        return;
    }
    let mut hosts: BTreeMap<&NodeName, Span> = BTreeMap::new();
    let mut addresses: BTreeMap<String, (&NodeName, Span)> = BTreeMap::new();
    for region in declaration.derp.regions.values() {
        for (name, node) in region.nodes.iter() {
            if let Some(first) = hosts.get(&name.value) {
                findings.push(
                    Diagnostic::new(&PAGE, name.span, format!("{} runs a relay already", name.value))
                        .related(*first, "here")
                        .help("put every relay on a host of its own"),
                );
                continue;
            }
            hosts.insert(&name.value, name.span);
            let known = [
                build::ipv4(declaration, &name.value, node),
                build::ipv6(declaration, &name.value, node),
            ];
            for address in known.into_iter().flatten().filter(|address| address != build::NONE) {
                if let Some((other, span)) = addresses.get(&address) {
                    findings.push(
                        Diagnostic::new(
                            &PAGE,
                            name.span,
                            format!("the relays on {} and {other} both answer at {address}", name.value),
                        )
                        .related(*span, "the other")
                        .help("give every relay an address of its own"),
                    );
                } else {
                    addresses.insert(address, (&name.value, name.span));
                }
            }
        }
    }
}
