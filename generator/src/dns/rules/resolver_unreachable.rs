//! TN322: a resolver that nobody may ask.

use std::net::IpAddr;

use crate::cluster::rules::Context;
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::traffic::protocol::UDP;
use crate::policy::lower::Lowered;
use crate::policy::words::Alias;

/// The page of TN322.
pub const PAGE: Page = Page {
    code: Code(322),
    severity: Severity::Error,
    name: "resolver-unreachable",
    what: "A DNS resolver is a node or lies behind one, and no rule lets anybody ask it.",
    why: "Clients are told to ask it and wait for an answer that never comes: every name of its domain takes \
          seconds to fail.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], routes: ["192.168.7.0/24"] } },
  dns: { split: { "corp.example.org": ["192.168.7.53"] } },
//                                     ^^^^^^^^^^^^^^ TN322: nobody may ask 192.168.7.53 on udp 53
  policy: { grants: [{ src: ["tag:primer"], dst: ["192.168.7.0/24"], ip: ["tcp:443"] }] },
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: {
    primer: { tags: ["tag:primer"], routes: ["192.168.7.0/24"] },
    worker: { tags: ["tag:worker"], acceptRoutes: true },
  },
  dns: { split: { "corp.example.org": ["192.168.7.53"] } },
  policy: { grants: [{ src: ["tag:worker"], dst: ["192.168.7.53"], ip: ["udp:53", "tcp:53"] }] },
}
"#
    )),
};

/// The port of DNS.
const DNS: u16 = 53;

/// Judges the resolvers that only a declared node leads to. Of an address that is nobody's nothing is known.
pub(crate) fn check(context: &Context<'_>, lowered: &Lowered<'_>, findings: &mut Vec<Diagnostic>) {
    let declaration = context.declaration;
    let leads = |address: IpAddr| {
        declaration.nodes.values().any(|node| {
            node.addresses.iter().any(|own| own.value.0 == address)
                || node.routes.iter().any(|route| route.value.0.contains(&address))
        })
    };
    for resolver in declaration
        .dns
        .nameservers
        .iter()
        .chain(declaration.dns.split.values().flatten())
    {
        let Ok(address) = resolver.value.as_str().parse::<IpAddr>() else {
            continue;
        };
        if leads(address) && !is_asked(lowered, address) {
            findings.push(
                Diagnostic::new(&PAGE, resolver.span, format!("nobody may ask {address} on udp {DNS}")).help(format!(
                    "grant it to those who ask it: {{ src = [ ... ]; dst = [ \"{address}\" ]; ip = [ \"udp:53\" \"tcp:53\" ]; }}"
                )),
            );
        }
    }
}

/// Whether some rule lets somebody open DNS at `address`.
fn is_asked(lowered: &Lowered<'_>, address: IpAddr) -> bool {
    let resolver = lowered.resolver();
    lowered.permits().values().any(|permit| {
        let sources = lowered.sources(permit.sources);
        let there = permit.destinations.iter().any(|alias| {
            *resolver.alias(alias.value) == Alias::Wildcard || resolver.get(alias.value).set.contains(address)
        });
        there && permit.passing().contains(UDP, DNS) && (sources.danger_all || !sources.nodes.is_empty())
    })
}
