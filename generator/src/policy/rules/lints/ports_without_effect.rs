//! TN903: ports of a protocol that has none.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::packet::{has_ports, is_icmp};
use crate::policy::rules::mend;
use crate::policy::words::{PortRange, Protocol};

/// The page of TN903.
pub const PAGE: Page = Page {
    code: Code(903),
    severity: Severity::Warning,
    name: "ports-without-effect",
    what: "A grant names ports of a protocol that has none.",
    why: "Only TCP, UDP and SCTP have ports. headscale accepts `47:80` in a grant (in an ACL it does not) and the client \
          never matches it: other protocols pass only where the ports are all (`matchProtoAndIPsOnlyIfAllPorts`, \
          wgengine/filter). ICMP passes whatever the ports say, so its types cannot be told apart.",
    wrong: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:a": [], "tag:b": [] },
  "grants": [
    { "src": ["tag:a"], "dst": ["tag:b"], "ip": ["gre:80"] },
//                                               ^^^^^^^^ TN903: gre has no ports, so this never matches
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "tagOwners": { "tag:a": [], "tag:b": [] },
  "grants": [
    { "src": ["tag:a"], "dst": ["tag:b"], "ip": ["gre:*"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

/// Looks at every entry of every grant's `ip`.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    let grants = linted.document.grants.iter().flatten().take(linted.own.grants);
    for entry in grants.flat_map(|grant| &grant.ip) {
        let Protocol::Number(number) = entry.value.protocol else {
            continue;
        };
        let is_whole = |range: &PortRange| (range.first, range.last) == (u16::MIN, u16::MAX);
        if has_ports(number) || entry.value.ports.iter().any(is_whole) || linted.is_wrong(entry.span) {
            continue;
        }
        let name = entry
            .value
            .protocol
            .name()
            .map_or_else(|| number.to_string(), str::to_owned);
        let whole = format!("{name}:*");
        found.push(if is_icmp(number) {
            // All of ICMP passes already: nothing changes by saying so.
            Diagnostic::new(&PAGE, entry.span, format!("{name} has no ports, so all of it passes"))
                .fix(mend::word(entry.span, &whole, true))
        } else {
            Diagnostic::new(&PAGE, entry.span, format!("{name} has no ports, so this never matches"))
                .fix(mend::word(entry.span, &whole, false))
        });
    }
}
