//! Who sees whom.

use super::sent;

#[test]
fn one_direction_is_enough() {
    let policy =
        r#"{"tagOwners": {"tag:web": []}, "acls": [{"action": "accept", "src": ["alice@"], "dst": ["tag:web:80"]}]}"#;
    let sent = sent(policy, &["laptop alice 1", "web tag:web 2", "desk bob 3"]);
    assert_eq!(sent.peers("web"), ["laptop"]);
    assert_eq!(sent.peers("laptop"), ["web"]);
    assert!(sent.peers("desk").is_empty());
}

/// `Node.canAccess`: a subnet router is a source for its subnets, and a destination for what touches them.
#[test]
fn routers_stand_for_their_subnets() {
    let policy = r#"{
        "acls": [
            {"action": "accept", "src": ["10.1.2.3"], "dst": ["alice@:80"]},
            {"action": "accept", "src": ["bob@"], "dst": ["10.2.0.0/15:80"]},
        ],
    }"#;
    let sent = sent(
        policy,
        &[
            "laptop alice 1",
            "desk bob 2",
            "r1 tag:r 3 10.1.0.0/16",
            "r2 tag:r 4 10.3.0.0/16",
            "r3 tag:r 5 ?10.1.0.0/16",
        ],
    );
    assert_eq!(sent.peers("laptop"), ["r1"]);
    assert_eq!(sent.peers("desk"), ["r2"]);
    assert!(sent.peers("r3").is_empty());
}

/// `Match.DestsIsTheInternet`: exit nodes are seen by whoever may reach the internet, or all of one family.
#[test]
fn exit_nodes_are_seen_by_who_reaches_the_internet() {
    // The others have no IPv4 address, so that none is seen by its address.
    let nodes = [
        "laptop alice 1",
        "exit tag:e 6:2 0.0.0.0/0 ::/0",
        "later tag:e 6:3 ?0.0.0.0/0",
    ];
    let peers = |dst: &str| {
        let policy = format!(r#"{{"acls": [{{"action": "accept", "src": ["alice@"], "dst": [{dst}]}}]}}"#);
        sent(&policy, &nodes).peers("laptop")
    };
    for internet in [
        r#""autogroup:internet:*""#,
        r#""0.0.0.0/0:443""#,
        r#""[::]/0:443""#,
        r#""0.0.0.0/1:1", "128.0.0.0/1:2""#,
    ] {
        assert!(peers(internet).contains(&"exit".to_owned()), "{internet}");
    }
    for less in [r#""0.0.0.0/1:1""#, r#""8.8.8.8:53""#, r#""2000::/3:*""#] {
        assert_eq!(peers(less), [""; 0], "{less}");
    }
    assert_eq!(peers(r#""autogroup:internet:*""#), ["exit"]);
}

/// Halves of the internet count together only in one rule, and rules are one if sources and protocol are the same.
#[test]
fn the_internet_is_asked_of_merged_rules() {
    let peers = |second: &str| {
        let policy = format!(
            r#"{{"acls": [
                {{"action": "accept", "src": ["alice@"], "dst": ["0.0.0.0/1:1"]}},
                {{"action": "accept", {second}, "dst": ["128.0.0.0/1:1"]}},
            ]}}"#
        );
        sent(&policy, &["laptop alice 6:1", "exit tag:e 6:2 0.0.0.0/0"]).peers("laptop")
    };
    assert_eq!(peers(r#""src": ["alice@"]"#), ["exit"]);
    assert!(peers(r#""proto": "tcp", "src": ["alice@"]"#).is_empty());
}

/// A node's own rules count for whom it sees in both directions (`BuildPeerMap`), a `via` router among them.
#[test]
fn via_routers_and_their_sources_see_each_other() {
    let policy = r#"{
        "tagOwners": {"tag:a": []},
        "grants": [{"src": ["alice@"], "dst": ["10.1.0.0/16"], "ip": ["*"], "via": ["tag:a"]}],
    }"#;
    let sent = sent(
        policy,
        &["laptop alice 1", "ra tag:a 2 10.1.0.0/16", "rb tag:b 3 10.1.0.0/16"],
    );
    assert_eq!(sent.peers("laptop"), ["ra"]);
    assert_eq!(sent.peers("ra"), ["laptop"]);
    assert!(sent.peers("rb").is_empty());
}

/// A node whose own rules do not speak of a peer sees it, but is not sent it (`ReduceNodes`), so it has no routes
/// through it; a node without any rule is sent all it sees.
#[test]
fn what_is_seen_by_rules_of_others_is_not_sent() {
    let policy = |more: &str| {
        format!(
            r#"{{
                "tagOwners": {{"tag:a": [], "tag:web": []}},
                "grants": [{{"src": ["alice@"], "dst": ["10.1.0.0/16"], "ip": ["*"], "via": ["tag:a"]}}{more}],
            }}"#
        )
    };
    let nodes = ["laptop alice 1", "ra tag:a 2 10.1.0.0/16", "web tag:web 3"];
    let other = r#", {"src": ["tag:web"], "dst": ["tag:web"], "ip": ["*"]}"#;
    let with_rules = sent(&policy(other), &nodes);
    assert_eq!(with_rules.peers("laptop"), ["ra"]);
    assert!(with_rules.routes("laptop").is_empty());
    assert_eq!(sent(&policy(""), &nodes).routes("laptop"), ["ra 10.1.0.0/16"]);
}

#[test]
fn own_devices_reach_exit_nodes_only_by_other_rules() {
    let policy = r#"{"acls": [
        {"action": "accept", "src": ["alice@"], "dst": ["autogroup:self:*"]},
        {"action": "accept", "src": ["alice@"], "dst": ["autogroup:internet:*"]},
    ]}"#;
    let sent = sent(
        policy,
        &[
            "laptop alice 1",
            "phone alice 2",
            "exit tag:e 3 0.0.0.0/0",
            "desk bob 4",
        ],
    );
    assert_eq!(sent.peers("laptop"), ["phone", "exit"]);
    assert_eq!(sent.peers("exit"), ["laptop", "phone"]);
    assert!(sent.peers("desk").is_empty());
}
