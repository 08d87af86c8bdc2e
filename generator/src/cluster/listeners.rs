//! What listens on a node because of the declaration: for port clashes, firewalls and clouds' security groups.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::declaration::{ControlServer, Declaration, K3s};
use super::words::{
    AcmeChallenge, DerpImplementation, FlannelBackend, HeadscaleVersion, K3sComponent, K3sRole, NodeName, TlsMode,
    Transport,
};
use crate::k3s::ports;
use crate::source::Span;

/// Who has to get at a port, beside the host itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Nobody.
    Host,
    /// Peers, through the tailnet; the policy says which.
    Tailnet,
    /// Anybody, before there is a tailnet.
    Underlay,
}

/// One port that something listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listener {
    /// TCP or UDP.
    pub(crate) transport: Transport,
    /// The port.
    pub(crate) port: u16,
    /// The address it is bound to.
    pub(crate) address: IpAddr,
    /// Who listens: the subject of a sentence.
    pub(crate) who: &'static str,
    /// What it is there for.
    pub(crate) purpose: &'static str,
    /// Who has to get at it.
    pub(crate) reach: Reach,
    /// Where the declaration says so; may be the node's name, where it is a role that does.
    pub(crate) span: Span,
}

/// Every address of the host.
const ANY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Where headscale listens: as written, on the URL's port, or for its proxy alone.
pub(crate) fn headscale_listen(server: &ControlServer) -> SocketAddr {
    match &server.listen {
        Some(listen) => listen.value.0,
        None if server.tls.mode.value == TlsMode::Proxy => SocketAddr::new(LOOPBACK, 8080),
        None => SocketAddr::new(ANY, server.url.value.port()),
    }
}

/// Where headscale's gRPC listens, which 0.30 no longer has: nobody but the host needs it.
pub(crate) const GRPC: SocketAddr = SocketAddr::new(LOOPBACK, 50_443);

/// Whether the servers keep their state in an embedded etcd: as written, or when there are several.
pub(crate) fn has_etcd(declaration: &Declaration) -> bool {
    match &declaration.k3s.embedded_etcd {
        Some(written) => written.value,
        None => servers(declaration).nth(1).is_some(),
    }
}

/// The k3s servers, by name.
pub(crate) fn servers(declaration: &Declaration) -> impl Iterator<Item = &NodeName> {
    declaration
        .nodes
        .iter()
        .filter(|(_, node)| node.k3s.as_ref().is_some_and(|role| role.value == K3sRole::Server))
        .map(|(name, _)| &name.value)
}

/// The packaged components of k3s that are left out: as written, or what would take the ports of headscale or a relay
/// on a k3s node.
pub(crate) fn disabled(declaration: &Declaration) -> Vec<K3sComponent> {
    if let Some(written) = &declaration.k3s.disable {
        return written.iter().map(|component| component.value).collect();
    }
    let is_k3s = |name: &NodeName| declaration.nodes.get(name).is_some_and(|node| node.k3s.is_some());
    let control = declaration.control_server.node.iter().map(|node| &node.value);
    let relays = declaration.derp.regions.values().flat_map(|region| region.nodes.iter());
    if control.chain(relays.map(|(name, _)| &name.value)).any(is_k3s) {
        vec![K3sComponent::Traefik, K3sComponent::Servicelb]
    } else {
        Vec::new()
    }
}

/// Whether headscale runs on `node`.
pub(crate) fn is_control_server(declaration: &Declaration, node: &NodeName) -> bool {
    declaration
        .control_server
        .node
        .as_ref()
        .is_some_and(|control| control.value == *node)
}

