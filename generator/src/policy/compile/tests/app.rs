//! Capabilities.

use super::sent;

const NODES: [&str; 3] = [
    "laptop alice 1",
    "web tag:web 2",
    "router tag:r 3 10.1.0.0/16 10.1.2.0/24",
];

fn rules(src: &str, dst: &str, app: &str, node: &str) -> Vec<String> {
    let policy = format!(
        r#"{{
            "groups": {{"group:half": ["alice@", "nobody@"]}},
            "tagOwners": {{"tag:web": [], "tag:r": []}},
            "grants": [{{"src": [{src}], "dst": [{dst}], "app": {app}}}],
        }}"#
    );
    sent(&policy, &NODES).rules(node)
}

const CAP: &str = r#"{"example.com/cap": [1]}"#;

/// `reduceCapGrantRule`: a wide destination is narrowed to the node's own addresses; one that touches a route of the
/// node stays whole, and is listed once.
#[test]
fn destinations_are_narrowed_to_the_node() {
    assert_eq!(
        rules(r#""alice@""#, r#""*""#, CAP, "web"),
        [r#"n1 u1 > n2/32 u2/128+{"example.com/cap":[1]}"#]
    );
    assert_eq!(
        rules(
            r#""alice@""#,
            r#""10.0.0.0/8", "100.64.0.0/10", "tag:web""#,
            CAP,
            "router"
        ),
        [r#"n1 u1 > 10.0.0.0/8+{"example.com/cap":[1]} n3/32+{"example.com/cap":[1]}"#]
    );
    assert!(rules(r#""alice@""#, r#""tag:web""#, CAP, "laptop").is_empty());
}

/// Exit nodes keep no capabilities of the internet: the rule for traffic does not hold here.
#[test]
fn exit_nodes_keep_nothing_more() {
    let policy =
        r#"{"grants": [{"src": ["alice@"], "dst": ["8.8.8.8"], "ip": ["*"], "app": {"example.com/cap": []}}]}"#;
    let sent = sent(policy, &["laptop alice 1", "exit tag:e 2 0.0.0.0/0"]);
    assert_eq!(sent.rules("exit"), ["n1 u1 > 8.8.8.8:*"]);
}

/// Without sources the rule is sent all the same (`compileOtherDests`).
#[test]
fn a_rule_without_sources_is_sent() {
    assert_eq!(
        rules(r#""nobody@""#, r#""tag:web""#, CAP, "web"),
        [r#" > n2/32 u2/128+{"example.com/cap":[1]}"#]
    );
}

/// A destination of which one member is unknown is left out whole, where traffic would go to the others.
#[test]
fn a_destination_not_found_whole_is_left_out() {
    assert!(rules(r#""tag:web""#, r#""group:half""#, CAP, "laptop").is_empty());
}

/// `companionCaps`: `drive` and `relay` bring another capability for the opposite direction, after the rule itself, and
/// in that order whatever the order written.
#[test]
fn some_capabilities_bring_a_reversed_one() {
    let app = r#"{"tailscale.com/cap/relay": [], "tailscale.com/cap/drive": [{"shares": ["*"]}]}"#;
    assert_eq!(
        rules(r#""alice@""#, r#""tag:web", "tag:r""#, app, "laptop"),
        [
            r#"n2 u2 n3 u3 > n1/32 u1/128+{"tailscale.com/cap/drive-sharer":null}"#,
            r#"n2 u2 n3 u3 > n1/32 u1/128+{"tailscale.com/cap/relay-target":null}"#,
        ]
    );
    // With `*` as a destination the subnet routes are sources of the reversed rule.
    let reversed = rules(r#""alice@""#, r#""*""#, r#"{"tailscale.com/cap/relay": []}"#, "laptop");
    assert!(
        reversed[1].starts_with("n0-100.115.91.255 100.115.94.0-100.127.255.255 u/48 10.1.0.0/16 10.1.2.0/24 > n1/32"),
        "{reversed:?}"
    );
}

/// Capabilities come after the traffic of their grant and are never merged.
#[test]
fn capabilities_are_not_merged() {
    let policy = r#"{
        "tagOwners": {"tag:web": []},
        "grants": [
            {"src": ["alice@"], "dst": ["tag:web"], "ip": ["1"], "app": {"example.com/b": [], "example.com/a": [null]}},
            {"src": ["alice@"], "dst": ["tag:web"], "ip": ["2"], "app": {"example.com/c": []}},
        ],
    }"#;
    assert_eq!(
        sent(policy, &["laptop alice 4:1", "web tag:web 4:2"]).rules("web"),
        [
            "n1 > n2:1 n2:2",
            r#"n1 > n2/32+{"example.com/a":[null],"example.com/b":[]}"#,
            r#"n1 > n2/32+{"example.com/c":[]}"#,
        ]
    );
}
