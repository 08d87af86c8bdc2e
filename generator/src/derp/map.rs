//! The map as clients read it (`tailcfg/derpmap.go`). Field names are theirs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All regions, by id. Serialises as the JSON that clients, `derp.urls` and `derpprobe` read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Map {
    /// The regions, by id.
    pub regions: BTreeMap<u64, Region>,
}

/// A region: relays that are close to each other. A client has one region as its home.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Region {
    /// Its id: the same as its key in [`Map::regions`], which nobody but us compares.
    #[serde(rename = "RegionID")]
    pub region_id: u64,
    /// A short name: `keystone`.
    #[serde(default)]
    pub region_code: String,
    /// A name for people.
    #[serde(default)]
    pub region_name: String,
    /// Where it stands, degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Where it stands, degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Clients do not choose it as home unless nothing else answers.
    #[serde(default, skip_serializing_if = "is_false")]
    pub avoid: bool,
    /// Clients neither measure it nor choose it as home: for relays that only some peers are sent to.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_measure_no_home: bool,
    /// Its relays, tried in this order.
    #[serde(default)]
    pub nodes: Vec<Node>,
}

/// One relay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "full", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Node {
    /// A name that no other relay of any region has: `900a`. Not a host name.
    pub name: String,
    /// The id of its region, once more: clients that find another one here do not connect (tailscale#9526).
    #[serde(rename = "RegionID")]
    pub region_id: u64,
    /// The host name it is dialled by and its certificate is checked for.
    pub host_name: String,
    /// What its certificate must be for, when not `host_name`: another name, or `sha256-raw:HEX`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cert_name: String,
    /// Its IPv4 address, so that clients need no DNS; empty: asked from DNS; `none`: not used.
    #[serde(rename = "IPv4", default, skip_serializing_if = "String::is_empty")]
    pub ipv4: String,
    /// Its IPv6 address, likewise.
    #[serde(rename = "IPv6", default, skip_serializing_if = "String::is_empty")]
    pub ipv6: String,
    /// The UDP port that answers STUN; 0: 3478; -1: none.
    #[serde(rename = "STUNPort", default, skip_serializing_if = "is_zero_i32")]
    pub stun_port: i32,
    /// It answers STUN and relays nothing.
    #[serde(rename = "STUNOnly", default, skip_serializing_if = "is_false")]
    pub stun_only: bool,
    /// The TCP port it relays on; 0: 443.
    #[serde(rename = "DERPPort", default, skip_serializing_if = "is_zero_u16")]
    pub derp_port: u16,
    /// Its certificate is not checked at all.
    #[serde(default, skip_serializing_if = "is_false")]
    pub insecure_for_tests: bool,
    /// Where STUN is asked in tests.
    #[serde(rename = "STUNTestIP", default, skip_serializing_if = "String::is_empty")]
    pub stun_test_ip: String,
    /// It answers plain HTTP on port 80, which lets clients behind a captive portal find that out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub can_port80: bool,
}

impl Node {
    /// The TCP port it is dialled on.
    #[must_use]
    pub const fn https_port(&self) -> u16 {
        if self.derp_port == 0 {
            super::HTTPS_PORT
        } else {
            self.derp_port
        }
    }

    /// The UDP port it answers STUN on, if it does.
    #[must_use]
    pub fn stun(&self) -> Option<u16> {
        match self.stun_port {
            0 => Some(super::STUN_PORT),
            port => u16::try_from(port).ok(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero_i32(value: &i32) -> bool {
    *value == 0
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero_u16(value: &u16) -> bool {
    *value == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_means_the_default_and_minus_one_means_off() {
        let node = |stun_port, derp_port| Node {
            stun_port,
            derp_port,
            ..Node::default()
        };
        assert_eq!((node(0, 0).stun(), node(0, 0).https_port()), (Some(3478), 443));
        assert_eq!((node(-1, 8443).stun(), node(-1, 8443).https_port()), (None, 8443));
        assert_eq!(node(70_000, 0).stun(), None);
    }

    /// Tailscale's own map, cut to one region, as `derpmap/default` spells it.
    #[test]
    fn reads_what_tailscale_publishes() {
        let text = r#"{"Regions": {"1": {"RegionID": 1, "RegionCode": "nyc", "RegionName": "New York City",
            "Latitude": 40.712776, "Longitude": -74.005974, "Nodes": [{"Name": "1f", "RegionID": 1,
            "HostName": "derp1f.tailscale.com", "IPv4": "199.38.181.104", "IPv6": "2607:f740:f::bc",
            "CanPort80": true}]}}}"#;
        let map: Map = serde_json::from_str(text).unwrap();
        let node = &map.regions[&1].nodes[0];
        assert_eq!(node.ipv6, "2607:f740:f::bc");
        assert!(node.can_port80);
        let again: Map = serde_json::from_str(&serde_json::to_string(&map).unwrap()).unwrap();
        assert_eq!(again, map);
    }
}
