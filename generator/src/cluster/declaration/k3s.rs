//! `k3s`: Kubernetes on the nodes that have a part in it.

use serde::Serialize;

use crate::hujson::Value;
use crate::source::Spanned;

use super::super::reading::{Object, Read, Reader, number};
use super::super::words::{Address, Cidr, DomainName, FlannelBackend, HostName, K3sComponent, K3sRole, NodeName, Port};
use super::{Declaration, defaults};

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

impl Read for K3s {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "k3s", reader, |object| {
            let default = Self::default();
            Some(Self {
                pod_cidr: object.one_or_many("podCidr").unwrap_or(default.pod_cidr),
                service_cidr: object.one_or_many("serviceCidr").unwrap_or(default.service_cidr),
                cluster_dns: object.optional("clusterDns"),
                cluster_domain: object.optional("clusterDomain"),
                flannel_backend: object.or("flannelBackend", default.flannel_backend),
                mtu: object.optional::<Mtu>("mtu").map(|mtu| mtu.0),
                init_server: object.optional("initServer"),
                embedded_etcd: object.optional("embeddedEtcd"),
                api_port: object.or("apiPort", default.api_port),
                tls_san: object.list("tlsSan"),
                disable: object.optional_list("disable"),
                secrets_encryption: object.or("secretsEncryption", default.secrets_encryption),
                network_policy: object.or("networkPolicy", default.network_policy),
                embedded_registry: object.or("embeddedRegistry", default.embedded_registry),
            })
        })
    }
}

/// A link's MTU in bytes: from what IPv4 asks of every host (RFC 791) to the largest packet.
pub(super) struct Mtu(pub(super) Spanned<u16>);

impl Read for Mtu {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        let bytes = number(value, "an MTU", 576, u64::from(u16::MAX), reader)?;
        let bytes = u16::try_from(bytes).ok()?;
        Some(Self(Spanned::new(bytes, value.span)))
    }
}

impl Declaration {
    /// Positions, in the order of names, of the nodes whose part in k3s `is`.
    pub fn k3s_nodes(&self, is: impl Fn(K3sRole) -> bool) -> Vec<usize> {
        let nodes = self.nodes.values().enumerate();
        nodes
            .filter(|(_, node)| node.k3s.is_some_and(|role| is(role.value)))
            .map(|(position, _)| position)
            .collect()
    }

    /// Positions of the k3s servers.
    #[must_use]
    pub fn k3s_servers(&self) -> Vec<usize> {
        self.k3s_nodes(|role| role == K3sRole::Server)
    }

    /// Whether the servers keep their state in an embedded etcd: as declared, or with more than one server.
    #[must_use]
    pub fn has_etcd(&self) -> bool {
        let declared = self.k3s.embedded_etcd.map(|etcd| etcd.value);
        declared.unwrap_or_else(|| self.k3s_servers().len() > 1)
    }

    /// The server that starts the cluster: as declared, the control server's node where that is a k3s server, or the
    /// first by name.
    #[must_use]
    pub fn init_server(&self) -> Option<&NodeName> {
        let is_server = |name: &&Spanned<NodeName>| {
            let node = self.nodes.get(&name.value);
            node.and_then(|node| node.k3s)
                .is_some_and(|role| role.value == K3sRole::Server)
        };
        let declared = self.k3s.init_server.as_ref();
        declared
            .or_else(|| self.control_server.node.as_ref().filter(is_server))
            .or_else(|| self.nodes.names().find(is_server))
            .map(|name| &name.value)
    }
}
