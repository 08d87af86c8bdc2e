//! `nodes/NAME.json`: all that one host needs to know, and nothing about the others that it does not need.

mod headscale;

use serde::Serialize;

use crate::cluster::declaration::{Declaration, Node};
use crate::cluster::listeners::{self, Listener, Reach};
use crate::cluster::words::{DerpImplementation, NodeName, UserName};
use crate::derp::Map;
use crate::derp::derper::Derper;
use crate::k3s::build;
use crate::net::TrafficSet;
use crate::net::packet::has_ports;
use crate::policy::words::Protocol;

pub use headscale::Settings as HeadscaleSettings;

/// What one host needs to know.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NodeArtifact {
    /// Its name in the declaration and in the tailnet.
    pub name: String,
    /// Its name in MagicDNS.
    pub dns_name: String,
    /// Its tags; empty: it has an owner.
    pub tags: Vec<String>,
    /// The person who owns it, as headscale's users are called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How its pre-auth key is minted.
    pub pre_auth_key: PreAuthKey,
    /// tailscaled.
    pub tailscale: Tailscale,
    /// Tailscale SSH.
    pub ssh: Ssh,
    /// headscale, when it runs here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headscale: Option<Headscale>,
    /// derper, when it runs here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derper: Option<DerperArtifact>,
    /// k3s, when the node has a part in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k3s: Option<K3sArtifact>,
    /// Ports to open.
    pub ports: Ports,
}

/// How a node's pre-auth key is minted, on the running control server, when it is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PreAuthKey {
    /// The tags it gives.
    pub tags: Vec<String>,
    /// The user it is for, where it gives no tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// How long it can be used.
    pub lifetime: String,
}

/// tailscaled and its log-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Tailscale {
    /// `--login-server`
    pub login_server: String,
    /// headscale's noise key, to compare with what it serves at `/key` before the first log-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise_key: Option<String>,
    /// `--hostname`
    pub hostname: String,
    /// UDP port of WireGuard.
    pub port: u16,
    /// MTU of the interface; 1280 is what tailscaled takes by itself.
    pub mtu: u16,
    /// `--accept-dns`
    pub accept_dns: bool,
    /// `--accept-routes`
    pub accept_routes: bool,
    /// `--advertise-routes`
    pub advertise_routes: Vec<String>,
    /// `--advertise-exit-node`
    pub advertise_exit_node: bool,
    /// `--exit-node`, by MagicDNS name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_node: Option<String>,
}

/// Tailscale SSH.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Ssh {
    /// Whether an SSH rule of the policy speaks of this node: then tailscaled answers on port 22 of its tailnet address.
    pub enable: bool,
    /// The logins that these rules name: they have to exist here.
    pub logins: Vec<String>,
}

/// headscale on this host.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Headscale {
    /// The series its settings are for.
    pub version: String,
    /// The whole public half of its noise key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise_key: Option<String>,
    /// Its configuration, without the host's own paths.
    pub settings: HeadscaleSettings,
    /// The users that the declaration has, for `headscale users create`.
    pub users: Vec<User>,
}

/// A user, as `headscale users create` takes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The name.
    pub name: String,
    /// The email.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name people read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// derper on this host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DerperArtifact {
    /// Its region.
    pub region: u64,
    /// The name its certificate is for: `-certdir` holds `HOSTNAME.crt` and `HOSTNAME.key`.
    pub host_name: String,
    /// Its flags, but for `-c` and `-certdir`, which name the host's own files.
    pub args: Vec<String>,
    /// The pin of its certificate, which then is one of its own making.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The public half of its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

/// k3s on this host.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct K3sArtifact {
    /// `server` or `agent`.
    pub role: String,
    /// Its configuration file among the artifacts.
    pub config: String,
    /// Whether it starts the cluster that others join.
    pub init: bool,
    /// The API that it joins; absent for the first server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The hash of the authorities, for a full token: `K10HASH::node:SECRET`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_hash: Option<String>,
    /// MTU of the pods' network.
    pub pod_mtu: u16,
    /// flannel's own configuration, where k3s has no flag for something; it is named with `--flannel-conf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flannel_conf: Option<build::FlannelConf>,
}

