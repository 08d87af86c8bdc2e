//! From the declaration to what every node's k3s is told.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::Serialize;

use super::config::{Agent, Config, Server};
use super::{INTERFACE, mtu, ports};
use crate::cluster::declaration::{Declaration, Node};
use crate::cluster::listeners;
use crate::cluster::words::{Cidr, FlannelBackend, K3sRole, NodeName};
use crate::source::Spanned;

/// The server that starts the cluster and that the others join: as written, the control server's node, or the first by
/// name. `None`: there is no server.
#[must_use]
pub fn init_server(declaration: &Declaration) -> Option<&NodeName> {
    let is_server = |name: &&NodeName| {
        let node = declaration.nodes.get(name);
        node.and_then(|node| node.k3s.as_ref())
            .is_some_and(|role| role.value == K3sRole::Server)
    };
    let written = declaration.k3s.init_server.as_ref().map(|name| &name.value);
    let control = declaration.control_server.node.as_ref().map(|name| &name.value);
    written
        .filter(is_server)
        .or_else(|| control.filter(is_server))
        .or_else(|| listeners::servers(declaration).next())
}

/// The API of `server`, by its MagicDNS name: its address is not known before it has joined the tailnet.
#[must_use]
pub fn api_url(declaration: &Declaration, server: &NodeName) -> String {
    let port = declaration.k3s.api_port.value;
    format!("https://{server}.{}:{port}", declaration.base_domain.value)
}

/// The configuration of `name`; `None`: it has no part in k3s.
#[must_use]
pub fn config(declaration: &Declaration, name: &NodeName) -> Option<Config> {
    let node = declaration.nodes.get(name)?;
    let role = node.k3s.as_ref()?.value;
    let first = init_server(declaration);
    let joins = first
        .filter(|first| *first != name)
        .map(|first| api_url(declaration, first));
    Some(match role {
        K3sRole::Agent => Config::Agent(Agent {
            node_name: name.to_string(),
            server: joins?,
            flannel_iface: interface(declaration),
            node_label: labels(node),
            node_taint: taints(node),
        }),
        K3sRole::Server => Config::Server(server(declaration, name, node, joins)),
    })
}

fn server(declaration: &Declaration, name: &NodeName, node: &Node, joins: Option<String>) -> Server {
    let k3s = &declaration.k3s;
    let base = &declaration.base_domain.value;
    let mut tls_san = Vec::new();
    for server in listeners::servers(declaration) {
        tls_san.extend([format!("{server}.{base}"), server.to_string()]);
    }
    tls_san.extend(k3s.tls_san.iter().map(|name| name.value.to_string()));
    let mut seen = std::collections::BTreeSet::new();
    tls_san.retain(|name| seen.insert(name.clone()));
    let list = |ranges: &[Spanned<Cidr>]| -> Vec<IpNet> { ranges.iter().map(|range| range.value.0).collect() };
    Server {
        node_name: name.to_string(),
        cluster_init: joins.is_none() && listeners::has_etcd(declaration),
        server: joins,
        flannel_iface: interface(declaration),
        flannel_backend: k3s.flannel_backend.value,
        cluster_cidr: list(&k3s.pod_cidr),
        service_cidr: list(&k3s.service_cidr),
        cluster_dns: k3s.cluster_dns.as_ref().map(|address| address.value.to_string()),
        cluster_domain: k3s.cluster_domain.as_ref().map(|domain| domain.value.to_string()),
        https_listen_port: Some(k3s.api_port.value.get()).filter(|port| *port != ports::API),
        tls_san,
        disable: listeners::disabled(declaration)
            .iter()
            .map(ToString::to_string)
            .collect(),
        secrets_encryption: k3s.secrets_encryption.value,
        disable_network_policy: !k3s.network_policy.value,
        embedded_registry: k3s.embedded_registry.value,
        write_kubeconfig_mode: "0600",
        node_label: labels(node),
        node_taint: taints(node),
    }
}

fn interface(declaration: &Declaration) -> Option<&'static str> {
    (declaration.k3s.flannel_backend.value != FlannelBackend::None).then_some(INTERFACE)
}

fn labels(node: &Node) -> Vec<String> {
    node.labels
        .iter()
        .map(|(key, value)| format!("{}={}", key.value, value.value))
        .collect()
}

fn taints(node: &Node) -> Vec<String> {
    node.taints.iter().map(|taint| taint.value.to_string()).collect()
}

/// The MTU of pods: as written, or what is left of the tailnet's.
#[must_use]
pub fn pod_mtu(declaration: &Declaration) -> u16 {
    let left = mtu::inner(declaration.k3s.flannel_backend.value, declaration.tailnet_mtu.value);
    declaration.k3s.mtu.as_ref().map_or(left, |written| written.value)
}

/// flannel's own configuration (`--flannel-conf`), which k3s needs only for what it has no flag for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct FlannelConf {
    /// Pods' IPv4 addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    /// Whether pods have IPv4 addresses.
    #[serde(rename = "EnableIPv4")]
    enable_ipv4: bool,
    /// Whether pods have IPv6 addresses.
    #[serde(rename = "EnableIPv6")]
    enable_ipv6: bool,
    /// Pods' IPv6 addresses.
    #[serde(rename = "IPv6Network", skip_serializing_if = "Option::is_none")]
    ipv6_network: Option<String>,
    /// The backend and its settings.
    backend: BTreeMap<&'static str, serde_json::Value>,
}

/// What flannel has to be told beside k3s's flags: the MTU, when it is not what it would find itself. flannel subtracts
/// its own header from `MTU`, so this is the outer one.
#[must_use]
pub fn flannel_conf(declaration: &Declaration) -> Option<FlannelConf> {
    let k3s = &declaration.k3s;
    let backend = k3s.flannel_backend.value;
    let written = k3s.mtu.as_ref()?.value;
    let overhead = mtu::overhead(backend)?;
    if written == mtu::inner(backend, declaration.tailnet_mtu.value) {
        return None;
    }
    let range = |v4: bool| {
        let mut ranges = k3s.pod_cidr.iter().map(|range| range.value.0);
        ranges
            .find(|range| range.addr().is_ipv4() == v4)
            .map(|range| range.to_string())
    };
    let mut settings = BTreeMap::from([("MTU", serde_json::json!(written.saturating_add(overhead)))]);
    if backend == FlannelBackend::WireguardNative {
        settings.insert("Type", "wireguard".into());
        settings.insert("PersistentKeepaliveInterval", 25.into());
    } else {
        settings.insert("Type", "vxlan".into());
    }
    Some(FlannelConf {
        enable_ipv4: range(true).is_some(),
        enable_ipv6: range(false).is_some(),
        network: range(true),
        ipv6_network: range(false),
        backend: settings,
    })
}
