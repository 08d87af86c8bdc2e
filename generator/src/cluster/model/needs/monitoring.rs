//! What is scraped, and by whom (R29 of the design document).

use crate::cluster::declaration::Declaration;
use crate::cluster::words::{ServicePorts, Transport};
use crate::diagnostics::Diagnostic;
use crate::source::Spanned;

use super::{Derived, Draft, Rule, Side, k3s};

/// The rules of monitoring: one for each kind of exporter that is there.
pub(super) fn needs(declaration: &Declaration, draft: &mut Draft, findings: &mut Vec<Diagnostic>) {
    let monitoring = &declaration.monitoring;
    let Some(first) = monitoring.from.first() else { return };
    let tagged: Vec<usize> = declaration
        .nodes
        .values()
        .enumerate()
        .filter(|(_, node)| !node.tags.is_empty())
        .map(|(position, _)| position)
        .collect();
    let control = declaration.control_server.node.as_ref();
    let control: Vec<usize> = control
        .and_then(|node| declaration.nodes.index(&node.value))
        .into_iter()
        .collect();
    let mut relays: Vec<usize> = declaration
        .derp
        .regions
        .values()
        .flat_map(|region| region.nodes.names())
        .filter_map(|name| declaration.nodes.index(&name.value))
        .collect();
    relays.sort_unstable();
    relays.dedup();
    let targets = [
        (
            &monitoring.node_exporter,
            tagged.clone(),
            "monitoring: node exporters are scraped",
        ),
        (
            &monitoring.kubelet,
            declaration.k3s_nodes(|_| true),
            "monitoring: kubelets are scraped",
        ),
        (&monitoring.headscale, control, "monitoring: headscale is scraped"),
        (&monitoring.derper, relays, "monitoring: relays are scraped"),
        (&monitoring.tailscaled, tagged, "monitoring: tailscaled is scraped"),
    ];
    for (port, nodes, why) in targets {
        let Some(port) = port.filter(|_| !nodes.is_empty()) else {
            continue;
        };
        // A default has no place of its own: then it is the scraper that asks.
        let written = port.span != crate::cluster::declaration::NOWHERE;
        let span = if written { port.span } else { first.span };
        let to = k3s::side(declaration, &nodes, &[], span, findings);
        draft.rules.push(Rule {
            from: Side::selectors(&monitoring.from),
            to,
            ports: vec![Spanned::new(ServicePorts::one(Transport::Tcp, port.value), span)],
            derived: Derived {
                why: why.to_owned(),
                span,
            },
        });
    }
}