/// Ports to open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Ports {
    /// On the tailnet's interface: what the policy lets peers open.
    pub tailnet: Vec<TailnetPorts>,
    /// On the underlay's interfaces, and in a cloud's security groups.
    pub underlay: Vec<UnderlayPort>,
}

/// Ports that the policy lets peers open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TailnetPorts {
    /// `tcp`, `udp`, `icmp`, or another protocol's name or number.
    pub protocol: String,
    /// The first port; absent for protocols without ports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<u16>,
    /// The last port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<u16>,
}

impl TailnetPorts {
    /// All of `set`, by protocol and port.
    #[must_use]
    pub fn of(set: &TrafficSet) -> Vec<Self> {
        let mut list = Vec::new();
        for (number, ports) in set.iter() {
            let protocol = Protocol::Number(number).to_string();
            if has_ports(number) {
                list.extend(ports.iter().map(|(from, to)| Self {
                    protocol: protocol.clone(),
                    from: Some(from),
                    to: Some(to),
                }));
            } else {
                list.push(Self {
                    protocol,
                    from: None,
                    to: None,
                });
            }
        }
        list
    }
}

/// A port that has to be reached before there is a tailnet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnderlayPort {
    /// `tcp` or `udp`.
    pub protocol: String,
    /// The port.
    pub port: u16,
    /// Who listens.
    pub who: String,
    /// What for.
    pub purpose: String,
}

/// What the policy says about one node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByPolicy {
    /// Tailscale SSH.
    pub ssh: Ssh,
    /// What peers may open.
    pub inbound: Vec<TailnetPorts>,
}

/// What the host `name` needs to know; `None`: there is no such node. `map` is the whole relay map.
#[must_use]
pub fn artifact(declaration: &Declaration, map: &Map, name: &NodeName, by_policy: ByPolicy) -> Option<NodeArtifact> {
    let node = declaration.nodes.get(name)?;
    let base = &declaration.base_domain.value;
    let tags: Vec<String> = node.tags.iter().map(|tag| tag.value.to_string()).collect();
    let owner = node
        .owner
        .as_ref()
        .filter(|_| tags.is_empty())
        .map(|owner| owner.value.to_string());
    let listeners = listeners::on(declaration, name);
    Some(NodeArtifact {
        name: name.to_string(),
        dns_name: format!("{name}.{base}"),
        pre_auth_key: PreAuthKey {
            tags: tags.clone(),
            user: owner.clone(),
            lifetime: node
                .pre_auth_key
                .lifetime
                .as_ref()
                .map_or_else(|| "1h".to_owned(), |life| life.value.to_string()),
        },
        tags,
        owner,
        tailscale: tailscale(declaration, name, node),
        ssh: by_policy.ssh,
        headscale: listeners::is_control_server(declaration, name).then(|| Headscale {
            version: declaration.headscale_version.value.to_string(),
            noise_key: noise_key(declaration),
            settings: headscale::settings(declaration, map),
            users: declaration
                .users
                .iter()
                .map(|(name, user)| self::user(&name.value, user))
                .collect(),
        }),
        derper: derper(declaration, name),
        k3s: k3s(declaration, name, node),
        ports: Ports {
            tailnet: by_policy.inbound,
            underlay: underlay(&listeners),
        },
    })
}

fn user(name: &UserName, user: &crate::cluster::declaration::User) -> User {
    User {
        name: name.to_string(),
        email: user.email.as_ref().map(|email| email.value.to_string()),
        display_name: user.display_name.as_ref().map(|name| name.value.to_string()),
    }
}

fn noise_key(declaration: &Declaration) -> Option<String> {
    declaration.keys.noise.as_ref().map(|key| key.value.to_string())
}

