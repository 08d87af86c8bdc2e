//! TN162: ports for a protocol that has none.

use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};

use super::super::words::PortRange;
use super::context::Context;
use super::mend;
use super::wording::quote;

/// The page of TN162.
pub const PAGE: Page = Page {
    code: Code(162),
    severity: Severity::Error,
    name: "protocol-without-ports",
    what: "An ACL names ports of a protocol that has no ports.",
    why: "Only TCP, UDP and SCTP have ports; for every other `proto` headscale refuses an ACL whose destinations do \
          not all end in `:*` (`validateProtocolPortCompatibility`, hscontrol/policy/v2/types.go). Grants are not \
          looked at: there `icmp:80` is accepted, and means all of ICMP to the client.",
    wrong: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "proto": "icmp", "src": ["*"], "dst": ["10.0.0.1:80"] },
    //                                                           ^^^^^^^^^^^^^ TN162: protocol does not support specific ports: "icmp", only "*" is allowed
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "acls": [
    { "action": "accept", "proto": "icmp", "src": ["*"], "dst": ["10.0.0.1:*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Finds them, one finding a destination.
pub(super) fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for acl in context.document.acls.iter().flatten() {
        if acl.proto.has_ports() {
            continue;
        }
        let protocol = quote(&acl.proto.to_string());
        for dst in &acl.dst {
            if dst.value.ports.iter().all(|ports| *ports == PortRange::ALL) {
                continue;
            }
            let message = if context.is_0_28() {
                format!("protocol {protocol} does not support specific ports; only \"*\" is allowed")
            } else {
                format!("protocol does not support specific ports: {protocol}, only \"*\" is allowed")
            };
            let written = format!("{}:*", dst.value.alias);
            out.push(
                Diagnostic::new(&PAGE, dst.span, message)
                    .label("has ports")
                    .help(format!("write {}, or name a protocol that has ports", quote(&written)))
                    .fix(mend::word(dst.span, &written, false)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_found, assert_page};
    use super::*;

    #[test]
    fn page() {
        assert_page(&PAGE);
    }

    #[test]
    fn every_destination_is_looked_at() {
        assert_found(
            &PAGE,
            r#"{
  "acls": [
    { "action": "accept", "proto": "47", "src": ["*"], "dst": ["*:*", "a@:0-65535", "a@:1-65535", "a@:1,2"] },
    //                                                                              ^^^^^^^^^^^^ TN162: protocol does not support specific ports: "gre"
    //                                                                                            ^^^^^^^^ TN162
    { "action": "accept", "proto": "sctp", "src": ["*"], "dst": ["*:1"] },
    { "action": "accept", "src": ["*"], "dst": ["*:1"] },
  ],
}"#,
            "0.29",
        );
        assert_found(
            &PAGE,
            r#"{
  "acls": [{ "action": "accept", "proto": "esp", "src": ["*"], "dst": ["*:1"] }],
  //                                                                   ^^^^^ TN162: protocol "esp" does not support specific ports; only "*" is allowed
}"#,
            "0.28",
        );
    }
}
