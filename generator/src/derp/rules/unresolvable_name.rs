//! TN205: a relay that only MagicDNS could find.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::derp::build;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::dns::is_under;

/// The page of TN205.
pub const PAGE: Page = Page {
    code: Code(205),
    severity: Severity::Error,
    name: "relay-name-under-base-domain",
    what: "A relay's host name lies under the base domain, and the map has no address for it.",
    why: "Names under the base domain are answered by MagicDNS, which works once the tailnet is up; and the \
          tailnet may not come up without the relay. With an address in the map clients ask no DNS.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.mesh.example.org", port: 8443 } } },
//                                                            ^^^^^^^^^^^^^^^^^^^^^^^ TN205
    },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"], underlayAddress: "203.0.113.10" } },
  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.mesh.example.org", port: 8443 } } },
    },
  },
}
"#
    )),
};

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let base = declaration.base_domain.value.as_str();
    for region in declaration.derp.regions.values() {
        for (name, node) in region.nodes.iter() {
            let host = node.host_name.value.as_str();
            if is_under(host, base) && !build::has_address(declaration, &name.value, node) {
                findings.push(
                    Diagnostic::new(
                        &PAGE,
                        node.host_name.span,
                        format!("{host:?} cannot be resolved before the tailnet is up"),
                    )
                    .related(declaration.base_domain.span, "MagicDNS answers for this domain")
                    .help("give the relay a name outside the base domain")
                    .help(format!(
                        "set `nodes.{}.underlayAddress`, so that clients need no DNS",
                        name.value
                    )),
                );
            }
        }
    }
}
