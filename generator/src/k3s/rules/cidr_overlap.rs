//! TN400: one address in two networks.

use std::collections::BTreeSet;

use ipnet::IpNet;

use crate::cluster::declaration::{Declaration, NOWHERE};
use crate::cluster::sample::sample;
use crate::diagnostics::{Code, Diagnostic, Example, Page, Severity};
use crate::source::Span;

/// The page of TN400.
pub const PAGE: Page = Page {
    code: Code(400),
    severity: Severity::Error,
    name: "cidr-overlap",
    what: "Two ranges overlap: of pods, services, the tailnet, tailscale's own range, the hosts' underlay \
          addresses, or networks behind subnet routers.",
    why: "Linux sends a packet to one place: whichever route wins, the other network's addresses are not \
          reachable from that host, mostly without an error anywhere.",
    wrong: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { serviceCidr: "10.42.128.0/17" },
//                    ^^^^^^^^^^^^^^^^ TN400
}
"#
    )),
    right: Example::Declaration(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" }, worker: { tags: ["tag:worker"], k3s: "agent" } },
  k3s: { serviceCidr: "10.43.0.0/16" },
}
"#
    )),
};

/// A range, what it is for, and where it is written.
struct Range {
    net: IpNet,
    what: String,
    kind: Kind,
    span: Span,
}

/// What a range is for. Later ones are blamed, being further from what is given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Tailscale,
    Tailnet,
    Underlay,
    Route,
    Pods,
    Services,
}

/// Judges all pairs of ranges that must be apart.
pub(crate) fn check(declaration: &Declaration, findings: &mut Vec<Diagnostic>) {
    let mut ranges = Vec::new();
    for range in declaration.tailnet_ranges() {
        ranges.push(Range {
            net: range.value.0,
            what: "the tailnet".to_owned(),
            kind: Kind::Tailnet,
            span: range.span,
        });
    }
    for range in TAILSCALE.iter().filter_map(|range| range.parse().ok()) {
        ranges.push(Range {
            net: range,
            what: "tailscale's own range".to_owned(),
            kind: Kind::Tailscale,
            span: NOWHERE,
        });
    }
    for (name, node) in declaration.nodes.iter() {
        ranges.extend(node.underlay_address.iter().map(|address| Range {
            net: address.value.0.into(),
            what: format!("the underlay address of {}", name.value),
            kind: Kind::Underlay,
            span: address.span,
        }));
        ranges.extend(
            node.routes
                .iter()
                .filter(|route| route.value.0.prefix_len() > 0)
                .map(|route| Range {
                    net: route.value.0,
                    what: format!("the network behind {}", name.value),
                    kind: Kind::Route,
                    span: route.span,
                }),
        );
    }
    if let Some(k3s) = declaration.nodes.values().find_map(|node| node.k3s.as_ref()) {
        let cidrs = &declaration.k3s;
        for (list, what, kind) in [
            (&cidrs.pod_cidr, "pods", Kind::Pods),
            (&cidrs.service_cidr, "services", Kind::Services),
        ] {
            ranges.extend(list.iter().map(|range| Range {
                net: range.value.0,
                what: format!("the {what} of k3s"),
                kind,
                span: if range.span == NOWHERE { k3s.span } else { range.span },
            }));
        }
    }
    report(&mut ranges, findings);
}

/// What tailscale clients take for a tailnet, whatever headscale hands out of it.
const TAILSCALE: [&str; 2] = ["100.64.0.0/10", "fd7a:115c:a1e0::/48"];

/// Whether two ranges have to be apart. Subnet routers may stand in their own network, and several may lead to one;
/// underlay addresses inside tailscale's range are another rule's matter.
const fn must_differ(a: Kind, b: Kind) -> bool {
    matches!(
        (a, b),
        (Kind::Pods, Kind::Services)
            | (
                Kind::Tailscale | Kind::Tailnet | Kind::Underlay | Kind::Route,
                Kind::Pods | Kind::Services
            )
            | (Kind::Tailscale | Kind::Tailnet, Kind::Route)
            | (Kind::Tailnet, Kind::Underlay)
    )
}

/// Ranges sorted by their first address are compared with those that are still open: near linear for ranges apart.
fn report(ranges: &mut [Range], findings: &mut Vec<Diagnostic>) {
    ranges.sort_by_key(|range| (range.net.network(), range.net.prefix_len(), range.kind));
    let mut open: Vec<&Range> = Vec::new();
    let mut blamed = BTreeSet::new();
    for range in ranges.iter() {
        open.retain(|other| other.net.broadcast() >= range.net.network());
        for other in &open {
            let (first, second) = if other.kind <= range.kind {
                (*other, range)
            } else {
                (range, *other)
            };
            if must_differ(first.kind, second.kind)
                && blamed.insert((second.span.source, second.span.start, second.net))
            {
                findings.push(finding(first, second));
            }
        }
        open.push(range);
    }
}

fn finding(first: &Range, second: &Range) -> Diagnostic {
    let message = format!(
        "{} ({}) and {} ({}) overlap",
        second.what, second.net, first.what, first.net
    );
    let finding = Diagnostic::new(&PAGE, second.span, message);
    let finding = if first.span == NOWHERE {
        finding
    } else {
        finding.related(first.span, first.what.clone())
    };
    match second.kind {
        Kind::Pods | Kind::Services => finding
            .help("choose ranges that nothing else uses, such as 10.42.0.0/16 for pods and 10.43.0.0/16 for services"),
        Kind::Route => finding.help("announce the network without the part that is the tailnet's"),
        _ => finding.help("give the tailnet a range inside 100.64.0.0/10 that the underlay does not use"),
    }
}
