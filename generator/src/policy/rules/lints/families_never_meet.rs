//! TN902: a rule whose ends share no address family.

use super::subject::Linted;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::net::AddrSet;
use crate::net::packet::Families;
use crate::policy::words::Alias;
use crate::source::Span;

/// The page of TN902.
pub const PAGE: Page = Page {
    code: Code(902),
    severity: Severity::Warning,
    name: "families-never-meet",
    what: "A rule has sources of one address family and destinations of the other.",
    why: "IPv4 and IPv6 are matched apart (`wgengine/filter`), so such a rule matches nothing. An address or a host in a \
          policy is exactly what it says since headscale 0.29: never the node's other address.",
    wrong: Example::Policy {
        text: r#"{
  "hosts": { "printer": "192.168.7.9" },
  "grants": [
    { "src": ["fd7a:115c:a1e0::5"], "dst": ["printer"], "ip": ["tcp:631"] },
//                                          ^^^^^^^^^ TN902: IPv6 sources never reach an IPv4 destination
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
    right: Example::Policy {
        text: r#"{
  "hosts": { "printer": "192.168.7.9" },
  "grants": [
    { "src": ["100.64.0.5"], "dst": ["printer"], "ip": ["tcp:631"] },
  ],
}
"#,
        topology: None,
        dialect: "0.29",
    },
};

const BOTH: Families = Families { v4: true, v6: true };

/// Looks at every rule. Without a tailnet, people and machines are taken to have both families.
pub(super) fn check(linted: &Linted<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(lowered) = linted.lowered {
        for permit in lowered.permits().values().filter(|permit| linted.is_own(permit)) {
            let sources = lowered.sources(permit.sources);
            if sources.wildcard || sources.danger_all || permit.own_devices.is_some() || linted.is_blamed(permit.span) {
                continue;
            }
            let from = Families::of(&sources.set);
            let to = permit.destinations.iter().map(|alias| {
                let families = Families::of(&lowered.resolver().get(alias.value).set);
                (families, alias.span)
            });
            report(from, to, found);
        }
        return;
    }
    let hosts = linted.hosts();
    let of = |alias: &Alias| {
        let net = hosts.network(alias);
        net.map_or(BOTH, |net| Families::of(&AddrSet::from(net)))
    };
    for unit in linted.units.iter().filter(|unit| !linted.is_blamed(unit.rule)) {
        let from = unit.src.iter().map(|alias| of(&alias.value));
        let from = from.fold(Families::default(), either);
        report(from, unit.dst.iter().map(|(alias, span)| (of(alias), *span)), found);
    }
}

fn either(one: Families, other: Families) -> Families {
    Families {
        v4: one.v4 || other.v4,
        v6: one.v6 || other.v6,
    }
}

/// Reports the first destination of a rule of which none shares a family with the sources.
fn report(from: Families, to: impl Iterator<Item = (Families, Span)>, found: &mut Vec<Diagnostic>) {
    let all: Vec<(Families, Span)> = to.collect();
    let to = all
        .iter()
        .fold(Families::default(), |to, (families, _)| either(to, *families));
    let meet = (from.v4 && to.v4) || (from.v6 && to.v6);
    let (true, true, false, Some((_, span))) = (from.any(), to.any(), meet, all.first()) else {
        return;
    };
    let (source, destination) = if from.v4 { ("IPv4", "IPv6") } else { ("IPv6", "IPv4") };
    let message = format!("{source} sources never reach an {destination} destination");
    found.push(
        Diagnostic::new(&PAGE, *span, message).help("name both ends by the same family, or by tags, which have both"),
    );
}
