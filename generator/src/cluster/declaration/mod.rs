//! The declaration: one struct a submodule, each in its own file. Field names in camelCase are the option names of the
//! NixOS modules and the members of the JSON; their doc comments are the descriptions in the schema.
//!
//! The structs hold only what was well-formed: [`super::reading`] makes them and collects what was not. What the
//! values mean together (a node that is named and not declared, overlapping CIDRs) is judged by [`super::rules`].
//!
//! Invariant: a struct serialises to what reads back as the same struct.

mod access;
mod control_server;
mod derp;
mod dns;
mod k3s;
mod keys;
mod map;
mod monitoring;
mod node;
mod one_or_many;
mod policy;
#[cfg(feature = "full")]
mod policy_schema;
mod prefixes;
mod tree;
mod user;

use serde::Serialize;

use crate::hujson::Value;
use crate::source::{Span, Spanned};

use super::reading::{Object, Read, Reader};
use super::words::{ClusterName, DomainName, HeadscaleVersion, NodeName, UserName};

pub use access::{Access, KubectlAccess, Service, SshAccess};
pub use control_server::{ControlServer, Oidc, Pkce, Tls};
pub use derp::{Derp, DerpNode, DerpRegion, PublicRegions};
pub use dns::{Dns, ExtraRecord};
pub use k3s::K3s;
pub use keys::{DerpKeys, K3sKeys, Keys};
pub use map::Map;
pub use monitoring::Monitoring;
pub use node::{Node, PreAuthKey};
pub use policy::Policy;
pub use prefixes::Prefixes;
pub use user::User;

/// A cluster: its nodes, its people, who may reach what, its relays, its names, its k3s. The same on every host; no
/// secret and no store path in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Declaration {
    /// The cluster's name: names the kubeconfig's context and files. A DNS label.
    pub name: Spanned<ClusterName>,
    /// The domain under which MagicDNS names the nodes: `NODE.BASEDOMAIN`. Not the control server's own domain nor a
    /// parent of it: headscale refuses that, since the server could not be found before the tailnet is up.
    pub base_domain: Spanned<DomainName>,
    /// The headscale that runs: the policy is judged by what this version accepts.
    #[serde(default = "defaults::headscale_version")]
    pub headscale_version: Spanned<HeadscaleVersion>,
    /// The control server.
    pub control_server: ControlServer,
    /// The ranges that nodes get their addresses from.
    #[serde(default)]
    pub prefixes: Prefixes,
    /// MTU of the tailnet's interface on every host, in bytes. tailscale's own default is 1280; another value needs
    /// `TS_DEBUG_MTU` on every host (the modules set it) and an underlay that carries 80 bytes more.
    #[serde(default = "defaults::tailnet_mtu")]
    #[cfg_attr(feature = "full", schemars(range(min = 576, max = 65535)))]
    pub tailnet_mtu: Spanned<u16>,
    /// The people, by the name that headscale knows them by.
    #[serde(default)]
    pub users: Map<UserName, User>,
    /// The nodes, by the name that MagicDNS gives them.
    #[serde(default)]
    pub nodes: Map<NodeName, Node>,
    /// The policy, in headscale's own language.
    #[serde(default)]
    pub policy: Policy,
    /// Access that is declared by purpose; becomes grants, ssh rules and tests.
    #[serde(default)]
    pub access: Access,
    /// Who scrapes metrics, and which.
    #[serde(default)]
    pub monitoring: Monitoring,
    /// The relays.
    #[serde(default)]
    pub derp: Derp,
    /// Names.
    #[serde(default)]
    pub dns: Dns,
    /// Kubernetes; only looked at when a node has a part in it.
    #[serde(default)]
    pub k3s: K3s,
    /// Public halves of the cluster's keys, as `tailnet keys init` writes them.
    #[serde(default)]
    pub keys: Keys,
}

impl Read for Declaration {
    fn read(value: &Value, reader: &mut Reader) -> Option<Self> {
        Object::read(value, "a declaration", reader, |object| {
            // What editors write to know the schema; it says nothing.
            object.value("$schema");
            Some(Self {
                name: object.required_or("name", unwritten(ClusterName::stand_in())),
                base_domain: object.required_or("baseDomain", unwritten(DomainName::stand_in())),
                headscale_version: object.or("headscaleVersion", defaults::headscale_version()),
                control_server: object.required_or("controlServer", ControlServer::stand_in()),
                prefixes: object.or("prefixes", Prefixes::default()),
                tailnet_mtu: object
                    .optional::<k3s::Mtu>("tailnetMtu")
                    .map_or_else(defaults::tailnet_mtu, |mtu| mtu.0),
                users: object.map("users", "users"),
                nodes: object.map("nodes", "nodes"),
                policy: object.or("policy", Policy::default()),
                access: object.or("access", Access::default()),
                monitoring: object.or("monitoring", Monitoring::default()),
                derp: object.or("derp", Derp::default()),
                dns: object.or("dns", Dns::default()),
                k3s: object.or("k3s", K3s::default()),
                keys: object.or("keys", Keys::default()),
            })
        })
    }
}

