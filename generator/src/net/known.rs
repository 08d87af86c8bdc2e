//! Address ranges that Tailscale and headscale give a meaning of their own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::set::AddrSet;

/// `100.64.0.0/10`: tailnet IPv4 addresses (`tsaddr.CGNATRange`).
pub const CGNAT: IpNet = v4(100, 64, 0, 10);
/// `100.115.92.0/23`: left to ChromeOS virtual machines (`tsaddr.ChromeOSVMRange`).
pub const CHROMEOS: IpNet = v4(100, 115, 92, 23);
/// `fd7a:115c:a1e0::/48`: tailnet IPv6 addresses (`tsaddr.TailscaleULARange`).
pub const ULA: IpNet = v6([0xfd7a, 0x115c, 0xa1e0], 48);
/// `100.100.100.0/24`: MagicDNS and Tailscale's own services.
pub const SERVICE: IpNet = v4(100, 100, 100, 24);
/// `0.0.0.0/0`: the IPv4 exit route.
pub const ALL_V4: IpNet = v4(0, 0, 0, 0);
/// `::/0`: the IPv6 exit route.
pub const ALL_V6: IpNet = v6([0, 0, 0], 0);

const fn v4(a: u8, b: u8, c: u8, bits: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), bits))
}

const fn v6([a, b, c]: [u16; 3], bits: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), bits))
}

/// Whether `net` is an exit route: exactly `0.0.0.0/0` or `::/0` (`tsaddr.IsExitRoute`; host bits make it none).
#[must_use]
pub fn is_exit_route(net: IpNet) -> bool {
    net == ALL_V4 || net == ALL_V6
}

/// All addresses that nodes may have: what `*` stands for in a policy of headscale 0.29 (`asterixResolved` in
/// `hscontrol/policy/v2/types.go`).
pub static TAILNET: LazyLock<AddrSet> =
    LazyLock::new(|| AddrSet::from_iter([CGNAT, ULA]).difference(&AddrSet::from(CHROMEOS)));

/// What `autogroup:internet` stands for: everything public (`TheInternet` in `hscontrol/util/net.go`).
pub static INTERNET: LazyLock<AddrSet> = LazyLock::new(|| {
    AddrSet::from_iter([v6([0x2000, 0, 0], 3), ALL_V4]).difference(&AddrSet::from_iter([
        v6([0xfc00, 0, 0], 7),
        v4(10, 0, 0, 8),
        v4(172, 16, 0, 12),
        v4(192, 168, 0, 16),
        ULA,
        CGNAT,
        v6([0xfe80, 0, 0], 10),
        v4(169, 254, 0, 16),
    ]))
});

/// Destinations that the client drops before any rule: multicast and link-local, `169.254.169.254` excepted
/// (tailscale's `wgengine/filter`, `pre`).
pub static UNDELIVERABLE: LazyLock<AddrSet> = LazyLock::new(|| {
    AddrSet::from_iter([
        v4(224, 0, 0, 4),
        v6([0xff00, 0, 0], 8),
        v4(169, 254, 0, 16),
        v6([0xfe80, 0, 0], 10),
    ])
    .difference(&AddrSet::from(IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254))))
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wildcard_leaves_out_chromeos() {
        let shown: Vec<String> = TAILNET.ranges().map(|range| range.to_string()).collect();
        assert_eq!(
            shown,
            [
                "100.64.0.0-100.115.91.255",
                "100.115.94.0-100.127.255.255",
                "fd7a:115c:a1e0::/48"
            ]
        );
    }

    #[test]
    fn the_internet_leaves_out_what_is_private() {
        let inside = |addr: &str| INTERNET.contains(addr.parse().unwrap());
        assert!(inside("1.1.1.1") && inside("2606:4700::1111") && inside("224.0.0.1") && inside("0.0.0.0"));
        for private in [
            "10.1.1.1",
            "172.31.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.1.1",
            "fd00::1",
            "fe80::1",
            "::1",
        ] {
            assert!(!inside(private), "{private}");
        }
    }

    #[test]
    fn exit_routes_are_written_without_host_bits() {
        assert!(is_exit_route("0.0.0.0/0".parse().unwrap()) && is_exit_route("::/0".parse().unwrap()));
        assert!(!is_exit_route("1.0.0.0/0".parse().unwrap()));
        assert!(!is_exit_route("0.0.0.0/1".parse().unwrap()));
    }
}
