//! Cases beside those that the pages show.

use crate::cluster::sample::{check, sample};

#[test]
fn headscale_elsewhere_has_a_map_of_its_own() {
    check(
        r#"{
  name: "keystone",
  baseDomain: "mesh.example.org",
  controlServer: { url: "https://headscale.example.org" },
}
"#,
    );
}

#[test]
fn an_address_makes_a_name_needless() {
    check(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: {
      "900": { code: "a", nodes: { primer: { hostName: "derp.mesh.example.org", port: 8443, ipv4: "203.0.113.10" } } },
      "901": { code: "b", nodes: { primer: { hostName: "mesh.example.org", port: 8444, ipv4: "none" } } },
//                                 ^^^^^^ TN204: primer runs a relay already
//                                                     ^^^^^^^^^^^^^^^^^^ TN205
      "902": { code: "c", nodes: { primer: { hostName: "xmesh.example.org", port: 8445 } } },
//                                 ^^^^^^ TN204
    },
  },
}
"#
    ));
}

#[test]
fn two_relays_at_one_address() {
    let found = check(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"], underlayAddress: "203.0.113.10" }, relay: { tags: ["tag:primer"] } },
  derp: {
    regions: {
      "900": { code: "a", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } },
      "901": { code: "b", nodes: { relay: { hostName: "relay.example.org", ipv4: "203.0.113.10", ipv6: "none" } } },
//                                 ^^^^^ TN204: the relays on relay and primer both answer at 203.0.113.10
    },
  },
}
"#
    ));
    assert_eq!(found[0].related.len(), 1);
}

#[test]
fn a_relay_that_is_switched_off_in_both_families() {
    check(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    regions: {
      "900": { code: "a", nodes: { primer: { hostName: "derp.example.org", port: 8443, ipv4: "none", ipv6: "none" } } },
//                                                                                                         ^^^^^^ TN227: explicitly disabled
    },
  },
}
"#
    ));
}

#[test]
fn the_embedded_relay_is_one_on_headscales_host_and_port() {
    check(concat!(
        sample!(names),
        r#"  controlServer: { node: "primer", url: "https://headscale.example.org:8443" },
  nodes: { primer: { tags: ["tag:primer"] }, worker: { tags: ["tag:worker"] } },
  derp: {
    implementation: "embedded",
    regions: {
      "900": { code: "a", nodes: { primer: { hostName: "headscale.example.org", port: 443 } } },
//                                                                                    ^^^ TN211: answers on port 8443
      "901": { code: "b", nodes: { primer: { hostName: "headscale.example.org", port: 8443 } } },
//                                 ^^^^^^ TN210: this is a second
    },
  },
}
"#
    ));
    check(concat!(
        sample!(names),
        sample!(nodes),
        r#"  controlServer: { url: "https://headscale.example.org" },
  derp: {
    implementation: "embedded",
//                  ^^^^^^^^^^ TN210: no node here runs headscale
    regions: { "900": { code: "a", nodes: { primer: { hostName: "headscale.example.org" } } } },
  },
}
"#
    ));
}

#[test]
fn a_map_that_is_none_is_said_where_it_is_none() {
    check(concat!(
        sample!(),
        "}\n" // The whole of a declaration whose map is not used is never looked at.
    ));
    for (map, carets) in [
        (r#"publicMap: {} "#, r#"           ^^ TN222: needs "Regions""#),
        (
            r#"publicMap: { Regions: [] } "#,
            r#"                      ^^ TN222: is an object"#,
        ),
        (
            r#"publicMap: { Regions: { x: {} } } "#,
            r#"                        ^ TN222: a region's key"#,
        ),
        (
            r#"publicMap: { Regions: { "1": null } } "#,
            r#"                             ^^^^ TN222: null"#,
        ),
        (
            r#"publicMap: { Regions: { "1": 7 } } "#,
            r#"                             ^ TN222: a region is an object"#,
        ),
    ] {
        let lines = format!("    {map}\n//  {carets}\n");
        let front = concat!(
            sample!(names),
            sample!(control),
            sample!(nodes),
            r#"  derp: {
    regions: { "900": { code: "a", nodes: { primer: { hostName: "derp.example.org", port: 8443 } } } },
    publicRegions: "all",
"#
        );
        check(&format!("{front}{lines}  }},\n}}\n"));
    }
}

/// Go's decoder folds case, so maps written by hand in lower case are read too.
#[test]
fn names_of_a_map_are_read_in_any_case() {
    check(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    publicRegions: "all",
    publicMap: { regions: { "1": { regionid: 1, nodes: [{ name: "1f", regionid: 1, hostname: "derp1f.tailscale.com" }] } } },
  },
}
"#
    ));
}

#[test]
fn a_relay_lacks_what_it_needs() {
    check(concat!(
        sample!(names),
        sample!(control),
        sample!(nodes),
        r#"  derp: {
    publicRegions: "all",
    publicMap: { Regions: {
      "1": { RegionID: 1, Nodes: [{ RegionID: 1 }] },
//                                ^^^^^^^^^^^^^^^ TN224
//                                ^^^^^^^^^^^^^^^ TN225
      "2": { RegionID: 2, Nodes: [{ Name: "2a", HostName: "a b" }] },
//                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TN223: has no
//                                                        ^^^^^ TN225
      "3": { RegionID: 3, Nodes: [{ Name: "3a", RegionID: 3, HostName: "a.example.net", DERPPort: -1, STUNPort: -1 }] },
//                                                                                                ^^ TN226: DERPPort
      "4": { RegionID: 4, Nodes: [{ Name: "4a", RegionID: 4, HostName: "b.example.net", STUNOnly: true }] },
//    ^^^ TN203
    } },
  },
}
"#
    ));
}

#[test]
fn a_region_that_is_not_meant_to_be_a_home_needs_no_stun() {
    check(concat!(
        sample!(names),
        sample!(control),
        r#"  nodes: { primer: { tags: ["tag:primer"] }, relay: { tags: ["tag:primer"] } },
  derp: {
    regions: {
      "900": {
        code: "a",
        noMeasureNoHome: true,
        nodes: { primer: { hostName: "derp.example.org", port: 8443, stunPort: null } },
      },
      "901": { code: "b", nodes: { relay: { hostName: "relay.example.org" } } },
    },
  },
}
"#
    ));
}
