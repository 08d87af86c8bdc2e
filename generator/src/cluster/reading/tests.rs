use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::hujson::{self, Flavour};
use crate::source::SourceId;

/// The tree of `text`.
fn tree(text: &str) -> Value {
    let parsed = hujson::parse(SourceId(0), text, Flavour::Json5);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    parsed.root.unwrap()
}

fn read_all(text: &str) -> (Option<Declaration>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let declaration = read(&tree(text), &mut findings);
    (declaration, findings)
}

/// A declaration in which every option is set to something that is not its default.
const EVERYTHING: &str = include_str!("everything.json5");

#[test]
fn every_option_is_read_and_serialises_to_what_reads_back() {
    let (declaration, findings) = read_all(EVERYTHING);
    assert_eq!(findings, []);
    let declaration = declaration.unwrap();
    let json = serde_json::to_string(&declaration).unwrap();
    let (again, findings) = read_all(&json);
    assert_eq!(findings, []);
    // Through JSON, since the place of a member of `policy` is part of it.
    assert_eq!(serde_json::to_string(&again.unwrap()).unwrap(), json);

    let original = without_places(&tree(EVERYTHING));
    let written: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(sorted(&written), sorted(&original), "an option was read and not kept");
}

/// With the schema as the list of options: the fixture above leaves none out.
#[cfg(feature = "full")]
#[test]
fn the_fixture_sets_every_option_of_the_schema() {
    let schema = serde_json::to_value(crate::cluster::schema()).unwrap();
    let json = without_places(&tree(EVERYTHING));
    let mut missing = Vec::new();
    compare(&schema, &schema, &json, "", &mut missing);
    assert_eq!(missing, Vec::<String>::new());
}

/// Collects the paths of options that `schema` has and `json` lacks or sets to the default.
#[cfg(feature = "full")]
fn compare(
    root: &serde_json::Value,
    schema: &serde_json::Value,
    json: &serde_json::Value,
    path: &str,
    missing: &mut Vec<String>,
) {
    let schema = match schema.get("$ref").and_then(|r| r.as_str()) {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    if let Some(any) = schema.get("anyOf").and_then(|any| any.as_array()) {
        if let Some(first) = any.iter().find(|s| s.get("$ref").is_some()) {
            compare(root, first, json, path, missing);
        }
        return;
    }
    if path == ".policy" {
        // The policy's own reader knows its fields.
        return;
    }
    if let Some(properties) = schema.get("properties").and_then(|p| p.as_object()) {
        for (name, property) in properties {
            let at = format!("{path}.{name}");
            match json.get(name) {
                None if name == "$schema" => {}
                None => missing.push(at),
                Some(value) if property.get("default") == Some(value) => missing.push(format!("{at} = default")),
                Some(value) => compare(root, property, value, &at, missing),
            }
        }
    }
    if let (Some(values), Some(entries)) = (
        schema.get("additionalProperties").filter(|p| p.is_object()),
        json.as_object(),
    ) {
        let entry = entries.values().next().unwrap_or_else(|| panic!("{path} is empty"));
        compare(root, values, entry, &format!("{path}.*"), missing);
    }
    if let (Some(items), Some(list)) = (schema.get("items"), json.as_array()) {
        let first = list.first().unwrap_or_else(|| panic!("{path} is empty"));
        compare(root, items, first, &format!("{path}[]"), missing);
    }
}

fn without_places(value: &Value) -> serde_json::Value {
    use crate::hujson::Kind;
    match &value.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(on) => (*on).into(),
        Kind::Number(literal) => serde_json::from_str(literal).unwrap(),
        Kind::String(text) => (&**text).into(),
        Kind::Array(items) => items.iter().map(without_places).collect(),
        Kind::Object(members) => members
            .iter()
            .map(|member| (member.name.value.to_string(), without_places(&member.value)))
            .collect(),
    }
}

/// Members in order: JSON objects compare as maps, their text does not.
fn sorted(value: &serde_json::Value) -> String {
    fn sort(value: &serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Object(members) => {
                let members: BTreeMap<_, _> = members
                    .iter()
                    .map(|(name, value)| (name.clone(), sort(value)))
                    .collect();
                members.into_iter().collect()
            }
            serde_json::Value::Array(items) => items.iter().map(sort).collect(),
            other => other.clone(),
        }
    }
    serde_json::to_string_pretty(&sort(value)).unwrap()
}

