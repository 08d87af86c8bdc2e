//! `k3s`: Kubernetes on the nodes that have a part in it.

use serde::Serialize;

use crate::source::Spanned;

use super::super::words::{Address, Cidr, DomainName, FlannelBackend, HostName, K3sComponent, NodeName, Port};
use super::defaults;

/// Settings that all k3s nodes share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct K3s {
    /// The pods' range: one CIDR, or one of each family.
    #[serde(serialize_with = "super::one_or_many::serialize")]
    #[cfg_attr(feature = "full", schemars(schema_with = "super::one_or_many::schema::<Cidr>"))]
    pub pod_cidr: Vec<Spanned<Cidr>>,
    /// The services' range: one CIDR, or one of each family.
    #[serde(serialize_with = "super::one_or_many::serialize")]
    #[cfg_attr(feature = "full", schemars(schema_with = "super::one_or_many::schema::<Cidr>"))]
    pub service_cidr: Vec<Spanned<Cidr>>,
    /// Address of the cluster's DNS service. If unset: the tenth of the service range.
    pub cluster_dns: Option<Spanned<Address>>,
    /// The domain of names inside the cluster. If unset: cluster.local.
    pub cluster_domain: Option<Spanned<DomainName>>,
    /// How pods on different nodes reach each other.
    pub flannel_backend: Spanned<FlannelBackend>,
    /// MTU of the pods' network, in bytes. If unset: the tailnet's MTU less what the backend adds.
    #[cfg_attr(feature = "full", schemars(range(min = 576, max = 65535)))]
    pub mtu: Option<Spanned<u16>>,
    /// The server that starts the cluster and that the others join. If unset: the control server's node where that is a
    /// k3s server, otherwise the first by name.
    pub init_server: Option<Spanned<NodeName>>,
    /// Whether the servers keep their state in an embedded etcd. If unset: with more than one server. One server with
    /// etcd can be joined by others later.
    pub embedded_etcd: Option<Spanned<bool>>,
    /// TCP port of the API.
    pub api_port: Spanned<Port>,
    /// Names and addresses in the API's certificate beside the servers' MagicDNS names.
    pub tls_san: Vec<Spanned<HostName>>,
    /// Packaged components that are left out. If unset: traefik and servicelb where the control server or a relay is on a
    /// k3s node, since they would take its ports; nothing otherwise.
    pub disable: Option<Vec<Spanned<K3sComponent>>>,
    /// Whether Kubernetes secrets are encrypted on the servers' disks.
    pub secrets_encryption: Spanned<bool>,
    /// Whether network policies are enforced.
    pub network_policy: Spanned<bool>,
    /// Whether nodes hand images to each other (embedded registry).
    pub embedded_registry: Spanned<bool>,
}

impl Default for K3s {
    fn default() -> Self {
        Self {
            pod_cidr: defaults::pod_cidr(),
            service_cidr: defaults::service_cidr(),
            cluster_dns: None,
            cluster_domain: None,
            flannel_backend: defaults::backend(),
            mtu: None,
            init_server: None,
            embedded_etcd: None,
            api_port: defaults::api_port(),
            tls_san: Vec::new(),
            disable: None,
            secrets_encryption: defaults::yes(),
            network_policy: defaults::yes(),
            embedded_registry: defaults::no(),
        }
    }
}
