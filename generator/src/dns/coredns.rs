//! `coredns-custom.yaml`: cluster DNS asks the tailnet for the tailnet's names.
//!
//! k3s owns the ConfigMap `coredns` (R66) but imports `*.server` from an optional one named `coredns-custom`. The names
//! are answered by the tailscaled of the node the CoreDNS pod runs on, at 100.100.100.100; headscale is no DNS server
//! and no node's address answers (R67).

use std::collections::BTreeMap;

use serde::Serialize;

use super::MAGIC_DNS;
use crate::render::yaml;

/// The manifest for a tailnet whose names lie under `base_domain`.
#[must_use]
pub fn to_yaml(base_domain: &str) -> String {
    let server = format!("{base_domain}:53 {{\n  errors\n  cache 30\n  forward . {MAGIC_DNS}\n}}\n");
    yaml::to_string(&ConfigMap {
        api_version: "v1",
        kind: "ConfigMap",
        metadata: Metadata {
            name: "coredns-custom",
            namespace: "kube-system",
        },
        data: BTreeMap::from([("tailnet.server", server)]),
    })
}

#[derive(Serialize)]
struct ConfigMap<'a> {
    #[serde(rename = "apiVersion")]
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    data: BTreeMap<&'a str, String>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    name: &'a str,
    namespace: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_the_tailscaled_of_its_own_node() {
        insta::assert_snapshot!(to_yaml("mesh.example.org"), @r"
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: coredns-custom
          namespace: kube-system
        data:
          tailnet.server: |
            mesh.example.org:53 {
              errors
              cache 30
              forward . 100.100.100.100
            }
        ");
    }
}
