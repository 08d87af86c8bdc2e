//! What k3s and flannel need between the nodes: no more (R28 of the design document; `installation/requirements.md` of
//! k3s's documentation).

use std::collections::BTreeSet;

use crate::cluster::declaration::Declaration;
use crate::cluster::rules::{node_without_tag, rule_beyond_role};
use crate::cluster::words::{FlannelBackend, K3sComponent, K3sRole, Port, ServicePorts, Transport};
use crate::diagnostics::Diagnostic;
use crate::k3s::ports;
use crate::source::{Span, Spanned};

use super::{Derived, Draft, Rule, Side, tags};

/// `nodes` as one end of a rule; what cannot be named, or not without nodes that are not `harmless`, goes to `findings`.
pub(super) fn side(
    declaration: &Declaration,
    nodes: &[usize],
    harmless: &[usize],
    span: Span,
    findings: &mut Vec<Diagnostic>,
) -> Side {
    let naming = tags::name(declaration, nodes);
    for &position in &naming.untagged {
        if let Some((name, node)) = declaration.nodes.at(position) {
            findings.push(node_without_tag::finding(name, node, span));
        }
    }
    let harmless: BTreeSet<usize> = harmless.iter().copied().collect();
    for (tag, others) in &naming.beyond {
        let others = others.iter().filter(|position| !harmless.contains(position));
        let others = others.filter_map(|&position| declaration.nodes.at(position));
        let others: Vec<&str> = others.map(|(name, _)| name.value.as_str()).collect();
        if !others.is_empty() {
            findings.push(rule_beyond_role::finding(tag, &others));
        }
    }
    Side {
        names: naming
            .tags
            .iter()
            .map(|tag| (*tag).clone().map(|tag| tag.as_str().into()))
            .collect(),
        nodes: Some(nodes.to_vec()),
    }
}

/// Ports of one transport, first and last.
type Range = (Transport, Port, Port);

/// Something that k3s needs.
struct Need<'a> {
    from: &'a [usize],
    to: &'a [usize],
    ports: Vec<Range>,
    why: &'static str,
    /// Whether a k3s node that is not meant must not be named with those that are.
    strict: bool,
}

/// The rules of k3s.
pub(super) fn needs(declaration: &Declaration, draft: &mut Draft, findings: &mut Vec<Diagnostic>) {
    let servers = declaration.k3s_servers();
    let agents = declaration.k3s_nodes(|role| role == K3sRole::Agent);
    let all = declaration.k3s_nodes(|_| true);
    let first = declaration.nodes.values().find_map(|node| node.k3s.as_ref());
    let Some(span) = first.map(|role| role.span) else {
        return;
    };
    for need in list(declaration, &servers, &agents, &all) {
        // Between a node and itself nothing is filtered.
        if need.from.is_empty() || need.to.is_empty() || (need.from == need.to && need.from.len() == 1) {
            continue;
        }
        let harmless = if need.strict { &[][..] } else { &all };
        let ports = need.ports.iter();
        let ports = ports.map(|&(transport, first, last)| Spanned::new(ServicePorts { transport, first, last }, span));
        draft.rules.push(Rule {
            from: side(declaration, need.from, harmless, span, findings),
            to: side(declaration, need.to, harmless, span, findings),
            ports: ports.collect(),
            derived: Derived {
                why: need.why.to_owned(),
                span,
            },
        });
    }
}

/// All that k3s needs as it is declared.
fn list<'a>(declaration: &Declaration, servers: &'a [usize], agents: &'a [usize], all: &'a [usize]) -> Vec<Need<'a>> {
    let settings = &declaration.k3s;
    let tcp = |port| (Transport::Tcp, port, port);
    let udp = |port| (Transport::Udp, Port::known(port), Port::known(port));
    let api = tcp(settings.api_port.value);
    let need = |from, to, ports: &[Range], why| Need {
        from,
        to,
        ports: ports.to_vec(),
        why,
        strict: false,
    };
    let clients = if servers.len() > 1 { all } else { agents };
    let mut needs = vec![need(
        clients,
        servers,
        &[api],
        "k3s: nodes join and follow the API servers",
    )];
    if declaration.has_etcd() {
        let (first, last) = ports::ETCD;
        needs.push(Need {
            // An agent that shares the servers' tag would reach the cluster's state.
            strict: true,
            ..need(
                servers,
                servers,
                &[(Transport::Tcp, Port::known(first), Port::known(last))],
                "k3s: the servers' etcd keeps their state in step",
            )
        });
    }
    let kubelet = [tcp(Port::known(ports::KUBELET))];
    let mut left_out = settings.disable.iter().flatten();
    if left_out.any(|component| component.value == K3sComponent::MetricsServer) {
        needs.push(need(servers, all, &kubelet, "k3s: servers reach the kubelets"));
    } else {
        let why = "k3s: servers, and metrics-server on whichever node it runs, reach the kubelets";
        needs.push(need(all, all, &kubelet, why));
    }
    let (wireguard, wireguard_v6) = ports::WIREGUARD;
    match settings.flannel_backend.value {
        FlannelBackend::Vxlan => {
            let why = "flannel: vxlan between pods on different nodes";
            needs.push(need(all, all, &[udp(ports::VXLAN)], why));
        }
        FlannelBackend::WireguardNative => {
            let has_v6 = settings.pod_cidr.iter().any(|cidr| cidr.value.0.addr().is_ipv6());
            let mut ports = vec![udp(wireguard)];
            ports.extend(has_v6.then(|| udp(wireguard_v6)));
            needs.push(need(
                all,
                all,
                &ports,
                "flannel: WireGuard between pods on different nodes",
            ));
        }
        // Neither has a port of its own: plain routes, and a network plugin that is the user's.
        FlannelBackend::HostGw | FlannelBackend::None => {}
    }
    if settings.embedded_registry.value {
        let ports = [tcp(Port::known(ports::REGISTRY)), api];
        needs.push(need(all, all, &ports, "k3s: nodes hand images to each other"));
    }
    needs
}
