//! Cases beside those that the pages show.

use crate::cluster::sample::{check, sample};

/// Up to 0.29.2 a port in the URL hides this from headscale.
#[test]
fn a_port_hides_nothing() {
    check(concat!(
        r#"{
  name: "keystone",
  baseDomain: "example.org",
//            ^^^^^^^^^^^^^ TN301
  controlServer: { node: "primer", url: "https://headscale.example.org:8443" },
"#,
        sample!(nodes),
        r#"  derp: { regions: { "900": { code: "a", nodes: { primer: { hostName: "derp.example.net", port: 9443 } } } } },
}
"#
    ));
}

#[test]
fn a_base_domain_under_the_control_server_is_fine() {
    check(concat!(
        r#"{
  name: "keystone",
  baseDomain: "mesh.headscale.example.org",
"#,
        sample!(control),
        sample!(nodes),
        sample!(derp),
        "}\n"
    ));
}

#[test]
fn names_and_addresses_that_only_one_machine_has() {
    for (url, mode) in [
        ("https://localhost", "letsencrypt"),
        ("https://127.0.0.1", "files"),
        ("https://[::1]", "files"),
        ("https://primer.local", "letsencrypt"),
    ] {
        let carets = "^".repeat(url.len() + 2);
        check(&format!(
            "{}{}{}  controlServer: {{ node: \"primer\", tls: {{ mode: \"{mode}\" }}, url: \"{url}\" }},\n//{}{carets} TN304\n}}\n",
            sample!(names),
            sample!(nodes),
            sample!(derp),
            " ".repeat(57 + mode.len()),
        ));
    }
}

#[test]
fn both_families_are_too_few_addresses_or_none() {
    check(concat!(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
//            ^^^^^^^^^^^^^^^^^^ TN311: minimum one prefix is required
"#,
        sample!(control),
        sample!(nodes),
        sample!(derp),
        "  prefixes: { v4: null, v6: null },\n}\n"
    ));
}

#[test]
fn resolvers_of_the_tailnet_beside_others_are_fine() {
    check(concat!(
        sample!(),
        r#"  dns: {
    overrideLocalDns: true,
    nameservers: ["100.64.0.53", "9.9.9.9"],
    split: { "org": ["9.9.9.9", "100.64.0.53"], "primer.example.org": ["100.100.100.100"] },
  },
}
"#
    ));
    check(concat!(
        sample!(),
        r#"  dns: { overrideLocalDns: true, nameservers: ["fd7a:115c:a1e0::53"] },
//                         ^^^^ TN321: "headscale.example.org"
}
"#
    ));
}

#[test]
fn metrics_where_they_are_scraped() {
    check(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", metricsListen: "0.0.0.0:9091" },
  monitoring: { from: ["tag:primer"], headscale: 9090 },
//                                               ^^^^ TN320: on port 9091
}
"#
    ));
    check(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org", metricsListen: null },
}
"#
    ));
}

#[test]
fn everything_of_0_29_at_once_on_0_28() {
    check(concat!(
        sample!(names),
        sample!(nodes),
        sample!(derp),
        r#"  headscaleVersion: "0.28",
  controlServer: {
    node: "primer",
    url: "https://headscale.example.org",
    autoUpdate: true,
//              ^^^^ TN317: no auto_update.enabled
    trustedProxies: ["192.0.2.7/32"],
//                   ^^^^^^^^^^^^^^ TN317: no trusted_proxies
  },
}
"#
    ));
}
