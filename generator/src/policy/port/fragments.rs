//! What stands in a policy of Tailscale's service and elsewhere in a cluster of headscale's: relays and DNS records.

use serde_json::{Map, Value as Json, json};

use crate::hujson::{Kind, Value};

use super::tree::field;

/// A part of a declaration, made from a section of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The option that it belongs to: `derp`.
    pub option: &'static str,
    /// The section that it was made from: `derpMap`.
    pub section: &'static str,
    /// The option's value, as JSON.
    pub value: Json,
    /// What could not be brought along.
    pub remarks: Vec<String>,
}

/// `derpMap` as the declaration's `derp`.
pub(super) fn derp(map: &Value) -> Option<Fragment> {
    let mut remarks = Vec::new();
    let mut regions = Map::new();
    let mut switched_off = Vec::new();
    for member in field(map, "Regions").and_then(Value::as_object).unwrap_or_default() {
        let id = &*member.name.value;
        if member.value.is_null() {
            switched_off.push(id.to_owned());
            continue;
        }
        regions.insert(id.to_owned(), region(&member.value));
    }
    let omitted = field(map, "OmitDefaultRegions").and_then(Value::as_bool) == Some(true);
    let mut value = Map::new();
    value.insert("regions".to_owned(), Json::Object(regions));
    value.insert("publicRegions".to_owned(), json!(if omitted { "none" } else { "all" }));
    if !omitted {
        remarks.push("publicRegions needs a publicMap: a copy of Tailscale's own map".to_owned());
    }
    if !switched_off.is_empty() && !omitted {
        remarks.push(format!(
            "these public regions were switched off: list the others in publicRegions ({})",
            switched_off.join(", ")
        ));
    }
    map.as_object()?;
    Some(Fragment {
        option: "derp",
        section: "derpMap",
        value: Json::Object(value),
        remarks,
    })
}

/// A region. Relays are called by their host's first label: what the declaration calls them is the node's name.
fn region(written: &Value) -> Json {
    let mut region = Map::new();
    copy(written, "RegionCode", &mut region, "code");
    copy(written, "RegionName", &mut region, "name");
    copy(written, "Latitude", &mut region, "latitude");
    copy(written, "Longitude", &mut region, "longitude");
    let mut nodes = Map::new();
    for (i, node) in super::tree::items(field(written, "Nodes")).iter().enumerate() {
        let host = field(node, "HostName").and_then(Value::as_str).unwrap_or_default();
        let label = host.split('.').next().unwrap_or_default();
        let name = match label {
            "" => format!("relay-{i}"),
            label if nodes.contains_key(label) => format!("{label}-{i}"),
            label => label.to_owned(),
        };
        let mut relay = Map::new();
        copy(node, "HostName", &mut relay, "hostName");
        copy(node, "CertName", &mut relay, "certName");
        copy(node, "IPv4", &mut relay, "ipv4");
        copy(node, "IPv6", &mut relay, "ipv6");
        copy(node, "STUNOnly", &mut relay, "stunOnly");
        copy(node, "DERPPort", &mut relay, "port");
        if field(node, "STUNPort").and_then(Value::as_number) == Some("-1") {
            relay.insert("stunPort".to_owned(), Json::Null);
        } else {
            copy(node, "STUNPort", &mut relay, "stunPort");
        }
        // 0 is the default in Tailscale's map.
        relay.retain(|_, value| *value != json!(0));
        nodes.insert(name, Json::Object(relay));
    }
    region.insert("nodes".to_owned(), Json::Object(nodes));
    Json::Object(region)
}

/// `extraDNSRecords` as the declaration's `dns.extraRecords`.
pub(super) fn records(written: &Value) -> Option<Fragment> {
    let mut records = Vec::new();
    for record in written.as_array()? {
        let mut into = Map::new();
        copy(record, "Name", &mut into, "name");
        copy(record, "Type", &mut into, "type");
        copy(record, "Value", &mut into, "value");
        // The service takes a record without a type for an address of either family.
        if !into.contains_key("type") {
            let value = into.get("value").and_then(Json::as_str).unwrap_or_default();
            let kind = if value.contains(':') { "AAAA" } else { "A" };
            into.insert("type".to_owned(), json!(kind));
        }
        records.push(Json::Object(into));
    }
    Some(Fragment {
        option: "dns.extraRecords",
        section: "extraDNSRecords",
        value: Json::Array(records),
        remarks: Vec::new(),
    })
}

/// Takes the field `from` over as `to`, when it is there and no object or array.
fn copy(from_object: &Value, from: &str, to_object: &mut Map<String, Json>, to: &str) {
    let value = match field(from_object, from).map(|value| &value.kind) {
        Some(Kind::String(text)) => json!(text),
        Some(Kind::Bool(on)) => json!(on),
        Some(Kind::Number(literal)) => match literal.parse::<serde_json::Number>() {
            Ok(number) => Json::Number(number),
            Err(_) => return,
        },
        _ => return,
    };
    to_object.insert(to.to_owned(), value);
}
