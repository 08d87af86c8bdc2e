//! TN931: relays of one region that do not know of each other.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

/// The page of TN931.
pub const PAGE: Page = Page {
    code: Code(931),
    severity: Severity::Warning,
    name: "relays-not-meshed",
    what: "A region has more than one relay.",
    why: "A client connects to one relay of its home region and expects to find there every peer with the same \
          home; relays that are not meshed (`derper -mesh-with`) do not pass packets to each other, so two \
          peers on two of them do not meet. headscale shuffles the order for each tailnet, and a client moves \
          on to the next when one does not answer.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, relay: { tags: ["tag:primer"] } },
  derp: {
    regions: {
      "900": {
        code: "keystone",
        nodes: {
          primer: { hostName: "derp.example.org", port: 8443 },
          relay: { hostName: "relay.example.org" },
//        ^^^^^ TN931
        },
      },
    },
  },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, relay: { tags: ["tag:primer"] } },
  derp: {
    regions: {
      "900": { code: "keystone", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
      "901": { code: "other", nodes: { relay: { hostName: "relay.example.org" } } },
    },
  },
}
"#
    )),
};

/// Judges the regions of one's own.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for (id, region) in declaration.derp.regions.iter() {
        let mut relays = region
            .nodes
            .iter()
            .filter(|(_, node)| !node.stun_only.value)
            .map(|(name, _)| name);
        let Some(first) = relays.next() else { continue };
        for name in relays {
            findings.push(
                Diagnostic::new(
                    &PAGE,
                    name.span,
                    format!(
                        "{} and {} are relays of region {} and not meshed",
                        first.value, name.value, id.value
                    ),
                )
                .related(first.span, "the first")
                .help("give every relay a region of its own"),
            );
        }
    }
}