/// All that listens on `name` because of the declaration, by role.
pub(crate) fn on(declaration: &Declaration, name: &NodeName) -> Vec<Listener> {
    let Some((name, node)) = declaration.nodes.get_entry(name) else {
        return Vec::new();
    };
    let mut list = List(Vec::new());
    list.add(
        (Transport::Udp, node.wireguard_port.value.get()),
        ("tailscaled", "WireGuard: direct connections to peers"),
        Reach::Underlay,
        node.wireguard_port.span,
    );
    if is_control_server(declaration, &name.value) {
        headscale(declaration, &mut list);
    }
    for region in declaration.derp.regions.values() {
        if let Some((place, relay)) = region.nodes.get_entry(&name.value) {
            let embedded = declaration.derp.implementation.value == DerpImplementation::Embedded;
            let who = if embedded { "headscale's relay" } else { "derper" };
            if !embedded {
                let written = written(relay.port.span, place.span);
                list.add(
                    (Transport::Tcp, relay.port.value.get()),
                    (who, "relay"),
                    Reach::Underlay,
                    written,
                );
                if let Some(port) = &relay.http_port {
                    list.add(
                        (Transport::Tcp, port.value.get()),
                        (who, "captive portal detection"),
                        Reach::Underlay,
                        port.span,
                    );
                }
            }
            if let Some(port) = &relay.stun_port {
                let written = written(port.span, place.span);
                list.add(
                    (Transport::Udp, port.value.get()),
                    (who, "STUN"),
                    Reach::Underlay,
                    written,
                );
            }
        }
    }
    if let Some(role) = &node.k3s {
        k3s(declaration, role.value, role.span, &mut list);
    }
    list.0
}

/// `span`, or where `otherwise` is when nobody wrote it.
fn written(span: Span, otherwise: Span) -> Span {
    if span == super::declaration::NOWHERE {
        otherwise
    } else {
        span
    }
}

/// headscale's own listeners, and its proxy's.
fn headscale(declaration: &Declaration, list: &mut List) {
    let server = &declaration.control_server;
    let url = server.url.span;
    let listen = headscale_listen(server);
    let place = server.listen.as_ref().map_or(url, |listen| listen.span);
    let proxied = server.tls.mode.value == TlsMode::Proxy;
    let clients = "clients log in and receive their netmap";
    if proxied {
        let proxy = ("the proxy before headscale", clients);
        list.add((Transport::Tcp, server.url.value.port()), proxy, Reach::Underlay, url);
    }
    list.bind(
        (Transport::Tcp, listen),
        ("headscale", clients),
        if proxied { Reach::Host } else { Reach::Underlay },
        place,
    );
    if server.tls.mode.value == TlsMode::LetsEncrypt && server.tls.challenge.value == AcmeChallenge::Http01 {
        let place = written(server.tls.challenge.span, url);
        list.add(
            (Transport::Tcp, 80),
            ("headscale", "Let's Encrypt's HTTP-01 challenge"),
            Reach::Underlay,
            place,
        );
    }
    if let Some(metrics) = &server.metrics_listen {
        let scraped = declaration.monitoring.headscale.is_some() && !declaration.monitoring.from.is_empty();
        list.bind(
            (Transport::Tcp, metrics.value.0),
            ("headscale's metrics listener", "metrics and debug pages"),
            if scraped { Reach::Tailnet } else { Reach::Host },
            written(metrics.span, url),
        );
    }
    if declaration.headscale_version.value != HeadscaleVersion::V0_30 {
        list.bind(
            (Transport::Tcp, GRPC),
            ("headscale's gRPC listener", "remote administration"),
            Reach::Host,
            url,
        );
    }
}

