//! `derp.yaml`: the map as headscale reads it from `derp.paths` (`hscontrol/derp/derp.go`).
//!
//! headscale hands the file to `yaml.v3` and `tailcfg.DERPMap`, which has no `yaml` tags. So every name is the Go field
//! name in lower case, and the key of a region has to be an integer: a quoted `"900"` does not decode, and Tailscale's
//! own spelling (`Regions`) is ignored without a word, which leaves an empty map (headscale#1418).

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Map;
use crate::render::yaml;

/// The map in headscale's spelling. Regions come in the order of their ids, so the text depends on the map alone.
#[must_use]
pub fn to_yaml(map: &Map) -> String {
    yaml::to_string(&Headscale(map))
}

/// [`Map`] with `yaml.v3`'s names.
struct Headscale<'a>(&'a Map);

impl Serialize for Headscale<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("regions", &Regions(self.0))?;
        map.end()
    }
}

/// The regions under integer keys.
struct Regions<'a>(&'a Map);

impl Serialize for Regions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.regions.len()))?;
        for (id, region) in &self.0.regions {
            let value = serde_json::to_value(region).map_err(serde::ser::Error::custom)?;
            map.serialize_entry(id, &LowerCase(&value))?;
        }
        map.end()
    }
}

/// A value whose names are written in lower case, at every depth.
struct LowerCase<'a>(&'a Value);

impl Serialize for LowerCase<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(&name.to_ascii_lowercase(), &LowerCase(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&LowerCase(item))?;
                }
                seq.end()
            }
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Node, Region};
    use super::*;

    #[test]
    fn names_are_lower_case_and_region_ids_are_integers() {
        let map = Map {
            regions: [(
                900,
                Region {
                    region_id: 900,
                    region_code: "keystone".into(),
                    region_name: "Keystone".into(),
                    latitude: Some(50.5),
                    nodes: vec![Node {
                        name: "900a".into(),
                        region_id: 900,
                        host_name: "derp.example.org".into(),
                        cert_name: format!("sha256-raw:{}", "0".repeat(64)),
                        ipv4: "203.0.113.10".into(),
                        ipv6: "2001:db8::1".into(),
                        stun_port: -1,
                        derp_port: 8443,
                        can_port80: true,
                        ..Node::default()
                    }],
                    ..Region::default()
                },
            )]
            .into(),
        };
        insta::assert_snapshot!(to_yaml(&map), @r#"
        regions:
          900:
            regionid: 900
            regioncode: keystone
            regionname: Keystone
            latitude: 50.5
            nodes:
              - name: 900a
                regionid: 900
                hostname: derp.example.org
                certname: sha256-raw:0000000000000000000000000000000000000000000000000000000000000000
                ipv4: "203.0.113.10"
                ipv6: 2001:db8::1
                stunport: -1
                derpport: 8443
                canport80: true
        "#);
    }

    #[test]
    fn no_region_is_an_empty_map_and_not_null() {
        assert_eq!(to_yaml(&Map::default()), "regions: {}\n");
    }
}
