//! What k3s and flannel need between the nodes: no more (R28 of the design document; `installation/requirements.md` of
//! k3s's documentation).

use crate::cluster::declaration::Declaration;
use crate::cluster::rules::{node_without_tag, rule_beyond_role};
use crate::cluster::words::{FlannelBackend, K3sComponent, K3sRole, Port, ServicePorts, Transport};
use crate::diagnostics::Diagnostic;
use crate::k3s::ports;
use crate::source::{Span, Spanned};

use super::{Derived, Draft, Rule, Side, tags};

/// `nodes` as one end of a rule; what cannot be named, or not alone, goes to `findings`.
pub(super) fn side(declaration: &Declaration, nodes: &[usize], span: Span, findings: &mut Vec<Diagnostic>) -> Side {
    let naming = tags::name(declaration, nodes);
    for &position in &naming.untagged {
        if let Some((name, node)) = declaration.nodes.iter().nth(position) {
            findings.push(node_without_tag::finding(name, node, span));
        }
    }
    let name_of = |position| declaration.nodes.names().nth(position).map(|name| name.value.as_str());
    for (tag, position) in &naming.beyond {
        if let Some(other) = name_of(*position) {
            findings.push(rule_beyond_role::finding(tag, other));
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

/// The rules of k3s.
pub(super) fn needs(declaration: &Declaration, draft: &mut Draft, findings: &mut Vec<Diagnostic>) {
    let servers = declaration.k3s_servers();
    let agents = declaration.k3s_nodes(|role| role == K3sRole::Agent);
    let all = declaration.k3s_nodes(|_| true);
    let first = declaration.nodes.values().find_map(|node| node.k3s.as_ref());
    let Some(span) = first.map(|role| role.span).filter(|_| all.len() > 1) else {
        return;
    };
    let settings = &declaration.k3s;
    let mut add = |from: &[usize], to: &[usize], ports: &[(Transport, Port, Port)], why: &str| {
        // Between a node and itself nothing is filtered.
        if from.is_empty() || to.is_empty() || (from == to && from.len() == 1) {
            return;
        }
        let ports = ports
            .iter()
            .map(|&(transport, first, last)| Spanned::new(ServicePorts { transport, first, last }, span));
        draft.rules.push(Rule {
            from: side(declaration, from, span, findings),
            to: side(declaration, to, span, findings),
            ports: ports.collect(),
            derived: Derived {
                why: why.to_owned(),
                span,
            },
        });
    };
    let tcp = |port| (Transport::Tcp, port, port);
    let udp = |port| (Transport::Udp, Port::known(port), Port::known(port));
    let api = tcp(settings.api_port.value);

    let clients = if servers.len() > 1 { &all } else { &agents };
    add(clients, &servers, &[api], "k3s: nodes join and follow the API servers");
    let (etcd, peers) = ports::ETCD;
    if declaration.has_etcd() {
        let range = [(Transport::Tcp, Port::known(etcd), Port::known(peers))];
        add(
            &servers,
            &servers,
            &range,
            "k3s: the servers' etcd keeps their state in step",
        );
    }
    let kubelet = [tcp(Port::known(ports::KUBELET))];
    let without_metrics = settings
        .disable
        .iter()
        .flatten()
        .any(|component| component.value == K3sComponent::MetricsServer);
    if without_metrics {
        add(&servers, &all, &kubelet, "k3s: servers reach the kubelets");
    } else {
        let why = "k3s: servers, and metrics-server on whichever node it runs, reach the kubelets";
        add(&all, &all, &kubelet, why);
    }
    let has_v6 = settings.pod_cidr.iter().any(|cidr| cidr.value.0.addr().is_ipv6());
    let (wireguard, wireguard_v6) = ports::WIREGUARD;
    match settings.flannel_backend.value {
        FlannelBackend::Vxlan => {
            add(
                &all,
                &all,
                &[udp(ports::VXLAN)],
                "flannel: vxlan between pods on different nodes",
            );
        }
        FlannelBackend::WireguardNative => {
            let mut ports = vec![udp(wireguard)];
            ports.extend(has_v6.then(|| udp(wireguard_v6)));
            add(&all, &all, &ports, "flannel: WireGuard between pods on different nodes");
        }
        // Neither has a port of its own: plain routes, and a network plugin that is the user's.
        FlannelBackend::HostGw | FlannelBackend::None => {}
    }
    if settings.embedded_registry.value {
        let ports = [tcp(Port::known(ports::REGISTRY)), api];
        add(&all, &all, &ports, "k3s: nodes hand images to each other");
    }
}