/// What k3s listens on, by role.
fn k3s(declaration: &Declaration, role: K3sRole, place: Span, list: &mut List) {
    let K3s {
        api_port,
        flannel_backend,
        embedded_registry,
        ..
    } = &declaration.k3s;
    let who = "k3s";
    if role == K3sRole::Server {
        let place = written(api_port.span, place);
        list.add(
            (Transport::Tcp, api_port.value.get()),
            (who, "Kubernetes API"),
            Reach::Tailnet,
            place,
        );
        if has_etcd(declaration) {
            for port in [ports::ETCD.0, ports::ETCD.1] {
                list.add((Transport::Tcp, port), (who, "etcd"), Reach::Tailnet, place);
            }
            list.bind(
                (Transport::Tcp, SocketAddr::new(LOOPBACK, 2381)),
                (who, "etcd's metrics"),
                Reach::Host,
                place,
            );
        }
    }
    list.add(
        (Transport::Tcp, ports::KUBELET),
        (who, "kubelet"),
        Reach::Tailnet,
        place,
    );
    for port in ports::LOCAL {
        list.bind(
            (Transport::Tcp, SocketAddr::new(LOOPBACK, port)),
            (who, "its own parts"),
            Reach::Host,
            place,
        );
    }
    match flannel_backend.value {
        FlannelBackend::Vxlan => {
            list.add(
                (Transport::Udp, ports::VXLAN),
                (who, "flannel's vxlan"),
                Reach::Tailnet,
                place,
            );
        }
        FlannelBackend::WireguardNative => {
            let both = declaration.k3s.pod_cidr.len() > 1;
            for port in [Some(ports::WIREGUARD.0), both.then_some(ports::WIREGUARD.1)]
                .into_iter()
                .flatten()
            {
                list.add(
                    (Transport::Udp, port),
                    (who, "flannel's WireGuard"),
                    Reach::Tailnet,
                    place,
                );
            }
        }
        FlannelBackend::HostGw | FlannelBackend::None => {}
    }
    if embedded_registry.value {
        list.add(
            (Transport::Tcp, ports::REGISTRY),
            (who, "embedded registry"),
            Reach::Tailnet,
            place,
        );
    }
    let disabled = disabled(declaration);
    if !disabled.contains(&K3sComponent::Traefik) && !disabled.contains(&K3sComponent::Servicelb) {
        let place = declaration
            .k3s
            .disable
            .as_ref()
            .and_then(|list| list.first())
            .map_or(place, |first| first.span);
        for port in ports::INGRESS {
            list.add(
                (Transport::Tcp, port),
                ("k3s's Traefik", "ingress"),
                Reach::Tailnet,
                place,
            );
        }
    }
}

/// The listeners found so far.
struct List(Vec<Listener>);

impl List {
    /// A listener on every address.
    fn add(
        &mut self,
        (transport, port): (Transport, u16),
        who: (&'static str, &'static str),
        reach: Reach,
        span: Span,
    ) {
        self.bind((transport, SocketAddr::new(ANY, port)), who, reach, span);
    }

    fn bind(
        &mut self,
        (transport, at): (Transport, SocketAddr),
        (who, purpose): (&'static str, &'static str),
        reach: Reach,
        span: Span,
    ) {
        self.0.push(Listener {
            transport,
            port: at.port(),
            address: at.ip(),
            who,
            purpose,
            reach,
            span,
        });
    }
}

impl Listener {
    /// Whether the two cannot listen at the same time: one port, and one address or one of them all addresses. A
    /// listener on all IPv6 addresses takes IPv4's too, unless told otherwise.
    pub(crate) fn clashes(&self, other: &Self) -> bool {
        self.transport == other.transport
            && self.port == other.port
            && (self.address == other.address || self.address.is_unspecified() || other.address.is_unspecified())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn all_addresses_take_every_single_one() {
        let at = |text: &str, transport| {
            let mut list = List(Vec::new());
            list.bind(
                (transport, text.parse().unwrap()),
                ("x", "y"),
                Reach::Host,
                Span::new(SourceId(0), 0, 0),
            );
            list.0.remove(0)
        };
        let tcp = |text| at(text, Transport::Tcp);
        assert!(tcp("0.0.0.0:9090").clashes(&tcp("127.0.0.1:9090")));
        assert!(tcp("[::]:9090").clashes(&tcp("127.0.0.1:9090")));
        assert!(!tcp("127.0.0.1:9090").clashes(&tcp("203.0.113.1:9090")));
        assert!(!tcp("0.0.0.0:443").clashes(&at("0.0.0.0:443", Transport::Udp)));
        assert!(!tcp("0.0.0.0:443").clashes(&tcp("0.0.0.0:444")));
    }
}
