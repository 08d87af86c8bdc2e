//! What fits through `tailscale0`, and what is left of it for pods.

use super::config::Backend;

/// The MTU of `tailscale0`, unless `TS_DEBUG_MTU` says otherwise: the least that IPv6 allows.
pub const TAILSCALE: u16 = 1280;

/// The least MTU a link needs to carry IPv6 (RFC 8200, section 5). Linux removes IPv6 from smaller devices.
pub const IPV6_LEAST: u16 = 1280;

/// What WireGuard itself adds to each packet on the underlay, with an outer IPv6 header.
pub const WIREGUARD_OVERHEAD: u16 = 80;

/// What `backend` adds to each packet: a vxlan header behind UDP and IPv4 (flannel takes 50), or WireGuard's 80. `None`:
/// the backend has no tunnel of its own.
#[must_use]
pub const fn overhead(backend: Backend) -> Option<u16> {
    match backend {
        Backend::Vxlan => Some(50),
        Backend::WireguardNative => Some(WIREGUARD_OVERHEAD),
        Backend::HostGw | Backend::None => None,
    }
}

/// The MTU of the pods' interfaces when the tunnel's outer packets may have `outer` bytes. 0 when nothing is left.
#[must_use]
pub const fn inner(backend: Backend, outer: u16) -> u16 {
    match overhead(backend) {
        Some(overhead) => outer.saturating_sub(overhead),
        None => outer,
    }
}

/// The least MTU of `tailscale0` over which pods can have IPv6 addresses: what IPv6 needs and what vxlan takes away with
/// an outer IPv6 header (70).
#[must_use]
pub const fn least_for_ipv6(backend: Backend) -> u16 {
    match backend {
        Backend::Vxlan => IPV6_LEAST + 70,
        Backend::WireguardNative => IPV6_LEAST + WIREGUARD_OVERHEAD,
        Backend::HostGw | Backend::None => IPV6_LEAST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seen in virtual machines: 1230 bytes pass between pods, 1231 do not.
    #[test]
    fn what_is_left_for_pods() {
        assert_eq!(inner(Backend::Vxlan, TAILSCALE), 1230);
        assert_eq!(inner(Backend::WireguardNative, TAILSCALE), 1200);
        assert_eq!(inner(Backend::None, TAILSCALE), 1280);
        assert_eq!(inner(Backend::Vxlan, 10), 0);
        assert_eq!(least_for_ipv6(Backend::Vxlan), 1350);
    }
}
