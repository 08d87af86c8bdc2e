//! headscale 0.28.

use super::sent_by;

const NODES: [&str; 3] = ["laptop alice 1", "desk bob 2", "web tag:web 3"];

fn rules(acls: &str, nodes: &[&str], node: &str) -> Vec<String> {
    let policy = format!(
        r#"{{"hosts": {{"web": "100.64.0.3", "net": "100.64.0.0/30"}}, "tagOwners": {{"tag:web": []}}, "acls": [{acls}]}}"#
    );
    sent_by("0.28", &policy, nodes).rules(node)
}

fn acl(src: &str, dst: &str) -> String {
    format!(r#"{{"action": "accept", "src": [{src}], "dst": [{dst}]}}"#)
}

/// Single addresses have their length, no protocol means TCP and UDP, and nothing is merged: a rule is an ACL.
#[test]
fn rules_are_acls() {
    let acls = format!(
        "{}, {}",
        acl(r#""alice@""#, r#""tag:web:80", "web:81""#),
        acl(r#""alice@""#, r#""tag:web:82""#)
    );
    assert_eq!(
        rules(&acls, &NODES, "web"),
        [
            "n1/32 u1/128 > n3/32:80 u3/128:80 n3/32:81 u3/128:81 /6,17",
            "n1/32 u1/128 > n3/32:82 u3/128:82 /6,17"
        ]
    );
}

/// `*` is every address, on both sides.
#[test]
fn everybody_is_every_address() {
    let nodes = ["laptop alice 4:1", "router tag:web 4:3 10.0.0.0/8"];
    assert_eq!(
        rules(&acl(r#""*""#, r#""*:*""#), &nodes, "laptop"),
        ["0.0.0.0/0 ::/0 > 0.0.0.0/0:* /6,17"]
    );
    let policy = r#"{"groups": {}}"#;
    assert_eq!(sent_by("0.28", policy, &nodes).rules("laptop"), ["* > *:*"]);
}

/// `appendIfNodeHasIP`: an address means the whole node, a host all nodes inside; a CIDR only if a node has its address.
#[test]
fn addresses_mean_whole_nodes() {
    let to = |dst: &str, node: &str| rules(&acl(r#""bob@""#, dst), &NODES, node);
    assert_eq!(
        to(r#""100.64.0.3:1""#, "web"),
        ["n2/32 u2/128 > n3/32:1 u3/128:1 /6,17"]
    );
    assert_eq!(to(r#""100.64.0.0/30:1""#, "web"), ["n2/32 u2/128 > n0/30:1 /6,17"]);
    assert_eq!(
        to(r#""100.64.0.3/30:1""#, "web"),
        ["n2/32 u2/128 > n0/30:1 u3/128:1 /6,17"]
    );
    assert_eq!(to(r#""net:1""#, "web"), ["n2/32 u2/128 > n0/30:1 u2/127:1 /6,17"]);
}

#[test]
fn icmp_is_both_families() {
    let acls = r#"{"action": "accept", "proto": "icmp", "src": ["alice@"], "dst": ["web:*"]}"#;
    assert_eq!(rules(acls, &NODES, "web"), ["n1/32 u1/128 > n3/32:* u3/128:* /1,58"]);
}

/// Routes that are announced count, approved or not, exit routes among them; exit nodes get nothing more.
#[test]
fn announced_routes_count() {
    let nodes = [
        "laptop alice 1",
        "r1 tag:web 3 ?10.1.0.0/16",
        "exit tag:web 4 ?0.0.0.0/0",
    ];
    let acls = acl(r#""alice@""#, r#""10.0.0.0/8:1", "2606::/32:2""#);
    assert_eq!(rules(&acls, &nodes, "r1"), ["n1/32 u1/128 > 10.0.0.0/8:1 /6,17"]);
    assert_eq!(rules(&acls, &nodes, "exit"), ["n1/32 u1/128 > 10.0.0.0/8:1 /6,17"]);
}

/// `compileACLWithAutogroupSelf`: one rule for all `autogroup:self`, before that for the others, never merged; addresses of
/// own devices are written without their length.
#[test]
fn own_devices_come_first() {
    let acls = acl(r#""alice@""#, r#""alice@:1", "autogroup:self:2", "autogroup:self:3""#);
    assert_eq!(
        rules(&acls, &["laptop alice 4:1"], "laptop"),
        ["n1/32 > n1:2 n1:3 /6,17", "n1/32 > n1/32:1 /6,17"]
    );
}

/// A subnet router is no source for its subnets, and exit routes are for everybody who sees the node.
#[test]
fn routes_are_simpler() {
    let policy = r#"{"acls": [
        {"action": "accept", "src": ["10.1.0.0/16"], "dst": ["alice@:80"]},
        {"action": "accept", "src": ["alice@"], "dst": ["100.64.0.4:22"]},
    ]}"#;
    let sent = sent_by(
        "0.28",
        policy,
        &[
            "laptop alice 6:1",
            "r1 tag:web 6:3 10.1.0.0/16",
            "exit tag:web 4 0.0.0.0/0",
        ],
    );
    assert_eq!(sent.peers("laptop"), ["exit"]);
    assert_eq!(sent.routes("laptop"), ["exit 0.0.0.0/0"]);
}

/// Without ACLs everything is allowed, but not where SSH rules speak of `autogroup:self`: then filters are made from ACLs.
#[test]
fn ssh_to_own_devices_closes_a_policy_without_acls() {
    let ssh = |dst: &str| {
        format!(
            r#"{{"ssh": [{{"action": "accept", "src": ["autogroup:member"], "dst": ["{dst}"], "users": ["root"]}}]}}"#
        )
    };
    assert_eq!(
        sent_by("0.28", &ssh("autogroup:member"), &NODES).rules("web"),
        ["* > *:*"]
    );
    assert!(sent_by("0.28", &ssh("autogroup:self"), &NODES).rules("web").is_empty());
    assert_eq!(
        sent_by("0.29", &ssh("autogroup:self"), &NODES).rules("web"),
        ["* > *:*"]
    );
}
