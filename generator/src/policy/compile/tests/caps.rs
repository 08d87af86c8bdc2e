//! Capabilities of nodes (`compileNodeAttrs` in `hscontrol/policy/v2/compiled.go`).

use serde_json::{Value, json};

use super::{sent, sent_by};

const NODES: [&str; 3] = ["laptop alice 1", "web tag:web 2", "exit tag:exit 3 0.0.0.0/0"];

fn caps(rest: &str, node: &str) -> Value {
    let policy = format!(r#"{{"tagOwners": {{"tag:web": [], "tag:exit": []}}, "acls": [], {rest}}}"#);
    sent(&policy, &NODES).0["nodes"][node]["capMap"].clone()
}

#[test]
fn every_node_has_some_capabilities() {
    let baseline = json!({
        "default-auto-update": [false],
        "https://tailscale.com/cap/file-sharing": [],
        "https://tailscale.com/cap/is-admin": [],
        "https://tailscale.com/cap/ssh": [],
    });
    assert_eq!(caps("", "laptop"), baseline);
    assert_eq!(caps("", "web"), baseline);
    // 0.28 knew nothing of updates.
    let old = sent_by("0.28", r#"{"acls": []}"#, &NODES);
    assert_eq!(old.0["nodes"]["web"]["capMap"]["default-auto-update"], json!(null));
}

/// What the policy gives has no value, not even in place of what every node has.
#[test]
fn attributes_have_no_value() {
    let attrs = r#""nodeAttrs": [{"target": ["tag:web"], "attr": ["nextdns:a", "https://tailscale.com/cap/ssh"]}]"#;
    let web = caps(attrs, "web");
    assert_eq!(web.get("nextdns:a"), Some(&json!(null)));
    assert_eq!(web.get("https://tailscale.com/cap/ssh"), Some(&json!(null)));
    assert_eq!(caps(attrs, "laptop").get("nextdns:a"), None);
}

/// Targets are asked by address: a CIDR or `*` means the nodes in it.
#[test]
fn targets_are_addresses() {
    for target in [
        "*",
        "100.64.0.0/30",
        "100.64.0.2",
        "fd7a:115c:a1e0::2/127",
        "autogroup:tagged",
    ] {
        let attrs = format!(r#""nodeAttrs": [{{"target": ["{target}"], "attr": ["x"]}}]"#);
        assert!(caps(&attrs, "web").get("x").is_some(), "{target}");
    }
    let attrs = r#""nodeAttrs": [{"target": ["100.64.0.1"], "attr": ["x"]}]"#;
    assert!(caps(attrs, "web").get("x").is_none());
}

/// An entry without attributes does nothing.
#[test]
fn entries_without_attributes_do_nothing() {
    assert_eq!(caps(r#""nodeAttrs": [{"target": ["*"]}]"#, "web"), caps("", "web"));
}

#[test]
fn random_ports_are_for_all() {
    for node in ["laptop", "web"] {
        let caps = caps(r#""randomizeClientPort": true"#, node);
        assert_eq!(caps.get("randomize-client-port"), Some(&json!(null)));
    }
    assert_eq!(caps(r#""randomizeClientPort": false"#, "web"), caps("", "web"));
}

/// `disable-ipv4` takes the node's own IPv4 address, and no route.
#[test]
fn an_address_may_be_taken_away() {
    let policy = r#"{"tagOwners": {"tag:web": [], "tag:exit": []}, "acls": [],
        "nodeAttrs": [{"target": ["tag:exit"], "attr": ["disable-ipv4"]}]}"#;
    assert_eq!(sent(policy, &NODES).allowed("exit"), ["0.0.0.0/0", "u3/128"]);
}