#[test]
fn the_least_that_is_a_declaration() {
    let (declaration, findings) =
        read_all(r#"{ name: "a", baseDomain: "b.example", controlServer: { url: "https://c.example" } }"#);
    assert_eq!(findings, []);
    let declaration = declaration.unwrap();
    assert_eq!(declaration.prefixes.v4.unwrap().value.to_string(), "100.64.0.0/10");
    assert_eq!(declaration.monitoring.node_exporter.unwrap().value.get(), 9100);
    assert!(declaration.policy.derive.value);
}

#[test]
fn null_is_unset_except_where_it_switches_off() {
    let (declaration, findings) = read_all(
        r#"{ name: "a", baseDomain: "b.example", controlServer: { url: "https://c.example", node: null, metricsListen: null },
             prefixes: { v6: null, allocation: null }, users: null, k3s: { mtu: null, disable: null },
             monitoring: { kubelet: null } }"#,
    );
    assert_eq!(findings, []);
    let declaration = declaration.unwrap();
    assert_eq!(declaration.prefixes.v6, None);
    assert!(declaration.prefixes.v4.is_some());
    assert_eq!(declaration.control_server.metrics_listen, None);
    assert_eq!(declaration.monitoring.kubelet, None);
    assert_eq!(declaration.k3s.disable, None);
}

#[test]
fn every_mistake_gives_one_finding_and_hides_no_other() {
    let (declaration, findings) = read_all(
        r#"{
  nmae: "x",
  baseDomain: 7,
  headscaleVersion: "0.27",
  controlServer: { node: "Primer", listen: "443", tls: { mode: "acme" }, oidc: { issuer: "x" } },
  prefixes: { v4: "100.64.0.1/10" },
  tailnetMtu: 100,
  users: { a: {}, bob: { email: "bob" } },
  nodes: { w: { tags: "tag:w", k3s: "master", routes: ["10.0.0.0"], wireguardPort: "41641", taints: ["x"] } },
  access: { ssh: [{ from: ["a@"] }], services: { grafana: { on: ["tag:w"], ports: ["3000"], from: ["a@"] } } },
  derp: { regions: { "0900": { code: "x", nodes: {} } }, publicRegions: "some" },
}"#,
    );
    assert!(declaration.is_some());
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages.len(), 24, "{messages:#?}");
    for part in [
        "\"nmae\" is no option of a declaration",
        "a declaration needs \"name\"",
        "a domain name must be a string, not a number",
        "\"0.27\" is not a headscale version",
        "controlServer needs \"url\"",
        "\"Primer\" is not a node name: MagicDNS names are lower case",
        "\"443\" is not an address to listen on",
        "\"acme\" is not a TLS mode",
        "controlServer.oidc needs \"clientId\"",
        "\"x\" is not a URL",
        "\"100.64.0.1/10\" is not a CIDR",
        "100 is not an MTU: it is a whole number from 576 to 65535",
        "\"a\" is not a user name: username must be at least 2 characters long",
        "\"bob\" is not an email address",
        "this must be a list, not a string",
        "\"master\" is not a k3s role",
        "\"10.0.0.0\" is not a CIDR",
        "a port must be a number, not a string",
        "\"x\" is not a taint",
        "ssh access needs \"to\"",
        "ssh access needs \"as\"",
        "\"3000\" is not a protocol and port",
        "\"0900\" is not a DERP region id",
        "\"some\" is not a choice of regions",
    ] {
        assert!(
            messages.iter().any(|message| message.contains(part)),
            "{part}\n{messages:#?}"
        );
    }
}

#[test]
fn what_may_be_a_private_key_is_not_repeated() {
    let secret = format!("privkey:{}", "0123456789abcdef".repeat(4));
    let (_, findings) = read_all(&format!(
        r#"{{ name: "a", baseDomain: "b.example", controlServer: {{ url: "https://c.example" }}, keys: {{ noise: "{secret}" }} }}"#
    ));
    assert_eq!(findings.len(), 1);
    assert!(!format!("{findings:?}").contains("0123456789abcdef"));
}

#[test]
fn what_is_no_object_is_no_declaration() {
    for text in ["[]", "7", "\"x\"", "null", "true"] {
        let (declaration, findings) = read_all(text);
        assert!(declaration.is_none());
        assert_eq!(findings.len(), 1, "{text}");
    }
}

#[test]
fn a_million_unknown_members_are_reported_in_part() {
    let mut text = String::from("{");
    for i in 0..200_000 {
        text.push_str(&format!("m{i}:1,"));
    }
    text.push('}');
    let (_, findings) = read_all(&text);
    assert_eq!(findings.len(), MAX_FINDINGS);
}

/// Any tree, with names of options among its members so that reading goes deep.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let names = prop::sample::select(vec![
        "name",
        "baseDomain",
        "controlServer",
        "nodes",
        "users",
        "policy",
        "access",
        "ssh",
        "kubectl",
        "services",
        "derp",
        "regions",
        "900",
        "dns",
        "k3s",
        "keys",
        "url",
        "tags",
        "from",
        "to",
        "as",
        "ports",
        "on",
        "publicRegions",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        prop::sample::select(vec![
            "",
            "a",
            "tag:a",
            "*",
            "all",
            "10.0.0.0/8",
            "https://x",
            "server",
            "\u{0}"
        ])
        .prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(names.clone(), inner, 0..8)
                .prop_map(|map| map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn reading_never_panics(json in any_json()) {
        read_all(&json.to_string());
    }
}