/// A value that nobody wrote: a default, with an empty place at the beginning of the declaration.
pub(crate) const fn unwritten<T>(value: T) -> Spanned<T> {
    Spanned::new(value, NOWHERE)
}

/// The place of what nobody wrote.
pub(crate) const NOWHERE: Span = Span::new(crate::source::SourceId(0), 0, 0);

/// Defaults that are no type's own; the schema shows them.
pub(crate) mod defaults {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

    use ipnet::{IpNet, Ipv4Net, Ipv6Net};

    use super::super::words::{
        AcmeChallenge, Allocation, Cidr, DerpImplementation, FlannelBackend, HeadscaleVersion, Listen, PkceMethod,
        Port, SshServer, TlsMode,
    };
    use super::{PublicRegions, unwritten};
    use crate::source::Spanned;

    pub(crate) const fn yes() -> Spanned<bool> {
        unwritten(true)
    }
    pub(crate) const fn no() -> Spanned<bool> {
        unwritten(false)
    }
    pub(crate) const fn headscale_version() -> Spanned<HeadscaleVersion> {
        unwritten(HeadscaleVersion::V0_29)
    }
    pub(crate) const fn tailnet_mtu() -> Spanned<u16> {
        unwritten(1280)
    }
    pub(crate) const fn allocation() -> Spanned<Allocation> {
        unwritten(Allocation::Sequential)
    }
    /// Tailscale's own range: clients know it.
    pub(crate) fn prefix_v4() -> Option<Spanned<Cidr>> {
        let net = Ipv4Net::new(Ipv4Addr::new(100, 64, 0, 0), 10).ok()?;
        Some(unwritten(Cidr(IpNet::V4(net))))
    }
    /// Tailscale's own range.
    pub(crate) fn prefix_v6() -> Option<Spanned<Cidr>> {
        let net = Ipv6Net::new(Ipv6Addr::new(0xfd7a, 0x115c, 0xa1e0, 0, 0, 0, 0, 0), 48).ok()?;
        Some(unwritten(Cidr(IpNet::V6(net))))
    }
    pub(crate) const fn metrics_listen() -> Option<Spanned<Listen>> {
        Some(unwritten(Listen(SocketAddr::new(
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            9090,
        ))))
    }
    pub(crate) const fn tls_mode() -> Spanned<TlsMode> {
        unwritten(TlsMode::LetsEncrypt)
    }
    pub(crate) const fn challenge() -> Spanned<AcmeChallenge> {
        unwritten(AcmeChallenge::Http01)
    }
    pub(crate) const fn pkce_method() -> Spanned<PkceMethod> {
        unwritten(PkceMethod::S256)
    }
    pub(crate) const fn ssh_server() -> Spanned<SshServer> {
        unwritten(SshServer::Tailscale)
    }
    pub(crate) const fn implementation() -> Spanned<DerpImplementation> {
        unwritten(DerpImplementation::Derper)
    }
    pub(crate) const fn public_regions() -> Spanned<PublicRegions> {
        unwritten(PublicRegions::None)
    }
    pub(crate) const fn https_port() -> Spanned<Port> {
        unwritten(Port::known(443))
    }
    pub(crate) const fn stun_port() -> Option<Spanned<Port>> {
        Some(unwritten(Port::known(3478)))
    }
    pub(crate) const fn wireguard_port() -> Spanned<Port> {
        unwritten(Port::known(41_641))
    }
    pub(crate) const fn api_port() -> Spanned<Port> {
        unwritten(Port::known(6443))
    }
    pub(crate) const fn node_exporter() -> Option<Spanned<Port>> {
        Some(unwritten(Port::known(9100)))
    }
    pub(crate) const fn kubelet() -> Option<Spanned<Port>> {
        Some(unwritten(Port::known(10_250)))
    }
    pub(crate) const fn backend() -> Spanned<FlannelBackend> {
        unwritten(FlannelBackend::Vxlan)
    }
    pub(crate) fn pod_cidr() -> Vec<Spanned<Cidr>> {
        private_16(42)
    }
    pub(crate) fn service_cidr() -> Vec<Spanned<Cidr>> {
        private_16(43)
    }
    /// `10.SECOND.0.0/16`, as k3s has it.
    fn private_16(second: u8) -> Vec<Spanned<Cidr>> {
        let net = Ipv4Net::new(Ipv4Addr::new(10, second, 0, 0), 16);
        net.map(|net| unwritten(Cidr(IpNet::V4(net)))).into_iter().collect()
    }
}
