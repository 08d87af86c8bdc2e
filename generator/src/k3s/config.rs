//! `nodes/NAME/k3s.yaml`: k3s's own configuration file. Its names are the command line's flags.
//!
//! Only what the declaration decides; tokens and their files belong to the host, so nothing in here is secret.

use ipnet::IpNet;
use serde::Serialize;

use crate::cluster::words::FlannelBackend;
use crate::render::yaml;

/// What one node's k3s is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Config {
    /// It runs the control plane.
    Server(Server),
    /// It runs pods.
    Agent(Agent),
}

/// A server's configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Server {
    /// The name it has in the cluster.
    pub node_name: String,
    /// Where it joins; `None`: it is the first, or the only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// It starts an etcd that others join.
    #[serde(skip_serializing_if = "is_false")]
    pub cluster_init: bool,
    /// The interface flannel uses and the node address is taken from; `None`: flannel is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flannel_iface: Option<&'static str>,
    /// The same on all servers.
    pub flannel_backend: FlannelBackend,
    /// Pods' addresses, IPv4 first.
    #[serde(serialize_with = "list")]
    pub cluster_cidr: Vec<IpNet>,
    /// Services' addresses, IPv4 first.
    #[serde(serialize_with = "list")]
    pub service_cidr: Vec<IpNet>,
    /// Where cluster DNS answers; inside the service CIDR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_dns: Option<String>,
    /// The domain of names inside the cluster; `None`: cluster.local.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_domain: Option<String>,
    /// The port of the API; `None`: 6443.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub https_listen_port: Option<u16>,
    /// The names that clients call it by, for its certificate.
    pub tls_san: Vec<String>,
    /// Components that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disable: Vec<String>,
    /// Secrets are encrypted in the datastore.
    pub secrets_encryption: bool,
    /// Network policies are not enforced.
    #[serde(skip_serializing_if = "is_false")]
    pub disable_network_policy: bool,
    /// Nodes hand images to each other.
    #[serde(skip_serializing_if = "is_false")]
    pub embedded_registry: bool,
    /// Only root reads the administrator's credentials.
    pub write_kubeconfig_mode: &'static str,
    /// `key=value`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub node_label: Vec<String>,
    /// `key=value:effect`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub node_taint: Vec<String>,
}

/// An agent's configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Agent {
    /// The name it has in the cluster.
    pub node_name: String,
    /// Where it joins.
    pub server: String,
    /// The interface flannel uses and the node address is taken from; `None`: flannel is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flannel_iface: Option<&'static str>,
    /// `key=value`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub node_label: Vec<String>,
    /// `key=value:effect`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub node_taint: Vec<String>,
}

impl Config {
    /// The file's text.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        match self {
            Self::Server(server) => yaml::to_string(server),
            Self::Agent(agent) => yaml::to_string(agent),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// k3s takes both families as one text with a comma.
fn list<S: serde::Serializer>(prefixes: &[IpNet], serializer: S) -> Result<S::Ok, S::Error> {
    let texts: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
    serializer.serialize_str(&texts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server() {
        let server = Server {
            node_name: "primer".into(),
            server: None,
            cluster_init: true,
            flannel_iface: Some(super::super::INTERFACE),
            flannel_backend: FlannelBackend::Vxlan,
            cluster_cidr: vec!["10.42.0.0/16".parse().unwrap(), "fd42::/56".parse().unwrap()],
            service_cidr: vec!["10.43.0.0/16".parse().unwrap()],
            cluster_dns: Some("10.43.0.10".into()),
            cluster_domain: None,
            https_listen_port: None,
            tls_san: vec!["primer.mesh.example.org".into(), "primer".into()],
            disable: vec!["traefik".into(), "servicelb".into()],
            secrets_encryption: true,
            disable_network_policy: false,
            embedded_registry: false,
            write_kubeconfig_mode: "0600",
            node_label: vec![],
            node_taint: vec!["a=b:NoSchedule".into()],
        };
        insta::assert_snapshot!(Config::Server(server).to_yaml(), @r#"
        node-name: primer
        cluster-init: true
        flannel-iface: tailscale0
        flannel-backend: vxlan
        cluster-cidr: 10.42.0.0/16,fd42::/56
        service-cidr: 10.43.0.0/16
        cluster-dns: "10.43.0.10"
        tls-san:
          - primer.mesh.example.org
          - primer
        disable:
          - traefik
          - servicelb
        secrets-encryption: true
        write-kubeconfig-mode: "0600"
        node-taint:
          - a=b:NoSchedule
        "#);
    }

    #[test]
    fn an_agent() {
        let agent = Agent {
            node_name: "worker".into(),
            server: "https://primer.mesh.example.org:6443".into(),
            flannel_iface: None,
            node_label: vec![],
            node_taint: vec![],
        };
        assert_eq!(
            Config::Agent(agent).to_yaml(),
            "node-name: worker\nserver: https://primer.mesh.example.org:6443\n"
        );
    }
}
