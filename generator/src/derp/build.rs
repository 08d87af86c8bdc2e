//! From the declaration to the map that is written.

use std::net::IpAddr;

use super::{Map, Node, Region, public};
use crate::cluster::declaration::{Declaration, DerpNode, DerpRegion};
use crate::cluster::words::NodeName;
use crate::source::Spanned;

/// The whole map: the regions of one's own and the public ones that are used. What the rules refuse is left out.
#[must_use]
pub fn map(declaration: &Declaration) -> Map {
    let mut map = Map::default();
    for (id, region) in declaration.derp.regions.iter() {
        map.regions
            .insert(id.value.get(), self::region(declaration, id.value.get(), region));
    }
    public::add(public::used(&declaration.derp, &mut Vec::new()), &mut map);
    map
}

fn region(declaration: &Declaration, id: u64, region: &DerpRegion) -> Region {
    let degrees = |degrees: &Option<Spanned<f64>>| degrees.as_ref().map(|degrees| degrees.value);
    Region {
        region_id: id,
        region_code: region.code.value.to_string(),
        region_name: region.name.as_ref().unwrap_or(&region.code).value.to_string(),
        latitude: degrees(&region.latitude),
        longitude: degrees(&region.longitude),
        avoid: false,
        no_measure_no_home: region.no_measure_no_home.value,
        nodes: region
            .nodes
            .iter()
            .map(|(name, node)| self::node(declaration, id, &name.value, node))
            .collect(),
    }
}

fn node(declaration: &Declaration, id: u64, name: &NodeName, node: &DerpNode) -> Node {
    let ipv4 = ipv4(declaration, name, node).unwrap_or_default();
    Node {
        name: format!("{id}-{name}"),
        region_id: id,
        host_name: node.host_name.value.to_string(),
        cert_name: cert_name(declaration, name, node),
        // A client looks for captive portals at `http://IPv4/generate_204` on port 80, and by address only.
        can_port80: node.http_port.as_ref().is_some_and(|port| port.value.get() == 80)
            && !ipv4.is_empty()
            && ipv4 != NONE,
        ipv4,
        ipv6: ipv6(declaration, name, node).unwrap_or_default(),
        stun_port: match &node.stun_port {
            None => -1,
            Some(port) if port.value.get() == super::STUN_PORT => 0,
            Some(port) => i32::from(port.value.get()),
        },
        stun_only: node.stun_only.value,
        derp_port: match node.port.value.get() {
            super::HTTPS_PORT => 0,
            port => port,
        },
        insecure_for_tests: false,
        stun_test_ip: String::new(),
    }
}

/// How a map says that a relay has no address of a family.
pub(crate) const NONE: &str = "none";

/// The IPv4 address of a relay as the map has it: written for the relay, or its host's underlay address.
pub(crate) fn ipv4(declaration: &Declaration, name: &NodeName, node: &DerpNode) -> Option<String> {
    match &node.ipv4 {
        Some(address) => Some(address.value.to_string()),
        None => underlay(declaration, name, IpAddr::is_ipv4),
    }
}

/// The IPv6 address of a relay as the map has it.
pub(crate) fn ipv6(declaration: &Declaration, name: &NodeName, node: &DerpNode) -> Option<String> {
    match &node.ipv6 {
        Some(address) => Some(address.value.to_string()),
        None => underlay(declaration, name, IpAddr::is_ipv6),
    }
}

fn underlay(declaration: &Declaration, name: &NodeName, family: impl Fn(&IpAddr) -> bool) -> Option<String> {
    let addresses = &declaration.nodes.get(name)?.underlay_address;
    addresses
        .iter()
        .map(|address| address.value.0)
        .find(family)
        .map(|address| address.to_string())
}

/// Whether clients can dial a relay without asking DNS for its name.
pub(crate) fn has_address(declaration: &Declaration, name: &NodeName, node: &DerpNode) -> bool {
    let literal = |address: Option<String>| address.is_some_and(|address| address != NONE);
    node.host_name.value.as_str().parse::<IpAddr>().is_ok()
        || literal(ipv4(declaration, name, node))
        || literal(ipv6(declaration, name, node))
}

/// What its certificate has to be: as written, or the pin in `keys`. The embedded relay has the control server's.
fn cert_name(declaration: &Declaration, name: &NodeName, node: &DerpNode) -> String {
    if let Some(written) = &node.cert_name {
        return written.value.to_string();
    }
    let pin = declaration
        .keys
        .derp
        .get(name)
        .and_then(|keys| keys.certificate.as_ref());
    pin.map(|pin| pin.value.to_string()).unwrap_or_default()
}
