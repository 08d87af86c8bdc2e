//! What fits through `tailscale0`, and what is left of it for pods.

use crate::cluster::words::FlannelBackend;

/// The MTU of `tailscale0`, unless `TS_DEBUG_MTU` says otherwise: the least that IPv6 allows.
pub const TAILSCALE: u16 = 1280;

/// The least MTU a link needs to carry IPv6 (RFC 8200, section 5). Linux removes IPv6 from smaller devices.
pub const IPV6_LEAST: u16 = 1280;

/// What WireGuard itself adds to each packet on the underlay, with an outer IPv6 header.
pub const WIREGUARD_OVERHEAD: u16 = 80;

/// What `backend` adds to each packet: a vxlan header behind UDP and IPv4 (flannel takes 50), or WireGuard's 80. `None`:
/// the backend has no tunnel of its own.
#[must_use]
pub const fn overhead(backend: FlannelBackend) -> Option<u16> {
    match backend {
        FlannelBackend::Vxlan => Some(50),
        FlannelBackend::WireguardNative => Some(WIREGUARD_OVERHEAD),
        FlannelBackend::HostGw | FlannelBackend::None => None,
    }
}

/// The MTU of the pods' interfaces when the tunnel's outer packets may have `outer` bytes. 0 when nothing is left.
#[must_use]
pub const fn inner(backend: FlannelBackend, outer: u16) -> u16 {
    match overhead(backend) {
        Some(overhead) => outer.saturating_sub(overhead),
        None => outer,
    }
}

/// The least MTU of `tailscale0` over which pods can have IPv6 addresses: what IPv6 needs and what vxlan takes away with
/// an outer IPv6 header (70).
#[must_use]
pub const fn least_for_ipv6(backend: FlannelBackend) -> u16 {
    match backend {
        FlannelBackend::Vxlan => IPV6_LEAST + 70,
        FlannelBackend::WireguardNative => IPV6_LEAST + WIREGUARD_OVERHEAD,
        FlannelBackend::HostGw | FlannelBackend::None => IPV6_LEAST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen in virtual machines: 1230 bytes pass between pods, 1231 do not.
    #[test]
    fn what_is_left_for_pods() {
        assert_eq!(inner(FlannelBackend::Vxlan, TAILSCALE), 1230);
        assert_eq!(inner(FlannelBackend::WireguardNative, TAILSCALE), 1200);
        assert_eq!(inner(FlannelBackend::None, TAILSCALE), 1280);
        assert_eq!(inner(FlannelBackend::Vxlan, 10), 0);
        assert_eq!(least_for_ipv6(FlannelBackend::Vxlan), 1350);
    }
}
