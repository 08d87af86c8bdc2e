//! TN206: a relay under .local.

use crate::cluster::declaration::Declaration;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::dns::is_under;

/// The page of TN206.
pub const PAGE: Page = Page {
    code: Code(206),
    severity: Severity::Error,
    name: "relay-name-local",
    what: "A relay's host name ends in `.local`.",
    why: "`.local` belongs to multicast DNS (RFC 6762): resolvers ask the local network for it and nobody \
          else, so clients anywhere else do not find the relay, and no authority gives out certificates for \
          it.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: { "900": { code: "keystone", nodes: { primer: { hostName: "derp.keystone.local", port: 8443 } } } },
//                                                                     ^^^^^^^^^^^^^^^^^^^^^ TN206
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

/// Judges the relays.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    for region in declaration.derp.regions.values() {
        for node in region.nodes.values() {
            let host = node.host_name.value.as_str();
            if is_under(host, "local") {
                findings.push(
                    Diagnostic::new(
                        &PAGE,
                        node.host_name.span,
                        format!("{host:?} is a name for multicast DNS, which other networks cannot resolve"),
                    )
                    .help("use a name in a domain of your own"),
                );
            }
        }
    }
}