fn tailscale(declaration: &Declaration, name: &NodeName, node: &Node) -> Tailscale {
    let base = &declaration.base_domain.value;
    Tailscale {
        login_server: declaration.control_server.url.value.to_string(),
        noise_key: noise_key(declaration),
        hostname: name.to_string(),
        port: node.wireguard_port.value.get(),
        mtu: declaration.tailnet_mtu.value,
        accept_dns: node
            .accept_dns
            .as_ref()
            .map_or(node.k3s.is_none(), |accept| accept.value),
        accept_routes: node.accept_routes.value,
        advertise_routes: node.routes.iter().map(|route| route.value.to_string()).collect(),
        advertise_exit_node: node.exit_node.value,
        exit_node: node.use_exit_node.as_ref().map(|exit| format!("{}.{base}", exit.value)),
    }
}

/// Where a relay asks whether it may serve a client: on its own host headscale itself, without a name to resolve or a
/// certificate to trust; elsewhere its URL.
fn verify_url(declaration: &Declaration, name: &NodeName) -> Option<String> {
    if !declaration.derp.verify_clients.value {
        return None;
    }
    let server = &declaration.control_server;
    let listen = listeners::headscale_listen(server);
    let proxied = server.tls.mode.value == crate::cluster::words::TlsMode::Proxy;
    if listeners::is_control_server(declaration, name) && proxied {
        return Some(format!("http://127.0.0.1:{}/verify", listen.port()));
    }
    Some(format!("{}/verify", server.url.value.as_str().trim_end_matches('/')))
}

fn derper(declaration: &Declaration, name: &NodeName) -> Option<DerperArtifact> {
    if declaration.derp.implementation.value == DerpImplementation::Embedded {
        return None;
    }
    let mut regions = declaration.derp.regions.iter();
    let (id, relay) = regions.find_map(|(id, region)| region.nodes.get(name).map(|relay| (id.value.get(), relay)))?;
    let keys = declaration.keys.derp.get(name);
    let verify_url = verify_url(declaration, name);
    let derper = Derper {
        host_name: relay.host_name.value.as_str(),
        listen: None,
        port: relay.port.value.get(),
        stun_port: relay.stun_port.as_ref().map(|port| port.value.get()),
        http_port: relay.http_port.as_ref().map(|port| port.value.get()),
        verify_url: verify_url.as_deref(),
    };
    let mut args = derper.args();
    if relay.stun_only.value {
        args.push("-derp=false".to_owned());
    }
    Some(DerperArtifact {
        region: id,
        host_name: relay.host_name.value.to_string(),
        args,
        certificate: keys
            .and_then(|keys| keys.certificate.as_ref())
            .map(|pin| pin.value.to_string()),
        public_key: keys
            .and_then(|keys| keys.public_key.as_ref())
            .map(|key| key.value.to_string()),
    })
}

fn k3s(declaration: &Declaration, name: &NodeName, node: &Node) -> Option<K3sArtifact> {
    let role = node.k3s.as_ref()?.value;
    let first = build::init_server(declaration)?;
    let init = first == name;
    Some(K3sArtifact {
        role: role.to_string(),
        config: super::k3s_config(name.as_str()),
        init,
        server: (!init).then(|| build::api_url(declaration, first)),
        ca_hash: declaration.keys.k3s.ca_hash.as_ref().map(|hash| hash.value.to_string()),
        pod_mtu: build::pod_mtu(declaration),
        flannel_conf: build::flannel_conf(declaration),
    })
}

/// What the host `name` needs open outside the tailnet, sorted, each once.
#[must_use]
pub fn underlay_ports(declaration: &Declaration, name: &NodeName) -> Vec<UnderlayPort> {
    underlay(&listeners::on(declaration, name))
}

/// What has to be reached from the underlay, sorted, each once.
fn underlay(listeners: &[Listener]) -> Vec<UnderlayPort> {
    let mut ports: Vec<UnderlayPort> = listeners
        .iter()
        .filter(|listener| listener.reach == Reach::Underlay)
        .map(|listener| UnderlayPort {
            protocol: listener.transport.as_str().to_owned(),
            port: listener.port,
            who: listener.who.to_owned(),
            purpose: listener.purpose.to_owned(),
        })
        .collect();
    ports.sort();
    ports.dedup();
    ports
}
