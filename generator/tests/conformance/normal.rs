//! The forms in which headscale itself compares answers (`tailscale_*_compat_test.go`, with its options for
//! `cmp.Diff`): what has no meaning is brought into one order or left out, and nothing else.
//!
//! Without meaning: the order of sources, of destinations, of protocol numbers and of SSH principals; nothing as
//! against an empty list. With meaning: the order of filter rules, of grants of capabilities and of SSH rules, and how
//! often something is said.

use serde_json::{Map, Value};

/// Packet filter rules.
pub(crate) fn filter(rules: Option<&Value>) -> Value {
    list(rules, |rule| {
        let mut rule = object(rule);
        sort(&mut rule, "SrcIPs", text);
        sort(&mut rule, "DstPorts", |entry| {
            let port = |name: &str| format!("{:05}", entry["Ports"][name].as_u64().unwrap_or(0));
            format!("{} {} {}", text(&entry["IP"]), port("First"), port("Last"))
        });
        sort(&mut rule, "IPProto", |number| format!("{:>5}", number.to_string()));
        if let Some(Value::Array(grants)) = rule.get_mut("CapGrant") {
            for grant in grants {
                let mut inner = object(grant);
                sort(&mut inner, "Dsts", text);
                if let Some(Value::Object(caps)) = inner.get("CapMap") {
                    inner.insert("CapMap".to_owned(), cap_map(Some(caps)));
                }
                *grant = without_empty(inner);
            }
        }
        without_empty(rule)
    })
}

/// SSH rules.
pub(crate) fn ssh(rules: Option<&Value>) -> Value {
    list(rules, |rule| {
        let mut rule = object(rule);
        sort(&mut rule, "principals", |principal| text(&principal["nodeIP"]));
        without_empty(rule)
    })
}

/// Capabilities: `null` and `[]` are one.
pub(crate) fn cap_map(caps: Option<&Map<String, Value>>) -> Value {
    let mut out = Map::new();
    for (name, value) in caps.into_iter().flatten() {
        let value = if value.is_null() {
            Value::Array(Vec::new())
        } else {
            value.clone()
        };
        out.insert(name.clone(), value);
    }
    out.sort_keys();
    Value::Object(out)
}

/// Capabilities that the Tailscale service gives and headscale has no notion of: headscale strips them from both sides
/// (`tailnet_state_caps.go`).
const UNMODELLED: &[&str] = &[
    "https://tailscale.com/cap/is-admin",
    "https://tailscale.com/cap/is-owner",
    "https://tailscale.com/cap/tailnet-lock",
    "https://tailscale.com/cap/warn-funnel-no-https",
    "tailnet.maxKeyDuration",
    "native-ipv4",
    "probe-udp-lifetime",
    "service-host",
    "ssh-behavior-v1",
    "ssh-env-vars",
    "store-appc-routes",
    "tailnet-display-name",
];

/// Capabilities less those that headscale does not model.
pub(crate) fn modelled(caps: Value) -> Value {
    let Value::Object(mut caps) = caps else {
        return caps;
    };
    caps.retain(|name, _| {
        !UNMODELLED.contains(&name.as_str()) && !name.starts_with("https://tailscale.com/cap/funnel-ports?")
    });
    Value::Object(caps)
}

/// Strings whose order has no meaning.
pub(crate) fn strings<'a>(list: impl IntoIterator<Item = &'a str>) -> Value {
    let mut list: Vec<&str> = list.into_iter().collect();
    list.sort_unstable();
    Value::from(list)
}

fn list(rules: Option<&Value>, one: impl Fn(&Value) -> Value) -> Value {
    let rules = rules.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Value::Array(rules.iter().map(one).collect())
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn sort(object: &mut Map<String, Value>, member: &str, key: impl Fn(&Value) -> String) {
    if let Some(Value::Array(items)) = object.get_mut(member) {
        items.sort_by_cached_key(key);
    }
}

fn without_empty(mut object: Map<String, Value>) -> Value {
    object.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
    object.sort_keys();
    Value::Object(object)
}
