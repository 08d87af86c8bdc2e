//! Cases beside those that the pages show.

use crate::cluster::sample::{check, sample};

#[test]
fn every_pair_of_ranges_that_must_be_apart() {
    check(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: {
    primer: { tags: ["tag:primer"], k3s: "server", underlayAddress: "10.42.0.5" },
    router: { tags: ["tag:router"], routes: ["10.43.0.0/24", "100.64.8.0/24"] },
//                                                           ^^^^^^^^^^^^^^^ TN400: overlap
  },
  prefixes: { v4: "100.64.0.0/16" },
  k3s: {
    podCidr: "10.42.0.0/16",
//           ^^^^^^^^^^^^^^ TN400: the underlay address of primer
    serviceCidr: "10.43.0.0/16",
//               ^^^^^^^^^^^^^^ TN400: the network behind router
  },
  policy: { grants: [{ src: ["tag:primer"], dst: ["10.43.0.0/24", "100.64.8.0/24"], ip: ["tcp:443"] }] },
"#,
        sample!(derp),
        "}\n"
    ));
}

#[test]
fn pods_in_tailscales_range_even_where_the_tailnet_is_smaller() {
    check(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
  prefixes: { v4: "100.64.0.0/16" },
  k3s: { podCidr: "100.80.0.0/16" },
//                ^^^^^^^^^^^^^^^ TN400: tailscale's own range
}
"#
    ));
}

/// Two subnet routers to one network are a pair that stands in for each other.
#[test]
fn two_routers_to_one_network_are_fine() {
    check(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: {
    primer: { tags: ["tag:primer"], routes: ["192.168.7.0/24"], underlayAddress: "192.168.7.2" },
    second: { tags: ["tag:primer"], routes: ["192.168.7.0/24", "192.168.0.0/16"] },
  },
  policy: { grants: [{ src: ["tag:primer"], dst: ["192.168.7.0/24"], ip: ["tcp:443"] }] },
"#,
        sample!(derp),
        "}\n"
    ));
}

#[test]
fn the_three_that_want_443() {
    let found = check(concat!(
        sample!(names),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org" },
  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
  derp: { regions: { "900": { code: "a", nodes: { primer: { hostName: "derp.example.org" } } } } },
//                                                ^^^^^^ TN413: headscale and derper both want tcp 443 on primer
  k3s: { disable: ["metrics-server"] },
//                 ^^^^^^^^^^^^^^^^ TN413: headscale and k3s's Traefik both want tcp 80 on primer
//                 ^^^^^^^^^^^^^^^^ TN413: headscale and k3s's Traefik both want tcp 443 on primer
}
"#
    ));
    assert!(found[0].help.iter().any(|help| help.contains("embedded")));
}

#[test]
fn prometheus_where_headscales_metrics_are() {
    check(concat!(
        sample!(),
        r#"  access: { services: { prometheus: { on: ["tag:primer"], ports: ["tcp:9000-9100"], from: ["tag:primer"] } } },
//                                                                ^^^^^^^^^^^^^^^ TN413: headscale's metrics listener
}
"#
    ));
}

#[test]
fn one_server_with_etcd_is_an_odd_number() {
    check(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
  k3s: { embeddedEtcd: true },
}
"#
    ));
}

#[test]
fn a_default_is_blamed_where_somebody_wrote_something() {
    check(concat!(
        r#"{
  name: "keystone",
  baseDomain: "cluster.local",
//            ^^^^^^^^^^^^^^^ TN303
//            ^^^^^^^^^^^^^^^ TN420
"#,
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
}
"#
    ));
    check(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server", underlayAddress: "10.43.0.1" } },
//                                              ^^^^^^^^ TN400: the services of k3s (10.43.0.0/16)
}
"#
    ));
}

#[test]
fn wireguard_has_less_room() {
    check(concat!(
        sample!(names),
        sample!(control),
        sample!(derp),
        r#"  nodes: { primer: { tags: ["tag:primer"], k3s: "server" } },
  k3s: { flannelBackend: "wireguard-native", mtu: 1230 },
//                       ^^^^^^^^^^^^^^^^^^ TN950
//                                                ^^^^ TN406: 1200 bytes are left
}
"#
    ));
}
