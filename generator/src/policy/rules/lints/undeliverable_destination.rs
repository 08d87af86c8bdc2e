//! TN904: destinations that the client drops before it looks at any rule.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::AddrSet;
use crate::net::packet::deliverable;

/// The page of TN904.
pub const PAGE: Page = Page {
    code: Code(904),
    severity: Severity::Warning,
    name: "undeliverable-destination",
    what: "A rule's destination is nothing but multicast or link-local addresses.",
    why: "The client drops such packets before it looks at any rule, `169.254.169.254` excepted (`pre`, \
          wgengine/filter): mDNS, SSDP and the like do not pass a tailnet whatever the policy says.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "proto": "udp", "src": ["*"], "dst": ["224.0.0.251:5353"] },
//                                                              ^^^^^^^^^^^^^^^^^^ TN904: 224.0.0.251 is multicast
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "proto": "udp", "src": ["*"], "dst": ["192.168.7.53:53"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every destination that is an address.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let hosts = linted.hosts();
    for unit in &linted.units {
        for (alias, span) in &unit.dst {
            let Some(net) = hosts.network(alias) else { continue };
            if !deliverable(&AddrSet::from(net)).is_empty() {
                continue;
            }
            let kind = if net.addr().is_multicast() {
                "multicast"
            } else {
                "link-local"
            };
            let message = format!("{alias} is {kind}, which the client drops whatever the rules say");
            found.push(Diagnostic::new(&PAGE, *span, message).help("leave it out"));
        }
    }
}
