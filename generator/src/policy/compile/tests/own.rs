//! `autogroup:self`, and the rules of `via` nodes.

use super::sent;

const NODES: [&str; 5] = [
    "laptop alice 1",
    "phone alice 2",
    "desk bob 4",
    "web tag:web 8",
    "owned tag:web 9",
];

/// `filterSourcesToSameUser`: the user's own sources reach all the user's nodes; nobody else, and no tagged node.
#[test]
fn own_devices_are_between_nodes_of_one_user() {
    let policy = r#"{"acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:22"]}]}"#;
    let sent = sent(policy, &NODES);
    assert_eq!(sent.rules("laptop"), ["n1-n2 u1-u2 > n1:22 u1:22"]);
    assert_eq!(sent.rules("desk"), ["n4 u4 > n4:22 u4:22"]);
    assert!(sent.rules("web").is_empty());
    assert_eq!(sent.peers("laptop"), ["phone"]);
    assert!(sent.peers("desk").is_empty() && sent.peers("web").is_empty());
}

/// Rules of a user's own are merged with the tailnet's where the sources read the same, and stand where the first stood.
#[test]
fn own_rules_are_woven_in() {
    let policy = r#"{
        "tagOwners": {"tag:web": []},
        "acls": [
            {"action": "accept", "src": ["tag:web"], "dst": ["alice@:1"]},
            {"action": "accept", "src": ["autogroup:member"], "dst": ["autogroup:self:2"]},
            {"action": "accept", "src": ["bob@"], "dst": ["alice@:3"]},
            {"action": "accept", "src": ["alice@"], "dst": ["alice@:4"]},
            {"action": "accept", "src": ["tag:web"], "dst": ["alice@:5"]},
        ],
    }"#;
    let sent = sent(policy, &NODES);
    assert_eq!(
        sent.rules("phone"),
        [
            "n8/31 u8/127 > n2:1 u2:1 n2:5 u2:5",
            "n1-n2 u1-u2 > n2:4 u2:4 n2:2 u2:2",
            "n4 u4 > n2:3 u2:3",
        ]
    );
    assert_eq!(sent.rules("desk"), ["n4 u4 > n4:2 u4:2"]);
}

/// One source among a user's nodes is enough, and is all that may.
#[test]
fn only_the_sources_among_own_devices_may() {
    let policy = r#"{"acls": [{"action": "accept", "src": ["alice@"], "dst": ["autogroup:self:2"]}]}"#;
    assert_eq!(sent(policy, &NODES).rules("laptop"), ["n1-n2 u1-u2 > n1:2 u1:2"]);
    assert!(sent(policy, &NODES).rules("desk").is_empty());
}

/// Capabilities of own devices: a list for each of the user's nodes, of which a node keeps its own.
#[test]
fn own_capabilities_are_a_list_for_each_node() {
    let policy =
        r#"{"grants": [{"src": ["alice@"], "dst": ["autogroup:self"], "app": {"tailscale.com/cap/drive": [1]}}]}"#;
    let sent = sent(policy, &NODES);
    assert_eq!(
        sent.rules("phone"),
        [
            r#"n1-n2 u1-u2 > n2/32 u2/128+{"tailscale.com/cap/drive":[1]}"#,
            r#"n1 u1 n2 u2 > n2/32 u2/128+{"tailscale.com/cap/drive-sharer":null}"#,
        ]
    );
}

/// A user's router keeps the rules for all the user's nodes that its route covers.
#[test]
fn an_own_router_keeps_what_its_route_covers() {
    let policy = r#"{"acls": [{"action": "accept", "src": ["alice@"], "dst": ["autogroup:self:2"]}]}"#;
    let sent = sent(policy, &["laptop alice 4:1", "router alice 4:2 100.64.0.0/24"]);
    assert_eq!(sent.rules("router"), ["n1-n2 > n1:2 n2:2"]);
    assert_eq!(sent.rules("laptop"), ["n1-n2 > n1:2"]);
}

const VIA: &str = r#"{
    "tagOwners": {"tag:a": [], "tag:b": []},
    "grants": [{"src": ["alice@"], "dst": [DST], "ip": ["443"], "via": ["tag:a"]}],
}"#;

fn via(dst: &str, node: &str) -> Vec<String> {
    let nodes = [
        "laptop alice 1",
        "ra tag:a 2 10.1.0.0/16 10.9.9.9/32",
        "rb tag:b 3 10.1.0.0/16",
        "ea tag:a 4 0.0.0.0/0",
        "none tag:a 5",
    ];
    sent(&VIA.replace("DST", dst), &nodes).rules(node)
}

/// `compileViaForNode`: a destination counts if it touches a route, wider or narrower, and is written as in the policy,
/// one address with its length too.
#[test]
fn via_destinations_are_kept_by_touch_and_written_whole() {
    assert_eq!(
        via(r#""10.0.0.0/8", "10.1.2.0/24", "10.2.0.0/16""#, "ra"),
        ["n1 u1 > 10.0.0.0/8:443 10.1.2.0/24:443"]
    );
    assert_eq!(via(r#""10.9.9.9""#, "ra"), ["n1 u1 > 10.9.9.9/32:443"]);
    assert!(via(r#""10.0.0.0/8""#, "rb").is_empty() && via(r#""10.0.0.0/8""#, "none").is_empty());
    // Its own address is nothing that a router has a route for.
    assert!(via(r#""100.64.0.2""#, "ra").is_empty());
}

#[test]
fn via_to_the_internet_is_for_exit_nodes() {
    assert!(via(r#""autogroup:internet""#, "ea")[0].starts_with("n1 u1 > 0.0.0.0/5:443 "));
    assert!(via(r#""autogroup:internet""#, "ra").is_empty());
}

/// Capabilities do not go with `via` (`compileOneViaGrant` gives up without traffic).
#[test]
fn via_needs_traffic() {
    let policy = r#"{
        "tagOwners": {"tag:a": []},
        "grants": [{"src": ["alice@"], "dst": ["10.1.0.0/16"], "app": {"example.com/c": []}, "via": ["tag:a"]}],
    }"#;
    assert!(
        sent(policy, &["laptop alice 1", "ra tag:a 2 10.1.0.0/16"])
            .rules("ra")
            .is_empty()
    );
}

/// With `*` a `via` rule has the routes as sources, but repeats no other source.
#[test]
fn via_sources_are_not_repeated() {
    let policy = r#"{
        "tagOwners": {"tag:a": []},
        "grants": [{"src": ["*", "alice@"], "dst": ["10.1.0.0/16"], "ip": ["*"], "via": ["tag:a"]}],
    }"#;
    let rules = sent(policy, &["laptop alice 1", "ra tag:a 2 10.1.0.0/16"]).rules("ra");
    assert_eq!(
        rules,
        ["n0-100.115.91.255 100.115.94.0-100.127.255.255 u/48 10.1.0.0/16 > 10.1.0.0/16:*"]
    );
}
